// Kills parts of a running installation at random moments under load, and checks that every hit that was answered is stored
// exactly once: node tests/e2e/kill.mjs [--kills N] [--seed N] [--seconds N] [--clients N]
import { readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { processesOf, temporaryFolder, up } from "./harness.mjs";
import { Shared, untilLoaded, writeKey } from "./client.mjs";
import { Load, Random, checkStored } from "./load.mjs";

const QUIET_MS_MAX = 1200; // longest time between two kills
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

function kill(pid) {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}

// What may be killed: each gives the processes to kill now.
const victims = {
	collector: (stateDir) => roleOf(stateDir, "collector"),
	worker: (stateDir) => roleOf(stateDir, "worker"),
	analytics: (stateDir) => roleOf(stateDir, "analytics"),
	postgres: (stateDir) => postmasterOf(stateDir),
	backend: (stateDir, random) => {
		const backends = postmasterOf(stateDir).flatMap(childrenOf);
		return backends.length === 0 ? [] : [random.pick(backends)];
	},
	supervisor: (_, __, running) => [running.pid],
	everything: (stateDir) => processesOf(stateDir).map(({ pid }) => pid),
};
const order = ["collector", "worker", "collector", "worker", "postgres", "backend", "analytics", "supervisor", "everything"];

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

// Ends when `kills` are done or `seconds` are over, whichever comes first; gives what was done and found.
export async function killRounds({ kills, seconds = Infinity, seed, clients = 6, test, log = () => {} }) {
	const random = new Random(seed ^ 0x5eed);
	const stateDir = temporaryFolder(test);
	const began = Date.now();
	const done = Object.fromEntries(Object.keys(victims).map((name) => [name, 0]));
	const load = new Load(seed);
	let running = await up(test, stateDir);
	const key = await writeKey(running, "load");
	load.start(clients, () => running && { collect: running.collect, key });
	for (let count = 0; count < kills && Date.now() - began < seconds * 1000 && load.problems.length === 0;) {
		await new Promise((resolve) => setTimeout(resolve, random.below(QUIET_MS_MAX)));
		const name = random.pick(order);
		const processes = victims[name](stateDir, random, running);
		processes.forEach(kill);
		if (processes.length === 0) continue;
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
		},
	});
	const test = new Shared();
	const [kills, seconds, seed, clients] = [values.kills, values.seconds, values.seed, values.clients].map(Number);
	console.log(`seed ${seed}`);
	try {
		console.log(JSON.stringify(await killRounds({ kills, seconds, seed, clients, test, log: console.log })));
	} finally {
		await test.end();
	}
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
