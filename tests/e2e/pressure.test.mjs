// What becomes of hits that come faster than they may: of a write key, of an address, and while the buffer fills.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { Analytics } from "@segment/analytics-node";

import { atEnd, processesOf, root, stateFolder, until, up } from "./harness.mjs";
import { Shared, post, rows, untilLoaded, writeKey } from "./client.mjs";
import { playAll } from "./browser/scenario.mjs";
import { html } from "./browser/site.mjs";
import { World } from "./browser/world.mjs";

const distribution = path.join(root, "tests/e2e/node_modules/@segment/analytics-next/dist");

// Sends numbered hits with a key, and knows which were taken.
class Sender {
	acknowledged = [];

	constructor(running, key, name, headers = {}) {
		Object.assign(this, { running, key, name, headers });
		this.made = 0;
	}

	batch(count, text = "") {
		return Array.from({ length: count }, () => ({
			type: "track", userId: "7", event: this.name, messageId: `${this.name}-${this.made}`,
			timestamp: new Date().toISOString(), properties: { n: this.made++, text },
		}));
	}

	async send(batch) {
		const answer = await post(this.running.collect, "/v1/batch", { batch }, { key: this.key, headers: this.headers });
		if (answer.status === 200) this.acknowledged.push(...batch.map((hit) => hit.properties.n));
		return answer;
	}

	// What was answered with 200 is stored once, and nothing else is.
	async check() {
		await untilLoaded(this.running);
		const stored = await rows(this.running, `SELECT (metadata->>'n')::int AS n FROM user_events WHERE event_action = '${this.name}' ORDER BY n`);
		assert.deepEqual(stored.map(({ n }) => n), this.acknowledged.toSorted((a, b) => a - b));
	}
}

// The log names the key that is held back, once a minute.
function assertTold(running, event, key) {
	const lines = running.stderr.split("\n").filter((line) => line.includes(`event=${event} `));
	const minutes = (Date.parse(/time=(\S+)/.exec(lines.at(-1))?.[1]) - Date.parse(/time=(\S+)/.exec(lines[0])?.[1])) / 60_000;
	assert.ok(lines.length >= 1 && lines.length <= 1 + minutes, lines.join("\n"));
	for (const line of lines) assert.ok(line.includes("level=warning") && line.endsWith(` key=${key}`), line);
}

test("hits that come one after another are stored by the batch, not each for itself", async (t) => {
	const running = await up(t, await stateFolder(t));
	const key = await writeKey(running, "shop");
	const begun = Date.now();
	for (let sent = 0; Date.now() - begun < 2000; sent++) {
		const page = { type: "page", userId: "7", properties: { url: "https://shop.example/", path: "/" }, messageId: `view-${sent}` };
		assert.equal((await post(running.collect, "/v1/page", page, { key })).status, 200);
	}
	await untilLoaded(running);
	const [{ batches, ms }] = await rows(running, `SELECT count(DISTINCT created_at)::int AS batches,
		extract(epoch FROM max(created_at) - min(created_at))::float8 * 1000 AS ms FROM page_views`);
	assert.ok(batches >= 2 && batches - 1 <= ms / 400, `${batches} batches in ${ms} ms, of 500 ms each`);
});

