// Hostile and random values for every parameter of every path that the API names, one by one and several at once, for every member
// of every body, every header that is read, every method, and cursors that were tampered with: never a 5xx, never slow, nothing of it
// reaches the database as anything but a value, and every refusal is a problem document that names the parameter.
//   node tests/e2e/fuzz_api.mjs --cases 5000 --seed 7     that many values for each parameter; --only pages: of these paths
import assert from "node:assert/strict";
import http from "node:http";
import { parseArgs } from "node:util";

import { fingerprint, post, Shared, untilLoaded, writeKey } from "./client.mjs";
import { stateFolder, until, up } from "./harness.mjs";
import { Visitors } from "./recount/visitors.mjs";

const SLOW_MS = 10_000;
const AT_ONCE = 8;

const hostile = ["", "'", "''", "\"", "`", ";", "--", "/*", "\\", "\0", "%", "%00", "$1", "$$", "{}", "[]", "null", "true", "NaN", "infinity",
	"-infinity", "now", "today", "epoch", "allballs", "0", "-1", "1e999", "9".repeat(40), "2026-01-01", "2026-02-30", "0000-00-00",
	"9999-12-31", "1969-12-31", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+99:99", "2026-01-01T25:00:00", "2026-01-01 BC", "294277-01-01",
	"UTC", "utc", "Europe/Vienna", "posix/UTC", "../../etc/passwd", "foo5", "EST5EDT4", "<-03>3", "json", "csv", "JSON", "\r\nX-Evil: 1",
	"'; CREATE TABLE public.owned (); --", "2026-01-01'; CREATE TABLE public.owned (); --", "1); CREATE TABLE public.owned (); --",
	"' OR pg_sleep(60) IS NULL --", "(SELECT pg_sleep(60))", "' UNION SELECT token_sha256 FROM api_tokens --", "\u{1F600}", "\u202E", "\uFEFF",
	"<script>alert(1)</script>", "%s%s%n", "\x7F", "a".repeat(300), "x".repeat(7000)];
const letters = [..."0123456789-:TZ+/_.;,'\"\\ %&=()$*<>{}[]aezUTC\t\n\0é\u{1F600}"];

// xorshift: the same seed gives the same cases.
export function random(seed) {
	let state = (seed >>> 0) || 1;
	return (below) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % below;
	};
}

// ── Values ──

const names = ["device_type", "browser", "country", "channel", "utm_campaign", "referrer_domain", "entry_page", "exit_page", "source", "host", "page",
	"event", "person", "authenticated", "segment", "trait.plan", "trait.", "trait.'", "trait.\u{1F600}", "trait.a.b:c", "nothing", "", "Page", "is_first"];
const good = ["mobile", "/docs/*", "*", "true", "false", "1001", "-9223372036854775808", "Signed up", "", "!", "!*", "\\*", "\\", "a\\,b", "%", "_", "a".repeat(2000)];

function filter(next) {
	const pick = (list) => list[next(list.length)];
	const text = () => (next(3) === 0 ? pick(hostile).slice(0, 500) : pick(good));
	const condition = () => pick(names) + pick([":", ":", ":", ":!", "", "::", "=", ":!!"]) + Array.from({ length: 1 + next(next(20) === 0 ? 80 : 4) }, text).join(",");
	return Array.from({ length: 1 + next(next(20) === 0 ? 40 : 4) }, condition).join(pick([";", ";", ";;", ",", "\n"])).slice(0, 7000);
}

const moments = ["1970-01-01", "1970-01-01T00:00:00Z", "9999-12-31", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-14:00", "2025-03-09T02:30:00",
	"2025-11-02T01:30:00", "2025-10-05T02:15:00", "2025-03-01", "2025-11-30", "2025-03-09T07:00:00Z", "1582-10-10", "2000-02-29", "2025-12-31T23:59:60Z"];
const zones = ["UTC", "Europe/Vienna", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/New_York", "Etc/GMT+12", "Pacific/Kiritimati",
	"Africa/Monrovia", "america/new_york", "GMT0", "localtime", "Factory", "posixrules"];
