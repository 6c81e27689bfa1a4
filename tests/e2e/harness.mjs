// What end-to-end tests share: the real program in a temporary state directory, with free ports, and nothing left of it.
import { execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
export const sojourn = process.env.SOJOURN ?? path.join(root, "build/sojourn");
export const isRoot = process.getuid() === 0;

const POLL_MS = 20;
export const READY_MS = 60_000;
const freePorts = ["--collect-listen=127.0.0.1:0", "--dashboard-listen=127.0.0.1:0"];

// Waits until `condition` gives something true, and gives that.
export async function until(what, condition, timeoutMs = 30_000, pollMs = POLL_MS) {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const value = await condition();
		if (value) return value;
		if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
		await new Promise((resolve) => setTimeout(resolve, pollMs));
	}
}

// What a test has to undo, the last first.
const cleanups = new WeakMap();
export function atEnd(test, undo) {
	if (!cleanups.has(test)) {
		cleanups.set(test, []);
		test.after(async () => {
			for (const one of cleanups.get(test).reverse()) await one();
		});
	}
	cleanups.get(test).push(undo);
}

// A folder that other accounts may pass through, since PostgreSQL never runs as root.
function makeFolder() {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "sojourn-e2e-")));
	chmodSync(folder, 0o755);
	return folder;
}

export function temporaryFolder(test) {
	const folder = makeFolder();
	atEnd(test, () => removeFolder(folder));
	return folder;
}

// As root, a database may lie in /var/lib/sojourn, with a link to it.
function removeFolder(folder) {
	for (const link of [path.join(folder, "postgres"), path.join(folder, "var/postgres"), path.join(folder, "state/postgres")]) {
		try {
			rmSync(readlinkSync(link), { recursive: true, force: true });
		} catch {
			// no link
		}
	}
	rmSync(folder, { recursive: true, force: true });
}

// A state directory with a migrated database, stopped. The first call in a file makes one, which takes seconds; the others
// copy it.
let prepared = null;
export async function stateFolder(test) {
	prepared ??= (async () => {
		const folder = makeFolder();
		process.on("exit", () => removeFolder(folder));
		const running = start(null, folder);
		await running.ready();
		await running.stop();
		await untilNothingRuns(folder);
		return folder;
	})();
	const folder = temporaryFolder(test);
	const copied = await run(["-a", `${await prepared}/.`, folder], { program: "cp" });
	if (copied.status !== 0) throw new Error(copied.stderr);
	return folder;
}

// Runs a command to its end; never throws for its status.
export function run(args, options = {}) {
	const [program, ...rest] = [...(options.as ?? []), options.program ?? sojourn, ...args];
	return new Promise((resolve) => {
		const child = execFile(program, rest, { maxBuffer: 64 << 20, ...options }, (error, stdout, stderr) => {
			const status = error === null ? 0 : (error.code ?? error.signal);
			resolve({ status, stdout, stderr });
		});
		child.stdin.on("error", () => {}); // it may have ended without reading
		child.stdin.end(options.input ?? "");
	});
}

// Every process that works for a state directory: named in its command line, or standing in it, as PostgreSQL's do.
export function processesOf(stateDir) {
	const found = [];
	for (const entry of readdirSync("/proc")) {
		if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
		try {
			const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").trim();
			let cwd = "";
			try {
				cwd = readlinkSync(`/proc/${entry}/cwd`);
			} catch {
				// another account's
			}
			if (command !== "" && (command.includes(stateDir) || cwd.startsWith(stateDir)))
				found.push({ pid: Number(entry), command });
		} catch {
			// it has just ended
		}
	}
	return found;
}

export async function untilNothingRuns(stateDir, timeoutMs = 30_000) {
	try {
		await until("nothing runs any more", () => processesOf(stateDir).length === 0, timeoutMs);
	} catch (error) {
		const left = processesOf(stateDir).map(({ pid, command }) => `${pid} ${command}`);
		throw new Error(`${error.message}; left: ${left.join(", ")}`);
	}
}

