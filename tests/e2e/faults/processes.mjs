// Faults of processes: any of them is killed, told to stop in one of PostgreSQL's ways, or stands still for a while.
import { readFileSync, readdirSync } from "node:fs";

import { processesOf, until } from "../harness.mjs";

export const AWAY_MS_MAX = 1500; // longest time that something stays away

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// State and parent of a process; null once it is gone.
function statOf(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return { state, parent: Number(parent) };
	} catch {
		return null;
	}
}

export function childrenOf(pid) {
	return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).map(Number).filter((child) => statOf(child)?.parent === pid);
}

export function send(pid, signal) {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}

// Stops them, and comes back when they stand still.
export async function freeze(pids) {
	pids.forEach((pid) => send(pid, "SIGSTOP"));
	await until("they stand still", () => pids.every((pid) => ["T", "Z", undefined].includes(statOf(pid)?.state)));
}

// Not their supervisor, whose roles are several.
export const roleOf = (stateDir, role) =>
	processesOf(stateDir).filter(({ command }) => `${command} `.includes(` --role=${role} `)).map(({ pid }) => pid);

export function postmasterOf(stateDir) {
	try {
		return [Number(readFileSync(`${stateDir}/postgres/data/postmaster.pid`, "utf8").split("\n")[0])];
	} catch {
		return [];
	}
}

export const postgresOf = (stateDir) => postmasterOf(stateDir).flatMap((pid) => [pid, ...childrenOf(pid)]);

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
		await freeze(found);
		await pause(world.random.below(AWAY_MS_MAX));
		found.forEach((pid) => send(pid, "SIGCONT"));
		return found.length > 0;
	};
}

export const processFaults = {
	collector: killed(({ stateDir }) => roleOf(stateDir, "collector")),
	worker: killed(({ stateDir }) => roleOf(stateDir, "worker")),
	"other collector": killed(({ otherDir }) => roleOf(otherDir, "collector")),
	"other worker": killed(({ otherDir }) => roleOf(otherDir, "worker")),
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
	"other worker frozen": frozen(({ otherDir }) => roleOf(otherDir, "worker")),
	"postgres frozen": frozen(({ stateDir }) => postgresOf(stateDir)),
};