const targets = ["page:*", "event:*", "page:/docs/*", "event:Signed up", "page:", "event", "person:1", "page:%", "event:\\"];
const numbers = ["0", "1", "-1", "2", "10000", "10001", "1000000000", "1000000001", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1.0", "1e3", "0x1", " 1", "1 ", "+1", "٣"];
const steps = () => [{ page: "*" }, { event: "*" }, { category: "Docs" }, { page: "/docs/*" }, { event: "Log_in" }];

// What may well be meant, by the parameter's name; else undefined.
function likely(name, schema, next) {
	const pick = (list) => list[next(list.length)];
	const known = {
		filter: () => filter(next), from: () => pick(moments), to: () => pick(moments), tz: () => pick(zones), goal: () => pick(targets),
		limit: () => pick(numbers), cursor: () => pick(numbers), step: () => pick(numbers), steps: () => pick(numbers), person: () => pick(numbers),
		compare: () => "previous", page: () => pick(["/docs/*", "*", "/", "%"]), event: () => pick(["*", "Signed*", "Vid*"]), host: () => "www.alpha.example",
		device: () => pick(["mobile", "desktop", "x"]), property: () => pick(["plan", "seats", "speed"]),
		funnel: () => JSON.stringify({ steps: Array.from({ length: 1 + next(next(8) === 0 ? 22 : 4) }, () => pick(steps())),
			...(next(2) === 0 ? { window_seconds: pick([1, 60, 86_400, 31_536_000, 0, 1e300, "60"]) } : {}), ...(next(2) === 0 ? { per: pick(["session", "person", "x"]) } : {}) }),
	}[name];
	if (known !== undefined) return known();
	return schema?.enum === undefined ? undefined : pick(schema.enum);
}

function value(next, at, name, schema) {
	if (at < hostile.length) return encodeURIComponent((hostile[at]).toWellFormed());
	const pick = () => hostile[next(hostile.length)];
	const meant = next(2) === 0 ? likely(name, schema, next) : undefined;
	if (meant !== undefined) return encodeURIComponent(meant.toWellFormed());
	switch (next(4)) {
	case 0: // a good or bad one with a part put in
	{
		const base = pick();
		const where = next(base.length + 1);
		return encodeURIComponent(((base.slice(0, where) + letters[next(letters.length)] + base.slice(where)).slice(0, 6000)).toWellFormed());
	}
	case 1:
		return encodeURIComponent((Array.from({ length: next(40) }, () => letters[next(letters.length)]).join("")).toWellFormed());
	case 2: // bytes that are no text
		return Array.from({ length: next(30) }, () => `%${next(256).toString(16).padStart(2, "0")}`).join("");
	default:
		return encodeURIComponent(((pick() + pick()).slice(0, 6000)).toWellFormed());
	}
}

// ── Requests ──

function ask(url, path, token, agent, { method = "GET", body, more = {} } = {}) {
	const begun = Date.now();
	return new Promise((resolve, reject) => {
		const headers = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }), ...more };
		const request = http.request(url + path, { method, agent, headers }, (answer) => {
			const chunks = [];
			answer.on("data", (chunk) => chunks.push(chunk));
			answer.on("error", reject);
			answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString(),
				ms: Date.now() - begun }));
		});
		request.on("error", (reason) => reject(new Error(`${method} ${path.slice(0, 300)}: ${reason.message}`)));
		request.end(body);
	});
}

// What a path cannot be asked without, so that a hostile value beside it gets as far as the database.
const funnel = JSON.stringify({ steps: [{ page: "/a*" }, { event: "b" }] });
const needed = { page: "/x", property: "plan", funnel, kind: "goal", name: "x", id: "1", person: "1" };
const neededQuery = (parameters, names) => parameters.filter((one) => one.required && one.in === "query" && !names.includes(one.name))
	.map((one) => `${one.name}=${encodeURIComponent(needed[one.name] ?? one.schema.enum[0])}`);

const members = {
	kind: ["goal", "segment", "funnel", "view"], name: ["x"],
	definition: [{ page: "/x" }, { event: "*" }, { event: "%\\_" }, { filter: "device_type:mobile" }, { url: "/?x" }, { steps: steps() }],
	date: ["2026-01-01"], text: ["note"], url: ["/?from=2026-01-01"], filter: ["", "device_type:mobile"], days: [7],
	steps: [[{ page: "/a" }, { event: "b" }]], window_seconds: [60], per: ["session", "person"],
};

// An object whose members are good, but for some; or no such object at all.
function body(next, schema) {
	const text = () => hostile[next(hostile.length)].toWellFormed();
	const bad = [
		text, () => next(100) - 50, () => null, () => [text()], () => ({ [text()]: text() }), () => [{ page: text() }, { event: text() }],
		() => text().repeat(3), () => ({ filter: filter(next) }), () => ({ event: text() }), () => 1e300,
	];
	if (next(10) === 0) return [text(), JSON.stringify([text()]), `{"steps":${text()}}`, JSON.stringify(text()), "[".repeat(5000), '{"a":'.repeat(40), "1".repeat(9000)][next(7)];
	const known = Object.keys(schema.properties ?? { steps: 0, window_seconds: 0, per: 0 });
	const pick = (list) => list[next(list.length)];
	const one = (name) => (next(3) === 0 ? pick(bad)() : pick(members[name] ?? [true, "x", 1]));
	return JSON.stringify(Object.fromEntries(known.filter(() => next(20) !== 0).map((name) => [name, one(name)])));
}