// `sojourn up` (or another command that prints a ready line), in the background.
export class Running {
	stdout = "";
	stderr = "";
	exit = null; // { code, signal } once it ended
	collect = null;
	dashboard = null;

	constructor(stateDir, child) {
		this.stateDir = stateDir;
		this.child = child;
		child.stdout.on("data", (data) => (this.stdout += data));
		child.stderr.on("data", (data) => (this.stderr += data));
		this.ended = new Promise((resolve) => {
			child.on("close", (code, signal) => resolve((this.exit = { code, signal })));
		});
	}

	get pid() {
		return this.child.pid;
	}

	// Runs a command on the same state directory.
	run(args, options) {
		return run([`--state-dir=${this.stateDir}`, ...args], options);
	}

	async sql(text) {
		const { status, stdout, stderr } = await this.run(["psql", "--", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", text]);
		if (status !== 0) throw new Error(`psql: ${stderr}`);
		return stdout.trim();
	}

	async ready() {
		await until("it is ready", () => this.stdout.includes("\n") || this.exit !== null, READY_MS).catch((error) => {
			throw new Error(`${error.message}; it said: ${this.stderr}`);
		});
		if (this.exit !== null) throw new Error(`it ended before it was ready: ${this.stderr}`);
		this.collect = /collect=(\S+)/.exec(this.stdout)?.[1] ?? null;
		this.dashboard = /dashboard=(\S+)/.exec(this.stdout)?.[1] ?? null;
		return this;
	}

	// Process id of a role that runs and is well, by `sojourn status`.
	async processOf(role) {
		const { stdout } = await this.run(["--json", "status"]);
		const part = JSON.parse(stdout).find((one) => one.part === role);
		return part.state === "good" ? Number(/process (\d+)/.exec(part.detail)[1]) : null;
	}

	get postgres() {
		return Number(readFileSync(path.join(this.stateDir, "postgres/data/postmaster.pid"), "utf8").split("\n")[0]);
	}

	kill(signal) {
		this.child.kill(signal);
	}

	// As a terminal or a service manager would.
	async stop(signal = "SIGTERM") {
		if (this.exit === null) this.kill(signal);
		return this.ended;
	}
}

// Starts it; the test's end stops it and waits until nothing of it is left.
export function start(test, stateDir, args = ["up"], options = {}) {
	const [program, ...rest] = [...(options.as ?? []), options.program ?? sojourn, `--state-dir=${stateDir}`,
		...(options.ports ?? freePorts), ...args];
	const running = new Running(stateDir, spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], ...options.spawn }));
	if (test !== null)
		atEnd(test, async () => {
			await running.stop();
			await untilNothingRuns(stateDir);
		});
	return running;
}

export async function up(test, stateDir, options = {}) {
	return start(test, stateDir, ["up", ...(options.args ?? [])], options).ready();
}

// Runs a statement in a session of its own, which keeps its locks until the function that this gives is called.
export async function hold(t, running, statement) {
	const child = spawn(sojourn, [`--state-dir=${running.stateDir}`, "psql", "--", "-X", "-At", "-v", "ON_ERROR_STOP=1"],
		{ stdio: ["pipe", "pipe", "pipe"] });
	let told = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (told += data));
	const ended = new Promise((resolve) => child.on("close", resolve));
	const release = async () => {
		child.stdin.end();
		await ended;
	};
	child.stdin.on("error", () => {}); // the database may have gone before it
	child.stdin.write(`BEGIN;\n${statement};\n\\echo held\n`);
	atEnd(t, release);
	await until("the lock is held", () => told.includes("held") || child.exitCode !== null);
	if (!told.includes("held")) throw new Error(told);
	return release;
}

export async function isHealthy(url) {
	try {
		const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5000) });
		await answer.arrayBuffer();
		return answer.ok;
	} catch {
		return false;
	}
}
