// `sojourn import`: files into the buffer, through the loader, into PostgreSQL; every line explained, nothing twice.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { readAccessLog, sessionsOf } from "./access_log.mjs";
import { atEnd, run, sojourn, stateFolder, temporaryFolder, until, up } from "./harness.mjs";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
const realLog = path.resolve(root, "../shared/data/apache_logs");
const noRealLog = existsSync(realLog) ? false : `${realLog} is not there`;

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0";

function logLine(number, request = `/page/${number}`, address = "192.0.2.1") {
	const time = new Date(Date.UTC(2020, 1, 28) + number * 1000).toISOString();
	const stamp = `28/Feb/2020:${time.slice(11, 19)} +0000`;
	return `${address} - - [${stamp}] "GET ${request} HTTP/1.1" 200 10 "-" "${BROWSER}"\n`;
}

async function importJson(running, args, options) {
	const result = await running.run(["--json", "import", ...args], options);
	assert.equal(result.status, 0, result.stderr);
	return JSON.parse(result.stdout);
}

// Everything that could change when a file is read again.
function everything(running) {
	return running.sql(`SELECT (SELECT md5(string_agg(v::text, ',' ORDER BY id)) FROM page_views v),
		(SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM robots r),
		(SELECT md5(string_agg(concat(id, started_at, last_activity_at, person_id), ',' ORDER BY id)) FROM user_sessions),
		(SELECT count(*) FROM session_attribution), (SELECT count(*) FROM quarantine)`);
}

// "seconds since 1970 / path" of each row, sorted.
async function rows(running, table, time) {
	const text = await running.sql(`SELECT extract(epoch FROM ${time})::bigint || ' ' || page_url FROM ${table}`);
	return text.split("\n").sort();
}

describe("import access-log, a real log", { skip: noRealLog }, () => {
	test("every line is in the class that an independent reading gives it, and every view is a row", async (t) => {
		const running = await up(t, await stateFolder(t));
		const expected = readAccessLog(readFileSync(realLog, "latin1"));
		const counted = await importJson(running, ["access-log", realLog]);
		assert.equal(counted.lines, 10000);
		assert.deepEqual(counted.classes, expected.classes);
		assert.equal(Object.values(counted.classes).reduce((sum, lines) => sum + lines), counted.lines);
		assert.equal(Object.values(counted.assets).reduce((sum, lines) => sum + lines), counted.classes.assets);
		assert.equal(counted.hits, counted.classes.page_views + counted.classes.robots);
		assert.equal(counted.loaded, true);
		const keyOf = (hit) => `${hit.time} ${hit.path}`;
		assert.deepEqual(await rows(running, "page_views", "viewed_at"), expected.views.map(keyOf).sort());
		assert.deepEqual(await rows(running, "robots", "seen_at"), expected.robots.map(keyOf).sort());
		assert.equal(await running.sql("SELECT count(*) FROM quarantine"), "0");

		const sessions = sessionsOf(expected.views).map(({ start, end, views }) => `${start} ${end} ${views}`);
		const stored = await running.sql(`SELECT extract(epoch FROM started_at)::bigint || ' ' ||
			extract(epoch FROM last_activity_at)::bigint || ' ' || (SELECT count(*) FROM page_views WHERE session_id = s.id)
			FROM user_sessions s`);
		assert.deepEqual(stored.split("\n").sort(), sessions.sort());
		// The site's own pages are no other site's, although nobody said which site it is.
		assert.equal(await running.sql(`SELECT count(*) FROM page_views WHERE external_referrer LIKE '%//semicomplete.com%'
			OR external_referrer LIKE '%//www.semicomplete.com%'`), "0");
	});

	test("read again, in parts, compressed and overlapping, it adds nothing that was there", async (t) => {
		const folder = temporaryFolder(t);
		const lines = readFileSync(realLog, "latin1").split("\n");
		const part = (name, from, to) => {
			const file = path.join(folder, name);
			writeFileSync(file, gzipSync(Buffer.from(lines.slice(from, to).join("\n") + "\n", "latin1")));
			return file;
		};
		const running = await up(t, await stateFolder(t));
		await importJson(running, ["access-log", part("1.gz", 0, 6000)]);
		assert.equal((await importJson(running, ["access-log", part("2.gz", 4000, 8000), part("3.gz", 7000, 10000)])).loaded, true);
		const before = await everything(running);
		assert.equal(await running.sql("SELECT count(*) FROM page_views"),
			String(readAccessLog(lines.join("\n")).classes.page_views));
		const counted = await importJson(running, ["access-log", "-"], { input: gzipSync(readFileSync(realLog)) });
		assert.equal(counted.lines, 10000);
		assert.equal(counted.loaded, true);
		assert.equal(await everything(running), before);
	});
});