// blamed: names of the parameters that may be to blame; null: any, but one. What is refused by HTTP itself is no document.
function judge({ status, headers, text, ms }, blamed, what) {
	assert.ok(status < 500, `${what}: ${status} ${text}`);
	assert.ok(ms < SLOW_MS, `${what}: took ${ms} ms`);
	assert.equal(headers["x-evil"], undefined, what);
	if (status < 400) return;
	assert.equal(headers["content-type"], "application/problem+json", what);
	const problem = JSON.parse(text);
	assert.equal(problem.status, status, what);
	assert.ok(problem.detail.length > 10 && !/api_tokens|SELECT [^p]|syntax error/.test(problem.detail.replace(/"[^]*"/, "")), `${what}: ${text}`);
	if (problem.code !== "bad_input") return;
	assert.equal(typeof problem.parameter, "string", `${what}: ${text}`);
	if (blamed !== null) assert.ok(blamed.includes(problem.parameter), `${what}: ${text}`);
}

class Fuzzer {
	count = 0;

	// tokens: by role
	constructor(running, tokens, { cases, seed }) {
		Object.assign(this, { running, tokens, token: tokens.admin, cases, seed, next: random(seed) });
		this.agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
	}

	async send(path, blamed, options = {}) {
		const { token = this.token, ...rest } = options;
		const what = `seed ${this.seed}: ${rest.method ?? "GET"} ${path.slice(0, 3000)}${rest.body === undefined ? "" : ` with ${rest.body.slice(0, 300)}`}`;
		const answer = await ask(this.running.dashboard, path, token, this.agent, rest);
		judge(answer, blamed, what);
		this.count++;
		return answer;
	}

	// make(at) for each case, some of them at once.
	async each(make, cases = this.cases) {
		for (let at = 0; at < cases; at += AT_ONCE)
			await Promise.all(Array.from({ length: Math.min(AT_ONCE, cases - at) }, (_, i) => make(at + i)));
	}

	// Each parameter by itself, then several at once.
	async queries(path, parameters) {
		const asked = parameters.filter((one) => one.in === "query");
		for (const { name, schema } of [...asked, { name: "nothing" }])
			await this.each((at) => this.send(`${path}?${[`${name}=${value(this.next, at, name, schema)}`, ...neededQuery(parameters, [name])].join("&")}`, [name]));
		if (path.endsWith("/stream")) return; // without a parameter it does not end
		await this.each((at) => {
			const some = asked.filter(() => this.next(2) === 0);
			const query = some.map(({ name, schema }) => `${name}=${value(this.next, hostile.length + at, name, schema)}`);
			return this.send(`${path}?${[...query, ...neededQuery(parameters, some.map(({ name }) => name))].join("&")}`, some.map(({ name }) => name));
		}, 2 * this.cases);
		await this.each((at) => this.send(`${path}?${["", "&", "=", "=&=", "?", "%", "a", "format=json&format=csv", "from=1&from=1"][at % 9]}`, null), 9);
	}

