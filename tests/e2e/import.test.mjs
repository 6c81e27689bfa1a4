// Access logs and files of hits: every line explained, sessions as an independent recount has them, and the same again
// changes nothing.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { temporaryFolder, up } from "./harness.mjs";
import { Shared, fingerprint, minutes, rows, untilLoaded } from "./client.mjs";
import { sessionsOf } from "./stored.mjs";

const root = path.resolve(new URL("../..", import.meta.url).pathname);
const log = path.join(root, "../shared/data/apache_logs");
const skip = !existsSync(log) && "../shared/data/apache_logs is not here";
const DAYS = ["2015-05-17", "2015-05-18", "2015-05-19", "2015-05-20"];

// ── The recount: from the log's own text, by nothing of the program's ──

const LINE = /^(\S+) \S+ \S+ \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\] "(\S+) (\S+) HTTP\/[\d.]+" (\d{3}) \S+ "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"$/;
const MONTHS = { Jan: "01", Feb: "02", Mar: "03", Apr: "04", May: "05", Jun: "06", Jul: "07", Aug: "08", Sep: "09", Oct: "10", Nov: "11", Dec: "12" };

const globExpression = (glob) =>
	new RegExp(`^${glob.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "is");

function readAssetRules() {
	const rules = [];
	for (const line of readFileSync(path.join(root, "data/asset_rules.txt"), "utf8").split("\n")) {
		const [, kind, patterns] = /^(\w+): (.*)$/.exec(line) ?? [];
		for (const pattern of patterns?.split(" ") ?? []) {
			const glob = globExpression(pattern.startsWith("?") ? pattern.slice(1) : pattern);
			const [is] = pattern;
			rules.push({
				kind,
				matches: (file, query) => {
					if (is === "?") return query.split("&").some((one) => glob.test(one));
					if (is !== ".") return glob.test(file);
					const name = file.slice(file.lastIndexOf("/") + 1);
					return name.includes(".") && name.slice(name.lastIndexOf(".")).toLowerCase() === pattern;
				},
			});
		}
	}
	return rules;
}

function readLog(text, isRobot) {
	const rules = readAssetRules();
	const classes = { page_views: 0, robots: 0, kept_out: 0, assets: 0, redirects: 0, errors: 0, no_content: 0, other_methods: 0, malformed: 0 };
	const assets = {};
	const views = [];
	for (const [index, line] of text.trimEnd().split("\n").entries()) {
		const match = LINE.exec(line);
		if (match === null) {
			classes.malformed++;
			continue;
		}
		const [, ip, day, month, year, time, zone, method, target, status, , agent] = match;
		const [file, query = ""] = target.split("#")[0].split(/\?(.*)/s);
		const rule = rules.find((one) => one.matches(file, query));
		if (method !== "GET") classes.other_methods++;
		else if (["301", "302", "303", "307", "308"].includes(status)) classes.redirects++;
		else if (/^[45]/.test(status)) classes.errors++;
		else if (!["200", "203", "206", "304"].includes(status)) classes.no_content++;
		else if (rule !== undefined) {
			classes.assets++;
			assets[rule.kind] = (assets[rule.kind] ?? 0) + 1;
		} else if (isRobot(agent)) classes.robots++;
		else {
			classes.page_views++;
			const timeMs = Date.parse(`${year}-${MONTHS[month]}-${day}T${time}${zone.slice(0, 3)}:${zone.slice(3)}`);
			views.push({ tag: index, timeMs, browser: `${ip} ${agent}` });
		}
	}
	return { classes, assets, views };
}

function sessionsByBrowser(views) {
	const browsers = new Map();
	for (const view of views) {
		if (!browsers.has(view.browser)) browsers.set(view.browser, []);
		browsers.get(view.browser).push(view);
	}
	return [...browsers].flatMap(([browser, own]) => sessionsOf(own).map((session) => ({ ...session, browser })));
}

const textOf = (sessions) => sessions.map(({ startedMs, lastMs, tags }) => `${startedMs} ${lastMs} ${tags.length}`).sort();
const day = (ms) => new Date(ms).toISOString().slice(0, 10);

function percentile(values, fraction) {
	const sorted = values.toSorted((left, right) => left - right);
	const place = (sorted.length - 1) * fraction;
	const low = Math.floor(place);
	return sorted[low] + ((sorted[low + 1] ?? sorted[low]) - sorted[low]) * (place - low);
}

function overviewOf(sessions, views) {
	const durations = sessions.map(({ startedMs, lastMs }) => Math.round((lastMs - startedMs) / 1000));
	const pages = sessions.reduce((sum, { tags }) => sum + tags.length, 0);
	const bounces = durations.filter((duration) => duration < 30).length;
	return {
		visitors: new Set(sessions.map(({ browser }) => browser)).size, sessions: sessions.length, ended_sessions: sessions.length,
		views: views.length, mean_duration_seconds: durations.reduce((sum, one) => sum + one) / durations.length,
		median_duration_seconds: percentile(durations, 0.5), p90_duration_seconds: percentile(durations, 0.9),
		pages_per_session: pages / sessions.length, bounce_sessions: bounces, bounce_rate_percent: (100 * bounces) / sessions.length,
	};
}

function assertAbout(found, expected, what) {
	for (const [name, value] of Object.entries(expected))
		assert.ok(Math.abs(found[name] - value) <= (Number.isInteger(value) ? 0 : 0.00501), `${what}: ${name} is ${found[name]} and not ${value}`);
}

// ── What is compared ──

// Ids of people are hashed with a key of the installation: with the same key, the same log gives the same rows.
function installationLike(first) {
	const folder = temporaryFolder(first.shared);
	mkdirSync(path.join(folder, "keys"), { mode: 0o700 });
	for (const key of ["person.key", "ip.key"]) copyFileSync(path.join(first.stateDir, "keys", key), path.join(folder, "keys", key));
	return folder;
}

// All that does not tell when it was imported.
async function contentOf(running) {
	const tables = { page_views: "created_at", user_sessions: "created_at", session_attribution: "created_at", robots: "" };
	const parts = Object.entries(tables).map(([table, without]) => `SELECT '${table}' AS name, count(*) AS rows,
		md5(string_agg(row, E'\\n' ORDER BY row)) AS checksum
		FROM (SELECT (to_jsonb(t) - 'updated_at' - '${without}')::text AS row FROM ${table} t) r`);
	return rows(running, parts.join(" UNION ALL "));
}

async function importLog(running, ...files) {
	const done = await running.run(["--json", "import", "access-log", ...files]);
	assert.equal(done.status, 0, done.stderr);
	const told = JSON.parse(done.stdout);
	assert.equal(told.loaded, true);
	return told;
}

describe("import access-log", { skip }, () => {
	const shared = new Shared();
	const text = skip ? "" : readFileSync(log, "latin1");
	let running;
	let told;
	let folder;

	before(async () => {
		folder = temporaryFolder(shared);
		running = await up(shared, temporaryFolder(shared));
		running.shared = shared;
		told = await importLog(running, log);
	});

	after(() => shared.end());

	// Another installation, on another schema of the first one's server.
	async function second(schema) {
		const database = `host=${running.stateDir}/postgres/socket user=sojourn dbname=sojourn`;
		const args = [`--database=${database}`, `--database-schema=${schema}`];
		const other = await up(shared, installationLike(running), { args });
		const plain = other.run.bind(other);
		other.run = (words, options) => plain([...args, ...words], options);
		return other;
	}

	async function recount() {
		const robots = new Set((await rows(running, "SELECT DISTINCT coalesce(user_agent, '-') AS agent FROM robots")).map(({ agent }) => agent));
		return readLog(text, (agent) => robots.has(agent));
	}

	test("each of 10,000 lines is in one of the classes it prints", async () => {
		assert.equal(told.lines, 10_000);
		assert.equal(Object.values(told.classes).reduce((sum, count) => sum + count), 10_000);
		const counted = await recount();
		assert.deepEqual(told.classes, counted.classes);
		assert.deepEqual(told.assets, Object.fromEntries(Object.keys(told.assets).map((kind) => [kind, counted.assets[kind]])));
		assert.equal(Object.values(told.assets).reduce((sum, count) => sum + count), told.classes.assets);
		const printed = await running.run(["import", "access-log", log]);
		const [, ...numbers] = printed.stdout.match(/^[a-z ]+? {2,}[\d,]+/gm).map((line) => Number(line.split(/ {2,}/)[1].replaceAll(",", ""))).reverse();
		assert.equal(numbers.reduce((sum, count) => sum + count), 10_000, printed.stdout);
	});

	test("page views and robots are in their tables, as many as it says", async () => {
		const [found] = await rows(running, `SELECT (SELECT count(*) FROM page_views) AS page_views, (SELECT count(*) FROM robots) AS robots,
			(SELECT count(*) FROM user_events) AS events, (SELECT count(*) FROM quarantine) AS quarantine`);
		assert.deepEqual(found, { page_views: told.classes.page_views, robots: told.classes.robots, events: 0, quarantine: 0 });
	});

	test("sessions are what the log gives by the 30-minute rule", async () => {
		const { views } = await recount();
		const stored = await rows(running, `SELECT ts_ms(started_at) AS "startedMs", ts_ms(last_activity_at) AS "lastMs",
			ended_at = last_activity_at AS ended, (SELECT json_agg(id) FROM page_views v WHERE v.session_id = s.id) AS tags FROM user_sessions s`);
		assert.deepEqual(textOf(stored), textOf(sessionsByBrowser(views)));
		assert.ok(stored.every(({ ended }) => ended));
	});

	test("sessions are what the stored rows give by the 30-minute rule", async () => {
		const views = await rows(running, "SELECT id AS tag, session_id, person_id::text AS browser, ts_ms(viewed_at) AS \"timeMs\" FROM page_views");
		const sessionOf = new Map(views.map(({ tag, session_id: session }) => [tag, session]));
		const sessions = sessionsByBrowser(views);
		const ids = sessions.map(({ tags }) => [...new Set(tags.map((tag) => sessionOf.get(tag)))]);
		assert.ok(ids.every((one) => one.length === 1));
		assert.equal(new Set(ids.flat()).size, sessions.length);
		assert.equal(await running.sql("SELECT count(*) FROM user_sessions"), String(sessions.length));
		const gaps = await running.sql(`SELECT count(*) FROM (SELECT viewed_at - lag(viewed_at) OVER (PARTITION BY person_id ORDER BY viewed_at) AS gap,
			session_id = lag(session_id) OVER (PARTITION BY person_id ORDER BY viewed_at) AS same FROM page_views) g
			WHERE same <> (gap <= interval '${minutes(30)} ms')`);
		assert.equal(gaps, "0");
	});

	test("report overview prints what the recount gives, by day and in all", async () => {
		const { views } = await recount();
		const sessions = sessionsByBrowser(views);
		const done = await running.run(["report", "overview", "--from", DAYS[0], "--to", DAYS.at(-1), "--format", "json"]);
		assert.equal(done.status, 0, done.stderr);
		const report = JSON.parse(done.stdout);
		assert.deepEqual(report.rows.map(({ date }) => date), DAYS);
		for (const row of report.rows)
			assertAbout(row, overviewOf(sessions.filter(({ startedMs }) => day(startedMs) === row.date), views.filter(({ timeMs }) => day(timeMs) === row.date)), row.date);
		assertAbout(report.total, overviewOf(sessions, views), "total");
		const csv = (await running.run(["report", "overview", "--from", DAYS[0], "--to", DAYS.at(-1), "--format", "csv"])).stdout;
		assert.ok(csv.includes(`${DAYS[1]},${report.rows[1].visitors},${report.rows[1].new_visitors},${report.rows[1].sessions},`), csv);
	});

	test("a second import changes nothing, nor one of the same lines in gzip or zstd", async () => {
		const before = await fingerprint(running);
		const gzip = path.join(folder, "log.gz");
		const zstd = path.join(folder, "log.zst");
		writeFileSync(gzip, gzipSync(text, "latin1"));
		writeZstd(zstd, Buffer.from(text, "latin1"));
		for (const file of [log, gzip, zstd]) {
			const again = await importLog(running, file);
			assert.deepEqual(again.classes, told.classes);
			assert.deepEqual(await fingerprint(running), before, file);
		}
	});

	test("a file that has grown: its half and then the whole, in gzip, give what the whole gives", async () => {
		const half = path.join(folder, "half");
		const whole = path.join(folder, "whole.gz");
		const lines = text.split("\n");
		writeFileSync(half, `${lines.slice(0, 4999).join("\n")}\n`, "latin1");
		writeFileSync(whole, gzipSync(Buffer.from(text, "latin1")));
		const other = await second("grown");
		assert.equal((await importLog(other, half)).lines, 4999);
		assert.notDeepEqual(await contentOf(other), await contentOf(running));
		await importLog(other, whole);
		assert.deepEqual(await contentOf(other), await contentOf(running));
		await other.stop();
	});

	test("the second half before the first, in zstd, gives what the whole gives", async () => {
		const parts = [path.join(folder, "1.zst"), path.join(folder, "2.zst")];
		const lines = text.trimEnd().split("\n");
		writeZstd(parts[0], Buffer.from(`${lines.slice(0, 5000).join("\n")}\n`, "latin1"));
		writeZstd(parts[1], Buffer.from(`${lines.slice(5000).join("\n")}\n`, "latin1"));
		const other = await second("parts");
		await importLog(other, parts[1]);
		await importLog(other, parts[0]);
		// Equal lines of two files count as one; this log has none on both sides of its middle.
		assert.deepEqual(await contentOf(other), await contentOf(running));
		await other.stop();
	});

	test("a file that is not there, or is no log, is told with a sentence", async () => {
		const missing = await running.run(["import", "access-log", path.join(folder, "missing")]);
		assert.equal(missing.status, 1);
		assert.match(missing.stderr, /missing/);
		const bytes = path.join(folder, "bytes");
		writeFileSync(bytes, Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) & 0xff)));
		const before = await fingerprint(running);
		const none = await running.run(["import", "access-log", bytes]);
		assert.doesNotMatch(none.stderr, /Sanitizer/);
		assert.equal(none.status, 1, none.stdout + none.stderr);
		assert.deepEqual(await fingerprint(running), before);
	});
});

// A frame of blocks that are not compressed: needs no library, which Node.js has only from 22 on.
function writeZstd(file, bytes) {
	const blocks = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])]; // magic number, no checksum, window of 2 MiB
	for (let from = 0; from < bytes.length; from += 100_000) {
		const block = bytes.subarray(from, from + 100_000);
		const header = (block.length << 3) | (from + 100_000 >= bytes.length ? 1 : 0);
		blocks.push(Buffer.from([header & 0xff, (header >> 8) & 0xff, header >> 16]), block);
	}
	writeFileSync(file, Buffer.concat(blocks));
}

describe("import hits", () => {
	const shared = new Shared();
	let running;
	let folder;

	before(async () => {
		folder = temporaryFolder(shared);
		running = await up(shared, temporaryFolder(shared));
	});

	after(() => shared.end());

	test("JSON Lines of any age are stored like hits over HTTP; bad lines are told; the same again changes nothing", async () => {
		const begun = Date.parse("2019-03-31T00:00:00Z");
		const at = (offset) => new Date(begun + offset).toISOString();
		const lines = [
			{ type: "page", anonymousId: "b", messageId: "1", timestamp: at(0), context: { page: { url: "https://a.example/one?x=1" } } },
			{ type: "page", anonymousId: "b", messageId: "2", timestamp: at(minutes(30)), context: { page: { path: "/two" } } },
			{ type: "track", anonymousId: "b", messageId: "3", timestamp: at(minutes(61)), event: "Late", properties: { n: 1 } },
			{ type: "identify", userId: "7", anonymousId: "b", messageId: "4", timestamp: at(minutes(62)), traits: { name: "Bo" } },
			{ type: "track", userId: "8", event: "No id", timestamp: at(0) },
			{ type: "track", userId: "8", event: "No id", timestamp: at(0) },
			{ type: "nonsense", userId: "9", timestamp: at(0) },
			{ type: "page", messageId: "5", timestamp: at(0) },
		].map((hit) => JSON.stringify(hit));
		lines.push("not JSON", "");
		const file = path.join(folder, "hits.jsonl");
		writeFileSync(file, lines.join("\n"));
		const done = await running.run(["--json", "import", "hits", file]);
		assert.equal(done.status, 0, done.stderr);
		const told = JSON.parse(done.stdout);
		assert.equal(told.accepted, 6);
		assert.equal(Object.values(told.refused).reduce((sum, count) => sum + count), 3);
		assert.equal(told.loaded, true);
		const views = await rows(running, "SELECT page_url, ts_ms(viewed_at) AS at_ms, person_id FROM page_views ORDER BY id");
		assert.deepEqual(views, [
			{ page_url: "/one", at_ms: begun, person_id: 7 }, { page_url: "/two", at_ms: begun + minutes(30), person_id: 7 },
		]);
		const events = await rows(running, "SELECT event_action, person_id FROM user_events ORDER BY person_id, id");
		assert.deepEqual(events.map(({ event_action: action, person_id: person }) => [action, person]), [["Late", 7], ["No id", 8], ["No id", 8]]);
		assert.equal(await running.sql("SELECT count(*) FROM user_sessions WHERE person_id = 7"), "2");
		const before = await fingerprint(running);
		writeFileSync(`${file}.gz`, gzipSync(lines.join("\n")));
		for (const again of [file, `${file}.gz`]) {
			assert.equal((await running.run(["import", "hits", again])).status, 0);
			await untilLoaded(running);
			assert.deepEqual(await fingerprint(running), before);
		}
	});

	test("standard input, and a file of which nothing is good", async () => {
		const input = JSON.stringify({ type: "track", userId: "10", event: "Piped", timestamp: "2020-01-01T00:00:00Z" });
		const piped = await running.run(["import", "hits", "-"], { input });
		assert.equal(piped.status, 0, piped.stderr);
		assert.equal(await running.sql("SELECT count(*) FROM user_events WHERE person_id = 10"), "1");
		const file = path.join(folder, "bad.jsonl");
		writeFileSync(file, "nothing\n");
		const bad = await running.run(["import", "hits", file]);
		assert.equal(bad.status, 1);
		assert.match(bad.stderr, /every line was refused/);
	});
});
