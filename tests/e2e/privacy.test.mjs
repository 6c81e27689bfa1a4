// What must reach neither disk nor a log: addresses of clients, query parameters that are denied, secrets. All of it is sent
// in every way there is, and then looked for in every file of the state directory, in a dump, and in all that was logged.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { temporaryFolder, up } from "./harness.mjs";
import { dumpOf, filesOf } from "./everything.mjs";
import { Shared, post, untilLoaded, writeKey } from "./client.mjs";

const MARK = "keptmarkervisible"; // must be found: else the search looks in the wrong place

const addresses = ["203.0.113.77", "198.51.100.201", "2001:db8::dead:beef", "2001:0db8:0000:0000:0000:0000:dead:beef", "192.0.2.143", "[2001:db8:7::ace:1]:4711",
	"::ffff:198.51.100.77"];
const secrets = {
	token: "hushtokenaaa", email: "hushmail@private.example", password: "hushpasswordbbb", "access_token": "hushaccessccc",
	"user[password]": "hushnestedddd", api_key: "hushapikeyeee", jsessionid: "hushjsessionfff", Code: "hushcodeggg",
	"t%6Fken": "hushescapedhhh", state: "hushstateiii",
};

// An address in the ways that a program may come to write it: as text, with all zeros, as a number, in hexadecimal.
function spellingsOf(address) {
	const bare = address.replace(/^\[(.*)\]:\d+$/, "$1").replace(/^::ffff:(?=.*\.)/, "");
	if (bare.includes(".")) {
		const bytes = Buffer.from(bare.split(".").map(Number));
		return [bare, bytes.toString("hex"), String(bytes.readUInt32BE()), String(bytes.readInt32BE()), String(bytes.readUInt32LE())];
	}
	const [head, tail = ""] = bare.split("::");
	const words = (text) => text.split(":").filter((word) => word !== "").map((word) => word.padStart(4, "0"));
	const all = [...words(head), ...Array(8 - words(head).length - words(tail).length).fill("0000"), ...words(tail)];
	const bytes = Buffer.from(all.join(""), "hex");
	return [address, bare, all.join(":"), all.map((word) => Number.parseInt(word, 16).toString(16)).join(":"), bytes.toString("hex"), bytes];
}

