// The dashboard in Debian's Chromium, over the real log and made-up visitors: every page is opened and what it shows is what
// the API says; the address holds all of it; nothing breaks the content policy; axe-core finds nothing serious.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { address, ask, browserOpen, logRange, seriousOf, settled, show, signedIn, table, views, visitorsImport } from "./browser/dashboard.mjs";
import { Shared, post, writeKey } from "./client.mjs";
import { root, stateFolder, temporaryFolder, until, up } from "./harness.mjs";

const log = path.join(root, "../shared/data/apache_logs");
const skip = !existsSync(log) && "../shared/data/apache_logs is not here";
const REQUESTS_MOST = 8;
const VISITORS = 60;

// Written apart from the page's: figures as the page writes them in English.
const whole = new Intl.NumberFormat("en-GB");
const rate = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const plain = (text) => text.replaceAll("\u00a0", " ").trim();

describe("the dashboard", { skip }, () => {
	const shared = new Shared();
	let running;
	let token;
	let browser;

	const api = (name, query) => ask({ running, token }, name, query);
	const opened = (query, options) => show({ browser, running, token }, query, options);

	before(async () => {
		running = await up(shared, temporaryFolder(shared));
		const { status, stderr } = await running.run(["import", "access-log", log]);
		assert.equal(status, 0, stderr);
		await visitorsImport(running, VISITORS);
		token = (await running.run(["token", "create", "tests"])).stdout.trim();
		browser = await browserOpen(shared);
	});

	after(() => shared.end());

	test("the overview's figures are the API's, within eight requests", async () => {
		const { context, page, complaints } = await signedIn(browser, running, token);
		const asked = [];
		page.on("request", (request) => asked.push(request.url()));
		await page.goto(address(running, logRange));
		await settled(page);
		const { total, rows, previous } = await api("overview", { ...logRange, compare: "previous" });
		const card = async (name) => plain(await page.textContent(`[data-column=${name}] strong`));
		assert.ok(total.sessions > 1000);
		for (const name of ["visitors", "sessions", "views", "conversions"]) assert.equal(await card(name), whole.format(total[name]), name);
		for (const name of ["bounce_rate_percent", "engagement_rate_percent"]) assert.equal(await card(name), `${rate.format(total[name])} %`);
		assert.equal(previous.total.visitors, 0);
		await page.click("summary:has-text('The same as a table')");
		await page.waitForSelector("[role=region][aria-label='Figures over time']");
		const lines = await table(page, "Figures over time");
		assert.deepEqual(lines.slice(1, 5).map((line) => line.slice(1, 4)), rows.map((row) => [row.visitors, row.sessions, row.views].map((one) => whole.format(one))));
		const pages = await api("pages", { ...logRange, limit: 8 });
		assert.deepEqual((await table(page, "Pages")).slice(1, 9), pages.rows.map((row) => [row.page, whole.format(row.views), whole.format(row.visitors)]));
		for (const [label, by] of [["Sources", "channel"], ["Devices", "device_type"], ["Places", "timezone"]]) {
			const { rows: wanted } = await api("breakdown", { ...logRange, by, limit: 8 });
			assert.deepEqual((await table(page, label)).slice(1, 1 + wanted.length),
				wanted.map((row) => [row.value === "" ? "(none)" : row.value, whole.format(row.sessions), whole.format(row.visitors)]));
		}
		assert.ok(asked.length <= REQUESTS_MOST, asked.join("\n"));
		assert.ok(asked.every((url) => url.startsWith(running.dashboard)));
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("every range of the toolbar is drawn within eight requests, and is the API's", async () => {
		const { context, page, complaints } = await signedIn(browser, running, token);
		let asked = [];
		page.on("request", (request) => asked.push(request.url()));
		for (const range of ["today", "yesterday", "7d", "month", "last-month", "365d"]) {
			asked = [];
			await page.goto(address(running, { range }));
			await settled(page);
			const { total, range: { from_date, to_date } } = await api("overview", { range });
			if (total.sessions > 0) { // else the page also asks when there was something
				assert.ok(asked.length <= REQUESTS_MOST, asked.join("\n"));
				assert.ok(asked.indexOf(`${running.dashboard}/dashboard.js`) >= 0 && new Set(asked).size === asked.length, asked.join("\n")); // nothing twice
				assert.equal(plain(await page.textContent("[data-column=sessions] strong")), whole.format(total.sessions), range);
			}
			assert.deepEqual([await page.inputValue("[name=from]"), await page.inputValue("[name=to]")], [from_date, to_date], range);
		}
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("a choice that changes no question asks nothing", async () => {
		const { context, page } = await opened({ range: "90d" });
		const asked = [];
		page.on("request", (request) => asked.push(request.url()));
		await page.click("[data-column=views]");
		await page.waitForSelector("h2:text-is('Page views')");
		await page.click("[aria-label='Devices by'] button:text-is('Browser')");
		await settled(page);
		assert.deepEqual(asked.map((url) => new URL(url).searchParams.get("by")), ["browser"]);
		await context.close();
	});

	test("a row filters everything, the address says so, and back is back", async () => {
		const { context, page } = await opened(logRange);
		await page.click("[aria-label=Sources] button.row:has-text('Organic Search')");
		const filter = "channel:Organic Search";
		await page.waitForSelector(".chips button");
		const { total } = await api("overview", { ...logRange, filter });
		await until("the filtered figure is shown", async () => plain(await page.textContent("[data-column=sessions] strong")) === whole.format(total.sessions));
		assert.equal(new URL(page.url()).searchParams.get("filter"), filter);
		await settled(page);
		const { rows } = await api("pages", { ...logRange, filter, limit: 8 });
		assert.deepEqual((await table(page, "Pages")).slice(1, 9).map(([name]) => name), rows.map((row) => row.page));

		const other = await opened({});
		await other.page.goto(page.url());
		await settled(other.page);
		assert.deepEqual(await table(other.page, "Pages"), await table(page, "Pages"));
		assert.equal(await other.page.textContent(".chips"), await page.textContent(".chips"));
		await other.context.close();

		await page.goBack();
		const { total: all } = await api("overview", logRange);
		await until("the unfiltered figure is back", async () => plain(await page.textContent("[data-column=sessions] strong")) === whole.format(all.sessions));
		assert.equal(await page.$(".chips"), null);
		await context.close();
	});

	test("what is chosen in the toolbar is in the address and in the figures", async () => {
		const { context, page } = await opened({ range: "7d" });
		await page.click("text='90 days'");
		assert.equal(new URL(page.url()).searchParams.get("range"), "90d");
		await page.focus("select"); // which lists the zones
		await page.selectOption("select", "Asia/Tokyo");
		await page.uncheck("input[type=checkbox]");
		await settled(page);
		const now = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(new Date());
		const from = new Date(Date.parse(now) - 89 * 86_400_000).toISOString().slice(0, 10);
		const { total } = await api("overview", { from, to: now, tz: "Asia/Tokyo" });
		await until("the figure is the zone's", async () => plain(await page.textContent("[data-column=views] strong")) === whole.format(total.views));
		assert.equal(new URL(page.url()).search, "?range=90d&tz=Asia/Tokyo&compare=none");
		await context.close();
	});

	test("each other page shows what the API says", async () => {
		const { context, page, complaints } = await signedIn(browser, running, token);
		const open = async (query) => {
			await page.goto(address(running, query));
			await settled(page);
		};
		await open({ view: "pages", ...logRange });
		const { rows: pages } = await api("pages", { ...logRange, limit: 50 });
		assert.deepEqual((await table(page, "Pages")).slice(1, 51).map((line) => [line[0], line[1], line[5]]), pages.map((row) => [row.page, whole.format(row.views), whole.format(row.entries)]));
		await open({ view: "sources", by: "referrer_domain", ...logRange });
		const { rows: sources } = await api("attribution", { ...logRange, by: "referrer_domain", limit: 50 });
		assert.deepEqual((await table(page, "Sources")).slice(1, 51).map((line) => line.slice(0, 2)), sources.map((row) => [row.value || "(none)", whole.format(row.sessions)]));
		await open({ view: "journeys", ...logRange });
		await page.waitForSelector(".chart canvas");
		const { rows: ways } = await api("journeys/transitions", { ...logRange, limit: 50 }); // nothing was there before: no change is told
		assert.deepEqual((await table(page, "From page to page")).slice(1).map((line) => line.slice(0, 3)), ways.map((row) => [row.from_page, row.to_page, whole.format(row.transitions)]));
		await open({ view: "events", compare: "none" });
		const { rows: events } = await api("events", { limit: 50 });
		assert.ok(events.length > 2);
		assert.deepEqual((await table(page, "Events")).slice(1, 1 + events.length).map((line) => line.slice(0, 3)), events.map((row) => [row.value, whole.format(row.events), whole.format(row.persons)]));
		const onMobile = { filter: "device_type:mobile" };
		await open({ view: "retention", ...onMobile });
		const { rows: cohorts } = await api("retention", onMobile);
		const shown = (await table(page, "Retention by cohort")).slice(1).flatMap((line) => line.slice(2).filter((cell) => cell !== ""));
		assert.ok(cohorts.length > 0);
		assert.deepEqual(shown, cohorts.map((row) => `${rate.format(row.retention_percent)} %`));
		await open({ view: "sessions", ...logRange });
		const { rows: sessions } = await api("sessions", { ...logRange, limit: 50 });
		assert.deepEqual((await table(page, "Sessions")).slice(1).map((line) => [line[3], line[5]]), sessions.map((row) => [whole.format(row.views), row.entry_page]));
		await page.click("tbody a >> nth=0");
		await page.waitForSelector(".timeline li");
		const { rows: timeline } = await api(`sessions/${sessions[0].session}`, {});
		assert.deepEqual(await page.locator(".timeline b").allTextContents(), timeline.map((row) => row.page));
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("pages, sources, ways and events tell how they changed since the time before, and which are new", async () => {
		const { context, page } = await signedIn(browser, running, token);
		const log = { from: "2015-05-19", to: "2015-05-20" };
		const ROWS = 20; // so that many of them stood further down before
		const told = (now, before) => before === undefined ? "new" : now === before ? "no change"
			: `${now > before ? "▲ +" : "▼ −"}${(Math.abs(now - before) / before * 100 >= 1000 ? whole : rate).format(Math.abs(now - before) / before * 100)} %`;
		for (const [view, path, label, name, same, range, limit] of [["pages", "pages", "Pages", "views", ["host", "page"], log, ROWS], ["pages", "pages", "Pages", "views", ["host", "page"], log, 50],
			["sources", "attribution", "Sources", "sessions", ["value"], log, 2], ["events", "events", "Events", "events", ["value"], { range: "30d" }, 1],
			["journeys", "journeys/transitions", "From page to page", "transitions", ["from_page", "to_page"], log, 50]]) {
			await page.goto(address(running, { view, ...range, limit }));
			await settled(page);
			const { rows, previous: { range: { from_date: from, to_date: to } } } = await api(path, { ...range, compare: "previous", limit });
			const { rows: all } = await api(path, { from, to, limit: 10_000 });
			const find = (row) => all.find((one) => same.every((part) => one[part] === row[part]));
			const [head, ...lines] = await table(page, label);
			const at = head.indexOf("Change");
			assert.deepEqual(lines.slice(0, rows.length).map((line) => line[at]), rows.map((row) => told(row[name], find(row)?.[name])), view);
			assert.ok(rows.some((row) => find(row) !== undefined), view);
			if (limit === 50) assert.ok(rows.some((row) => find(row) === undefined), `${view}: something is new`);
			if (limit === ROWS) assert.ok(rows.some((row) => all.indexOf(find(row)) >= limit), "a row was not among the first");
			await page.uncheck("text=compare with the time before");
			await settled(page);
			await until("no change is told", async () => !(await table(page, label))[0].includes("Change"));
		}
		await context.close();
	});

	test("retention is a picture, too", async () => {
		const { context, page } = await opened({ view: "retention" });
		const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=PNG")]);
		assert.equal(download.suggestedFilename(), "retention.png");
		const bytes = readFileSync(await download.path());
		const { rows } = await api("retention");
		const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
		assert.equal(height, 60 * (new Set(rows.map(({ cohort }) => cohort)).size + 1));
		assert.equal(width, 2 * (150 + 68 * (Math.max(...rows.map(({ period }) => period)) + 2)));
		await context.close();
	});

	test("live shows who comes as soon as the stream tells", async () => {
		const { context, page } = await opened({ view: "live" });
		const key = await writeKey(running, "live");
		const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
		await post(running.collect, "/v1/page", { anonymousId: "who-comes", context: { page: { path: "/just-now" } } }, { key, headers });
		await until("the page is shown", async () => (await table(page, "Pages seen now")).some(([name]) => name === "/just-now"));
		await page.waitForSelector("[aria-label='What happens'] a:has-text('/just-now')");
		await context.close();
	});

	test("a table is downloaded as the API's CSV", async () => {
		const { context, page } = await opened({ view: "pages", ...logRange });
		const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=CSV")]);
		const answer = await fetch(`${running.dashboard}/api/v1/pages?${new URLSearchParams({ ...logRange, compare: "previous", sort: "views", limit: 50, format: "csv" })}`, { headers: { authorization: `Bearer ${token}` } });
		assert.equal(readFileSync(await download.path(), "utf8"), await answer.text());
		await context.close();
	});

	for (const [colorScheme, width] of [["light", 1280], ["dark", 390]])
		test(`axe-core finds nothing serious, ${colorScheme}, ${width} pixels wide, and nothing is wider than the page`, async () => {
			const { context, page } = await signedIn(browser, running, token, { colorScheme, viewport: { width, height: 800 } });
			for (const query of [...views.map((view) => ({ view, range: "90d" })), { ...logRange, filter: "device_type:desktop;channel:!Direct" }]) {
				await page.goto(address(running, query));
				await settled(page);
				assert.deepEqual(await seriousOf(page), [], JSON.stringify(query));
				assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, JSON.stringify(query));
			}
			await context.close();
		});
});

test("an empty installation shows what to paste, and turns live with the first hit", async (t) => {
	const running = await up(t, await stateFolder(t));
	const token = (await running.run(["token", "create", "tests"])).stdout.trim();
	const { page } = await signedIn(await browserOpen(t), running, token);
	await page.goto(address(running));
	await page.waitForSelector("#snippet");
	assert.match(await page.textContent("#script"), new RegExp(`<script async src="${running.collect}/tracker.js" data-key="(sjb_[\\w-]+)">`));
	const key = /data-key="([^"]+)"/.exec(await page.textContent("#script"))[1];
	const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
	const answer = await post(running.collect, "/v1/page", { anonymousId: "first", context: { page: { path: "/hello" } } }, { key, headers });
	assert.equal(answer.status, 200);
	// Live, or its first figures where the roll-ups were as quick.
	const shown = await page.waitForSelector("[aria-label='Pages seen now'] tbody, [aria-label='Pages'] tbody");
	assert.match(await shown.textContent(), /\/hello/);
});
