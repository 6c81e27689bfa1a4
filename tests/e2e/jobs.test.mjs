// Jobs in the real program: run, timed out, killed in the middle, stopped, and with a second worker. Runs are held in their middle
// by locks that the test takes in the database.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";

import { hold, processesOf, root, run, start, stateFolder, temporaryFolder, until, up } from "./harness.mjs";
import { untilLoaded } from "./client.mjs";

const MONTHS_LOCK = "SELECT pg_advisory_lock(hashtextextended('sojourn.months', 0))";
const PARTITIONS = "SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'robots'::regclass";

// The last partition but one is gone: what `partitions` has to make.
async function dropMonth(running) {
	const before = await running.sql(PARTITIONS);
	const month = await running.sql("SELECT 'robots' || to_char(now() AT TIME ZONE 'UTC' + interval '2 months', '_YYYY_MM')");
	await running.sql(`DROP TABLE ${month}`);
	assert.ok(before.includes(month) && !(await running.sql(PARTITIONS)).includes(month));
	return before;
}

const sessionsOf = (running, job) =>
	running.sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sojourn job ${job}'`).then(Number);

async function untilWaiting(running, job) {
	await until(`${job} waits for a lock`, async () => (await running.sql(`SELECT count(*) FROM pg_stat_activity
		WHERE application_name = 'sojourn job ${job}' AND wait_event_type = 'Lock'`)) === "1");
}

const outcomesOf = (running, job) =>
	running.sql(`SELECT string_agg(coalesce(outcome, 'running'), ' ' ORDER BY id) FROM job_runs WHERE job_name = '${job}'`);

async function untilOutcome(running, job, pattern) {
	let found = "";
	await until(`${job} has run`, async () => pattern.test((found = await outcomesOf(running, job)))).catch((error) => {
		throw new Error(`${error.message}: ${found}\n${running.stderr}`);
	});
}

function kill(running, word) {
	const [found, ...others] = processesOf(running.stateDir).filter(({ command }) => command.includes(word));
	assert.ok(found !== undefined && others.length === 0, `one process has ${word} in its command line`);
	process.kill(found.pid, "SIGKILL");
}

// Nothing but what the test asks for.
const QUIET = "--jobs=partitions=off;rollups=off;rollup_texts=off;persons=off;quality=off;audit_log=off";

async function quiet(t, ...args) {
	return up(t, await stateFolder(t), { args: [QUIET, ...args] });
}

async function listed(running) {
	const { status, stdout, stderr } = await running.run(["--json", "jobs"]);
	assert.equal(status, 0, stderr);
	return JSON.parse(stdout);
}

