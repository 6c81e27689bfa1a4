// The dashboard in somebody's hands: by keys alone, on a phone, in other languages, while the server is away, and after the sign-in
// has ended.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { address, ask, browserOpen, settled, show, signedIn, visitorsImport } from "./browser/dashboard.mjs";
import { Shared } from "./client.mjs";
import { roleOf } from "./faults/processes.mjs";
import { temporaryFolder, until, up } from "./harness.mjs";

const VISITORS = 30;

describe("the dashboard in somebody's hands", () => {
	const shared = new Shared();
	let running;
	let token;
	let browser;

	const opened = (query, options) => show({ browser, running, token }, query, options);
	const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);

	before(async () => {
		running = await up(shared, temporaryFolder(shared));
		await visitorsImport(running, VISITORS);
		token = (await running.run(["token", "create", "tests"])).stdout.trim();
		browser = await browserOpen(shared);
	});

	after(() => shared.end());

	test("what goes under somebody's keys hands the focus on", async () => {
		const { context, page } = await opened({ range: "90d", filter: "device_type:desktop;channel:!Direct" });
		await page.focus(".chips button >> nth=0");
		await page.keyboard.press("Enter");
		await until("the next condition is focused", async () => await focused(page) === "Remove the filter Channel is not Direct");
		await page.keyboard.press("Enter");
		await until("the ranges are", async () => await focused(page) === "Today");
		await page.focus("text='Views'");
		await page.keyboard.press("Enter");
		await page.waitForSelector("dialog");
		await page.fill("#view-name", "All of it");
		await page.keyboard.press("Enter");
		await page.focus("[aria-label='Forget All of it']");
		await page.keyboard.press("Enter");
		assert.equal(await focused(page), "Really forget All of it");
		await page.keyboard.press("Enter");
		await page.waitForSelector("text=None is saved yet.");
		await until("the dialog is focused", async () => await focused(page) === "Close");
		await page.keyboard.press("Escape");
		await until("what opened it is", async () => await focused(page) === "Views");
		await page.goto(`${running.dashboard}/?view=funnels&steps=page:/pricing;page:/signup`);
		await settled(page);
		await page.focus("[aria-label='Remove step 2']");
		await page.keyboard.press("Enter");
		await until("the step before is focused", async () => await focused(page) === "Remove step 1");
		await context.close();
	});

	test("one click forgets nothing", async () => {
		const { context, page } = await opened({ view: "events" });
		await page.fill("[placeholder=Name]", "Signed up");
		await page.fill("[aria-label='Page or event']", "signed_up");
		await page.keyboard.press("Enter");
		await page.click("[aria-label='Forget Signed up']");
		await page.click("[aria-label='Edit Signed up']");
		await page.waitForSelector("[aria-label='Forget Signed up']");
		assert.equal((await ask({ running, token }, "saved", { kind: "goal" })).rows.length, 1);
		await context.close();
	});

	test("on a phone the chosen range is seen, and rows keep their names as they are moved", async () => {
		const { context, page } = await opened({ view: "pages", range: "365d" }, { viewport: { width: 360, height: 740 } });
		const isSeen = (selector) => page.locator(selector).evaluate((one) => {
			const { left, right } = one.getBoundingClientRect();
			return left >= 0 && right <= innerWidth;
		});
		await until("the range is seen", () => isSeen("button[aria-pressed=true]:text-is('365 days')"));
		await page.locator("[role=region][aria-label=Pages]").evaluate((region) => region.scrollBy(1000, 0));
		assert.ok(await isSeen("thead th >> nth=-1"));
		assert.ok(await isSeen("tbody th >> nth=0"));
		await context.close();
	});

	test("all names of pages fit where a screen has 1280 pixels", async () => {
		const { context, page } = await opened({ view: "pages" }, { viewport: { width: 1280, height: 800 } });
		assert.ok(await page.locator("nav").evaluate((nav) => nav.scrollWidth <= nav.clientWidth));
		await context.close();
	});

	test("figures are written as the browser's language has them", async () => {
		for (const [locale, point] of [["de-DE", ","], ["en-US", "."]]) {
			const { context, page } = await opened({ range: "90d" }, { locale });
			const { total } = await ask({ running, token }, "overview", { range: "90d" });
			const rate = total.bounce_rate_percent.toFixed(1).replace(".", point);
			assert.equal((await page.textContent("[data-column=bounce_rate_percent] strong")).trim(), `${rate}\u00a0%`);
			await context.close();
		}
	});

	test("figures stay while the server is away, say so, and go on with it", async () => {
		const { context, page } = await signedIn(browser, running, token);
		await page.clock.install();
		await page.goto(address(running, { range: "90d" }));
		await settled(page);
		const figure = await page.textContent("[data-column=sessions] strong");
		roleOf(running.stateDir, "analytics").forEach((pid) => process.kill(pid, "SIGKILL"));
		await page.route("**/api/**", (route) => route.abort()); // until its supervisor has started another
		await page.clock.fastForward("01:01");
		await page.waitForSelector("[role=alert]:has-text('Not up to date: the server does not answer. Trying again by itself.')");
		assert.equal(await page.textContent("[data-column=sessions] strong"), figure);
		assert.ok(await page.locator("[aria-label=Pages] tbody tr").count() > 0);
		// Of another range there are none.
		await page.click("text='7 days'");
		await page.waitForSelector("[role=alert]:has-text('No figures: the server does not answer. Trying again by itself.')");
		assert.equal(await page.locator(".cards, tbody").count(), 0);
		await page.unroute("**/api/**");
		await until("nothing is wrong any more", async () => {
			await page.clock.fastForward("00:06");
			return await page.locator("[role=alert]").count() === 0 && await page.locator(".cards").count() === 1;
		});
		await context.close();
	});

	test("who was signed out stands before the sign-in, and goes on where they were", async () => {
		const { context, page } = await opened({ range: "90d" });
		await context.clearCookies();
		await page.click("text='7 days'");
		await page.waitForSelector("#sign-in:has-text('The sign-in has ended.')");
		assert.equal(await page.evaluate(() => document.activeElement.id), "name");
		await page.keyboard.press("Tab");
		await page.keyboard.type(token);
		await page.keyboard.press("Enter");
		await page.waitForSelector(".cards");
		assert.equal(new URL(page.url()).search, "?range=7d");
		await context.close();
	});
});
