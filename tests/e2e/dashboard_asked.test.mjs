// The dashboard's pages that are asked about something: a funnel, a page's heatmap, what comes after a page, goals, a person.
// Each is put together by clicks, shows what the API says, and is the same from its address alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { address, ask, browserOpen, seriousOf, settled, show, signedIn, table, visitorsImport } from "./browser/dashboard.mjs";
import { Shared } from "./client.mjs";
import { stateFolder, until, up } from "./harness.mjs";

const VISITORS = 60;
const WEEK = 604_800;
const whole = new Intl.NumberFormat("en-GB");
const tenths = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const rate = (number) => `${tenths.format(number)} %`;
const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

describe("the dashboard is asked", () => {
	const shared = new Shared();
	const range = { from: daysAgo(29), to: daysAgo(0) };
	let running;
	let token;
	let browser;

	const api = (name, query) => ask({ running, token }, name, query);
	const opened = (query, options) => show({ browser, running, token }, query, options);
	// A new browser shows the same from the address of `page` alone.
	const sameElsewhere = async (page, labels) => {
		const other = await opened(Object.fromEntries(new URL(page.url()).searchParams));
		for (const label of labels) assert.deepEqual(await table(other.page, label), await table(page, label), label);
		await other.context.close();
	};

	before(async () => {
		running = await up(shared, await stateFolder(shared));
		await visitorsImport(running, VISITORS);
		token = (await running.run(["token", "create", "tests"])).stdout.trim();
		const views = await running.sql("SELECT count(*) FROM page_views");
		await until("the roll-ups have all views", async () => await running.sql("SELECT sum(views) FROM overview_hourly") === views, 120_000);
		browser = await browserOpen(shared);
	});

	after(() => shared.end());

	test("a funnel is put together by clicks, and has the API's figures", async () => {
		const { context, page, complaints } = await opened({ view: "funnels", ...range });
		await page.waitForSelector("text=A funnel has two steps or more");
		for (const name of ["/pricing", "/signup", "signed_up"]) await page.click(`.funnel-add button:text-is('${name}')`);
		await page.selectOption(".funnel-how select >> nth=0", String(WEEK));
		await page.waitForSelector("[aria-label='Steps of the funnel']");
		await settled(page);
		const funnel = JSON.stringify({ steps: [{ page: "/pricing" }, { page: "/signup" }, { event: "signed_up" }], window_seconds: WEEK, per: "person" });
		const { rows, previous } = await api("funnels", { ...range, funnel, compare: "previous" });
		assert.ok(rows[1].dropped > 0 && previous.rows[0].entered > 0);
		const lines = async () => (await table(page, "Steps of the funnel")).slice(1).map((line) => [line[0], line[1], line[3], line[4], line.at(-1)]);
		await until("the table has the API's figures", async () => {
			const wanted = rows.map((row, at) => [`${at + 1}. ${row.name}`, whole.format(row.entered), rate(row.conversion_percent), at === 0 ? "" : rate(row.step_conversion_percent), at === 0 ? "" : whole.format(row.dropped)]);
			return JSON.stringify(await lines()) === JSON.stringify(wanted);
		});
		assert.match((await table(page, "Steps of the funnel"))[1][2], /^[▲▼] |no change/);
		await page.waitForSelector(".chart canvas");
		assert.equal(new URL(page.url()).searchParams.get("steps"), "page:/pricing;page:/signup;event:signed_up");
		await sameElsewhere(page, ["Steps of the funnel"]);

		await page.click("[aria-label='Steps of the funnel'] a >> nth=0");
		await page.waitForSelector("[aria-label='Who left the funnel']");
		await settled(page);
		const { rows: gone } = await api("funnels/dropped", { ...range, funnel, step: 1, limit: 50 });
		assert.deepEqual((await table(page, "Who left the funnel")).slice(1).map((line) => line.at(-1)), gone.map(({ person }) => person.replace(/^-.*(?=.{4}$)/, "anonymous …")));
		await page.goBack();
		await until("the list is closed", async () => await page.$("[aria-label='Who left the funnel']") === null);
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("a funnel's steps are written, moved, removed, broken down, and counted by session", async () => {
		const { context, page } = await opened({ view: "funnels", ...range, compare: "none", steps: "page:/signup;page:/doc*" });
		await page.click("[aria-label='Step 2 earlier']");
		await page.fill("[aria-label='Step 2']", "/sign;\\up*");
		await page.press("[aria-label='Step 2']", "Enter");
		await page.click("text='Another step'");
		assert.equal(new URL(page.url()).searchParams.get("steps"), "page:/doc*;page:/sign\\;\\\\up*;page:");
		await page.waitForSelector("text=A step is empty");
		assert.equal(await page.inputValue("[aria-label='Step 2']"), "/sign;\\up*");
		await page.click("[aria-label='Remove step 2']");
		await page.click(".funnel-add button:text-is('/pricing')");
		await page.click("text='Sessions' >> nth=-1");
		await page.selectOption(".funnel-how select >> nth=1", "device_type");
		await page.waitForSelector("[aria-label='The funnel by Device']");
		const funnel = JSON.stringify({ steps: [{ page: "/doc*" }, { page: "/pricing" }], window_seconds: 86_400, per: "session" });
		const { rows } = await api("funnels", { ...range, funnel, by: "device_type" });
		const values = [...new Set(rows.map(({ value }) => value))].filter((value) => value !== null);
		assert.ok(values.length > 1);
		const wanted = values.map((value) => [value, ...rows.filter((row) => row.value === value).map((row, at) => at === 0 ? whole.format(row.entered) : `${whole.format(row.entered)} ${rate(row.conversion_percent)}`)]);
		await until("the parts have the API's figures", async () => JSON.stringify((await table(page, "The funnel by Device")).slice(1)) === JSON.stringify(wanted));
		await sameElsewhere(page, ["The funnel by Device", "Steps of the funnel"]);
		await context.close();
	});

	test("a funnel is saved for everybody, opened and forgotten", async () => {
		const { context, page, complaints } = await opened({ view: "funnels", ...range, steps: "page:/docs;event:signed_up", window: "1800" });
		await page.fill("#funnel-name", "Readers who stay");
		await page.click("text='Save'");
		await page.waitForSelector("[aria-label='Saved funnels'] a[aria-current]");
		assert.deepEqual((await api("saved", { kind: "funnel" })).rows.map(({ name, definition }) => [name, definition]),
			[["Readers who stay", { steps: [{ page: "/docs" }, { event: "signed_up" }], window_seconds: 1800, per: "person" }]]);
		const other = await opened({ view: "funnels", ...range });
		await other.page.click("text='Readers who stay'");
		await other.page.waitForSelector("[aria-label='Steps of the funnel']");
		assert.deepEqual(new URL(other.page.url()).searchParams, new URL(page.url()).searchParams);
		await other.page.click("[aria-label='Forget Readers who stay']");
		await other.page.click("[aria-label='Really forget Readers who stay']");
		await until("it is forgotten", async () => await other.page.$("[aria-label='Saved funnels']") === null);
		assert.deepEqual((await api("saved")).rows, []);
		assert.deepEqual(complaints, []);
		await other.context.close();
		await context.close();
	});

	test("a page's heatmap is chosen by a click, and shows the API's clicks by device", async () => {
		const { context, page, complaints } = await opened({ view: "heatmap", ...range });
		await page.click(".add:text-is('/pricing')");
		await page.click("text='Mobile'");
		await page.waitForSelector(".heatmap canvas");
		await settled(page);
		assert.deepEqual(Object.fromEntries(new URL(page.url()).searchParams), { view: "heatmap", ...range, page: "example.org/pricing", device: "mobile" });
		const { rows, total } = await api("heatmap", { ...range, page: "/pricing", host: "example.org", device: "mobile" });
		assert.ok(rows.length > 2);
		await until("the total is the API's", async () => (await page.textContent("main")).includes(`${whole.format(total.clicks)} clicks of ${whole.format(total.persons)} persons`));
		await page.click("summary:has-text('The same as a table')");
		assert.deepEqual((await table(page, "Places with most clicks")).slice(1, -1).map((line) => line.slice(0, 4)),
			rows.slice(0, 200).map((row) => [row.y, row.x, row.clicks, row.persons].map((one) => whole.format(one))));
		// The picture is dark where most clicks are, and bare where none is.
		const [{ x, y }] = rows;
		const [hot, bare] = await page.evaluate(([at, from]) => {
			const canvas = document.querySelector(".heatmap canvas");
			const colour = (px, py) => [...canvas.getContext("2d").getImageData(px, py, 1, 1).data].join();
			const of = (percent) => Math.round(percent * canvas.width / 100);
			return [colour(of(at), of(from)), colour(of(97), of(3))];
		}, [x, y]);
		assert.ok(!rows.some((row) => row.x > 93 && row.y < 8));
		assert.equal(bare, "255,255,255,255");
		assert.notEqual(hot, bare);
		await page.hover(".heatmap canvas", { position: await page.evaluate(([at, from]) => {
			const { width } = document.querySelector(".heatmap canvas").getBoundingClientRect();
			return { x: at * width / 100, y: from * width / 100 };
		}, [x, y]) });
		assert.match(await page.textContent(".heat-said"), new RegExp(`^${rows[0].clicks} click`));
		await sameElsewhere(page, ["Places with most clicks"]);
		await page.goBack();
		await page.waitForSelector("button[aria-pressed=true]:has-text('All devices')");
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("a page's tree opens step by step, and counts the sessions that went each way", async () => {
		const { context, page, complaints } = await opened({ view: "journeys", ...range });
		await page.click(".add:text-is('/docs')");
		await page.waitForSelector("[aria-label='After example.org/docs']");
		// Counted apart, from each session's ways.
		const { rows } = await api("journeys/paths", { ...range, filter: "page:example.org/docs", steps: 10, limit: 10_000 });
		const after = (...way) => {
			const counts = {};
			let all = 0;
			for (const { path: pages, sessions } of rows) {
				const rest = pages.slice(pages.indexOf("example.org/docs") + 1);
				if (way.some((one, at) => rest[at] !== one)) continue;
				const next = rest[way.length]?.replace("example.org/", "/") ?? "left the site"; // the host that all have is left out
				counts[next] = (counts[next] ?? 0) + sessions;
				all += sessions;
			}
			return Object.entries(counts).map(([name, sessions]) => `${name} ${whole.format(sessions)} · ${rate(sessions / all * 100)}`).sort();
		};
		const shown = (label) => page.locator(`ul[aria-label='${label}'] > li > div`).evaluateAll((lines) =>
			lines.map((line) => line.innerText.replace(/[▸▾]/g, "").replace(/\s+/g, " ").trim()).sort());
		assert.ok(after().length > 2);
		assert.deepEqual(await shown("After example.org/docs"), after());
		await page.click("button[aria-expanded=false]:has-text('/docs/install')");
		await page.waitForSelector("ul[aria-label='After example.org/docs/install']");
		assert.deepEqual(await shown("After example.org/docs/install"), after("example.org/docs/install"));
		await page.press("ul[aria-label='After example.org/docs/install'] button:has-text('/signup')", "Enter");
		await page.waitForSelector("ul[aria-label='After example.org/signup']");
		assert.deepEqual(await shown("After example.org/signup"), after("example.org/docs/install", "example.org/signup"));
		const other = await opened(Object.fromEntries(new URL(page.url()).searchParams));
		assert.equal(await other.page.textContent("[aria-label='After a page']"), await page.textContent("[aria-label='After a page']"));
		await other.context.close();
		await page.click("button[aria-expanded=true]:has-text('/docs/install')");
		assert.equal(new URL(page.url()).searchParams.get("open"), null);
		await page.goBack();
		await page.waitForSelector("ul[aria-label='After example.org/signup']");
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("goals are made, changed and forgotten, and have the API's figures", async () => {
		const { context, page, complaints } = await opened({ view: "events", ...range });
		await page.waitForSelector("text=No goal is saved yet");
		const fill = async (name, kind, pattern) => {
			await page.fill(".goal input >> nth=0", name);
			await page.selectOption(".goal select", kind);
			await page.fill("[aria-label='Page or event']", pattern);
			await page.click("text='Save for everybody'");
		};
		await fill("Signed up", "event", "signed_up");
		await page.waitForSelector("[aria-label='Edit Signed up']");
		await fill("Saw the docs", "page", "/docs*");
		await page.waitForSelector("[aria-label='Edit Saw the docs']");
		const same = async () => {
			const { rows, previous } = await api("goals", { ...range, compare: "previous" });
			const changed = (now, then) => {
				const size = Math.abs((now - then) / then * 100);
				if (then === 0) return now === 0 ? "no change" : "";
				return now === then ? "no change" : `${now > then ? "▲ +" : "▼ −"}${(size >= 1000 ? whole : tenths).format(size)} %`;
			};
			const wanted = rows.map((row, at) => [row.goal, `${row.kind === "page" ? "Page" : "Event"} ${row.target}`, `${whole.format(row.sessions)}${changed(row.sessions, previous.rows[at].sessions)}`,
				whole.format(row.visitors), rate(row.conversion_rate_percent), whole.format(row.events)]);
			await until("the table has the API's figures", async () => JSON.stringify((await table(page, "Goals and their figures")).slice(1)
				.map((line) => [...line.slice(0, 4), line[4].replace(/[▲▼n].*/, ""), line[5]])) === JSON.stringify(wanted));
			return rows;
		};
		const [docs, signed] = await same();
		assert.ok(docs.sessions > signed.sessions && signed.value_sum === 10 * signed.events && signed.events > 0);
		assert.match((await table(page, "Goals and their figures"))[2][6], new RegExp(`^${whole.format(signed.value_sum)}`));

		await page.click("[aria-label='Edit Saw the docs']");
		await fill("Saw the prices", "page", "/pricing");
		await page.waitForSelector("[aria-label='Edit Saw the prices']");
		await until("the old name is gone", async () => await page.$("[aria-label='Edit Saw the docs']") === null);
		assert.deepEqual((await same()).map(({ goal, target }) => [goal, target]), [["Saw the prices", "/pricing"], ["Signed up", "signed_up"]]);
		await page.click("[aria-label='Forget Saw the prices']");
		await page.click("[aria-label='Really forget Saw the prices']");
		await until("it is forgotten", async () => await page.$("[aria-label='Edit Saw the prices']") === null);
		await page.click("[aria-label='Forget Signed up']");
		await page.click("[aria-label='Really forget Signed up']");
		await page.waitForSelector("text=No goal is saved yet");
		assert.deepEqual((await api("saved")).rows, []);
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("a person is opened from the sessions, and has the API's history, consent and traits", async () => {
		const { context, page, complaints } = await opened({ view: "sessions", ...range, filter: "authenticated:true" });
		const { rows: [{ person }] } = await api("sessions", { ...range, filter: "authenticated:true", limit: 50 });
		await page.click(`[aria-label=Sessions] a:text-is('${person}') >> nth=0`);
		await page.waitForSelector("[aria-label='Their sessions'] tbody");
		await settled(page);
		const { rows: sessions } = await api(`persons/${person}`, { limit: 50 });
		assert.deepEqual((await table(page, "Their sessions")).slice(1).map((line) => [line[2], line[5]]), sessions.map((row) => [whole.format(row.views), row.entry_page.replace(/^example.org/, "")]));
		const { rows: [profile] } = await api("persons/profile", { person });
		// Counted apart, in the database.
		assert.equal(await running.sql(`SELECT count(DISTINCT session_id) || ' ' || count(*) FROM page_views WHERE person_id = ${person}`), `${profile.sessions} ${profile.views}`);
		const said = async (name) => (await page.textContent(`dd[data-column=${name}]`)).replaceAll("\u00a0", " ");
		for (const name of ["sessions", "views", "events", "conversions"]) assert.equal(await said(name), whole.format(profile[name]), name);
		assert.deepEqual([profile.analytics_consent, profile.marketing_consent], [true, person % 2 === 0]);
		assert.match(await said("analytics_consent"), /^yes, said on \d/);
		assert.match(await said("marketing_consent"), person % 2 === 0 ? /^yes, said on \d/ : /^no/);
		assert.deepEqual(await table(page, "Traits"), [["plan", "free"]]);
		await sameElsewhere(page, ["Their sessions", "Traits"]);
		await page.click("[aria-label='Their sessions'] tbody a >> nth=0");
		await page.waitForSelector(".timeline li");
		await page.click(`text='Person ${person}'`);
		await page.waitForSelector("[aria-label='Their sessions'] tbody");
		await page.click("text='Every page, of this person only'");
		const { total } = await api("overview", { ...range, filter: `person:${person}` });
		await until("the overview is of this person", async () => await page.isVisible("[data-column=sessions] strong") && await page.textContent("[data-column=sessions] strong") === whole.format(total.sessions));
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("who never signed in has a history and no traits; who is unknown is said to be", async () => {
		const anonymous = (await api("sessions", { ...range, filter: "authenticated:false", limit: 50 })).rows.find(({ person }) => person.startsWith("-")).person;
		const { context, page } = await opened({ view: "person", person: anonymous });
		await page.waitForSelector("text=Nobody signed in here");
		assert.equal(await page.textContent("dd[data-column=analytics_consent]"), "never said anything");
		for (const [id, text] of [["424242", "Nothing is known of this person"], ["abc", "A person's id is a number"], ["", "Write a person's id"]]) {
			await page.goto(address(running, { view: "person", person: id }));
			await page.waitForSelector(`text=${text}`);
		}
		await page.fill("#person", anonymous);
		await page.press("#person", "Enter");
		await page.waitForSelector("text=Nobody signed in here");
		await context.close();
	});

	const states = () => [
		{ view: "person", person: "1001" },
		{ view: "person", person: "424242" },
		{ view: "journeys", ...range, page: "/docs*", open: "example.org/docs/install" },
		{ view: "funnels", ...range, steps: "page:/docs*;page:/signup;event:signed_up", window: String(WEEK), left: "1" },
		{ view: "funnels", ...range, steps: "page:/docs*;page:/signup", by: "browser" },
		{ view: "heatmap", ...range, page: "/docs*" },
		{ view: "heatmap", from: "2001-01-01", to: "2001-01-02", page: "/docs" },
	];
	for (const [colorScheme, width] of [["light", 1280], ["dark", 390]])
		test(`axe-core finds nothing serious in what was asked, ${colorScheme}, ${width} pixels wide, and nothing is wider than the page`, async () => {
			const { context, page } = await signedIn(browser, running, token, { colorScheme, viewport: { width, height: 800 } });
			for (const query of states()) {
				await page.goto(address(running, query));
				await settled(page);
				assert.deepEqual(await seriousOf(page), [], JSON.stringify(query));
				assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, JSON.stringify(query));
			}
			await context.close();
		});
});