describe("sojourn jobs", () => {
	test("lists what there is, as its page does, and runs one", async (t) => {
		const running = await up(t, await stateFolder(t));
		await until("the worker has told its jobs", async () => (await listed(running)).length > 0);
		const page = readFileSync(path.join(root, "docs/operating/jobs.md"), "utf8");
		const written = [...page.matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)].map(([, name, cron]) => ({ name, cron }));
		assert.deepEqual((await listed(running)).map(({ name, cron }) => ({ name, cron })),
			written.toSorted((left, right) => (left.name < right.name ? -1 : 1)));
		const before = await dropMonth(running);
		const done = await running.run(["jobs", "run", "partitions"]);
		assert.equal(done.status, 0, done.stderr);
		assert.match(done.stdout, /^partitions: done in \d+ ms\n$/);
		assert.equal(await running.sql(PARTITIONS), before);
		const told = await running.run(["--json", "jobs", "run", "partitions"]);
		assert.equal(JSON.parse(told.stdout).outcome, "done");
		const partitions = (await listed(running)).find(({ name }) => name === "partitions");
		assert.equal(partitions.outcome, "done");
		assert.equal(partitions.error, null);
		assert.ok(Date.parse(partitions.next_run_at) > Date.now());
		const table = await running.run(["jobs"]);
		assert.match(table.stdout, /^partitions +@hourly +done +\d{4}-/m);
		const unknown = await running.run(["jobs", "run", "partition"]);
		assert.equal(unknown.status, 1);
		assert.match(unknown.stderr, /^sojourn: there is no job "partition"/);
	});

	test("settings that cannot be are told before anything starts", async (t) => {
		const folder = temporaryFolder(t);
		for (const [setting, sentence] of [
			["--jobs=partitions=61 * * * *", /the setting jobs: the schedule "61 \* \* \* \*"/],
			["--jobs=weekly=@weekly", /the setting jobs: there is no job "weekly"/],
			["--job-timeouts=partitions=soon", /the setting job_timeouts: "soon"/],
		]) {
			const { status, stderr } = await run([`--state-dir=${folder}`, setting, "config", "check"]);
			assert.equal(status, 2, stderr);
			assert.match(stderr, sentence);
		}
		assert.equal((await run([`--state-dir=${folder}`, "--jobs=partitions=off", "config", "check"])).status, 0);
	});

	test("a run that takes too long is ended with its session, and says so", async (t) => {
		const running = await quiet(t, "--job-timeouts=partitions=1s");
		const before = await dropMonth(running);
		const release = await hold(t, running, MONTHS_LOCK);
		const late = await running.run(["jobs", "run", "partitions"]);
		assert.equal(late.status, 1);
		assert.match(late.stderr, /^sojourn: the run of partitions is timed out: it took longer than the 1 s it may/);
		assert.equal((await listed(running)).find(({ name }) => name === "partitions").outcome, "timed out");
		await until("its session is gone, before the server finds out by itself", async () => (await sessionsOf(running, "partitions")) === 0, 500);
		const { stdout } = await running.run(["status"]);
		assert.match(stdout, /partitions.*it took longer than the 1 s it may/);
		await release();
		assert.equal((await running.run(["jobs", "run", "partitions"])).status, 0);
		assert.equal(await running.sql(PARTITIONS), before);
	});

	test("killed in the middle, a run or the whole worker, it is made again", async (t) => {
		const running = await quiet(t);
		const before = await dropMonth(running);
		const release = await hold(t, running, MONTHS_LOCK);
		assert.equal((await running.run(["jobs", "run", "partitions", "--no-wait"])).status, 0);
		await untilWaiting(running, "partitions");
		kill(running, "--job=partitions");
		await untilOutcome(running, "partitions", /^lost running$/);
		await untilWaiting(running, "partitions");
		const worker = await running.processOf("worker");
		process.kill(worker, "SIGKILL");
		await untilOutcome(running, "partitions", /^lost lost running$/);
		await release();
		await untilOutcome(running, "partitions", /^lost lost done$/);
		assert.equal(await running.sql(PARTITIONS), before);
		assert.notEqual(await running.processOf("worker"), worker);
		assert.match(running.stderr, /event=process.ended name=partitions signal=9/);
	});

	test("SIGTERM in the middle of a run stops cleanly, and the next start makes it again", async (t) => {
		const running = await quiet(t);
		const before = await dropMonth(running);
		await hold(t, running, MONTHS_LOCK);
		assert.equal((await running.run(["jobs", "run", "partitions", "--no-wait"])).status, 0);
		await untilWaiting(running, "partitions");
		assert.deepEqual(await running.stop(), { code: 0, signal: null });
		const again = await up(t, running.stateDir, { args: [QUIET] });
		await untilOutcome(again, "partitions", /^stopped done$/);
		assert.equal(await again.sql("SELECT error FROM job_runs WHERE outcome = 'stopped'"), "the worker was stopped");
		assert.equal(await again.sql(PARTITIONS), before);
	});
});

test("migrate makes months of the past, and says how many", async (t) => {
	const running = await quiet(t);
	const tables = Number(await running.sql("SELECT count(*) FROM pg_class WHERE relkind = 'p' AND relnamespace = 'sojourn'::regnamespace"));
	const made = await running.run(["migrate", "--months", "2019-12", "2020-02"]);
	assert.deepEqual([made.status, made.stdout], [0, `3 months: ${3 * tables} partitions made\n`], made.stderr);
	for (const month of ["2019_12", "2020_01", "2020_02"]) assert.match(await running.sql(PARTITIONS), new RegExp(`robots_${month}`));
	const again = await running.run(["--json", "migrate", "--months", "2020-01", "2020-03"]);
	assert.deepEqual(JSON.parse(again.stdout), { months: 3, partitions: tables });
	for (const months of [[], ["2026-01"], ["2026-03", "2026-01"], ["2026-13", "2027-01"], ["26-01", "26-02"], ["0001-01", "9999-12"]])
		assert.equal((await running.run(["migrate", "--months", ...months])).status, 2, months.join(" "));
});