	// Headers that are read, and every other method.
	async others(path, methods) {
		const headers = ["accept", "accept-encoding", "if-none-match", "cookie", "origin", "x-csrf-token", "last-event-id", "content-type"];
		const clean = (text) => text.replace(/[^\t\x20-\x7e]/g, "?");
		if (!path.endsWith("/stream"))
			await this.each((at) => {
				const more = Object.fromEntries(headers.filter(() => this.next(3) === 0).map((name) =>
					[name, clean(["text/csv;q=" + hostile[(at + this.next(9)) % hostile.length], hostile[at % hostile.length], "gzip;q=0, *;q=1", "W/\"x\", *"][this.next(4)]).slice(0, 3000)]));
				return this.send(path, null, { more });
			});
		for (const method of ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST", "TRACE", "PROPFIND", "M-SEARCH"])
			if (methods[method.toLowerCase()] === undefined && !(method === "HEAD" && path.endsWith("/stream"))) {
				const { status } = await ask(this.running.dashboard, path, this.token, this.agent, { method });
				assert.ok([200, 204, 400, 405, 501].includes(status), `${method} ${path}: ${status}`);
				this.count++;
			}
	}

	// What next says of real rows, with a byte changed.
	async cursors(path, parameters) {
		if (!parameters.some(({ name }) => name === "cursor")) return;
		const query = ["from=2025-03-01", "to=2025-11-30", "limit=2", ...neededQuery(parameters, ["from", "to"])].filter((one) =>
			parameters.some(({ name }) => one.startsWith(`${name}=`))).join("&");
		const { text } = await this.send(`${path}?${query}`, null);
		const { next = null } = JSON.parse(text);
		if (next === null) return;
		await this.each(() => {
			const where = this.next(next.length + 1);
			const cursor = next.slice(0, where) + letters[this.next(letters.length)] + next.slice(where + this.next(2));
			return this.send(`${path}?${query}&cursor=${encodeURIComponent(cursor)}`, ["cursor"]);
		});
	}

	async bodies(path, method, operation) {
		const schema = operation.requestBody?.content["application/json"].schema;
		const parameters = (operation.parameters ?? []).filter((one) => one.in === "query");
		await this.each((at) => {
			const some = parameters.filter(() => this.next(4) !== 0);
			const query = some.map(({ name, schema: its }) => `${name}=${value(this.next, at, name, its)}`).join("&");
			return this.send(`${path}?${query}`, null, { method: method.toUpperCase(), ...(schema === undefined ? {} : { body: body(this.next, schema) }) });
		});
	}

	async path(template, methods) {
		this.token = this.tokens[methods.get?.["x-role"]] ?? this.tokens.admin;
		const path = template.replace("{session}", "01900000-0000-7000-8000-000000000000").replace("{person}", "7");
		if (template !== path)
			await this.each((at) => this.send(template.replace(/\{(\w+)\}/, (_, name) => value(this.next, at, name)), null));
		if (methods.get !== undefined) {
			const { parameters = [] } = methods.get;
			await this.queries(path, parameters);
			await this.cursors(path, parameters);
		}
		await this.others(path, methods);
		for (const method of ["post", "delete"])
			if (methods[method] !== undefined && path !== "/api/v1/sign-in") {
				this.token = this.tokens[methods[method]["x-role"]] ?? this.tokens.admin;
				await this.bodies(path, method, methods[method]);
			}
	}

	// Last, as who fails too often has to wait.
	async signIns() {
		await this.each(async () => {
			const text = hostile[this.next(hostile.length)];
			const body = [text, JSON.stringify({ token: text }), JSON.stringify({ name: text, password: text }), JSON.stringify([text]), `{"token":${text}}`][this.next(5)];
			const { status } = await this.send("/api/v1/sign-in", null, { method: "POST", body });
			assert.ok([400, 401, 429].includes(status), `${status} for ${body.slice(0, 200)}`);
		});
		await this.each((at) => this.send("/api/v1/overview", null, { token: hostile[at % hostile.length].replace(/[^\x20-\x7e]/g, "?") }), hostile.length);
	}
}

// People, so that a question has rows to be asked of.
async function people(running, seed) {
	const visitors = new Visitors(seed, { browsers: 20, visits: 4, days: ["2025-03-09", "2025-11-02"], zones: ["America/New_York"], nowMs: Date.now() });
	const key = await writeKey(running, "alpha", ["--kind", "server", "--allow-old"]);
	for (let at = 0; at < visitors.messages.length; at += 100)
		await post(running.collect, "/v1/batch", { batch: visitors.messages.slice(at, at + 100).map(({ message }) => message), sentAt: new Date().toISOString() }, { key });
	await untilLoaded(running);
	await until("the people are counted", async () => (await running.sql("SELECT count(*) > 20 FROM session_summaries")) === "t");
}

export async function fuzz(running, { cases, seed, only, log = () => {} }) {
	await people(running, seed);
	const made = (role) => running.run(["token", "create", role, `--role=${role}`]);
	const tokens = { privacy: (await made("privacy")).stdout.trim(), admin: (await made("admin")).stdout.trim() };
	const fuzzer = new Fuzzer(running, tokens, { cases, seed });
	const { text } = await fuzzer.send("/api/v1/openapi.json", null);
	const before = await fingerprint(running);
	for (const [template, methods] of Object.entries(JSON.parse(text).paths)) {
		if (only !== undefined && !template.includes(only)) continue;
		const begun = Date.now();
		const already = fuzzer.count;
		await fuzzer.path(template, methods);
		log(`${template}: ${fuzzer.count - already} requests in ${Date.now() - begun} ms`);
	}
	await fuzzer.signIns();
	fuzzer.agent.destroy();
	// What somebody says of consent is stored, and rightly.
	assert.deepEqual({ ...(await fingerprint(running)), user_consent: before.user_consent }, before);
	assert.equal(await running.sql("SELECT to_regclass('public.owned') IS NULL"), "t");
	return fuzzer.count;
}

if (import.meta.url === `file://${process.argv[1]}`) {
	const { values } = parseArgs({ options: {
		cases: { type: "string", default: "5000" }, seed: { type: "string", default: String(Date.now() % 1e6) }, only: { type: "string" },
	} });
	const shared = new Shared();
	try {
		const running = await up(shared, await stateFolder(shared));
		const count = await fuzz(running, { cases: Number(values.cases), seed: Number(values.seed), only: values.only, log: console.log });
		console.log(`${count} requests, seed ${values.seed}: no 5xx, every refusal names its parameter`);
	} finally {
		await shared.end();
	}
}