test("a key that floods gets 429, is taken when it was told, and the others go on", async (t) => {
	const running = await up(t, await stateFolder(t));
	const flood = new Sender(running, await writeKey(running, "the flood", ["--kind", "server", "--rate", "20"]), "flood");
	const other = new Sender(running, await writeKey(running, "other"), "other");
	const taken = Date.now();
	for (let count = 0; count < 4; count++) assert.equal((await flood.send(flood.batch(50))).status, 200);
	const late = flood.batch(200); // as many as the burst
	for (let count = 0; count < 100; count++) {
		const answer = await flood.send(late);
		if (Date.now() - taken > 9000) break; // on a machine that slow it may be right to take them
		assert.equal(answer.status, 429);
		assert.match(answer.headers["retry-after"], /^([1-9]|10)$/);
		assert.equal(answer.json.code, "too_many");
		assert.equal((await other.send(other.batch(50))).status, 200);
	}
	const last = await flood.send(late);
	if (last.status !== 200) {
		const told = Date.now() + Number(last.headers["retry-after"]) * 1000;
		await until("the time has come that was told", () => Date.now() >= told);
		assert.equal((await flood.send(late)).status, 200);
	}
	await flood.check();
	await other.check();
	assertTold(running, "intake.key_over_rate", '"the flood"');
	const listed = JSON.parse((await running.run(["--json", "key", "list"])).stdout);
	assert.deepEqual(listed.map(({ name, rate }) => [name, rate]), [["web", "usual"], ["the flood", "20"], ["other", "usual"]]);
});

test("an address that floods gets 429, the others and servers go on, and no log names it", async (t) => {
	const running = await up(t, await stateFolder(t), { args: ["--trusted-proxy-hops=1", "--rate-limit-address-hits=1"] });
	const browser = await writeKey(running, "shop", ["--kind", "browser", "--origins", "*"]);
	const from = (address, key, name) => new Sender(running, key, name, { "x-forwarded-for": address });
	const flood = from("203.0.113.77", browser, "flood");
	assert.equal((await flood.send(flood.batch(100))).status, 200); // more than the burst, but all in one
	for (let count = 0; count < 20; count++) {
		const answer = await flood.send(flood.batch(1));
		assert.equal(answer.status, 429);
		assert.ok(Number(answer.headers["retry-after"]) > 50, answer.headers["retry-after"]);
	}
	const others = [
		from("203.0.113.78", browser, "neighbour"), from("192.168.3.4", browser, "office"),
		from("203.0.113.77", await writeKey(running, "backend"), "server"),
	];
	for (const other of others) {
		assert.equal((await other.send(other.batch(10))).status, 200);
		await other.check();
	}
	await flood.check();
	assertTold(running, "intake.address_over_rate", "shop");
	assert.doesNotMatch(running.stderr, /203\.0\.113/);
});

test("a key that fills the buffer is refused while the others still are taken, and all is stored afterwards", async (t) => {
	const running = await up(t, await stateFolder(t), { args: ["--buffer-bytes-max=1MiB", "--buffer-segment-bytes=64KiB"] });
	const flood = new Sender(running, await writeKey(running, "flood"), "flood");
	const other = new Sender(running, await writeKey(running, "other"), "other");
	const postgres = (signal) => {
		for (const { pid, command } of processesOf(path.join(running.stateDir, "postgres"))) {
			try {
				if (command.includes("postgres")) process.kill(pid, signal);
			} catch (error) {
				if (error.code !== "ESRCH") throw error; // a backend that has just ended
			}
		}
	};
	atEnd(t, () => postgres("SIGCONT"));
	postgres("SIGSTOP");
	let answer;
	let late;
	do answer = await flood.send((late = flood.batch(20, "x".repeat(500))));
	while (answer.status === 200);
	assert.equal(answer.status, 503);
	assert.equal(answer.json.code, "full");
	assert.match(answer.headers["retry-after"], /^\d+$/);
	for (let count = 0; count < 5; count++) assert.equal((await other.send(other.batch(20, "x".repeat(500)))).status, 200);
	assert.equal((await flood.send(late)).status, 503);
	postgres("SIGCONT");
	await until("there is room for the flood again", async () => (await flood.send(late)).status === 200);
	await flood.check();
	await other.check();
	assertTold(running, "intake.key_over_share", "flood");
});

