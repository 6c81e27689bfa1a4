// Jobs given to the real pg_cron, and taken back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { run, stateFolder, until, up } from "./harness.mjs";

const PARTITIONS = "SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'robots'::regclass";
const JOBS = "SELECT jobname || ': ' || schedule || ': ' || command FROM cron.job WHERE jobname LIKE 'sojourn.%'";
const NEXT = "SELECT coalesce(next_run_at::text, 'none') FROM jobs WHERE name = 'partitions'";

function libraryOf(stateDir) {
	const version = execFileSync("cat", [path.join(stateDir, "postgres/data/PG_VERSION")], { encoding: "utf8" }).trim();
	return `/usr/lib/postgresql/${version}/lib/pg_cron.so`;
}

// As the administrator of the server.
async function administer(running, text) {
	const { stdout: host } = await running.run(["psql", "--", "-X"], { input: "\\echo :HOST\n" });
	const args = ["-X", "-v", "ON_ERROR_STOP=1", "-h", host.trim(), "-U", "postgres", "-d", "sojourn", "-c", text];
	const { status, stderr } = await run(args, { program: "psql" });
	assert.equal(status, 0, stderr);
}

async function migrate(running, ...args) {
	const done = await running.run([...args, "migrate", "--pg-cron"]);
	assert.equal(done.status, 0, done.stderr);
	return done.stdout;
}

test("a database without pg_cron says what is missing", async (t) => {
	const running = await up(t, await stateFolder(t));
	for (const option of ["--pg-cron", "--no-pg-cron"]) {
		const { status, stderr } = await running.run(["migrate", option]);
		assert.equal(status, 1);
		assert.match(stderr, /^sojourn: the database sojourn has no pg_cron that sojourn may use; .*CREATE EXTENSION pg_cron/);
	}
});

test("pg_cron runs the job that is SQL, and the worker leaves it alone until it is taken back", async (t) => {
	const folder = await stateFolder(t);
	if (!existsSync(libraryOf(folder))) return t.skip(`${libraryOf(folder)} is not here: the server has no pg_cron`);
	writeFileSync(path.join(folder, "postgres/local.conf"),
		"shared_preload_libraries = 'pg_cron'\ncron.database_name = 'sojourn'\ncron.use_background_workers = on\n");
	const running = await up(t, folder);
	await administer(running, "CREATE EXTENSION pg_cron; GRANT USAGE ON SCHEMA cron TO sojourn");
	await until("the worker has told its jobs", async () => (await running.sql("SELECT count(*) FROM jobs WHERE last_run_at IS NOT NULL")) !== "0");

	assert.equal(await migrate(running), "partitions: pg_cron runs it, 0 * * * *\n"
		+ ["rollups", "rollup_texts", "persons", "quality", "audit_log"].map((name) => `${name}: stays with the worker\n`).join(""));
	assert.match(await running.sql(JOBS), /^sojourn\.partitions: 0 \* \* \* \*: SET search_path TO sojourn; SELECT ensure_months\(.*'3 months'\)$/);
	assert.equal(await running.sql(NEXT), "none");

	// Again, with other settings: changed, not doubled.
	assert.deepEqual(JSON.parse(await migrate(running, "--json", "--months-ahead=4", "--jobs=partitions=* * * * *")), { pg_cron: ["partitions"] });
	assert.match(await running.sql(JOBS), /^sojourn\.partitions: \* \* \* \* \*: .*'4 months'\)$/);
	const refused = await running.run(["--jobs=partitions=@every 10s", "migrate", "--pg-cron"]);
	assert.equal(refused.status, 2);
	assert.match(refused.stderr, /the job partitions runs by "@every 10s", which pg_cron does not know; give it five fields/);

	// A worker that starts anew, or reads its settings again, leaves it.
	running.kill("SIGHUP");
	process.kill(await running.processOf("worker"), "SIGKILL");
	await until("another worker runs jobs", async () => (await running.sql(
		"SELECT count(*) FROM jobs, pg_stat_activity WHERE name = 'rollups' AND application_name = 'sojourn jobs' AND last_run_at > backend_start")) === "1");
	assert.equal(await running.sql(NEXT), "none");
	const listed = JSON.parse((await running.run(["--json", "jobs"])).stdout).find(({ name }) => name === "partitions");
	assert.deepEqual([listed.machine, listed.next_run_at], ["pg_cron", null]);

	// It really runs there, within a minute; and here where it is asked for.
	const runs = await running.sql("SELECT count(*) FROM job_runs WHERE job_name = 'partitions'");
	const month = await running.sql("SELECT 'robots' || to_char(now() AT TIME ZONE 'UTC' + interval '4 months', '_YYYY_MM')");
	await until("pg_cron has made the month", async () => (await running.sql(PARTITIONS)).includes(month), 75_000, 200);
	assert.equal(await running.sql("SELECT count(*) FROM job_runs WHERE job_name = 'partitions'"), runs);
	assert.equal((await running.run(["jobs", "run", "partitions"])).status, 0);
	assert.equal(await running.sql(NEXT), "none");

	const back = await running.run(["migrate", "--no-pg-cron"]);
	assert.deepEqual([back.status, back.stdout], [0, "1 job taken back from pg_cron\n"]);
	assert.equal(await running.sql(JOBS), "");
	await until("the worker runs it again", async () => (await running.sql(NEXT)) !== "none"
		&& (await running.sql("SELECT next_run_at > now() FROM jobs WHERE name = 'partitions'")) === "t");
	assert.equal((await running.run(["migrate", "--no-pg-cron"])).stdout, "0 jobs taken back from pg_cron\n");
});