describe("what must never be kept", () => {
	const shared = new Shared();
	const stateDir = temporaryFolder(shared);
	const never = new Map(); // what it is → bytes to look for
	let running;
	let browser;
	let server;
	let settings;
	let said = ""; // by commands

	before(async () => {
		const keyFile = path.join(temporaryFolder(shared), "ip.keys");
		writeFileSync(keyFile, `${randomBytes(32).toString("hex")}\n`);
		settings = ["--trusted-proxy-hops=2", "--log-level=debug", `--ip-encryption-key-file=${keyFile}`];
		running = await up(shared, stateDir, { args: settings });
		browser = await writeKey(running, "web-test", ["--kind", "browser", "--origins", "*"]);
		server = await writeKey(running, "server-test");
		for (const address of addresses)
			for (const spelling of spellingsOf(address)) {
				never.set(`address ${address} as ${spelling.toString("hex")}`, spelling);
				if (typeof spelling === "string") never.set(`address ${address} as ${spelling.toUpperCase()}`, spelling.toUpperCase());
			}
		for (const [name, secret] of Object.entries(secrets)) never.set(`parameter ${name}`, secret);
		never.set("write key of a server", server);
	});

	after(() => shared.end());

	const query = Object.entries(secrets).map(([name, secret]) => `${name}=${encodeURIComponent(secret)}`).join("&");
	const url = `https://user:hushuserinfo@app.example.org/path;jsessionid=hushpathid/x?${query}&ok=${MARK}#token=hushfragment`;

	function messages() {
		const context = {
			ip: addresses[1], userAgent: "Mozilla/5.0",
			page: { url, path: "/path", search: `?${query}&ok=${MARK}`, referrer: `https://other.example/from?${query}`, title: "T" },
			campaign: { source: "hushcampaign@private.example", name: MARK },
		};
		return [
			{ type: "page", anonymousId: "a", context },
			{ type: "page", anonymousId: "a", context: { ...context, page: {} }, properties: { url, referrer: url, search: `?${query}` } },
			{ type: "page", anonymousId: "a", context: { page: { path: `/relative?${query}`, referrer: `/own?${query}` } } },
			{ type: "page", anonymousId: "a", context: { page: { url: `https://a.example/?next=${encodeURIComponent(`/go?${query}`)}` } } },
			{ type: "track", anonymousId: "a", event: "Happened", context, properties: { plan: MARK, url, label: url } },
			{ type: "screen", anonymousId: "a", name: "Home", context },
			{ type: "identify", anonymousId: "a", userId: "5", context, traits: { plan: "free", avatar: url } },
			{ type: "group", userId: "5", groupId: "g", context },
			{ type: "nonsense", anonymousId: "a", context },
			{ type: "page", anonymousId: "a", timestamp: "1980-01-01T00:00:00Z", context },
			{ type: "page", anonymousId: "a", timestamp: url, context },
		];
	}

	test("it is sent in every way", async () => {
		for (const secret of ["hushuserinfo", "hushpathid", "hushfragment", "hushcampaign"]) never.set(`part of a URL ${secret}`, secret);
		for (const key of [browser, server])
			for (const [index, address] of addresses.entries()) {
				const headers = {
					"x-forwarded-for": [`10.0.0.1, ${address}`, "10.0.0.2"], forwarded: `for="${address}"`, "x-real-ip": address,
					referer: url, origin: "https://app.example.org", cookie: "session=hushcookie",
				};
				const answer = await post(running.collect, `/v1/batch?${query}`, { batch: messages() }, { key, headers });
				assert.equal(answer.status, 200);
				assert.equal(answer.json.rejected.length, 3);
				for (const message of messages().slice(index, index + 1))
					await post(running.collect, `/v1/${message.type}`, message, { key, headers });
			}
		never.set("cookie", "hushcookie");
	});

	test("also in requests that are refused", async () => {
		const headers = { "x-forwarded-for": addresses[0], referer: url };
		const wrong = "sjs_hushwrongkey";
		never.set("wrong key", wrong);
		const bodies = [`{"token":"${secrets.token}"`, `${secrets.email}\u0000`, JSON.stringify({ batch: url })];
		for (const body of bodies) assert.equal((await post(running.collect, `/v1/b?${query}`, body, { key: server, headers })).status, 400);
		assert.equal((await post(running.collect, "/v1/b", { batch: messages() }, { key: wrong, headers })).status, 401);
		assert.equal((await post(running.collect, `/nothing?${query}`, "", { headers })).status, 404);
		assert.equal((await post(running.dashboard, `/api/v1/overview?${query}`, "", { headers: { ...headers, authorization: `Bearer ${wrong}` } })).status >= 400, true);
	});

	test("and in imported logs and hits", async () => {
		const folder = temporaryFolder(shared);
		const log = path.join(folder, "log");
		const hits = path.join(folder, "hits");
		const agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0";
		writeFileSync(log, addresses.map((address) =>
			`${address} - hushloguser [20/May/2015:12:05:17 +0000] "GET /page?${query}&ok=${MARK} HTTP/1.1" 200 235 "https://o.example/?${query}" "${agent}"\n`).join(""));
		writeFileSync(hits, addresses.flatMap((ip) => messages().map((message) => `${JSON.stringify({ ...message, context: { ...message.context, ip } })}\n`)).join(""));
		never.set("user of a log line", "hushloguser");
		const log_done = await running.run([...settings, "--json", "import", "access-log", log]);
		assert.equal(log_done.status, 0, log_done.stderr);
		assert.equal(JSON.parse(log_done.stdout).classes.page_views, addresses.length);
		const hits_done = await running.run([...settings, "import", "hits", hits]);
		said += log_done.stdout + log_done.stderr + hits_done.stdout + hits_done.stderr;
		assert.equal(hits_done.status, 0, hits_done.stderr);
	});

	test("and in hits that the database refuses", async () => {
		await untilLoaded(running);
		await running.sql("ALTER TABLE user_events ADD CONSTRAINT unwanted CHECK (event_action <> 'Unwanted') NOT VALID");
		const batch = addresses.map((ip) => ({ type: "track", anonymousId: "q", event: "Unwanted", context: { ip, page: { url } } }));
		assert.equal((await post(running.collect, "/v1/batch", { batch }, { key: server })).status, 200);
		await untilLoaded(running);
		assert.equal(await running.sql("SELECT count(*) FROM quarantine"), String(addresses.length));
		const listed = await running.run(["quarantine", "list"]);
		assert.equal(listed.status, 0);
		said += listed.stdout;
		assert.equal((await running.run([...settings, "privacy", "rotate-keys"])).status, 0);
	});

	test("and of what commands make, only hashes are kept", async () => {
		const made = await running.run(["token", "create", "reader"]);
		assert.equal(made.status, 0, made.stderr);
		const token = made.stdout.trim().split(/\s+/).at(-1);
		assert.ok(token.length > 20);
		never.set("token of the API", token);
		const answer = await fetch(`${running.dashboard}/api/v1/overview`, { headers: { authorization: `Bearer ${token}` } });
		assert.equal(answer.status, 200);
		await answer.arrayBuffer();
	});

	// What was found where; nothing should be.
	function search(text, where) {
		return [...never].filter(([, wanted]) => text.includes(wanted)).map(([what]) => `${what} in ${where}`);
	}

	test("none of it is in a dump of the database", async () => {
		await untilLoaded(running);
		// There is something made of addresses, of every way that they came in.
		for (const source of ["web-test", "server-test", "access-log"])
			assert.notEqual(await running.sql(`SELECT count(*) FROM hit_contexts WHERE source = '${source}' AND ip_hash IS NOT NULL
				AND ip_address_encrypted IS NOT NULL`), "0", source);
		const dump = await dumpOf(stateDir);
		assert.ok(dump.includes(MARK));
		assert.match(dump, /COPY sojourn\.page_views_2015_05 /);
		assert.deepEqual(search(dump, "the dump"), []);
	});

	test("a crash of what holds it would leave no image of memory", async () => {
		const limits = readFileSync(`/proc/${await running.processOf("collector")}/limits`, "utf8");
		assert.match(limits, /^Max core file size +0 +0 /m);
	});

	test("none of it is in what was logged", () => {
		assert.ok(running.stderr.includes("process=collector"));
		assert.match(running.stderr, /quarantine/);
		assert.match(said, /refused/);
		assert.deepEqual(search(running.stderr + said, "the log"), []);
	});

	test("none of it is in any file of the state directory, while it runs and after it has ended", async () => {
		for (const when of ["running", "ended"]) {
			const found = [];
			let files = 0;
			let marked = 0;
			for (const file of filesOf(stateDir)) {
				if (lstatSync(file, { throwIfNoEntry: false }) === undefined) continue; // gone since
				const bytes = readFileSync(file);
				files++;
				marked += bytes.includes(MARK);
				found.push(...search(bytes, `${path.relative(stateDir, file)} (${when})`));
			}
			assert.ok(files > 100 && marked > 1, `${marked} of ${files} files hold what may be there`);
			assert.deepEqual(found, []);
			if (when === "running") assert.equal((await running.stop()).code, 0);
		}
	});
});
