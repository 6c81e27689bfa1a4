// Hostile and random values for every parameter of every path that the API names, and for every member of every body: never a
// 5xx, never slow, nothing of it reaches the database as anything but a value, and every refusal is a problem document that names
// the parameter.
//   node tests/e2e/fuzz_api.mjs --cases 5000 --seed 7     that many values for each parameter
import assert from "node:assert/strict";
import http from "node:http";
import { parseArgs } from "node:util";

import { fingerprint, Shared } from "./client.mjs";
import { stateFolder, up } from "./harness.mjs";

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

function value(next, at) {
	if (at < hostile.length) return encodeURIComponent((hostile[at]).toWellFormed());
	const pick = () => hostile[next(hostile.length)];
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

function ask(url, path, token, agent, { method = "GET", body } = {}) {
	const begun = Date.now();
	return new Promise((resolve, reject) => {
		const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) };
		const request = http.request(url + path, { method, agent, headers }, (answer) => {
			const chunks = [];
			answer.on("data", (chunk) => chunks.push(chunk));
			answer.on("error", reject);
			answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString(),
				ms: Date.now() - begun }));
		});
		request.on("error", reject);
		request.end(body);
	});
}

// What a path cannot be asked without, so that a hostile value beside it gets as far as the database.
const funnel = JSON.stringify({ steps: [{ page: "/a*" }, { event: "b" }] });
const needed = { page: "/x", property: "plan", funnel, kind: "goal", name: "x", id: "1", person: "1" };
const neededQuery = (parameters, name) => parameters.filter((one) => one.required && one.in === "query" && one.name !== name)
	.map((one) => `${one.name}=${encodeURIComponent(needed[one.name] ?? one.schema.enum[0])}`);

const hostileQuery = (parameters, next, at) => `?${parameters.map((one) => `${one.name}=${value(next, at)}`).join("&")}`;

const members = {
	kind: ["goal", "segment", "funnel", "view"], name: ["x"], definition: [{ page: "/x" }, { filter: "device_type:mobile" }, { url: "/?x" }],
	date: ["2026-01-01"], text: ["note"], url: ["/?from=2026-01-01"], filter: ["", "device_type:mobile"], days: [7],
	steps: [[{ page: "/a" }, { event: "b" }]], window_seconds: [60], per: ["session", "person"],
};

// An object whose members are good, but for some; or no such object at all.
function body(next, schema) {
	const text = () => hostile[next(hostile.length)].toWellFormed();
	const bad = [
		text, () => next(100) - 50, () => null, () => [text()], () => ({ [text()]: text() }), () => [{ page: text() }, { event: text() }],
		() => text().repeat(3),
	];
	if (next(10) === 0) return [text(), JSON.stringify([text()]), `{"steps":${text()}}`, JSON.stringify(text())][next(4)];
	const names = Object.keys(schema.properties ?? { steps: 0, window_seconds: 0, per: 0 });
	const good = (name) => members[name][next(members[name].length)];
	return JSON.stringify(Object.fromEntries(names.map((name) => [name, next(3) === 0 ? bad[next(bad.length)]() : good(name)])));
}

// name: of the parameter to blame; null: one that the path does not know.
function judge({ status, headers, text, ms }, name, what) {
	assert.ok(status < 500, `${what}: ${status} ${text}`);
	assert.ok(ms < SLOW_MS, `${what}: took ${ms} ms`);
	assert.equal(headers["x-evil"], undefined, what);
	if (status < 400) return;
	assert.equal(headers["content-type"], "application/problem+json", what);
	const problem = JSON.parse(text);
	assert.equal(problem.status, status, what);
	assert.ok(problem.detail.length > 10 && !/api_tokens|SELECT [^p]|syntax error/.test(problem.detail.replace(/"[^]*"/, "")), `${what}: ${text}`);
	if (name !== null && problem.code === "bad_input") assert.equal(problem.parameter, name, `${what}: ${text}`);
}

export async function fuzz(running, { cases, seed, log = () => {} }) {
	const token = (await running.run(["token", "create", "fuzz", "--role=admin"])).stdout.trim();
	const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
	const document = JSON.parse((await ask(running.dashboard, "/api/v1/openapi.json", token, agent)).text);
	const before = await fingerprint(running);
	const next = random(seed);
	let count = 0;
	for (const [template, methods] of Object.entries(document.paths)) {
		const path = template.replace("{session}", "01900000-0000-7000-8000-000000000000").replace("{person}", "7");
		for (let at = 0; at < cases && template !== path; at++) {
			const filled = template.replace(/\{\w+\}/, value(next, at));
			judge(await ask(running.dashboard, filled, token, agent), null, `seed ${seed}: ${filled}`);
			count++;
		}
		const parameters = methods.get?.parameters ?? [];
		const named = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
		for (const name of methods.get === undefined ? [] : [...named, "nothing"])
			for (let at = 0; at < cases; at += AT_ONCE)
				await Promise.all(Array.from({ length: Math.min(AT_ONCE, cases - at) }, async (_, i) => {
					const query = [`${name}=${value(next, at + i)}`, ...neededQuery(parameters, name)].join("&");
					judge(await ask(running.dashboard, `${path}?${query}`, token, agent), name === "nothing" ? null : name,
						`seed ${seed}: ${path}?${query}`);
					count++;
				}));
		for (const method of ["post", "delete"].filter((one) => methods[one] !== undefined && path !== "/api/v1/sign-in"))
			for (let at = 0; at < cases; at++) {
				const schema = methods[method].requestBody?.content["application/json"].schema;
				const query = schema === undefined ? hostileQuery(methods[method].parameters, next, at) : "";
				const sent = schema === undefined ? undefined : body(next, schema);
				const answer = await ask(running.dashboard, path + query, token, agent, { method: method.toUpperCase(), body: sent });
				judge(answer, null, `seed ${seed}: ${method} ${path}${query} with ${sent?.slice(0, 200)}`);
				count++;
			}
		log(`${path}: ${named.length} parameters`);
	}
	for (let at = 0; at < cases; at++) {
		const text = hostile[next(hostile.length)];
		const body = [text, JSON.stringify({ token: text }), JSON.stringify({ name: text, password: text }), JSON.stringify([text]),
			`{"token":${text}}`][next(5)];
		const answer = await ask(running.dashboard, "/api/v1/sign-in", token, agent, { method: "POST", body });
		judge(answer, null, `seed ${seed}: sign-in with ${body.slice(0, 200)}`);
		assert.ok([400, 401, 429].includes(answer.status), `${answer.status} for ${body.slice(0, 200)}`);
		count++;
	}
	agent.destroy();
	assert.deepEqual(await fingerprint(running), before);
	assert.equal(await running.sql("SELECT to_regclass('public.owned') IS NULL"), "t");
	return count;
}

if (import.meta.url === `file://${process.argv[1]}`) {
	const { values } = parseArgs({ options: { cases: { type: "string", default: "5000" }, seed: { type: "string", default: String(Date.now() % 1e6) } } });
	const shared = new Shared();
	try {
		const running = await up(shared, await stateFolder(shared));
		const count = await fuzz(running, { cases: Number(values.cases), seed: Number(values.seed), log: console.log });
		console.log(`${count} requests, seed ${values.seed}: no 5xx, every refusal names its parameter`);
	} finally {
		await shared.end();
	}
}
