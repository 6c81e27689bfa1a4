// Every report against a recount that shares nothing with its SQL (recount/): of simulated visitors whose truth was written down
// while they were made, and of a real log, from the stored rows.
//   SOJOURN_TEST_SEED=7 node --test tests/e2e/recount.test.mjs
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { Shared, post, untilLoaded, writeKey } from "./client.mjs";
import { run, stateFolder, temporaryFolder, until, up } from "./harness.mjs";
import { Asker, check, csvRow, everybody, readCsv } from "./recount/asking.mjs";
import { definitions } from "./recount/definitions.mjs";
import { dateOf, globTest, rangeOf, rangeOfInstants } from "./recount/figures.mjs";
import { live } from "./recount/moments.mjs";
import { both, has, questionsOf, sawLike } from "./recount/questions.mjs";
import * as sessions from "./recount/sessions.mjs";
import { Visitors, sources } from "./recount/visitors.mjs";
import { World, storedWorld } from "./recount/world.mjs";

const root = path.resolve(new URL("../..", import.meta.url).pathname);
const log = path.join(root, "../shared/data/apache_logs");
const seed = Number(process.env.SOJOURN_TEST_SEED ?? 20260131);
const BATCH = 40;
const LATE = 0.05;
const TWICE = 0.15;
const TIMEOUT_MS = 600_000;
const PAGES_MAX = 20; // kept apart by the roll-ups of the real log
const ACTIVE_MS = 20 * 60_000;
const HOUR_MS = 3_600_000;

// The worker may be at it.
const untilRolledUp = (running, ...settings) =>
	until("the roll-ups are refreshed", async () => (await running.run(["rollup", ...settings])).status === 0, TIMEOUT_MS / 2, 200);

