// What the dashboard keeps for people: views under a name, notes at days, links for others; and what it shows of the data itself.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { address, ask, browserOpen, seriousOf, settled, show, visitorsImport } from "./browser/dashboard.mjs";
import { Shared } from "./client.mjs";
import { stateFolder, until, up } from "./harness.mjs";

const whole = new Intl.NumberFormat("en-GB");
const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const sessions = (page) => page.textContent("[data-column=sessions] strong");

describe("the dashboard keeps", () => {
	const shared = new Shared();
	let running;
	let token;
	let browser;

	const api = (name, query) => ask({ running, token }, name, query);
	const opened = (query, options) => show({ browser, running, token }, query, options);

	before(async () => {
		running = await up(shared, await stateFolder(shared));
		await visitorsImport(running, 30);
		assert.match((await running.run(["check"])).stdout, /pass/);
		token = (await running.run(["token", "create", "tests"])).stdout.trim();
		browser = await browserOpen(shared);
	});

	after(() => shared.end());

	test("a view is saved under a name, and opens the same for somebody else", async () => {
		const { context, page, complaints } = await opened({ range: "90d", filter: "device_type:mobile", view: "pages" });
		await page.click("text='Views'");
		await page.fill("#view-name", "Pages on phones");
		await page.click("text='Save'");
		await page.waitForSelector("dialog a:has-text('Pages on phones')");
		assert.deepEqual((await api("saved", { kind: "view" })).rows.map(({ name, definition }) => [name, definition.url]),
			[["Pages on phones", page.url().slice(running.dashboard.length)]]);
		const other = await opened({});
		await other.page.click("text='Views'");
		await other.page.click("dialog a:has-text('Pages on phones')");
		await other.page.waitForSelector("[aria-label=Pages] tbody");
		assert.equal(other.page.url(), page.url());
		assert.equal(await other.page.textContent(".chips"), await page.textContent(".chips"));
		await other.page.click("text='Views'");
		await other.page.click("[aria-label='Forget Pages on phones']");
		await other.page.click("[aria-label='Really forget Pages on phones']");
		await other.page.waitForSelector("text=None is saved yet.");
		assert.deepEqual((await api("saved")).rows, []);
		assert.deepEqual(complaints, []);
		await other.context.close();
		await context.close();
	});

	test("what is saved from elsewhere is no link here", async () => {
		await fetch(`${running.dashboard}/api/v1/saved`, { method: "POST", headers: { authorization: `Bearer ${token}` },
			body: JSON.stringify({ kind: "view", name: "Elsewhere", definition: { url: "https://elsewhere.example/?" } }) });
		const { context, page } = await opened({});
		await page.click("text='Views'");
		await page.waitForSelector("text=None is saved yet.");
		await context.close();
	});

	test("a note stands at its day, in the chart and below it, until it is forgotten", async () => {
		const { context, page, complaints } = await opened({});
		const plain = await page.locator(".chart canvas").screenshot();
		await page.click("summary:has-text('Notes at days')");
		await page.fill("form:has(#note) input[type=date]", daysAgo(10));
		await page.fill("#note", "Release 2");
		await page.click("text='Add'");
		await page.waitForSelector("summary:has-text('Notes at days: 1')");
		assert.deepEqual((await api("annotations")).rows.map(({ date, text }) => [date, text]), [[daysAgo(10), "Release 2"]]);
		await until("the chart shows it", async () => !plain.equals(await page.locator(".chart canvas").screenshot()));
		const other = await opened({ from: daysAgo(9), to: daysAgo(1) });
		await other.page.waitForSelector("summary:text-is('Notes at days')"); // not in this range
		await other.context.close();
		await page.click("[aria-label='Forget Release 2']");
		await page.click("[aria-label='Really forget Release 2']");
		await page.waitForSelector("text=Nothing is noted in this range.");
		assert.deepEqual((await api("annotations")).rows, []);
		await until("the chart is as it was", async () => plain.equals(await page.locator(".chart canvas").screenshot()));
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("a link shows its view to a new browser, its filter only, and no longer when it is withdrawn", async () => {
		const filter = "device_type:mobile";
		const { context, page } = await opened({ filter });
		await page.click("text='Share'");
		await page.fill("#share-name", "The agency");
		await page.selectOption("dialog select", "7");
		await page.click("text='Make a link'");
		const link = await page.inputValue("#share-link");
		assert.match(link, new RegExp(`^${running.dashboard}/\\?filter=device_type%3Amobile#share=sojourn_`));

		const guest = await (await browser.newContext({ locale: "en-GB" })).newPage();
		await guest.goto(link);
		await guest.waitForSelector(".cards");
		await settled(guest);
		assert.equal(guest.url(), `${running.dashboard}/?filter=device_type%3Amobile`);
		const { total } = await api("overview", { filter });
		assert.equal(await sessions(guest), whole.format(total.sessions));
		assert.deepEqual(await guest.locator("nav a").allTextContents(), ["Overview", "Pages", "Sources", "Journeys", "Funnels", "Retention", "Events", "Heatmap"]);
		assert.equal(await guest.locator(".menu").count(), 0);
		await guest.reload();
		await guest.waitForSelector(".cards");
		// What the link is bound to stays, whatever the guest does.
		assert.deepEqual(await guest.locator(".chips li").allTextContents(), ["Device is mobile"]);
		assert.equal(await guest.locator(".chips button").count(), 0);
		await guest.click("[aria-label=Devices] button.row:has-text('mobile')");
		await guest.click("[aria-label=Sources] button.row >> nth=0");
		const channel = await guest.locator("[aria-label=Sources] button.row >> nth=0").textContent();
		const narrower = (await api("overview", { filter: `${filter};channel:${channel}` })).total;
		await until("the narrower figure is shown", async () => await sessions(guest) === whole.format(narrower.sessions));
		assert.ok(narrower.sessions < total.sessions);
		assert.deepEqual(await guest.locator(".chips button").allTextContents().then((all) => all.length), 1);
		await guest.click(".chips button");
		await until("the link's figure is back", async () => await sessions(guest) === whole.format(total.sessions));
		await guest.goto(address(running, { range: "90d" }));
		await guest.waitForSelector(".chips");
		assert.equal(guest.url(), `${running.dashboard}/?range=90d&filter=device_type:mobile`);
		await guest.goto(address(running, { from: "2001-01-01", to: "2001-01-02" }));
		await guest.waitForSelector("#empty:has-text('Nothing was recorded in this range')");
		assert.equal(await guest.locator("#empty button").count(), 0);
		await guest.goto(address(running, { view: "sessions", filter }));
		await guest.waitForSelector("[role=alert]:has-text('needs a token of the role viewer')");

		// Who has an account, too, gets from the link to it.
		const returning = await (await browser.newContext()).newPage();
		await returning.goto(link);
		await returning.click("text='Sign in'");
		await returning.waitForSelector("#sign-in");
		await returning.context().close();

		// Who is signed in keeps what they may.
		const member = await opened({});
		await member.page.goto("about:blank");
		await member.page.goto(link);
		await member.page.waitForSelector(".menu");
		assert.equal((await member.page.evaluate(async () => (await (await fetch("/api/v1/sign-in")).json()).role)), "viewer");
		await member.context.close();

		await page.click("[aria-label='Withdraw The agency']");
		await page.click("[aria-label='Really withdraw The agency']");
		await page.waitForSelector("dialog li:has-text('withdrawn')");
		await guest.reload();
		await guest.waitForSelector("#sign-in");
		await page.keyboard.press("Escape");
		await page.goto(address(running, { view: "sessions" }));
		await settled(page);
		await page.click("text='Share'");
		await page.waitForSelector("text=What this page shows is not for links");
		await guest.context().close();
		await context.close();
	});

	test("the address of any state opens that state in a new browser", async () => {
		const { context, page } = await opened({ range: "90d" });
		// What a page shows; of the zones, which are listed for who goes to them, the one that is chosen.
		const shown = (one) => one.evaluate(() => [document.title, document.querySelector("select")?.value,
			document.querySelector("main").innerText.split("\n").filter((line) => !Intl.supportedValuesOf("timeZone").includes(line))]);
		const press = (name) => one => one.click(`button:text-is("${name}")`);
		const choose = (zone) => async (one) => {
			await one.focus(".toolbar select"); // which lists the zones
			await one.selectOption(".toolbar select", zone);
		};
		for (const [link, steps] of [
			["Overview", [(one) => one.click("[data-column=sessions]"), press("By week"), press("Referrer"), press("Browser"), choose("Asia/Tokyo")]],
			["Pages", [press("Entries"), (one) => one.click("[aria-label=Pages] tbody button >> nth=0")]],
			["Sources", [press("Campaign"), press("First touch"), press("Visitors")]],
			["Journeys", [(one) => one.click("[aria-label='From page to page'] tbody button >> nth=0")]],
			["Retention", [press("By week")]],
			["Events", [press("Category"), press("30 days")]],
			["Sessions", [(one) => one.click("tbody th a >> nth=0")]],
		]) {
			await page.click(`nav >> text='${link}'`);
			await settled(page);
			for (const step of steps) {
				await step(page);
				await settled(page);
			}
			const other = await opened({});
			await other.page.goto(page.url());
			await settled(other.page);
			assert.deepEqual(await shown(other.page), await shown(page), page.url());
			await other.context.close();
		}
		await context.close();
	});

	test("axe-core finds nothing serious in what opens over a page", async () => {
		const { context, page } = await opened({ filter: "device_type:mobile" });
		for (const [open, place] of [["text='Views'", "dialog"], ["text='Share'", "dialog"], ["summary:has-text('Notes at days')", "#note"]]) {
			await page.click(open);
			await page.waitForSelector(place);
			assert.deepEqual(await seriousOf(page), [], open);
			await page.keyboard.press("Escape");
		}
		await context.close();
	});

	test("the data page shows checks, jobs, storage and where hits stand", async () => {
		const { context, page, complaints } = await opened({ view: "data" });
		const cells = (label) => page.evaluate((name) => [...document.querySelectorAll(`[role=region][aria-label="${name}"] tbody tr`)]
			.map((line) => [...line.cells].map((cell) => cell.textContent.trim())), label);
		const { rows: tables } = await api("storage");
		const shown = await cells("Storage");
		assert.deepEqual(shown.map(([name]) => name).sort(), tables.map((row) => row.table).sort());
		const views = tables.find((row) => row.table === "page_views");
		assert.ok(views.partitions > 1 && views.total_bytes === views.table_bytes + views.index_bytes && views.total_bytes > 100_000 && views.rows_about > 0);
		assert.equal(shown.find(([name]) => name === "page_views")[5], whole.format(views.partitions));
		const { rows: tiers, total: stored } = await api("archive", { by: "tier" });
		assert.deepEqual((await cells("Tiers")).map((line) => line.slice(0, 2)), tiers.map((row) => [row.tier, whole.format(row.partitions)]));
		assert.deepEqual(tiers.map(({ tier }) => tier), ["hot", "warm"]);
		assert.equal(stored.archive_bytes, null);
		await page.waitForSelector("text=Nothing is archived yet");
		const { rows: months } = await api("archive");
		assert.equal(months.filter((row) => row.table === "page_views" && row.tier === "hot" && row.rows_about > 0).length, 1);
		await page.click("summary:has-text('By table and month')");
		assert.deepEqual((await cells("Tiers by table and month")).map((line) => line.slice(0, 3)), months.map((row) => [row.month, row.table, row.tier]));
		const { rows: checks } = await api("quality");
		assert.ok(checks.length > 3);
		assert.deepEqual((await cells("Quality")).map((cells) => cells.slice(0, 3)), checks.map((row) => [row.check, row.status, row.message]));
		const { rows: jobs } = await api("jobs");
		assert.ok(jobs.length > 0);
		assert.deepEqual((await cells("Jobs")).map(([name]) => name), jobs.map((row) => row.job));
		const { rows: [ingest] } = await api("ingest");
		assert.equal(await page.textContent("[data-column=quarantined]"), whole.format(ingest.quarantined));
		assert.ok(Math.abs(Date.now() - Date.parse(ingest.stored_at)) < 300_000);
		assert.deepEqual(complaints, []);
		await context.close();
	});
});
