// A day of traffic in an hour: plays its curve (a morning, an evening, a night, bursts) against a running installation, samples
// what that takes, and compares in the end what was answered with what is stored. Exits 1 where something grows or is wrong.
//   node tests/e2e/day.mjs [--minutes 60] [--rate HITS_A_SECOND] [--people N] [--seed N] [--every SECONDS] [--lag SECONDS]
// --lag is the most that storing may be behind, at any time: more on a machine that others use as well.
// What the day scales is scaled here: a session ends after a minute, and loaded files of the buffer are small and kept no longer.
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { temporaryFolder, up } from "./harness.mjs";
import { Shared, untilLoaded, writeKey } from "./client.mjs";
import { Samples } from "./day/samples.mjs";
import { checkStored } from "./day/stored.mjs";
import { Traffic } from "./day/traffic.mjs";

const DRAIN_MS = 120_000; // most that is waited for what the buffer holds in the end
const SETTINGS = ["--session-timeout-minutes=1", "--buffer-keep-hours=0", "--buffer-segment-bytes=4MiB"];

// Samples every so many seconds until the traffic is over; the clock of answers is finer.
async function watch(samples, everyMs, log) {
	let nextMs = Date.now() + everyMs;
	while (!samples.traffic.isOver && samples.traffic.problems.length === 0) {
		samples.note();
		if (Date.now() >= nextMs) {
			nextMs += everyMs;
			const { at, answered, lagSeconds, lagHits, processes } = await samples.take();
			log(`${at.toFixed(0)} s: ${answered} hits answered, ${lagHits} (${lagSeconds.toFixed(1)} s) behind, collector ${processes.collector?.own.toFixed(1)} MiB, worker ${processes.worker?.own.toFixed(1)} MiB`);
		}
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

// Plays it; gives the table's rows, what was stored, and what is wrong.
export async function playDay({ minutes, rate, people, seed, everySeconds, lagSecondsMax, test, log = () => {} }) {
	const running = await up(test, temporaryFolder(test), { args: SETTINGS });
	const browserKey = await writeKey(running, "shop", ["--kind", "browser", "--origins", "*"]);
	const serverKey = await writeKey(running, "backend");
	const traffic = new Traffic({ seed, people, rate, durationMs: minutes * 60_000, collect: running.collect, browserKey, serverKey });
	const samples = new Samples(running, traffic, lagSecondsMax);
	await Promise.all([traffic.play(), watch(samples, everySeconds * 1000, log)]);
	const problems = [...traffic.problems];
	if (problems.length === 0) {
		const ended = Date.now();
		await untilLoaded(running, DRAIN_MS);
		log(`loaded ${((Date.now() - ended) / 1000).toFixed(1)} s after the last answer`);
	}
	const stored = problems.length > 0 ? { stored: 0, sessions: 0, problems: [] } : await checkStored(running, traffic);
	const { sessions, requests, again, refused, heldBackMs, answered, known } = traffic;
	if (problems.length === 0 && stored.sessions !== sessions) stored.problems.push(`${stored.sessions} sessions of browsers are stored, ${sessions} were begun`);
	await running.stop();
	return { table: samples.judge(), problems: [...problems, ...stored.problems],
		counts: { answered, rows: known.count, stored: stored.stored, sessions, requests, again, refused, heldBackSeconds: Math.round(heldBackMs / 1000) } };
}

function print(table) {
	const line = (cells, what) => console.log(cells.map((cell) => String(cell).padStart(12)).join(" ") + `  ${what}`);
	line(["second third", "last third", "most", "", "bound"], "");
	for (const { what, second, last, most, bound, holds } of table)
		line([second, last, most, holds === null ? "" : holds ? "holds" : "GROWS"], `${what}${bound === "" ? "" : ` (${bound})`}`);
}

async function main() {
	const { values } = parseArgs({
		options: {
			minutes: { type: "string", default: "60" },
			rate: { type: "string", default: "10000" },
			people: { type: "string", default: "200000" },
			seed: { type: "string", default: String(Date.now() % 1_000_000) },
			every: { type: "string", default: "5" },
			lag: { type: "string", default: "30" },
		},
	});
	const test = new Shared();
	const [minutes, rate, people, seed, everySeconds, lagSecondsMax] = [values.minutes, values.rate, values.people, values.seed, values.every,
		values.lag].map(Number);
	console.log(`seed ${seed}`);
	try {
		const { table, problems, counts } = await playDay({ minutes, rate, people, seed, everySeconds, lagSecondsMax, test, log: console.log });
		print(table);
		console.log(JSON.stringify(counts));
		for (const problem of problems) console.log(`wrong: ${problem}`);
		if (problems.length > 0 || table.some(({ holds }) => holds === false)) process.exitCode = 1;
	} finally {
		await test.end();
	}
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