describe("two workers on one database", () => {
	test("run each job once", async (t) => {
		const jobs = "--jobs=partitions=@every 1s;rollups=@every 1s;rollup_texts=off;persons=off;quality=off;audit_log=off";
		const first = await up(t, await stateFolder(t), { args: [jobs] });
		const { stdout: socket } = await first.run(["psql", "--", "-X"], { input: "\\echo :HOST\n" });
		start(t, temporaryFolder(t), ["serve", "--role=worker", jobs, `--database=host=${socket.trim()} user=sojourn dbname=sojourn`]);
		await until("both watch the clock", async () =>
			(await first.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sojourn jobs'")) === "2");
		const since = await first.sql("SELECT clock_timestamp()");
		const count = () => first.sql(`SELECT min(runs) FROM (SELECT count(*) FILTER (WHERE started_at > '${since}') AS runs
			FROM jobs LEFT JOIN job_runs ON job_name = name WHERE cron <> 'off' GROUP BY name) AS counted`).then(Number);
		await until("each has run several times", async () => (await count()) >= 6);
		assert.equal(await first.sql(`SELECT count(*) FROM job_runs AS one JOIN job_runs AS other ON other.job_name = one.job_name
			AND other.id > one.id AND (other.planned_at = one.planned_at OR other.started_at < one.ended_at)`), "0");
		assert.equal(await first.sql("SELECT string_agg(DISTINCT outcome, ' ') FROM job_runs WHERE ended_at IS NOT NULL"), "done");
	});
});

describe("roll-ups of a backlog", () => {
	const DAYS = 3;
	const SESSIONS = 400;
	const noonMs = Date.UTC(2026, 2, 28, 12);

	function hits() {
		return Array.from({ length: SESSIONS }, (_, session) => [0, 1, 2].map((view) => ({
			type: "page", userId: String(1 + (session % 90)), messageId: `backlog-${session}-${view}`,
			timestamp: new Date(noonMs + (session % DAYS) * 86_400_000 + session * 97_000 + view * 20_000).toISOString(),
			properties: { url: `https://shop.example/${(session * 7 + view) % 23}` },
		}))).flat().map((hit) => `${JSON.stringify(hit)}\n`).join("");
	}

	// Kills at two places: before the first step is done, and between the sessions and the hours.
	test("are what a second count says, though the worker was killed in the middle of it", async (t) => {
		const running = await quiet(t, "--timezone=Europe/Vienna");
		const imported = await running.run(["import", "hits", "-", "--no-wait"], { input: hits() });
		assert.equal(imported.status, 0, imported.stderr);
		await untilLoaded(running);
		await until("all of it is in the tables", async () => (await running.sql("SELECT count(*) FROM page_views")) === String(3 * SESSIONS));
		const first = await hold(t, running, "LOCK TABLE session_summaries IN EXCLUSIVE MODE");
		assert.equal((await running.run(["jobs", "run", "rollups", "--no-wait"])).status, 0);
		await untilWaiting(running, "rollups");
		const second = await hold(t, running, "LOCK TABLE overview_daily IN EXCLUSIVE MODE");
		process.kill(await running.processOf("worker"), "SIGKILL");
		await first();
		await untilOutcome(running, "rollups", /^lost running$/);
		await untilWaiting(running, "rollups");
		assert.notEqual(await running.sql("SELECT count(*) FROM session_summaries"), "0");
		assert.notEqual(await running.sql("SELECT count(*) FROM changed_buckets WHERE due_at <= now()"), "0");
		process.kill(await running.processOf("worker"), "SIGKILL");
		await second();
		await untilOutcome(running, "rollups", /^lost lost done$/);
		assert.equal(await running.sql("SELECT sum(views) FROM overview_daily"), String(3 * SESSIONS));
		const verified = await running.run(["--timezone=Europe/Vienna", "--json", "rollup", "--verify"]);
		assert.equal(verified.status, 0, verified.stdout + verified.stderr);
		const told = JSON.parse(verified.stdout);
		assert.equal(told.differences, 0);
		assert.ok(told.rows > SESSIONS, `${told.rows} rows`);
	});
});
