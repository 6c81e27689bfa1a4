// Kills, stops and disturbs parts of a running installation at random moments under load, several at once, and checks that every
// hit that was answered is stored exactly once, and that the sessions are those of a recount:
// node tests/e2e/kill.mjs [--kills N] [--seed N] [--seconds N] [--clients N] [--hands N] [--only NAME,…] [--log FILE] [--list]
import { appendFileSync, chmodSync, cpSync, symlinkSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { isRoot, start, temporaryFolder, until, up } from "./harness.mjs";
import { Shared, untilLoaded, writeKey } from "./client.mjs";
import { Load, Random } from "./load.mjs";
import { checkStored } from "./stored.mjs";
import { clockFaults, MovedClock } from "./faults/clock.mjs";
import { copyFaults, databaseFaults } from "./faults/database.mjs";
import { diskFaults, fullDiskFaults, SmallDisk } from "./faults/disk.mjs";
import { pause, processFaults, roleOf, send } from "./faults/processes.mjs";
import { senderFaults } from "./faults/sender.mjs";

const QUIET_MS_MAX = 1200; // longest time between two faults of one hand
const LOAD_MS = 600_000; // most that is waited for what the buffer holds in the end
const ROUND = 100; // faults, after which all is checked
const MIB = 1 << 20;
// So that segments are begun and trimmed all the time.
const SMALL = ["--buffer-segment-bytes=256KiB", "--buffer-keep-hours=0"];
const SWEPT = "SELECT count(*) FROM user_sessions WHERE is_active AND last_activity_at < now() - interval '31 minutes'";

// What may happen. Each does something to the world it is given, and undoes it in the end; it gives false where there was
// nothing to do it to.
const faults = { ...processFaults, ...databaseFaults, ...copyFaults, ...diskFaults, ...clockFaults, ...senderFaults, ...fullDiskFaults };
// Those that take the supervisor with them, so that the next one has to be started.
const ENDING = ["supervisor", "everything"];
// Beside these nothing else goes on: it would keep what they wait for from coming about.
const ALONE = [...ENDING, ...Object.keys(copyFaults)];
const OFTEN = ["collector", "worker"];

class World {
	disks = null; // where no small file system may be mounted; leftOut says why
	leftOut = null;
	deck = []; // what is to happen next
	busy = new Set(); // faults that are under way
	alone = null; // or the one beside which nothing goes on

	static async make(test, seed, names, load, logFile) {
		const world = new World();
		Object.assign(world, { test, logFile, random: new Random(seed ^ 0x5eed), load: new Load(seed, load), stateDir: temporaryFolder(test) });
		world.mountDisks();
		world.clock = await MovedClock.make(`${world.stateDir}/clock`);
		world.names = names.filter((name) => world.disks !== null || !(name in fullDiskFaults));
		world.done = Object.fromEntries(world.names.map((name) => [name, 0]));
		await world.start();
		world.key = await writeKey(world.running, "load");
		await world.startOther();
		return world;
	}

	mountDisks() {
		try {
			this.disks = {
				state: new SmallDisk(this.test, this.stateDir, 16 * MIB), // what is neither of the others
				buffer: new SmallDisk(this.test, `${this.stateDir}/buffer`, 256 * MIB),
				postgres: new SmallDisk(this.test, `${this.stateDir}/postgres`, 4096 * MIB),
			};
		} catch (error) {
			this.leftOut = `full disks: ${isRoot ? String(error.stderr ?? error).trim() : "only root may mount a small file system"}`;
		}
	}

	async start() {
		this.running = await up(this.test, this.stateDir, {
			args: SMALL, spawn: { env: this.clock.environment },
		});
		if (this.logFile) this.running.child.stderr.on("data", (data) => appendFileSync(this.logFile, data));
	}

	// As on another machine: with a buffer of its own, the same keys, and the same database. No process of the one has the
	// folder of the other in its command line, by which they are known.
	async startOther() {
		const folder = temporaryFolder(this.test);
		const args = [`--database=host=${folder}/socket user=sojourn dbname=sojourn`, ...SMALL];
		symlinkSync(`${this.stateDir}/postgres/socket`, `${folder}/socket`);
		cpSync(`${this.stateDir}/keys`, `${folder}/keys`, { recursive: true });
		chmodSync(`${folder}/keys`, 0o700);
		this.otherDir = folder;
		this.other = start(this.test, folder, [...args, "serve", "--role=collector,worker"], { spawn: { env: this.clock.environment } });
		const { other } = this;
		const run = other.run.bind(other);
		other.run = (words, options) => run([...args, ...words], options);
		if (this.logFile) other.child.stderr.on("data", (data) => appendFileSync(this.logFile, data));
		await other.ready();
	}

	// Whom a client asks; null while that one is away.
	get collector() {
		return this.load.random.chance(0.5) ? this.other : this.running;
	}

	get count() {
		return Object.values(this.done).reduce((sum, count) => sum + count);
	}

	// The next of what may happen: all of it in some order, then all of it again in another.
	next() {
		if (this.deck.length === 0) this.deck = this.names.flatMap((name) => (OFTEN.includes(name) ? [name, name] : [name]));
		return this.deck.splice(this.random.below(this.deck.length), 1)[0];
	}

	async strike(name) {
		if (!(await faults[name](this))) {
			if (!this.deck.includes(name)) this.deck.push(name); // another try
			return;
		}
		this.done[name]++;
		if (!ENDING.includes(name)) return;
		const { running } = this;
		this.running = null; // clients get no answer until the next one is ready
		await running.ended;
		await this.start();
	}

	// Faults one after the other until `isOver`; other hands do the same meanwhile.
	async hand(isOver) {
		while (!isOver()) {
			await pause(this.random.below(QUIET_MS_MAX));
			const name = this.next();
			while (this.alone) await this.alone;
			if (isOver()) return;
			const work = ALONE.includes(name) ? (this.alone = this.strikeAlone(name)) : this.strike(name);
			this.busy.add(work);
			await work.finally(() => this.busy.delete(work));
		}
	}

	async strikeAlone(name) {
		try {
			await Promise.allSettled([...this.busy]);
			await this.strike(name);
		} finally {
			this.alone = null;
		}
	}

	// With the load stopped. The worker that starts anew ends the sessions that are over.
	async check() {
		await untilLoaded(this.running, LOAD_MS);
		await untilLoaded(this.other, LOAD_MS);
		[this.stateDir, this.otherDir].flatMap((folder) => roleOf(folder, "worker")).forEach((pid) => send(pid, "SIGKILL"));
		await until("sessions that are over have ended", async () => (await this.running.sql(SWEPT).catch(() => "")) === "0", LOAD_MS);
		return checkStored(this.running, this.load);
	}
}

// Ends when `kills` are done or `seconds` are over, whichever comes first; gives what was done and found.
export async function killRounds(options) {
	const { kills, seconds = Infinity, seed, clients = 4, hands = 2, only = Object.keys(faults), pauseMsMax, test, logFile } = options;
	const { log = () => {} } = options;
	const world = await World.make(test, seed, only, { pauseMsMax }, logFile);
	const began = Date.now();
	const { load } = world;
	const isOver = () => world.count >= kills || Date.now() - began >= seconds * 1000 || load.problems.length > 0;
	const where = () => {
		const collector = world.collector;
		return collector && { collect: collector.collect, key: world.key };
	};
	let found = null;
	do {
		const roundEnd = world.count + ROUND;
		load.start(clients, where);
		try {
			await Promise.all(Array.from({ length: hands }, () => world.hand(() => isOver() || world.count >= roundEnd)));
		} finally {
			load.isOver = true; // also where a fault went wrong
		}
		await load.stop();
		found = await world.check();
		log(`${world.count} faults in ${Math.round((Date.now() - began) / 1000)} s, ${load.retries} of ${load.requests} requests`
			+ ` sent again: ${found.rows} hits in ${found.sessions} sessions, none lost, none twice`);
	} while (!isOver());
	await world.other.stop();
	await world.running.stop();
	return { faults: world.count, kinds: world.done, leftOut: world.leftOut, requests: load.requests, retries: load.retries, ...found };
}

async function main() {
	const { values } = parseArgs({
		options: {
			kills: { type: "string", default: "100" },
			seed: { type: "string", default: String(Date.now() % 1_000_000) },
			seconds: { type: "string", default: "Infinity" },
			clients: { type: "string", default: "4" },
			hands: { type: "string", default: "2" },
			only: { type: "string" },
			log: { type: "string" }, // all that the installation says
			list: { type: "boolean", default: false },
		},
	});
	if (values.list) return console.log(Object.keys(faults).join("\n"));
	const test = new Shared();
	const only = values.only?.split(",");
	const [kills, seconds, seed, clients, hands] =
		[values.kills, values.seconds, values.seed, values.clients, values.hands].map(Number);
	console.log(`seed ${seed}`);
	try {
		console.log(JSON.stringify(await killRounds({ kills, seconds, seed, clients, hands, only, test, logFile: values.log, log: console.log })));
	} finally {
		await test.end();
	}
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
