// Kills, stops and disturbs parts of a running installation at random moments under load, and checks that every hit that was
// answered is stored exactly once: node tests/e2e/kill.mjs [--kills N] [--seed N] [--seconds N] [--clients N] [--only NAME,…]
import { readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { processesOf, run, temporaryFolder, until, up } from "./harness.mjs";
import { Shared, untilLoaded, writeKey } from "./client.mjs";
import { Load, Random, checkStored } from "./load.mjs";

const QUIET_MS_MAX = 1200; // longest time between two kills
const AWAY_MS_MAX = 1500; // longest time that something stays away
const LOAD_MS = 180_000; // most that is waited for what the buffer holds in the end

function childrenOf(pid) {
	const found = [];
	for (const entry of readdirSync("/proc")) {
		if (!/^\d+$/.test(entry)) continue;
		try {
			const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
			if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid) found.push(Number(entry));
		} catch {
			// it has just ended
		}
	}
	return found;
}

function send(pid, signal) {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}

// What may happen. Those with `processes` send those a signal; others do something, and undo it in the end. Either gives
// false where there was nothing to do it to.
const faults = {
	collector: killed(({ stateDir }) => roleOf(stateDir, "collector")),
	worker: killed(({ stateDir }) => roleOf(stateDir, "worker")),
	jobs: killed(({ stateDir }) => processesOf(stateDir).filter(({ command }) => / --(watch-jobs|job=\S+)/.test(command)).map(({ pid }) => pid)),
	analytics: killed(({ stateDir }) => roleOf(stateDir, "analytics")),
	postgres: killed(({ stateDir }) => postmasterOf(stateDir)),
	backend: killed(({ stateDir, random }) => {
		const backends = postmasterOf(stateDir).flatMap(childrenOf);
		return backends.length === 0 ? [] : [random.pick(backends)];
	}),
	supervisor: killed(({ running }) => [running.pid]),
	everything: killed(({ stateDir }) => processesOf(stateDir).map(({ pid }) => pid)),
	"postgres shut down": killed(({ stateDir }) => postmasterOf(stateDir), "SIGINT"),
	"postgres stopped at once": killed(({ stateDir }) => postmasterOf(stateDir), "SIGQUIT"),
	"collector frozen": frozen(({ stateDir }) => roleOf(stateDir, "collector")),
	"worker frozen": frozen(({ stateDir }) => roleOf(stateDir, "worker")),
	"postgres frozen": frozen(({ stateDir }) => postmasterOf(stateDir).flatMap((pid) => [pid, ...childrenOf(pid)])),
	"connection cut": ({ running }) => statement(running, `SELECT pg_terminate_backend(pid) FROM ${connections}`),
	"statement cancelled": ({ running }) => statement(running, `SELECT pg_cancel_backend(pid) FROM ${connections}`),
	"read only": ({ running, random }) => meanwhile(running, random,
		"ALTER DATABASE sojourn SET default_transaction_read_only = on", "ALTER DATABASE sojourn RESET default_transaction_read_only"),
	"no connections": ({ running, random }) => meanwhile(running, random,
		"ALTER DATABASE sojourn ALLOW_CONNECTIONS false", "ALTER DATABASE sojourn ALLOW_CONNECTIONS true"),
	"tables locked": async ({ running, random }) => (await running.run(["psql", "--", "-X", "-q", "-c",
		`BEGIN; LOCK TABLE page_views, user_sessions; SELECT pg_sleep(${random.below(AWAY_MS_MAX) / 1000}); COMMIT`])).status === 0,
};
const order = ["collector", "worker", "collector", "worker", ...Object.keys(faults)];
const connections = "pg_stat_activity WHERE application_name LIKE 'sojourn%' AND application_name <> 'sojourn psql' AND pid <> pg_backend_pid()";

function killed(processes, signal = "SIGKILL") {
	return (world) => {
		const found = processes(world);
		found.forEach((pid) => send(pid, signal));
		return found.length > 0;
	};
}

function frozen(processes) {
	return async (world) => {
		const found = processes(world);
		found.forEach((pid) => send(pid, "SIGSTOP"));
		await pause(world.random.below(AWAY_MS_MAX));
		found.forEach((pid) => send(pid, "SIGCONT"));
		return found.length > 0;
	};
}

// Through a database of its own, so that nothing that is done to the other keeps it out. False where PostgreSQL is away.
async function statement(running, text) {
	const database = `host=${running.stateDir}/postgres/socket user=sojourn dbname=postgres`;
	const { status } = await run(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text], { program: "psql" });
	return status === 0;
}

// Whoever is connected has to come again; until it is undone they meet what was done.
async function meanwhile(running, random, done, undone) {
	if (!(await statement(running, done))) return false;
	await statement(running, `SELECT pg_terminate_backend(pid) FROM ${connections}`);
	await pause(random.below(AWAY_MS_MAX));
	await until(`"${undone}" is done`, () => statement(running, undone));
	await statement(running, `SELECT pg_terminate_backend(pid) FROM ${connections}`);
	return true;
}

function roleOf(stateDir, role) {
	return processesOf(stateDir).filter(({ command }) => command.includes(`--role=${role}`)).map(({ pid }) => pid);
}

function postmasterOf(stateDir) {
	try {
		return [Number(readFileSync(`${stateDir}/postgres/data/postmaster.pid`, "utf8").split("\n")[0])];
	} catch {
		return [];
	}
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Ends when `kills` are done or `seconds` are over, whichever comes first; gives what was done and found.
export async function killRounds({ kills, seconds = Infinity, seed, clients = 6, only = order, test, log = () => {} }) {
	const random = new Random(seed ^ 0x5eed);
	const stateDir = temporaryFolder(test);
	const began = Date.now();
	const done = Object.fromEntries(Object.keys(faults).map((name) => [name, 0]));
	const load = new Load(seed);
	let running = await up(test, stateDir);
	const key = await writeKey(running, "load");
	load.start(clients, () => running && { collect: running.collect, key });
	for (let count = 0; count < kills && Date.now() - began < seconds * 1000 && load.problems.length === 0;) {
		await pause(random.below(QUIET_MS_MAX));
		const name = random.pick(only);
		if (!(await faults[name]({ stateDir, random, running }))) continue;
		done[name]++;
		count++;
		if (name === "supervisor" || name === "everything") {
			const ended = running;
			running = null; // clients get no answer until the next one is ready
			await ended.ended;
			running = await up(test, stateDir);
		}
		if (count % 10 === 0) log(`${count} kills, ${load.made} hits made, ${load.retries} requests sent again`);
	}
	await load.stop();
	await untilLoaded(running, LOAD_MS);
	const found = await checkStored(running, load);
	await running.stop();
	return { kills: done, requests: load.requests, retries: load.retries, ...found };
}

async function main() {
	const { values } = parseArgs({
		options: {
			kills: { type: "string", default: "100" },
			seed: { type: "string", default: String(Date.now() % 1_000_000) },
			seconds: { type: "string", default: "Infinity" },
			clients: { type: "string", default: "6" },
			only: { type: "string" },
		},
	});
	const test = new Shared();
	const only = values.only?.split(",");
	const [kills, seconds, seed, clients] = [values.kills, values.seconds, values.seed, values.clients].map(Number);
	console.log(`seed ${seed}`);
	try {
		console.log(JSON.stringify(await killRounds({ kills, seconds, seed, clients, only, test, log: console.log })));
	} finally {
		await test.end();
	}
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
