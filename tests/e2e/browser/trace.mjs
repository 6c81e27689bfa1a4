// How long scripts hold up a page: Chromium's own trace of what its main thread runs, in processor time, so that a busy
// machine does not lengthen it.

// Everything through which script is entered from outside: its first run, events, timers, promises.
const ENTRIES = new Set(["EvaluateScript", "FunctionCall", "RunMicrotasks", "v8.compile", "EventDispatch", "TimerFire", "FireAnimationFrame"]);

// Traces while `work` runs; gives the entries into script of the process that shows pages of `host`, the longest first, each
// { name, url, ms }.
export async function traceScripts(browser, host, work) {
	const events = [];
	const collect = ({ value }) => events.push(...value);
	browser.wire.on("Tracing.dataCollected", collect);
	await browser.wire.send("Tracing.start", {
		transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "v8", "blink.user_timing"] } });
	await work();
	const complete = new Promise((resolve) => browser.wire.once("Tracing.tracingComplete", resolve));
	await browser.wire.send("Tracing.end");
	await complete;
	browser.wire.off("Tracing.dataCollected", collect);
	const shows = (event) => JSON.stringify(event.args ?? {}).includes(`//${host.name}`);
	const processes = new Set(events.filter((event) => event.cat.includes("devtools.timeline") && shows(event)).map((event) => event.pid));
	return events
		.filter((event) => event.ph === "X" && ENTRIES.has(event.name) && processes.has(event.pid) && event.tdur !== undefined)
		.map((event) => ({ name: event.args?.data?.type ?? event.name, url: event.args?.data?.url ?? "", ms: event.tdur / 1000 }))
		.toSorted((a, b) => b.ms - a.ms);
}
