// Whether the browser does what the tracker's tests stand on, shown by pages without a tracker: that a page comes out of
// the back/forward cache, that a hidden tab is hidden, that a prerendered page is, and what still gets out of a page that ends.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { until } from "./harness.mjs";
import { Shared } from "./client.mjs";
import { Chromium, chromiumVersion } from "./browser/chromium.mjs";
import { Site, html } from "./browser/site.mjs";

const report = "const report = (name, more) => navigator.sendBeacon('/report', JSON.stringify({ name, ...more }));";
const scripted = (script, body = "") => html(`${body}<script>${report}${script}</script>`);

describe(`the browser itself, ${chromiumVersion()}`, () => {
	const shared = new Shared();
	let browser;
	let site;

	before(async () => {
		site = await Site.open(shared);
		browser = await (await Chromium.open(shared)).connect();
	});

	after(() => shared.end());

	test("a person's browser does not say that it is driven; windows are visible, also where one covers another", async () => {
		const host = site.host("visible", { "*": scripted("") });
		const first = await browser.window();
		const second = await browser.window();
		for (const page of [first, second]) await page.goto(host.url());
		for (const page of [first, second])
			assert.deepEqual(await page.evaluate("[document.visibilityState, navigator.webdriver, /Headless/.test(navigator.userAgent)]"),
				["visible", false, false]);
		assert.equal(await first.evaluate("typeof navigator.locks"), "object");
		await first.close();
		await second.close();
	});

	test("a tab is hidden by another in its window, and shown again", async () => {
		const host = site.host("hidden", { "*": scripted("addEventListener('visibilitychange', () => report(document.visibilityState));") });
		const page = await browser.window();
		await page.goto(host.url());
		const other = await browser.tab(page);
		await site.report(host, "hidden");
		assert.equal(await page.evaluate("document.visibilityState"), "hidden");
		await page.bringToFront();
		await site.report(host, "visible");
		assert.equal(await page.evaluate("document.visibilityState"), "visible");
		await other.close();
		await page.close();
	});

	test("a page comes out of the back/forward cache as it was", async () => {
		const host = site.host("bfcache", { "*": scripted("addEventListener('pageshow', (event) => report('show', { persisted: event.persisted }));") });
		const page = await browser.window();
		await page.goto(host.url("/a"));
		await page.evaluate("window.kept = 1");
		await page.goto(host.url("/b"));
		await page.goBack({ waitUntil: "commit" });
		await until("the page is shown again", () => site.reports.some((one) => one.host === host.name && one.persisted));
		assert.equal(await page.evaluate("window.kept"), 1);
		await page.close();
	});

	// Playwright stops a prerendered page before its first line, so this browser is only looked at.
	test("a prerendered page runs before it is shown, and is told when it is", async () => {
		let mayGo = false;
		const rules = '<script type="speculationrules">{"prerender":[{"urls":["/next"],"eagerness":"immediate"}]}</script>';
		const host = site.host("prerender", {
			"/": html(`<a href="/next">next</a><script type="module">
				while ((await fetch("/may-go")).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
				document.querySelector("a").click();</script>`, { head: rules }),
			"/next": scripted(`fetch("/report", { method: "POST", body: JSON.stringify({ name: "ran", prerendering: document.prerendering }) });
				document.addEventListener("prerenderingchange", () =>
					report("shown", { activation: performance.getEntriesByType("navigation")[0].activationStart }));`),
			"/may-go": () => ({ status: mayGo ? 200 : 404 }),
		});
		const own = await Chromium.open(shared, { url: host.url() });
		assert.equal((await site.report(host, "ran")).prerendering, true);
		mayGo = true;
		assert.ok((await site.report(host, "shown")).activation > 0);
		await own.kill();
	});

	for (const [name, end] of [["a closed tab", (page) => page.close()], ["a browser that its user quits", (_, own) => own.quit()]])
		test(`${name} still sends what its page says when it is hidden`, async () => {
			const host = site.host(name.replaceAll(" ", "-"), {
				"*": scripted("addEventListener('visibilitychange', () => report('bye', { state: document.visibilityState }));") });
			const own = await (await Chromium.open(shared)).connect();
			const page = await own.window();
			await page.goto(host.url());
			await end(page, own);
			assert.equal((await site.report(host, "bye")).state, "hidden");
			await own.kill();
		});

	test("a robot says that it is one", async () => {
		const host = site.host("robot", { "*": scripted("") });
		const robot = await (await Chromium.open(shared, { isRobot: true, args: ["--headless=new"] })).connect();
		const page = await robot.window();
		await page.goto(host.url());
		assert.equal(await page.evaluate("navigator.webdriver"), true);
		assert.match(await page.evaluate("navigator.userAgent"), /HeadlessChrome/);
		await robot.kill();
	});
});
