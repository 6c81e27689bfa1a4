// Faults of the database: what its administrator may do to it, and its end in the middle of a COPY.
import { spawn } from "node:child_process";

import { run, until } from "../harness.mjs";
import { AWAY_MS_MAX, freeze, pause, postgresOf, roleOf, send } from "./processes.mjs";

const UNDONE_MS = 60_000;

const connections = "pg_stat_activity WHERE application_name LIKE 'sojourn%' AND application_name <> 'sojourn psql' AND pid <> pg_backend_pid()";

const WORKER = "DO $$ BEGIN ASSERT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'sojourn worker'); END $$";

// A row with the key of one that is about to be copied: whoever copies that has to wait until this is over. Makes that process
// of PostgreSQL stand still, says its number, and takes the row back.
const caught = (id, person) => `SET statement_timeout = '15s'; DO $$
DECLARE
  copying integer;
BEGIN
  INSERT INTO sojourn.page_views (id, session_id, viewed_at, person_id, page_sequence_number, page_url)
  VALUES ('${id}', '${id}', sojourn.uuid7_ts('${id}'), ${person}, 1, '/');
  RAISE NOTICE 'waiting';
  WHILE copying IS NULL LOOP
    PERFORM pg_sleep(0.001), pg_stat_clear_snapshot();
    SELECT a.pid INTO copying FROM pg_stat_activity a JOIN pg_stat_progress_copy c USING (pid)
    WHERE a.application_name = 'sojourn worker' AND a.wait_event = 'transactionid' AND c.tuples_processed > 0;
  END LOOP;
  EXECUTE format('COPY (SELECT) TO PROGRAM %L', 'cat > /dev/null; kill -STOP ' || copying);
  RAISE EXCEPTION 'caught %', copying;
END $$`;

// Through a database of its own, so that nothing that is done to the other keeps it out.
const statementArgs = (running, text, user, name) =>
	["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", `host=${running.stateDir}/postgres/socket user=${user} dbname=${name}`, "-c", text];

// False where PostgreSQL is away.
const statement = async (running, text) =>
	(await run(statementArgs(running, text, "sojourn", "postgres"), { program: "psql", timeout: 10_000 })).status === 0;

// Whoever is connected has to come again; until it is undone they meet what was done.
function meanwhile(done, undone) {
	return async ({ running, random }) => {
		if (!(await statement(running, done))) return false;
		await statement(running, `SELECT pg_terminate_backend(pid) FROM ${connections}`);
		await pause(random.below(AWAY_MS_MAX));
		await until(`"${undone}" is done`, () => statement(running, undone), UNDONE_MS, 100);
		await statement(running, `SELECT pg_terminate_backend(pid) FROM ${connections}`);
		return true;
	};
}

// The process that copies, which stands still in the middle of what `batch` is a part of; 0 where that did not come about.
async function copyingOf({ running, load }, batch, id, person, workers) {
	const psql = spawn("psql", statementArgs(running, caught(id, person), "postgres", "sojourn"), { stdio: ["ignore", "ignore", "pipe"] });
	let said = "";
	let hasEnded = false;
	psql.stderr.on("data", (data) => (said += data));
	psql.on("close", () => (hasEnded = true));
	await until("it waits", () => hasEnded || said.includes("waiting"));
	await load.send("/v1/batch", { batch });
	workers.forEach((pid) => send(pid, "SIGCONT"));
	await until("it has ended", () => hasEnded);
	return Number(/caught (\d+)/.exec(said)?.[1] ?? 0);
}

// strike: does something while the process `copying` stands still with a part of a COPY.
function inMidCopy(strike) {
	return async (world) => {
		const { stateDir, running, load, random } = world;
		await until("the worker is there", () => statement(running, WORKER), UNDONE_MS, 50);
		const { messages, id, person } = load.messagesAndView(1 + random.below(40));
		const workers = roleOf(stateDir, "worker");
		await freeze(workers);
		const copying = await copyingOf(world, messages, id, person, workers);
		const postgres = postgresOf(stateDir);
		if (copying > 0) await strike({ ...world, copying, postmaster: postgres[0] });
		[copying, ...postgres].filter((pid) => pid > 0).forEach((pid) => send(pid, "SIGCONT")); // also one that nobody told of
		return copying > 0;
	};
}

export const databaseFaults = {
	"connection cut": ({ running }) => statement(running, `SELECT pg_terminate_backend(pid) FROM ${connections}`),
	"statement cancelled": ({ running }) => statement(running, `SELECT pg_cancel_backend(pid) FROM ${connections}`),
	"read only": meanwhile("ALTER DATABASE sojourn SET default_transaction_read_only = on",
		"ALTER DATABASE sojourn RESET default_transaction_read_only"),
	"no connections": meanwhile("ALTER DATABASE sojourn ALLOW_CONNECTIONS false", "ALTER DATABASE sojourn ALLOW_CONNECTIONS true"),
	// It is the client that sleeps: PostgreSQL would never end a sleep during which its clock is set back.
	"tables locked": async ({ running, random }) => (await running.run(["psql", "--", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", "BEGIN",
		"-c", "LOCK TABLE page_views, user_sessions", "-c", `\\! sleep ${random.below(AWAY_MS_MAX) / 1000}`, "-c", "COMMIT"])).status === 0,
};

export const copyFaults = {
	"in mid-COPY: connection cut": inMidCopy(({ running, copying }) => statement(running, `SELECT pg_terminate_backend(${copying})`)),
	"in mid-COPY: backend killed": inMidCopy(({ copying }) => send(copying, "SIGKILL")),
	"in mid-COPY: postgres killed": inMidCopy(({ postmaster }) => postmaster && send(postmaster, "SIGKILL")),
	"in mid-COPY: postgres shut down": inMidCopy(({ postmaster }) => postmaster && send(postmaster, "SIGINT")),
	"in mid-COPY: worker killed": inMidCopy(({ stateDir }) => roleOf(stateDir, "worker").forEach((pid) => send(pid, "SIGKILL"))),
};
