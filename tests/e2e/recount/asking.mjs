// Asks the API, and compares what it says with a recount, figure by figure.
import assert from "node:assert/strict";
import http from "node:http";

import { rangeBefore } from "./figures.mjs";
import * as moments from "./moments.mjs";
import * as sessions from "./sessions.mjs";
import * as ways from "./ways.mjs";

const AT_ONCE = 6;
const PROBLEMS_SHOWN = 5;
const ROWS_MOST = 10_000;

const recounts = {
	"overview": sessions.overview, "breakdown": sessions.breakdown, "attribution": sessions.attribution, "traits": sessions.traits,
	"goals": sessions.goals, "sessions": sessions.sessions, "sessions/daily": sessions.daily, "pages": moments.pages,
	"pages/hourly": moments.hourly, "events": moments.events, "heatmap": moments.heatmap, "journeys/transitions": ways.transitions,
	"journeys/paths": ways.paths, "funnels": ways.funnel, "funnels/dropped": ways.dropped, "retention": ways.retention,
};
const withoutLimit = ["overview", "goals", "retention"];
// Of lists, what tells their rows apart: the time before is told of those that are shown, wherever they stood then.
const keys = {
	"breakdown": ["value"], "attribution": ["value"], "traits": ["value"], "pages": ["page", "host"], "events": ["value"], "heatmap": ["x", "y"],
	"journeys/transitions": ["from_page", "to_page"], "journeys/paths": ["path"], "funnels": ["value"],
};
const keyOf = (name, row) => JSON.stringify(keys[name].map((key) => row[key]));

export const everybody = { text: "", keep: () => true };

// Percentiles are interpolated in floating point.
const isEqual = (found, expected, name) =>
	JSON.stringify(found) === JSON.stringify(expected)
	|| (/^(median|p90)_/.test(name) && found !== null && expected !== null && Math.abs(found - expected) < 0.00501);

function checkRow(found, expected, what) {
	for (const [name, value] of Object.entries(expected))
		if (!isEqual(found[name], value, name))
			assert.fail(`${what}: ${name} is ${JSON.stringify(found[name])}, recounted ${JSON.stringify(value)}\n`
				+ `${JSON.stringify(found)}\n${JSON.stringify(expected)}`);
}

export function check(found, expected, what) {
	const count = Math.min(found.rows.length, expected.rows.length);
	for (let at = 0; at < count; at++) checkRow(found.rows[at], expected.rows[at], `${what}, row ${at + 1}`);
	assert.equal(found.rows.length, expected.rows.length, `${what}: rows`);
	if (expected.total === null) assert.equal(found.total, null, what);
	else checkRow(found.total, expected.total, `${what}, total`);
}

// RFC 4180, the header left out: rows of fields.
export function readCsv(text) {
	const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/gy;
	const rows = [[]];
	for (const [, quoted, plain, end] of text.matchAll(field)) {
		rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
		if (end !== ",") rows.push([]);
	}
	assert.deepEqual(rows.pop(), [], "the last line has its end");
	return rows.slice(1);
}

