// What becomes of hits when the way to the collector is not what it should be.
import assert from "node:assert/strict";

import { until, up } from "../harness.mjs";
import { about, productPage, trackerTag } from "../browser/scenario.mjs";
import { Site, html } from "../browser/site.mjs";

const HOUR_MS = 3_600_000;
const track = (page, ...names) => page.evaluate((all) => all.forEach((name) => window.sojourn.track(name)), names);
const actions = (...names) => names.map((name) => ({ event_action: name }));

// A page's clock that is wrong from the start.
const wrongClock = (offMs) => `(() => {
	const RealDate = Date;
	window.Date = class extends RealDate {
		constructor(...given) { given.length === 0 ? super(RealDate.now() + ${offMs}) : super(...given); }
		static now() { return RealDate.now() + ${offMs}; }
	};
})()`;
const timeOf = (uuid) => Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16);

// Whatever goes to the collector's endpoint fails, as it does with a blocker, until `allow`.
async function block(page, world, reason = "blockedbyclient") {
	const blocked = [];
	const where = (url) => url.href.startsWith(`${world.collector}/v1/`);
	await page.route(where, (route) => {
		blocked.push(Date.now());
		return route.abort(reason);
	});
	return { blocked, allow: () => page.unroute(where) };
}

export const delivery = [
	{
		name: "offline, then online: all of it arrives, once",
		expectsError: /ERR_INTERNET_DISCONNECTED/,
		steps: async ({ open, viewed, browser, query, host }) => {
			const page = await open("/");
			await viewed(1);
			const wire = await browser.context.newCDPSession(page);
			const online = (isOn) => wire.send("Network.emulateNetworkConditions", { offline: !isOn, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
			await wire.send("Network.enable");
			await online(false);
			await until("the page is offline", () => page.evaluate("!navigator.onLine"));
			await track(page, "Off 1", "Off 2");
			await page.evaluate("history.pushState({}, '', '/offline')");
			await track(page, "Off 3");
			await page.waitForEvent("requestfailed", { predicate: (request) => request.method() === "POST" });
			await online(true);
			await viewed(2);
			await track(page, "On");
			await until("all are stored", async () => (await query(`SELECT 1 FROM user_events WHERE session_id IN
				(SELECT session_id FROM page_views WHERE page_host = '${host.name}') AND event_action = 'On'`)).length > 0);
		},
		rows: { sessions: [{}], views: [{ page_url: "/" }, { page_url: "/offline" }], events: actions("Off 1", "Off 2", "Off 3", "On") },
	},
	{
		name: "no way to the collector, then a reload: what waited is sent by the next page, once",
		expectsError: /ERR_INTERNET_DISCONNECTED/,
		steps: async ({ open, viewed, world }) => {
			const page = await open("/");
			await viewed(1);
			const { blocked, allow } = await block(page, world, "internetdisconnected");
			await track(page, "Before 1", "Before 2");
			await until("the tracker has tried", () => blocked.length > 0);
			await page.reload();
			await track(page, "After");
			await allow();
			await page.reload();
			await viewed(3);
		},
		rows: {
			sessions: [{}], views: [1, 2, 3].map((number) => ({ page_sequence_number: number })),
			events: actions("Before 1", "Before 2", "After"),
		},
	},
	{
		name: "a page that ends sends a beacon, and what it said counts once",
		steps: async ({ open, viewed, query, host }) => {
			const page = await open("/", `const beacon = navigator.sendBeacon.bind(navigator);
				navigator.sendBeacon = (...given) => (localStorage.beacons = (localStorage.beacons ?? 0) * 1 + 1, beacon(...given));`);
			await viewed(1);
			await track(page, "Last words");
			await page.close();
			await until("the beacon has come", async () => (await query(`SELECT 1 FROM user_events WHERE event_action = 'Last words'
				AND session_id IN (SELECT session_id FROM page_views WHERE page_host = '${host.name}')`)).length > 0);
			const next = await open("/next");
			await viewed(2);
			assert.ok((await next.evaluate("localStorage.beacons")) > 0);
		},
		rows: { sessions: [{}], views: [{ page_url: "/" }, { page_url: "/next" }], events: actions("Last words") },
	},
	{
		name: "a blocker: the page does not notice, nothing is thrown, and there is no storm of tries",
		expectsError: /ERR_BLOCKED_BY_CLIENT/, // the browser's own line for each request
		steps: async ({ window, host, world, errorsOf, report }) => {
			const page = await window();
			const { blocked } = await block(page, world);
			await page.goto(host.url());
			await page.evaluate("window.rejected = []; addEventListener('unhandledrejection', (event) => rejected.push(String(event.reason)))");
			await until("the tracker has tried", () => blocked.length > 0);
			await page.click("#buy");
			await page.evaluate("for (let count = 0; count < 100; count++) { document.querySelector('#buy').click(); sojourn.track('Blocked'); }");
			await page.evaluate("history.pushState({}, '', '/more')");
			await page.evaluate("sojourn.identify('1'); sojourn.reset(); sojourn.consent({ analytics: true })");
			await until("it has tried again", () => blocked.length > 2);
			assert.deepEqual(await page.evaluate("rejected"), []);
			const ran = await page.evaluate("performance.now()");
			report(`${blocked.length} tries in ${ran} ms`);
			assert.ok(blocked.length <= 5 + ran / 500, `${blocked.length} tries in ${ran} ms`);
			assert.deepEqual(errorsOf(page).filter((error) => !/ERR_BLOCKED_BY_CLIENT/.test(error)), []);
		},
		rows: { views: [] },
	},
	{
		name: "the script itself blocked: the page's calls do nothing and throw nothing",
		expectsError: /ERR_BLOCKED_BY_CLIENT/,
		pages: (world) => ({ "*": html("<h1>still here</h1>", { head: `<script>window.sojourn = window.sojourn || { q: [] };</script>${trackerTag(world)}` }) }),
		steps: async ({ window, host, world }) => {
			const page = await window();
			await page.route(`${world.collector}/**`, (route) => route.abort("blockedbyclient"));
			await page.goto(host.url());
			assert.equal(await page.textContent("h1"), "still here");
		},
		rows: { views: [] },
	},
	...[1, -1].map((sign) => ({
		name: `a clock that is an hour ${sign > 0 ? "fast" : "slow"}: times are right, in ids and in what refers to them`,
		steps: async ({ open, viewed, host }) => {
			const begun = Date.now();
			const page = await open("/", wrongClock(sign * HOUR_MS));
			await track(page, "Early");
			await viewed(1);
			await page.evaluate("history.pushState({}, '', '/second')");
			await track(page, "Later");
			await viewed(2);
			await page.goto(host.url("/third"));
			await viewed(3);
			return { begun, ended: Date.now() };
		},
		rows: async ({ begun, ended }, { query, host }) => {
			const middle = (begun + ended) / 2;
			const tolerance = (ended - begun) / 2 + 2000;
			const at = about(middle, tolerance);
			const found = await query(`SELECT id, page_url FROM page_views WHERE page_host = '${host.name}' ORDER BY viewed_at`);
			const idOf = Object.fromEntries(found.map(({ id, page_url: url }) => [url, id]));
			return {
				sessions: [{ at_ms: at, last_ms: at, id: (id) => at(timeOf(id)) }],
				views: ["/", "/second", "/third"].map((url, index) => ({ page_url: url, at_ms: at, page_sequence_number: index + 1 })),
				events: [{ event_action: "Early", at_ms: at, page_view_id: idOf["/"] }, { event_action: "Later", at_ms: at, page_view_id: idOf["/second"] }],
			};
		},
	})),
	{
		name: "a full local storage: the tracker works on, in memory",
		steps: async ({ open, viewed }) => {
			const page = await open("/", `(() => {
				let part = "x".repeat(1 << 20);
				for (let n = 0; part.length > 0; n++)
					try { localStorage.setItem("fill-" + n, part); } catch { part = part.slice(0, part.length >> 1); }
				try { localStorage.setItem("more", "12345678"); window.isFull = false; } catch { window.isFull = true; }
			})()`);
			assert.equal(await page.evaluate("isFull"), true);
			await viewed(1);
			await page.evaluate("history.pushState({}, '', '/second')");
			await track(page, "Full");
			await viewed(2);
		},
		rows: { sessions: [{}], views: [{ page_sequence_number: 1 }, { page_sequence_number: 2 }], events: actions("Full") },
	},
	{
		name: "no local storage at all (it throws): the tracker works on, in memory",
		steps: async ({ open, viewed }) => {
			const page = await open("/", `for (const name of ["localStorage", "sessionStorage"])
				Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });`);
			await viewed(1);
			await page.evaluate("history.pushState({}, '', '/second')");
			await track(page, "None");
			await viewed(2);
		},
		rows: { sessions: [{}], views: [{ page_sequence_number: 1 }, { page_sequence_number: 2 }], events: actions("None") },
	},
	...[
		["refused with Retry-After: not tried again before, and then stored once", ["refuse"], 3],
		["an answer that is lost: sent again, and stored once", ["lose"], 0],
	].map(([name, fates, retryAfter]) => {
		const taken = [];
		return {
			name,
			expectsError: /503|ERR_EMPTY_RESPONSE|ERR_CONNECTION/,
			pages: (world) => ({
				"/collect": Site.forward(`${world.collector}/v1/batch`, { fates: [...fates], taken, retryAfter }),
				"*": (request, url) => productPage(world, `data-endpoint="http://${request.headers.host}/collect"`, url),
			}),
			steps: async ({ open, viewed }) => {
				const page = await open("/");
				await until("it has been tried", () => taken.length > 0);
				await track(page, "Meanwhile");
				await viewed(1);
				await until("it has been tried again", () => taken.length > 1);
				assert.equal(taken[0].fate, fates[0]);
				assert.ok(taken[1].at - taken[0].at >= retryAfter * 1000, `tried again after ${taken[1].at - taken[0].at} ms`);
			},
			rows: { sessions: [{}], views: [{ page_sequence_number: 1 }], events: actions("Meanwhile") },
		};
	}),
	{
		name: "a big event and many small ones: under what a page may send while it goes, nothing is lost",
		steps: async ({ open, viewed, query, host }) => {
			const page = await open("/");
			await viewed(1);
			await page.evaluate("for (let n = 0; n < 300; n++) sojourn.track('Many', { n, text: 'x'.repeat(1000) })");
			await page.goto(host.url("/gone"));
			await viewed(2);
			await until("all are stored", async () => {
				const [{ count }] = await query(`SELECT count(DISTINCT metadata->>'n') AS count FROM user_events WHERE event_action = 'Many'`);
				return count === 300;
			});
		},
		rows: { views: [{ page_url: "/" }, { page_url: "/gone" }], events: actions(...Array(300).fill("Many")) },
	},
];

// The collector goes away and comes back at the same address; the others of the table would miss it.
export const away = [
	{
		name: "the server away, then back: all that happened meanwhile arrives, once, in the same session",
		expectsError: /ERR_CONNECTION_REFUSED/,
		steps: async ({ open, viewed, world }) => {
			const page = await open("/");
			await viewed(1);
			const { collect, dashboard, stateDir } = world.running;
			await world.asking.close();
			await world.running.stop();
			const failed = page.waitForEvent("requestfailed", { predicate: (request) => request.method() === "POST" });
			await track(page, "Away 1");
			await page.evaluate("history.pushState({}, '', '/away')");
			await failed;
			await track(page, "Away 2");
			const ports = [`--collect-listen=${new URL(collect).host}`, `--dashboard-listen=${new URL(dashboard).host}`];
			world.running = await up(world.test, stateDir, { ports });
			await track(page, "Back");
			await viewed(2);
		},
		rows: { sessions: [{}], views: [{ page_url: "/" }, { page_url: "/away", page_sequence_number: 2 }], events: actions("Away 1", "Away 2", "Back") },
	},
];
