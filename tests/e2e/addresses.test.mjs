// What becomes of clients' addresses, the whole way: hashed by day, encrypted, looked up; and their keys.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFileSync, copyFileSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { run, stateFolder, temporaryFolder, until, up } from "./harness.mjs";
import { Shared, post, rows, untilLoaded, writeKey } from "./client.mjs";

const makeNetworks = path.resolve(new URL("../harness/make_mmdb.py", import.meta.url).pathname);
const noon = (daysAgo) => new Date(Math.floor(Date.now() / 86_400_000 - daysAgo) * 86_400_000 + 1).toISOString();

const oneSentence = (text) => text.trim().split("\n").length === 1;

describe("addresses", () => {
	const shared = new Shared();
	let folder;
	let running;
	let browser;
	let server;
	let args;
	const keyFile = () => path.join(folder, "ip.keys");
	const geoFile = () => path.join(folder, "geo.mmdb");
	const newKey = () => `${randomBytes(32).toString("hex")}\n`;

	before(async () => {
		folder = temporaryFolder(shared);
		writeFileSync(keyFile(), `# first\n${newKey()}`);
		const made = await run([makeNetworks, geoFile()], { program: "python3" });
		assert.equal(made.status, 0, made.stderr);
		args = ["--trusted-proxy-hops=2", `--ip-encryption-key-file=${keyFile()}`, `--geo-file=${geoFile()}`, "--ip-key-rotation=day"];
		running = await up(shared, await stateFolder(shared), { args });
		browser = await writeKey(running, "web-test", ["--kind", "browser", "--origins", "*"]);
		server = await writeKey(running, "server-test");
	});

	after(() => shared.end());

	async function send(key, page, messages, headers = {}) {
		const batch = messages.map((message) => ({ type: "page", properties: { path: `/${page}` }, ...message }));
		const answer = await post(running.collect, "/v1/batch", { batch }, { key, headers });
		assert.deepEqual([answer.status, answer.json], [200, { success: true }]);
		await untilLoaded(running);
	}

	// What is kept of the addresses of a page's sessions, by time.
	async function kept(page) {
		return rows(running, `SELECT s.id, encode(ip_hash, 'hex') AS hash, encode(ip_address_encrypted, 'hex') AS sealed, country, region
			FROM user_sessions s WHERE id IN (SELECT session_id FROM page_views WHERE page_url = '/${page}') ORDER BY started_at, country`);
	}

	async function decrypted(session, more = args) {
		const { status, stdout, stderr } = await running.run([...more, "privacy", "decrypt-ip", session]);
		return status === 0 ? stdout.trim() : stderr;
	}

	test("of a browser it is the one that the outermost trusted proxy saw, in however many header lines", async () => {
		const headers = { "x-forwarded-for": ["10.9.9.9", "203.0.113.77:4711, 10.0.0.2"], forwarded: "for=10.9.9.8" };
		await send(browser, "proxied", [{ anonymousId: "a", context: { ip: "10.9.9.7" } }], headers);
		const [session] = await kept("proxied");
		assert.equal(await decrypted(session.id), "203.0.113.77");
		assert.deepEqual([session.country, session.region], ["DE", "DE-BY"]);
		assert.equal(session.hash.length, 32);
	});

	test("of a server's hit it is what the server says, and else none", async () => {
		await send(server, "told", [{ anonymousId: "b", context: { ip: "2001:db8:1::7" } }, { anonymousId: "c" }], { "x-forwarded-for": "203.0.113.77, 10.0.0.2" });
		const [told, none] = await kept("told");
		assert.equal(await decrypted(told.id), "2001:db8:1::7");
		assert.deepEqual([told.country, told.region], ["JP", "JP-13"]);
		assert.deepEqual([none.hash, none.sealed, none.country, none.region], [null, null, null, null]);
		assert.match(await decrypted(none.id), /has no encrypted address/);
	});

	test("its hash is of the event's day, and of IPv6 the network's", async () => {
		const at = (anonymousId, ip, daysAgo) => ({ anonymousId, context: { ip }, timestamp: noon(daysAgo) });
		await send(server, "days", [at("d1", "198.51.100.201", 3), at("d2", "::ffff:198.51.100.201", 3), at("d3", "198.51.100.201", 2)]);
		const days = await kept("days");
		assert.equal(days[0].hash, days[1].hash);
		assert.notEqual(days[1].hash, days[2].hash);
		assert.notEqual(days[1].sealed, days[2].sealed);
		await send(server, "six", [at("e1", "2001:db8:1:2::7", 1), at("e2", "[2001:db8:1:2:ffff::9]:80", 1), at("e3", "2001:db8:1:3::7", 1)]);
		const hashes = (await kept("six")).map(({ hash }) => hash).toSorted();
		assert.equal(new Set(hashes).size, 2);
	});

	test("a collector that begins with the same keys makes the same hashes", async () => {
		const state = await stateFolder(shared);
		const keys = path.join(state, "keys");
		for (const key of ["person.key", "ip.key"]) copyFileSync(path.join(running.stateDir, "keys", key), path.join(keys, key));
		const other = await up(shared, state, { args });
		const key = await writeKey(other, "server-test");
		const message = { type: "page", anonymousId: "d1", context: { ip: "198.51.100.201" }, timestamp: noon(3), properties: { path: "/days" } };
		assert.equal((await post(other.collect, "/v1/batch", { batch: [message] }, { key })).status, 200);
		await untilLoaded(other);
		const [{ hash, person_id: person }] = await rows(other, "SELECT encode(ip_hash, 'hex') AS hash, person_id::text FROM user_sessions");
		const same = await rows(running, `SELECT encode(ip_hash, 'hex') AS hash FROM user_sessions WHERE person_id = ${person}`);
		assert.deepEqual(same, [{ hash }]);
		await other.stop();
	});

	test("the keys' file is for its owner only, and begins with the oldest day that a hit may be of", () => {
		const file = path.join(running.stateDir, "keys/ip.key");
		assert.equal(statSync(file).mode & 0o777, 0o600);
		assert.match(readFileSync(file, "utf8"), new RegExp(`^${noon(7).slice(0, 10)} [0-9a-f]{64}\n$`));
	});

	test("an imported log has hashes too, the same within one import", async () => {
		const log = path.join(folder, "log");
		const line = (ip, day, page) => `${ip} - - [${day}/May/2015:12:05:17 +0000] "GET /${page} HTTP/1.1" 200 235 "-" "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"\n`;
		writeFileSync(log, line("203.0.113.5", 20, "log") + line("203.0.113.6", 20, "log") + line("203.0.113.5", 21, "log"));
		const done = await running.run([...args, "import", "access-log", log]);
		assert.equal(done.status, 0, done.stderr);
		const found = await kept("log");
		assert.equal(new Set(found.map(({ hash }) => hash)).size, 3);
		assert.deepEqual(found.map(({ country }) => country), ["DE", "DE", "DE"]);
		assert.equal(await decrypted(found[2].id), "203.0.113.5");
	});

	test("a new key encrypts after a reload, rotate-keys brings the rest under it, and the old one may go", async () => {
		const before = await rows(running, "SELECT id, encode(ip_address_encrypted, 'hex') AS sealed FROM user_sessions WHERE ip_address_encrypted IS NOT NULL");
		const addresses = Object.fromEntries(await Promise.all(before.map(async ({ id }) => [id, await decrypted(id)])));
		const alone = await running.run([...args, "privacy", "rotate-keys"]);
		assert.match(alone.stdout, /^0 addresses .*\n.*no other key.*openssl rand -hex 32 >> /);
		appendFileSync(keyFile(), newKey());
		running.kill("SIGHUP");
		const keyId = (sealed) => sealed.slice(2, 10);
		let tries = 0;
		await until("the collector encrypts with the new key", async () => {
			await send(server, `new${++tries}`, [{ anonymousId: `n${tries}`, context: { ip: "203.0.113.77" } }]);
			const [{ sealed }] = await kept(`new${tries}`);
			return keyId(sealed) !== keyId(before[0].sealed);
		});
		const done = await running.run([...args, "--json", "privacy", "rotate-keys"]);
		assert.equal(done.status, 0, done.stderr);
		const told = JSON.parse(done.stdout);
		assert.deepEqual([told.unknown, told.broken, told.old_keys], [0, 0, [keyId(before[0].sealed)]]);
		assert.ok(told.encrypted > before.length); // contexts too
		assert.ok(Math.abs(new Date(told.old_keys_needed_until) - Date.now() - 24 * 3_600_000) < 600_000);
		for (const { id, sealed } of await rows(running, "SELECT id, encode(ip_address_encrypted, 'hex') AS sealed FROM user_sessions WHERE ip_address_encrypted IS NOT NULL"))
			assert.equal(keyId(sealed), told.key, id);
		const again = await running.run([...args, "privacy", "rotate-keys"]);
		assert.match(again.stdout, /^0 addresses encrypted anew.*\nOld keys in .*: [0-9a-f]{8}\.\n/);
		// The old key taken away, all can still be read.
		const lines = readFileSync(keyFile(), "utf8").trimEnd().split("\n");
		const oldFile = path.join(folder, "old.keys");
		writeFileSync(oldFile, lines.slice(0, -1).join("\n"));
		writeFileSync(keyFile(), `${lines.at(-1)}\n`);
		for (const [id, address] of Object.entries(addresses)) assert.equal(await decrypted(id), address);
		const [{ id }] = before;
		assert.match(await decrypted(id, [`--ip-encryption-key-file=${oldFile}`]), /encrypted with a key that .*old\.keys does not have/);
		const lost = await running.run([`--ip-encryption-key-file=${oldFile}`, "privacy", "rotate-keys"]);
		assert.equal(lost.status, 1);
		assert.match(lost.stderr, /encrypted with keys that .*old\.keys does not have/);
	});

	test("a geo file that was replaced counts after a reload, a bad one leaves the old", async () => {
		const log = () => running.stderr;
		const next = path.join(folder, "next.mmdb");
		writeFileSync(next, readFileSync(geoFile()).toString("latin1").replace("BBY", "BBW"), "latin1");
		renameSync(next, geoFile());
		running.kill("SIGHUP");
		let tries = 0;
		await until("the new file counts", async () => {
			await send(server, `geo${++tries}`, [{ anonymousId: `g${tries}`, context: { ip: "203.0.113.77" } }]);
			return (await kept(`geo${tries}`))[0].region === "DE-BW";
		});
		writeFileSync(next, "no such thing");
		renameSync(next, geoFile());
		running.kill("SIGHUP");
		await until("it is told", () => /event=collector.reload_failed .*geo\.mmdb is no MaxMind-format file/.test(log()));
		await send(server, "kept", [{ anonymousId: "k", context: { ip: "203.0.113.77" } }]);
		assert.equal((await kept("kept"))[0].region, "DE-BW");
	});

	test("a file that is named and not there is one sentence", async () => {
		for (const setting of ["ip-encryption-key-file", "geo-file"]) {
			const { status, stderr } = await run([`--state-dir=${temporaryFolder(shared)}`, `--${setting}=/nowhere/x`, "import", "access-log", "-"]);
			assert.equal(status, 1);
			assert.match(stderr, /\/nowhere\/x/);
			assert.ok(oneSentence(stderr), stderr);
			const checked = await run([`--${setting}=/nowhere/x`, "config", "check"]);
			assert.notEqual(checked.status, 0);
			assert.match(checked.stderr, /\/nowhere\/x/);
		}
		const none = await running.run(["privacy", "rotate-keys"]);
		assert.equal(none.status, 1);
		assert.match(none.stderr, /ip_encryption_key_file names no file/);
		for (const words of [["privacy"], ["privacy", "decrypt-ip"], ["privacy", "decrypt-ip", "x"], ["privacy", "rotate-keys", "x"]])
			assert.equal((await running.run([...args, ...words])).status, 2, words.join(" "));
	});

	test("switched off, nothing is kept and no key is made", async () => {
		const state = temporaryFolder(shared);
		const other = await up(shared, state, { args: ["--ip-hash=off"] });
		const key = await writeKey(other, "server-test");
		await post(other.collect, "/v1/page", { anonymousId: "a", context: { ip: "203.0.113.77" } }, { key });
		await untilLoaded(other);
		assert.deepEqual(await rows(other, "SELECT ip_hash, ip_address_encrypted, country FROM user_sessions"), [{ ip_hash: null, ip_address_encrypted: null, country: null }]);
		assert.throws(() => statSync(path.join(state, "keys/ip.key")));
		await other.stop();
	});
});