// A row of JSON as CSV has it: texts that a spreadsheet might compute have an apostrophe before them.
const guarded = (text) => (/^[=+\-@\t\r\n＝＋－＠']/.test(text) && !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? `'${text}` : text);
const csvCell = (cell) => (cell === null ? "" : typeof cell === "object" ? JSON.stringify(cell) : String(cell));
export const csvRow = (columns) => (row) =>
	Object.values(row).map((cell, at) => (columns[at].type === "text" ? guarded(csvCell(cell)) : csvCell(cell)));

// The number of somebody who never signed in is known to nobody beforehand.
function dropNumbers(rows) {
	for (const row of rows) if (!/^-?\d+$/.test(row.person)) delete row.person;
}

export class Asker {
	persons = new Map(); // session → its person's id, as lists of sessions tell it

	constructor(running, token) {
		this.running = running;
		this.agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
		this.headers = { authorization: `Bearer ${token}` };
	}

	static async of(running) {
		const { stdout } = await running.run(["token", "create", "recounts"]);
		return new Asker(running, stdout.trim());
	}

	// With a body it is a POST.
	async json(name, query, body) {
		const text = await this.text(name, query, body);
		return text === "" ? null : JSON.parse(text);
	}

	// A connection that the server closes just as it is used again is nobody's fault; the question is asked once more.
	async text(name, query, body) {
		const url = new URL(`/api/v1/${name}?${new URLSearchParams(query)}`, this.running.dashboard);
		const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
		const options = { agent: this.agent, method: body === undefined ? "GET" : "POST", headers: { ...this.headers, ...length } };
		const send = (isAgain) => new Promise((resolve, reject) => {
			const request = http.request(url, options, (answer) => {
				const chunks = [];
				answer.on("data", (chunk) => chunks.push(chunk)).on("error", reject);
				answer.on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
			});
			request.on("error", (reason) => (!isAgain && request.reusedSocket && reason.code === "ECONNRESET" ? resolve(send(true)) : reject(reason)));
			request.end(body);
		});
		const { status, text } = await send(false);
		assert.ok(status < 300, `${url.pathname}${url.search}: ${status} ${text}`);
		return text;
	}

	// One question { name, range, filter, rest, isCompared }, rest in the words of the recount; gives how many rows were compared.
	async ask(world, { name, range, filter = everybody, rest = {}, isCompared = false }) {
		const { saved, steps, window_seconds, per, ...others } = rest;
		const isFunnel = name.startsWith("funnels");
		const parameters = isFunnel || steps === undefined ? others : { ...others, steps };
		const query = {
			from: range.fromText ?? range.from, to: range.toText ?? range.to, tz: range.zone, ...(filter.text === "" ? {} : { filter: filter.text }),
			...(isCompared ? { compare: "previous" } : {}), ...(withoutLimit.includes(name) ? {} : { limit: ROWS_MOST }), ...parameters,
		};
		const body = isFunnel ? JSON.stringify({ steps, window_seconds, per }) : undefined;
		const what = `${name}?${new URLSearchParams(query)} ${body ?? ""}`;
		const found = await this.json(name, query, body);
		const recount = (over, asked) => recounts[name](world, over, filter.keep, asked);
		const expected = recount(range, rest);
		if (name in keys && !isFunnel) expected.rows = expected.rows.slice(0, rest.limit);
		if (name === "sessions") this.learn(found.rows);
		if (name === "sessions" || name === "funnels/dropped") dropNumbers(expected.rows);
		if (name === "journeys/paths") found.rows.sort(ways.byPath); // equals stand in any order
		check(found, expected, what);
		if (!isCompared) return expected.rows.length;
		if (name === "journeys/paths") found.previous.rows.sort(ways.byPath);
		const before = recount(rangeBefore(range), { ...rest, limit: undefined });
		const shown = new Set(name in keys ? expected.rows.map((row) => keyOf(name, row)) : []);
		if (name in keys) before.rows = before.rows.filter((row) => shown.has(keyOf(name, row)));
		check(found.previous, before, `${what}, the time before`);
		return expected.rows.length;
	}

	learn(found) {
		for (const { session, person } of found) this.persons.set(session, person);
	}

	// Fails with the first problems; and where all recounts of a report are empty.
	async askAll(world, questions) {
		const compared = new Map();
		const problems = [];
		const waiting = [...questions];
		const work = async () => {
			for (let question = waiting.shift(); question !== undefined; question = waiting.shift()) {
				const { name } = question;
				try {
					const rows = await this.ask(world, question);
					compared.set(name, (compared.get(name) ?? 0) + rows);
				} catch ({ message }) {
					problems.push(message);
				}
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, work));
		assert.equal(problems.length, 0, `${problems.length} of ${questions.length} answers differ\n${problems.slice(0, PROBLEMS_SHOWN).join("\n")}`);
		for (const [name, rows] of compared) assert.ok(rows > 0, `${name}: every recount is empty`);
	}
}