describe("import access-log", () => {
	test("neither an address nor a denied parameter nor an address of mail reaches disk", async (t) => {
		const stateDir = await stateFolder(t);
		const file = path.join(temporaryFolder(t), "access.log");
		writeFileSync(file, logLine(1, "/a?Access_Token=s3cr3t&who=bob%40example.net&color=red;jsessionid=s3cr3t", "198.51.100.77")
			+ logLine(2, "/b?next=%2Fc%3Fpassword%3Ds3cr3t", "198.51.100.77"));
		const running = await up(t, stateDir);
		await importJson(running, ["access-log", "--user-field", file]);
		assert.equal(await running.sql("SELECT count(*) FROM page_views"), "2");
		const buffer = path.join(stateDir, "buffer/import");
		assert.ok(readdirSync(buffer).some((name) => name.endsWith(".segment")));
		for (const name of readdirSync(buffer)) {
			const content = readFileSync(path.join(buffer, name), "latin1");
			for (const secret of ["s3cr3t", "198.51.100", "bob", "example.net"])
				assert.ok(!content.includes(secret), `${secret} in ${name}`);
		}
		assert.equal(await running.sql("SELECT DISTINCT person_id < 0 FROM page_views"), "t");
	});

	test("--site is the host of every page, --source names where it came from, --user-field who it was", async (t) => {
		const running = await up(t, await stateFolder(t));
		const file = path.join(temporaryFolder(t), "access.log");
		writeFileSync(file, logLine(1).replace(" - - [", " - 42 [").replace('"-"', '"https://www.example.com/before?x=1"')
			+ logLine(2).replace('"-"', '"https://other.example.org/x"'));
		await importJson(running, ["access-log", "--site", "example.com", "--source", "old log", "--user-field", file]);
		assert.equal(await running.sql(`SELECT person_id, page_host, source, referrer, external_referrer FROM page_views
			WHERE page_url = '/page/1'`), "42|example.com|old log|/before|");
		assert.equal(await running.sql("SELECT external_referrer FROM page_views WHERE page_url = '/page/2'"),
			"https://other.example.org/x");
	});

	test("what comes through a pipe is stored while the pipe stays open", async (t) => {
		const running = await up(t, await stateFolder(t));
		const child = spawn(sojourn, [`--state-dir=${running.stateDir}`, "import", "access-log", "-"]);
		atEnd(t, () => child.kill("SIGKILL"));
		child.stdin.write(logLine(1) + logLine(2) + logLine(3).slice(0, 40));
		await until("two views are stored", async () => (await running.sql("SELECT count(*) FROM page_views")) === "2");
		child.stdin.end(logLine(3).slice(40));
		assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0);
		assert.equal(await running.sql("SELECT count(*) FROM page_views"), "3");
	});

	test("a second import at once is refused with a sentence", async (t) => {
		const stateDir = temporaryFolder(t);
		const file = path.join(temporaryFolder(t), "access.log");
		writeFileSync(file, logLine(1));
		const first = spawn(sojourn, [`--state-dir=${stateDir}`, "import", "access-log", "--no-wait", "-"]);
		atEnd(t, () => first.kill("SIGKILL"));
		await until("the first has begun", () => existsSync(path.join(stateDir, "buffer/import/stream")));
		const second = await run([`--state-dir=${stateDir}`, "import", "access-log", "--no-wait", file]);
		assert.equal(second.status, 1);
		assert.match(second.stderr, /^sojourn: another import runs on .*; wait until it is done\n$/);
		first.stdin.end(logLine(2));
		assert.equal(await new Promise((resolve) => first.on("close", resolve)), 0);
		assert.equal((await run([`--state-dir=${stateDir}`, "import", "access-log", "--no-wait", file])).status, 0);
	});

	test("at the bound it waits, and goes on when the loader has made room", async (t) => {
		const stateDir = await stateFolder(t);
		const file = path.join(temporaryFolder(t), "access.log");
		const bounds = ["--buffer-bytes-max=1048576", "--buffer-segment-bytes=65536"];
		for (let number = 0; number < 80; number++)
			appendFileSync(file, Array.from({ length: 250 }, (_, i) => logLine(number * 250 + i)).join(""));
		const importing = spawn(sojourn, [`--state-dir=${stateDir}`, ...bounds, "--json", "import", "access-log", file]);
		const output = { stdout: "", stderr: "" };
		for (const stream of ["stdout", "stderr"]) importing[stream].on("data", (data) => (output[stream] += data));
		const ended = new Promise((resolve) => importing.on("close", resolve));
		atEnd(t, () => importing.kill("SIGKILL"));
		await until("it says that it waits", () => output.stderr.includes("the import goes on when there is room again"));
		assert.equal(importing.exitCode, null);
		const running = await up(t, stateDir, { args: bounds });
		assert.equal(await ended, 0, output.stderr);
		assert.equal(JSON.parse(output.stdout).loaded, true);
		assert.equal(await running.sql("SELECT count(*), count(DISTINCT session_id) FROM page_views"), "20000|1");
	});

	test("without a worker it says that the hits wait, and a later start loads them", async (t) => {
		const stateDir = await stateFolder(t);
		const file = path.join(temporaryFolder(t), "access.log");
		writeFileSync(file, logLine(1) + logLine(2));
		const result = await run([`--state-dir=${stateDir}`, "import", "access-log", file]);
		assert.equal(result.status, 0, result.stderr);
		assert.match(result.stdout, /\n2 hits wait in the buffer and are loaded when sojourn runs \(sojourn up\)\n$/);
		assert.equal(result.stderr, "");
		const running = await up(t, stateDir);
		await until("they are loaded", async () => (await running.sql("SELECT count(*) FROM page_views")) === "2");
	});

	test("what it cannot do it says in one sentence", async (t) => {
		const stateDir = temporaryFolder(t);
		const folder = temporaryFolder(t);
		const rubbish = path.join(folder, "rubbish");
		const cut = path.join(folder, "cut.gz");
		writeFileSync(rubbish, "this is\nno log\n");
		writeFileSync(cut, gzipSync(logLine(1).repeat(1000)).subarray(0, 100));
		const cases = [
			[[], 2, /what is to be imported\?; usage: sojourn import access-log/],
			[["caddy"], 2, /there is no import of caddy/],
			[["access-log"], 2, /which file\?/],
			[["access-log", "--format", "caddy", rubbish], 2, /there is no format "caddy"/],
			[["access-log", "--site", "https://example.com/", rubbish], 2, /--site is a host/],
			[["access-log", "--source", "", rubbish], 2, /--source is a name/],
			[["access-log", "--nonsense", rubbish], 2, /"--nonsense" is not understood/],
			[["access-log", "--no-wait", path.join(folder, "nowhere")], 1, /cannot open .*nowhere/],
			[["access-log", "--no-wait", rubbish], 1, /no line of .*rubbish is one of an access log/],
			[["access-log", "--no-wait", cut], 1, /cut\.gz is cut off/],
		];
		for (const [args, status, sentence] of cases) {
			const result = await run([`--state-dir=${stateDir}`, "import", ...args]);
			assert.equal(result.status, status, args.join(" "));
			assert.match(result.stderr, sentence);
			assert.equal(result.stderr.trim().split("\n").length, 1);
		}
	});
});

