// What collecting does while PostgreSQL is away, while the buffer is full, and while the disk is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";

import { atEnd, isHealthy, isRoot, processesOf, start, stateFolder, until, up } from "./harness.mjs";
import { post, rows, untilLoaded, writeKey } from "./client.mjs";

const SMALL = ["--buffer-bytes-max=1MiB", "--buffer-segment-bytes=64KiB"];

function freeze(running, signal) {
	for (const { pid, command } of processesOf(path.join(running.stateDir, "postgres"))) {
		try {
			if (command.includes("postgres")) process.kill(pid, signal);
		} catch (error) {
			if (error.code !== "ESRCH") throw error; // a backend that has just ended
		}
	}
}

class Sender {
	acknowledged = [];
	made = 0;

	constructor(running, key) {
		this.running = running;
		this.key = key;
	}

	batch(count) {
		return Array.from({ length: count }, () => ({
			type: "track", userId: String(1 + (this.made % 20)), event: "Away", messageId: `away-${this.made}`,
			timestamp: new Date().toISOString(), properties: { n: this.made++, text: "x".repeat(500) },
		}));
	}

	async send(batch) {
		const answer = await post(this.running.collect, "/v1/batch", { batch }, { key: this.key });
		if (answer.status === 200) this.acknowledged.push(...batch.map((hit) => hit.properties.n));
		return answer;
	}

	// Sends until it is refused; gives that answer.
	async untilRefused(requestsMax = 2000) {
		for (let count = 0; count < requestsMax; count++) {
			const batch = this.batch(20);
			const answer = await this.send(batch);
			if (answer.status !== 200) return { answer, batch };
		}
		throw new Error(`${requestsMax} requests were all taken`);
	}

	// Everything that was answered with 200 is stored once; what was refused may be there at most once.
	async check() {
		await untilLoaded(this.running);
		const stored = (await rows(this.running, "SELECT (metadata->>'n')::int AS n FROM user_events")).map(({ n }) => n);
		assert.equal(new Set(stored).size, stored.length, "stored twice");
		const found = new Set(stored);
		assert.deepEqual(this.acknowledged.filter((n) => !found.has(n)), []);
	}
}

function assertBusy(answer) {
	assert.equal(answer.status, 503);
	assert.match(answer.headers["retry-after"], /^\d+$/);
	assert.equal(answer.headers["content-type"], "application/problem+json");
}

describe("while PostgreSQL is away", () => {
	test("stopped dead: hits are taken up to the bound, then refused with Retry-After, and all is loaded afterwards", async (t) => {
		const running = await up(t, await stateFolder(t), { args: SMALL });
		const sender = new Sender(running, await writeKey(running, "server"));
		atEnd(t, () => freeze(running, "SIGCONT"));
		freeze(running, "SIGSTOP");
		const { answer, batch } = await sender.untilRefused();
		assertBusy(answer);
		assert.ok(sender.acknowledged.length >= 1000, `${sender.acknowledged.length} hits fit into the buffer`);
		assert.ok(await isHealthy(running.collect));
		freeze(running, "SIGCONT");
		await until("there is room again", async () => (await sender.send(batch)).status === 200);
		await sender.check();
	});

	test("gone, and back: a collector that runs and one that starts without it take hits, and all is loaded afterwards", async (t) => {
		const ownerDir = await stateFolder(t);
		const owner = await up(t, ownerDir);
		const database = `host=${ownerDir}/postgres/socket user=sojourn dbname=sojourn`;
		const args = [`--database=${database}`, "--database-schema=away"];
		const stateDir = await stateFolder(t);
		const running = await up(t, stateDir, { args });
		const plain = running.run.bind(running);
		running.run = (words, options) => plain([...args, ...words], options);
		const sender = new Sender(running, await writeKey(running, "server"));
		await sender.send(sender.batch(10));
		await owner.stop();
		for (let count = 0; count < 20; count++) assert.equal((await sender.send(sender.batch(10))).status, 200);
		const status = await running.run(["status"]);
		assert.equal(status.status, 1);
		assert.match(status.stdout, /database +bad/);
		assert.match(status.stdout, /collector +good/);
		await running.stop();
		const again = await start(t, stateDir, [...args, "serve", "--role", "collector,worker"]).ready();
		again.run = (words, options) => plain([...args, ...words], options);
		sender.running = again;
		for (let count = 0; count < 20; count++) assert.equal((await sender.send(sender.batch(10))).status, 200);
		await up(t, ownerDir);
		await sender.check();
		assert.equal(sender.acknowledged.length, 410);
		await again.stop();
	});
});

describe("while the disk is full", { skip: !isRoot && "only root may mount a small file system" }, () => {
	// Mounts `size` bytes of memory at a folder; gives why not, where it may not.
	function mount(t, folder, size) {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		try {
			execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0700`, "tmpfs", folder], { stdio: "pipe" });
		} catch (error) {
			return `a small file system cannot be mounted here: ${String(error.stderr ?? error).trim()}`;
		}
		atEnd(t, () => execFileSync("umount", ["--lazy", folder]));
		return null;
	}

	test("hits are refused with Retry-After before they are lost, the rest runs on, and all is well with room again", async (t) => {
		const stateDir = await stateFolder(t);
		const reason = mount(t, path.join(stateDir, "buffer"), 1 << 20);
		if (reason !== null) return t.skip(reason);
		const running = await up(t, stateDir, { args: ["--buffer-segment-bytes=64KiB", "--buffer-keep-hours=0"] });
		const sender = new Sender(running, await writeKey(running, "server"));
		atEnd(t, () => freeze(running, "SIGCONT"));
		freeze(running, "SIGSTOP");
		const { answer, batch } = await sender.untilRefused();
		assertBusy(answer);
		assert.ok(sender.acknowledged.length >= 500, `${sender.acknowledged.length} hits fit on the disk`);
		assert.ok(await isHealthy(running.collect));
		assertBusy(await sender.send(batch));
		freeze(running, "SIGCONT");
		await until("there is room again", async () => (await sender.send(batch)).status === 200);
		for (let count = 0; count < 10; count++) {
			const more = sender.batch(20);
			await until("there is room for more", async () => (await sender.send(more)).status === 200);
		}
		await sender.check();
		assert.doesNotMatch(running.stderr, /event=process\.ended/);
	});

	test("a killed collector comes back on a full disk and loses nothing", async (t) => {
		const stateDir = await stateFolder(t);
		const reason = mount(t, path.join(stateDir, "buffer"), 1 << 20);
		if (reason !== null) return t.skip(reason);
		const running = await up(t, stateDir, { args: ["--buffer-segment-bytes=64KiB", "--buffer-keep-hours=0"] });
		const sender = new Sender(running, await writeKey(running, "server"));
		atEnd(t, () => freeze(running, "SIGCONT"));
		const collector = await running.processOf("collector");
		freeze(running, "SIGSTOP");
		const { answer, batch } = await sender.untilRefused();
		assertBusy(answer);
		process.kill(collector, "SIGKILL");
		await until("the collector is back", () => isHealthy(running.collect));
		assertBusy(await sender.send(batch));
		freeze(running, "SIGCONT");
		await until("there is room again", async () => (await sender.send(batch)).status === 200);
		await sender.check();
	});
});