describe("simulated visitors", { timeout: TIMEOUT_MS }, () => {
	const shared = new Shared();
	const zone = "America/New_York";
	let asker;
	let world;
	let visitors;

	const goals = {
		bought: { event: "Signed up" }, thanks: { page: "/thanks" }, docs: { page: "www.alpha.example/docs/*" }, sought: { event: "se*ch" },
	};
	// On some of them clocks change, in New York or on Lord Howe Island.
	const days = [
		"2025-03-08", "2025-03-09", "2025-03-10", "2025-04-05", "2025-04-06", "2025-10-04", "2025-10-05", "2025-11-01", "2025-11-02", "2025-11-03",
	];
	const ranges = [
		rangeOf(zone, "2025-03-01", "2025-11-30"), rangeOf(zone, "2025-03-08", "2025-03-10"),
		rangeOf("Australia/Lord_Howe", "2025-04-05", "2025-04-07"), rangeOf(zone, "2025-11-01", "2025-11-03"),
		rangeOf("Australia/Lord_Howe", "2025-10-04", "2025-10-06"), rangeOf("Asia/Kathmandu", "2025-03-07", "2025-11-05"),
		rangeOfInstants("UTC", Date.parse("2025-11-02T05:30:00Z"), Date.parse("2025-11-02T19:00:00Z")),
	];
	const isUser = (person) => /^\d+$/.test(person);
	const planOf = (person) => world.personById.get(person)?.traits.plan;
	const filters = [
		{ text: "device_type:mobile,tablet", keep: has("device_type", (text) => text === "mobile" || text === "tablet") },
		{ text: "device_type:!desktop;country:DE", keep: both(has("device_type", (text) => text !== "desktop"), has("country", (text) => text === "DE")) },
		{ text: "source:alpha;host:*.alpha.example", keep: has("host", globTest("*.alpha.example")) },
		{ text: "source:beta", keep: has("source", (text) => text === "beta") },
		{ text: "host:www.beta.example,app.*", keep: has("host", (text) => text === "www.beta.example" || text.startsWith("app.")) },
		{ text: "page:/docs/a_b", keep: sawLike("/docs/a_b") },
		{ text: "page:!/sign*,/pricing", keep: (row) => !sawLike("/sign*")(row) && !sawLike("/pricing")(row) },
		{ text: "event:Signed up", keep: ({ session: { events } }) => events.some(({ action }) => action === "Signed up") },
		{ text: "event:!*", keep: ({ session: { events } }) => events.length === 0 },
		{ text: "utm_campaign:Brand_100%", keep: has("utm_campaign", (text) => text === "Brand_100%") },
		{ text: "utm_campaign:;screen:!", keep: both(has("utm_campaign", (text) => text === ""), has("screen", (text) => text !== "")) },
		{ text: "entry_page:/,*/docs/*", keep: has("entry_page", (text) => /^[^/]*\/$/.test(text) || text.includes("/docs/")) },
		{ text: "authenticated:true", keep: ({ isSignedIn }) => isSignedIn },
		{ text: "authenticated:false", keep: ({ isSignedIn }) => !isSignedIn },
		{ text: "trait.plan:pro", keep: ({ person }) => planOf(person) === "pro" },
		{ text: "trait.plan:", keep: ({ person }) => isUser(person) && planOf(person) === undefined },
		{ text: "person:1001,1002,1003,1004,1005", keep: ({ person }) => person >= "1001" && person <= "1005" },
		{ text: "segment:phones;channel:Email,Direct",
			keep: both(has("device_type", (text) => text === "mobile"), has("channel", (text) => text === "Email" || text === "Direct")) },
	];
	const funnels = [
		{ steps: [{ page: "/" }, { page: "/pricing" }] },
		{ steps: [{ page: "/docs/*" }, { category: "Sales" }, { event: "Signed up" }], per: "session" },
		{ steps: [{ category: "Sales" }, { category: "Sales" }, { page: "*" }, { event: "*" }], window_seconds: 600 },
		{ steps: [{ event: "play" }, { page: "/docs/a_b" }], window_seconds: 7_776_000 },
	];

	// Some of it late, some twice, and a robot among them.
	async function send(running) {
		const { random } = visitors;
		const agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
		const page = { url: "https://www.alpha.example/", path: "/" };
		const robot = { type: "page", anonymousId: "robot", timestamp: "2025-03-09T12:00:00Z", context: { page, userAgent: agent } };
		for (const source of sources) {
			const key = await writeKey(running, source, ["--kind", "server", "--allow-old"]);
			const own = visitors.messages.filter((one) => one.source === source).toSorted((left, right) => left.timeMs - right.timeMs);
			const late = own.filter(() => random.chance(LATE));
			const messages = [robot, ...own.filter((one) => !late.includes(one)), ...late].map((one) => one.message ?? one);
			for (let at = 0; at < messages.length; at += BATCH)
				for (let times = random.chance(TWICE) ? 2 : 1; times > 0; times--) {
					const answer = await post(running.collect, "/v1/batch", { batch: messages.slice(at, at + BATCH), sentAt: new Date().toISOString() }, { key });
					assert.equal(answer.text, '{"success":true}');
				}
		}
	}

	before(async () => {
		const geo = path.join(temporaryFolder(shared), "geo.mmdb");
		assert.equal((await run([path.join(root, "tests/harness/make_mmdb.py"), geo], { program: "python3" })).status, 0);
		const running = await up(shared, await stateFolder(shared), { args: [`--timezone=${zone}`, `--geo-file=${geo}`] });
		visitors = new Visitors(seed, { browsers: 60, visits: 6, days, zones: ranges.map((range) => range.zone), nowMs: Date.now() });
		await send(running);
		await untilLoaded(running, TIMEOUT_MS / 2);
		await until("what is over has ended", async () =>
			(await running.sql("SELECT count(*) FROM user_sessions WHERE is_active AND last_activity_at < now() - interval '30 minutes'")) === "0");
		world = new World(visitors, zone);
		asker = await Asker.of(running);
		const saved = [["segment", "phones", { filter: "device_type:mobile" }], ...Object.entries(goals).map(([name, goal]) => ["goal", name, goal])];
		for (const [kind, name, definition] of saved) await save(kind, name, definition);
		await untilRolledUp(running, `--timezone=${zone}`);
		world.convert(goals);
	});
	after(() => shared.end());

	const save = (kind, name, definition) => asker.json("saved", {}, JSON.stringify({ kind, name, definition }));

	test("there is enough to count", () => {
		const isOverMidnight = ({ startedMs, seconds }) => dateOf(zone, startedMs) !== dateOf(zone, startedMs + seconds * 1000);
		assert.ok(world.sessions.length > 300 && world.views.length > 600 && world.events.length > 200);
		assert.ok(world.sessions.some(({ persons }) => persons.length > 1), "a session of two persons");
		assert.ok(world.sessions.some(({ isEnded }) => !isEnded), "a session that goes on");
		assert.ok(world.sessions.some(isOverMidnight), "a session over midnight");
	});

	test("every report equals the recount of the truth", async () => {
		await asker.askAll(world, questionsOf({ ranges, filters, page: "/docs/*", host: "app.alpha.example", event: "Signed*", category: "Vid*", goals, funnels }));
	});

	test("a range may begin and end in the middle of a session", async () => {
		const { random } = visitors;
		const moment = () => random.pick(random.pick(world.sessions).views.concat(world.views[0])).ms + random.below(120_000) - 60_000;
		const cut = () => {
			const [fromMs, lastMs] = [moment(), moment()].sort((left, right) => left - right);
			const begin = random.chance(0.5) ? fromMs : Math.max(fromMs, lastMs - random.below(30 * HOUR_MS));
			return rangeOfInstants(random.pick(ranges).zone, begin, lastMs + 1);
		};
		const asked = [
			["overview"], ["overview", { interval: "week" }], ["pages"], ["pages", { page: "/docs/*" }], ["pages", { sort: "visitors" }],
			["breakdown", { by: "os" }], ["events"], ["journeys/transitions"], ["funnels", funnels[0]], ["heatmap", { page: "*" }],
			["retention", { period: "week" }],
		];
		const times = world.views.map(({ ms }) => ms);
		const nearlyAll = rangeOfInstants(zone, Math.min(...times) + 1, Math.max(...times)); // so that no report has nothing to say
		const questions = [nearlyAll, ...Array.from({ length: 12 }, cut)].flatMap((range) => asked.map(([name, rest]) => ({ name, rest, range })));
		await asker.askAll(world, [...questions, ...questions.map((question) => ({ ...question, filter: random.pick(filters) }))]);
	});

	test("a list goes on behind its cursor without a gap", async () => {
		const [{ from, to }] = ranges;
		for (const [name, rest, keys] of [
			["pages", {}, ["page", "host"]], ["breakdown", { by: "entry_page" }, ["value"]], ["sessions", {}, ["session"]], ["attribution", {}, ["value"]],
			["journeys/transitions", {}, ["from_page", "to_page"]], ["journeys/paths", {}, ["path"]], ["events", {}, ["value"]],
			["traits", { property: "plan" }, ["value"]], ["sessions/daily", {}, ["date", "device_type", "browser"]],
			["pages/hourly", {}, ["hour", "page_host", "page_category", "page_url"]], ["heatmap", { page: "*" }, ["x", "y"]],
		]) {
			const query = { from, to, tz: zone, ...rest };
			const keyOf = (row) => JSON.stringify(keys.map((key) => row[key]));
			const whole = (await asker.json(name, { ...query, limit: 60 })).rows.map(keyOf);
			const found = [];
			for (let next = undefined; next !== null && found.length < whole.length;) {
				const answer = await asker.json(name, { ...query, limit: 7, ...(next === undefined ? {} : { cursor: next }) });
				found.push(...answer.rows.map(keyOf));
				next = answer.next;
			}
			assert.deepEqual(found.slice(0, 60), whole, name);
		}
	});

	test("a session's timeline goes on behind its cursor, too", async () => {
		const { id } = world.sessions.reduce((one, other) => (other.views.length + other.events.length > one.views.length + one.events.length ? other : one));
		const { rows } = await asker.json(`sessions/${id}`, {});
		assert.ok(rows.length > 3);
		const found = [];
		for (let next; next !== null && found.length < rows.length;) {
			const answer = await asker.json(`sessions/${id}`, { limit: 2, ...(next === undefined ? {} : { cursor: next }) });
			found.push(...answer.rows);
			({ next } = answer);
		}
		assert.deepEqual(found, rows);
	});

	test("a session's timeline and a person's sessions", async () => {
		for (const session of world.sessions.filter((_, at) => at % 12 === 0)) {
			const answer = await asker.json(`sessions/${session.id}`, {});
			check(answer, sessions.session(session), `session ${session.id}`);
		}
		for (const [person, own] of [...world.rowsByPerson].filter((_, at) => at % 5 === 0)) {
			const alone = own.find(({ session }) => session.persons.length === 1 && asker.persons.has(session.id));
			const id = isUser(person) ? person : asker.persons.get(alone?.session.id);
			if (id === undefined) continue; // they came outside of all ranges only
			check(await asker.json(`persons/${id}`, { limit: 1000 }), sessions.person(world, person), `person ${person}`);
			const { text, keep } = filters[[0, 1, 4, 5, 9, 11][own.length % 6]];
			check(await asker.json(`persons/${id}`, { limit: 1000, filter: text }), sessions.person(world, person, keep), `person ${person}, ${text}`);
		}
	});

	test("CSV says what JSON says", async () => {
		const [{ from, to }] = ranges;
		const range = { from, to, tz: zone };
		const [{ id }] = world.sessions;
		const funnel = JSON.stringify(funnels[0]);
		const plain = (cell) => (/^[{[]/.test(cell) ? JSON.stringify(JSON.parse(cell)) : /^-?\d+\.\d+$/.test(cell) ? String(Number(cell)) : cell);
		const comparable = (row) => row.map(plain); // 7.50 is 7.5
		for (const [name, rest] of [
			["overview", { ...range, compare: "previous" }], ["pages", range], ["breakdown", { ...range, by: "country" }], ["attribution", range],
			["events", range], ["traits", { ...range, property: "plan" }], ["goals", range], ["journeys/transitions", range], ["journeys/paths", range],
			["heatmap", { ...range, page: "*" }], ["sessions", range], ["sessions/daily", range], ["pages/hourly", range], ["retention", range],
			["funnels", { ...range, funnel, by: "region" }],
			["funnels/dropped", { ...range, funnel }], [`sessions/${id}`, {}], ["persons/1001", {}], ["live", {}], ["jobs", {}], ["quality", {}],
		]) {
			const { columns, rows, total, previous } = await asker.json(name, rest);
			const row = csvRow(columns);
			const all = (table) => [...table.rows.map(row), ...(table.total === null ? [] : [["total", ...row(table.total).slice(1)]])];
			const expected = previous === undefined ? all({ rows, total })
				: [...all({ rows, total }).map((row) => ["current", ...row]), ...all(previous).map((row) => ["previous", ...row])];
			const found = readCsv(await asker.text(name, { ...rest, format: "csv" }));
			if (name !== "jobs" && name !== "live") assert.deepEqual(found.map(comparable), expected.map(comparable), name); // these change as they are asked
			else assert.deepEqual(found.map(({ length }) => length), expected.map(({ length }) => length), name);
		}
	});

	test("another goal makes other conversions, in the past too", async () => {
		const others = { ...goals, bought: { event: "nothing" }, sought: { event: "Log_in" }, any: { page: "*" } };
		for (const [name, definition] of Object.entries(others)) await save("goal", name, definition);
		await untilRolledUp(asker.running, `--timezone=${zone}`);
		const { length: before } = world.events.filter(({ isConversion }) => isConversion);
		world.convert(others);
		assert.notEqual(world.events.filter(({ isConversion }) => isConversion).length, before);
		const asked = [
			["overview"], ["breakdown", { by: "country", sort: "conversions" }], ["attribution", { model: "first", sort: "value" }],
			["traits", { property: "plan" }], ["sessions"], ["journeys/paths"], ["goals", { saved: others }],
		];
		const questions = ranges.flatMap((range) => asked.map(([name, rest]) => ({ name, rest, range })));
		await asker.askAll(world, [...questions, ...questions.map((question, at) => ({ ...question, filter: filters[at % filters.length] }))]);
		const { status, stdout } = await asker.running.run(["rollup", "--verify", `--timezone=${zone}`, "--json"]);
		assert.equal(status, 0, stdout);
	});

	test("who is there now, and today", async () => {
		assert.ok(Date.now() - visitors.nowMs < ACTIVE_MS, "the test took too long to see anybody");
		for (const filter of [everybody, ...filters.filter(({ text }) => !text.includes("event:"))]) {
			const before = JSON.stringify(live(world, Date.now(), filter.keep));
			const answer = await asker.json("live", { limit: 1000, filter: filter.text });
			const expected = live(world, Date.now(), filter.keep);
			if (JSON.stringify(expected) === before) check(answer, expected, `live ${filter.text}`); // else somebody has just gone
		}
		const days = rangeOf("UTC", dateOf("UTC", visitors.nowMs - 86_400_000), dateOf("UTC", visitors.nowMs));
		await asker.ask(world, { name: "overview", range: days });
		await asker.ask(world, { name: "breakdown", rest: { by: "browser" }, range: days });
	});
});

describe("definitions, on the fingers", { timeout: TIMEOUT_MS }, () => {
	const shared = new Shared();
	let asker;

	before(async () => {
		const running = await up(shared, await stateFolder(shared), { args: ["--timezone=America/New_York"] });
		const key = await writeKey(running, "fingers", ["--kind", "server", "--allow-old"]);
		for (const batch of definitions.flatMap(({ sent }) => sent)) {
			const answer = await post(running.collect, "/v1/batch", { batch, sentAt: new Date().toISOString() }, { key });
			assert.equal(answer.text, '{"success":true}');
		}
		await untilLoaded(running, TIMEOUT_MS / 2);
		asker = await Asker.of(running);
		for (const [name, definition] of definitions.flatMap(({ goals = {} }) => Object.entries(goals)))
			await asker.json("saved", {}, JSON.stringify({ kind: "goal", name, definition }));
		await untilRolledUp(running, "--timezone=America/New_York");
	});
	after(() => shared.end());

	for (const { name, asked } of definitions)
		test(name, async () => {
			for (const { name: report, query, look, expected } of asked) assert.deepEqual(look(await asker.json(report, query)), expected, report);
		});
});

describe("a real log", { skip: !existsSync(log) && "../shared/data/apache_logs is not here", timeout: TIMEOUT_MS }, () => {
	const shared = new Shared();
	const zone = "Asia/Kathmandu";
	let asker;
	let world;

	const goals = { projects: { page: "/projects/*" }, none: { event: "nothing" } };
	const ranges = [
		rangeOf(zone, "2015-05-17", "2015-05-21"), rangeOf("America/New_York", "2015-05-17", "2015-05-20"), rangeOf("UTC", "2015-05-18", "2015-05-18"),
	];
	const filters = [
		{ text: "browser:Firefox*", keep: has("browser", (text) => text.startsWith("Firefox")) },
		{ text: "channel:Direct", keep: has("channel", (text) => text === "Direct") },
		{ text: "page:/blog/*", keep: sawLike("/blog/*") },
		{ text: "os:!Windows", keep: has("os", (text) => text !== "Windows") },
	];
	const funnels = [
		{ steps: [{ page: "/" }, { page: "/projects/*" }] }, { steps: [{ page: "/blog/*" }, { page: "/blog/*" }], per: "session", window_seconds: 3600 },
	];
	const withoutRows = ["traits", "retention", "events", "heatmap"]; // a log names nobody, and holds nothing but views

	before(async () => {
		const running = await up(shared, await stateFolder(shared), { args: [`--timezone=${zone}`, `--rollup-pages-max=${PAGES_MAX}`] });
		const imported = await running.run(["import", "access-log", log]);
		assert.equal(imported.status, 0, imported.stderr);
		await untilLoaded(running, TIMEOUT_MS / 2);
		await untilRolledUp(running, `--timezone=${zone}`, `--rollup-pages-max=${PAGES_MAX}`);
		world = await storedWorld(running, zone);
		asker = await Asker.of(running);
		for (const [name, definition] of Object.entries(goals)) await asker.json("saved", {}, JSON.stringify({ kind: "goal", name, definition }));
	});
	after(() => shared.end());

	test("every report equals the recount of the rows", async () => {
		const asked = questionsOf({ ranges, filters, page: "/blog/*", event: "*", goals, funnels });
		// Only the rest of pages is one row where roll-ups are asked; of everything else the rare is counted, too.
		const isCapped = ({ name, range, filter }) => name === "pages/hourly" || (name === "pages" && range.zone === zone && filter === undefined);
		await asker.askAll(world, asked.filter((question) => !withoutRows.includes(question.name) && !isCapped(question)));
	});
});
