// What tests that send hits share: keys, requests, and waiting until what was sent is in the tables.
import http from "node:http";

import { until } from "./harness.mjs";

// What several tests of a suite share: stands in for a test where the harness wants one to clean up after.
export class Shared {
	cleanups = [];

	after(cleanup) {
		this.cleanups.push(cleanup);
	}

	async end() {
		for (const cleanup of this.cleanups.splice(0).reverse()) await cleanup();
	}
}

// Makes a write key; the collector knows it within a second, so this waits until it does.
export async function writeKey(running, name, options = ["--kind", "server"]) {
	const made = await running.run(["--json", "key", "create", name, ...options]);
	if (made.status !== 0) throw new Error(`key create: ${made.stderr}`);
	const { key } = JSON.parse(made.stdout);
	await until(`the collector knows the key ${name}`, async () => {
		const answer = await post(running.collect, "/v1/batch", { batch: [] }, { key });
		return answer.status === 200;
	});
	return key;
}

export function authorization(key) {
	return `Basic ${Buffer.from(`${key}:`).toString("base64")}`;
}

// Posts a body: JSON of an object, or a text or bytes as they are. Gives { status, headers, text, json }; throws where the
// connection breaks.
export function post(url, path, body, { key, headers = {}, agent, timeoutMs = 20_000 } = {}) {
	const bytes = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
	return new Promise((resolve, reject) => {
		const request = http.request(new URL(path, url), {
			method: "POST",
			agent,
			headers: {
				"content-type": "application/json",
				"content-length": Buffer.byteLength(bytes),
				...(key === undefined ? {} : { authorization: authorization(key) }),
				...headers,
			},
		}, (answer) => {
			const chunks = [];
			answer.on("data", (chunk) => chunks.push(chunk));
			answer.on("error", reject);
			answer.on("end", () => {
				if (!answer.complete) return reject(new Error("the answer is cut off"));
				const text = Buffer.concat(chunks).toString();
				let json = null;
				try {
					json = JSON.parse(text);
				} catch {
					// no JSON
				}
				resolve({ status: answer.statusCode, headers: answer.headers, text, json });
			});
		});
		request.on("error", reject);
		request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
		request.end(bytes);
	});
}

// Waits until nothing in the buffer is left to load.
export async function untilLoaded(running, timeoutMs = 60_000) {
	await until("the buffer is loaded", async () => {
		const { stdout } = await running.run(["--json", "status"]);
		const buffer = JSON.parse(stdout || "[]").find(({ part }) => part === "buffer");
		return buffer?.detail.startsWith("0 of ");
	}, timeoutMs);
}

// The rows of a query, as objects; there may be many.
export async function rows(running, query) {
	const text = `SELECT coalesce(json_agg(t), '[]') FROM (${query}) t`;
	const args = ["psql", "--", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", text];
	const { status, stdout, stderr } = await running.run(args, { maxBuffer: 400 << 20 });
	if (status !== 0) throw new Error(`psql ended with ${status}: ${stderr}`);
	return JSON.parse(stdout);
}

export const storeTables = ["persons", "person_aliases", "user_consent", "user_sessions", "page_views", "user_events",
	"session_attribution", "robots", "quarantine", "message_times", "waiting_leaves", "session_leaves", "hit_contexts"];

// How many rows each table holds and a checksum over all of them: equal where nothing has changed. Times at which a row was
// last written do not count.
export async function fingerprint(running) {
	const one = (table) => `SELECT '${table}' AS name, count(*) AS rows,
		md5(coalesce(string_agg(row, E'\\n' ORDER BY row), '')) AS checksum
		FROM (SELECT (to_jsonb(t) - 'updated_at')::text AS row FROM ${table} t) r`;
	const listed = await rows(running, storeTables.map(one).join(" UNION ALL "));
	return Object.fromEntries(listed.map(({ name, rows: count, checksum }) => [name, `${count} ${checksum}`]));
}

export const minutes = (count) => count * 60_000;