describe("import hits", () => {
	const page = (fields) => ({ type: "page", anonymousId: "a", timestamp: "2016-02-29T10:00:00Z", properties: { path: "/a" }, ...fields });

	test("messages of any past time are stored once, and refused ones are told apart", async (t) => {
		const running = await up(t, await stateFolder(t));
		const file = path.join(temporaryFolder(t), "hits.jsonl");
		const lines = [
			page({ messageId: "m1" }),
			page({ messageId: "m1" }), // a repetition
			page({}),
			page({}), // without an id equal lines are two hits
			page({ userId: "42", properties: { url: "https://example.com/b?token=s3cr3t&x=1" }, timestamp: "2016-02-29T10:01:00Z" }),
			{ type: "track", anonymousId: "a", event: "Sign up", timestamp: "2016-02-29T10:02:00Z" },
			{ type: "page", anonymousId: "a", messageId: "m2" }, // without a time
			{ type: "nonsense", anonymousId: "a", timestamp: "2016-02-29T10:00:00Z" },
			page({ anonymousId: undefined }),
			page({ timestamp: "2999-01-01T00:00:00Z" }),
			[],
		];
		writeFileSync(file, lines.map((line) => JSON.stringify(line) + "\n").join("\n") + "not JSON\n");
		const counted = await importJson(running, ["hits", file]);
		assert.equal(counted.lines, 12);
		assert.equal(counted.accepted, 6);
		assert.equal(counted.loaded, true);
		assert.deepEqual(counted.refused, { missing_time: 1, bad_type: 1, missing_id: 1, in_future: 1, bad_message: 1, bad_json: 1 });
		assert.equal(counted.examples.length, 5);
		assert.deepEqual([counted.examples[0].file, counted.examples[0].line, counted.examples[0].code], [file, 13, "missing_time"]);
		assert.equal(await running.sql("SELECT count(*) FROM page_views"), "4");
		assert.equal(await running.sql("SELECT count(*) FROM user_events"), "1");
		assert.equal(await running.sql("SELECT page_host, query_params, source FROM page_views WHERE person_id = 42"),
			'example.com|{"x": "1"}|import');
		const before = await everything(running);
		assert.equal((await importJson(running, ["hits", "-"], { input: readFileSync(file) })).accepted, 6);
		assert.equal(await everything(running), before);
	});

	test("a file in which every line is refused is a failure", async (t) => {
		const stateDir = temporaryFolder(t);
		const result = await run([`--state-dir=${stateDir}`, "import", "hits", "--no-wait", "-"], { input: "{}\n" });
		assert.equal(result.status, 1);
		assert.match(result.stderr, /every line was refused, the first: The type is none of page/);
	});
});
