// Reports that take long in the database, held up there by a lock: what the client is told, and that nothing goes on for nobody.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { hold, run, stateFolder, until, up } from "./harness.mjs";

const SECRET = "/slow-report-canary";
const REPORT = `/api/v1/sessions?filter=${encodeURIComponent(`page:${SECRET}`)}`;
const ANSWER_MS = 60_000;
const TABLE_LOCK = "LOCK TABLE session_summaries";

const readers = "FROM pg_stat_activity WHERE application_name = 'sojourn analytics'";

// What each connection does is for superusers to see.
async function superuser(running, sql) {
	const { status, stdout, stderr } = await run([`host=${path.join(running.stateDir, "postgres/socket")} user=postgres dbname=sojourn`,
		"-X", "-At", "-c", sql], { program: "psql" });
	assert.equal(status, 0, stderr);
	return stdout.trim();
}

async function analytics(t, ...args) {
	const running = await up(t, await stateFolder(t), { args });
	const token = (await running.run(["token", "create", "slow", "--role", "admin"])).stdout.trim();
	const ask = (target, signal = AbortSignal.timeout(ANSWER_MS)) =>
		fetch(`${running.dashboard}${target}`, { headers: { authorization: `Bearer ${token}` }, signal });
	const metric = async (name) => {
		const found = new RegExp(`^${name} (\\d+)$`, "m").exec(await (await ask("/metrics")).text());
		return found === null ? 0 : Number(found[1]);
	};
	const queries = async (condition = "state <> 'idle'") => Number(await superuser(running, `SELECT count(*) ${readers} AND ${condition}`));
	const waiting = () => queries("wait_event_type = 'Lock'");
	return { running, ask, metric, queries, waiting };
}

test("a report past the statement time-out is ended by PostgreSQL, and its client is told so", async (t) => {
	const { running, ask, queries } = await analytics(t, "--statement-timeout-seconds=1", "--report-connections=1");
	assert.equal((await ask(REPORT)).status, 200);
	const served = await superuser(running, `SELECT pid ${readers}`);
	assert.match(served, /^\d+$/);
	const release = await hold(t, running, TABLE_LOCK);
	const begun = Date.now();
	const answer = await ask(REPORT);
	const tookMs = Date.now() - begun;

	await t.test("with a problem document that says what to do", async () => {
		assert.equal(answer.status, 503);
		assert.equal(answer.headers.get("content-type"), "application/problem+json");
		assert.match(answer.headers.get("retry-after"), /^\d+$/);
		const { code, status, detail } = await answer.json();
		assert.deepEqual([code, status], ["timeout", 503]);
		assert.match(detail, /took longer than .* allows; ask for a shorter range/);
		assert.ok(tookMs >= 1000, `it was given up after ${tookMs} ms`);
	});

	await t.test("in the command, too", async () => {
		const { status, stdout, stderr } = await running.run(["--statement-timeout-seconds=1", "report", "sessions", "--filter", `page:${SECRET}`]);
		assert.deepEqual([status, stdout], [1, ""]);
		assert.match(stderr, /report sessions was given up; ask for a shorter range, or set statement_timeout_seconds higher: /);
	});

	await t.test("no query is left running, and the same connection serves the next question", async () => {
		assert.equal(await queries(), 0);
		await release();
		assert.equal((await ask(REPORT)).status, 200);
		assert.equal(await superuser(running, `SELECT pid ${readers}`), served);
	});

	await t.test("the log names the report, and nothing that was asked for", () => {
		const told = running.stderr.split("\n").filter((line) => line.includes("event=api.request_failed"));
		assert.equal(told.length, 1, running.stderr);
		assert.match(told[0], /report sessions was given up; .*statement timeout/);
		assert.doesNotMatch(running.stderr, /canary/);
		assert.doesNotMatch(readFileSync(path.join(running.stateDir, "postgres/postgres.log"), "utf8"), /canary/);
	});
});

test("reports that are held up", async (t) => {
	const { running, ask, metric, queries, waiting } = await analytics(t, "--statement-timeout-seconds=3600");

	await t.test("the same asked by several at once is one query, and one answer for all", async (inner) => {
		const release = await hold(inner, running, TABLE_LOCK);
		const [runs, shared] = [await metric("sojourn_reports_total"), await metric("sojourn_reports_shared_total")];
		const answers = Array.from({ length: 5 }, () => ask(REPORT));
		await until("four have joined the first", async () => (await metric("sojourn_reports_shared_total")) === shared + 4);
		await until("it is in the database", async () => (await waiting()) === 1);
		await release();
		const bodies = await Promise.all((await Promise.all(answers)).map((answer) => answer.text()));
		assert.equal(new Set(bodies).size, 1);
		assert.ok(Array.isArray(JSON.parse(bodies[0]).rows));
		assert.equal(await metric("sojourn_reports_total"), runs + 1);
	});

	await t.test("a client that goes away has its query cancelled, and nobody else's", async (inner) => {
		const release = await hold(inner, running, TABLE_LOCK);
		const cancelled = await metric("sojourn_reports_cancelled_total");
		const leaving = new AbortController();
		const left = ask(`${REPORT}&limit=7`, leaving.signal);
		const stays = ask(REPORT);
		await until("both are in the database", async () => (await waiting()) === 2);
		leaving.abort();
		await assert.rejects(left, { name: "AbortError" });
		await until("one is left", async () => (await waiting()) === 1);
		assert.equal(await metric("sojourn_reports_cancelled_total"), cancelled + 1);
		await release();
		assert.equal((await stays).status, 200);
		assert.equal(await queries(), 0);
		assert.doesNotMatch(running.stderr, /api.request_failed/);
	});
});