test("@segment/analytics-node sends again what was refused for its rate, and every hit is stored once", async (t) => {
	const running = await up(t, await stateFolder(t), { args: ["--rate-limit-burst-seconds=1"] });
	const key = await writeKey(running, "backend", ["--kind", "server", "--rate", "20"]);
	const failures = [];
	const refused = [];
	const analytics = new Analytics({
		writeKey: key, host: running.collect, flushAt: 10,
		httpClient: async (url, options) => {
			const answer = await fetch(url, options);
			if (answer.status === 429) refused.push(answer.headers.get("retry-after"));
			return answer;
		},
	});
	analytics.on("error", (failure) => failures.push(failure));
	for (let n = 0; n < 60; n++) analytics.track({ userId: "7", event: "Sent", properties: { n } });
	await analytics.closeAndFlush({ timeout: 60_000 });
	assert.deepEqual(failures, []);
	assert.ok(refused.length > 0, "nothing was refused");
	await untilLoaded(running);
	const stored = await rows(running, "SELECT (metadata->>'n')::int AS n FROM user_events ORDER BY n");
	assert.deepEqual(stored.map(({ n }) => n), Array.from({ length: 60 }, (_, n) => n));
});

describe("in a browser, with a key that may send two hits a second", () => {
	const shared = new Shared();
	let world;
	const names = ["A", "B", "C", "D", "E", "F"];
	const actions = names.map((name) => ({ event_action: name }));
	const sorted = (found) => JSON.stringify(found.map((row) => row.event_action).toSorted()) === JSON.stringify(names);
	const refusals = (page) => {
		const seen = [];
		page.on("response", (answer) => answer.status() === 429 && seen.push(answer.headers()["retry-after"]));
		return seen;
	};

	before(async () => (world = await World.open(shared, { args: ["--rate-limit-key-hits=2", "--rate-limit-burst-seconds=1"] })));
	after(() => shared.end());

	playAll(() => world, [
		{
			name: "the tracker sends again what was refused, and every hit is stored once",
			expectsError: /status of 429/,
			steps: async ({ open, viewed, query, host }) => {
				const page = await open("/");
				const refused = refusals(page);
				await viewed(1);
				await until("a request was refused", async () => {
					if (refused.length > 0) return true;
					await page.evaluate(() => window.sojourn.track("More"));
				});
				await page.evaluate((all) => all.forEach((name) => window.sojourn.track(name)), names);
				await until("all are stored", async () => (await query(`SELECT 1 FROM user_events WHERE event_action = 'F' AND
					session_id IN (SELECT session_id FROM page_views WHERE page_host = '${host.name}')`)).length > 0);
			},
			rows: { views: [{ page_url: "/" }], sessions: [{}], events: (found) => {
				const asked = found.filter((row) => row.event_action !== "More");
				return asked.every((row, at) => row.event_action === actions[at].event_action) && asked.length === names.length;
			} },
		},
		{
			name: "@segment/analytics-next sends again what was refused, and every hit is stored once",
			expectsError: /status of 429|429/,
			steps: async ({ window, world, site, host, query }) => {
				const script = (_, url) => ({ body: readFileSync(path.join(distribution, url.pathname)), headers: { "content-type": "text/javascript" } });
				const load = `const analytics = window.AnalyticsNext.AnalyticsBrowser.load(
					${JSON.stringify({ writeKey: world.key, cdnURL: world.collector })});`;
				site.host(host.name.replace(".localhost", ""), new Proxy({}, {
					get: (_, at) => (at.startsWith("/umd/") ? script : html(`<script src="/umd/index.js"></script><script>${load}</script>`)),
				}));
				const page = await window();
				const refused = refusals(page);
				await page.goto(host.url("/"));
				await page.evaluate((all) => {
					analytics.page();
					all.forEach((name) => analytics.track(name));
				}, names);
				await until("all are stored", async () => (await query(`SELECT 1 FROM user_events WHERE session_id IN
					(SELECT session_id FROM page_views WHERE page_host = '${host.name}')`)).length >= names.length, 60_000);
				assert.ok(refused.length > 0, "nothing was refused");
			},
			rows: { views: [{ page_url: "/" }], sessions: [{}], events: sorted },
		},
	]);
});
