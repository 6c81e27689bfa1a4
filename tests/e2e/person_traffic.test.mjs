// A person is erased while hits of everybody keep coming, and while whoever carries it out is killed again and again: in the end
// every hit is accounted for, nobody else has lost one, and figures are right.
import assert from "node:assert/strict";
import test from "node:test";

import { processesOf, temporaryFolder, until, up } from "./harness.mjs";
import { post, untilLoaded, writeKey } from "./client.mjs";

const SESSIONS = 3000;
const OTHERS = 5;
const KILLS = 2;

const pad = (number, digits) => number.toString(16).padStart(digits, "0");
// The n-th session of a person: an id of a time within the last days.
function sessionId(begin, person, n) {
	const time = pad(begin + n * 100_000, 12);
	return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${pad(person, 4)}${pad(n, 8)}`;
}

test("a person is erased under traffic and kills", async (t) => {
	const running = await up(t, temporaryFolder(t));
	const key = await writeKey(running, "app");
	const token = (await running.run(["token", "create", "officer", "--role", "privacy"])).stdout.trim();
	const begin = Date.now() - 5 * 86_400_000;
	const sent = new Map();
	let count = 0;

	const view = (person, n) => {
		sent.set(person, (sent.get(person) ?? 0) + 1);
		return { type: "page", messageId: `t-${++count}`, userId: String(person), anonymousId: `browser-${person}`,
			timestamp: new Date(begin + n * 100_000 + count % 1000).toISOString(),
			context: { page: { path: `/page-${n % 7}`, title: `of ${person}` }, session: { id: sessionId(begin, person, n % 4000), sequence: 1 } } };
	};
	const send = async (batch) => {
		const answer = await post(running.collect, "/v1/batch", { batch }, { key });
		assert.equal(answer.status, 200);
		assert.equal(answer.json.rejected, undefined, JSON.stringify(answer.json.rejected?.[0]));
	};
	const ask = async (method) => {
		const answer = await fetch(`${running.dashboard}/api/v1/persons/100/erase`, { method, headers: { authorization: `Bearer ${token}` } });
		return answer.json();
	};
	const number = async (query) => Number(await running.sql(query));

	for (let n = 0; n < SESSIONS; n += 500) {
		const batch = [];
		for (let at = n; at < n + 500; at++) batch.push(view(100, at), ...(at % 10 === 0 ? [view(101 + at / 10 % OTHERS, at)] : []));
		await send(batch);
	}
	await untilLoaded(running);
	assert.equal(await number("SELECT count(*) FROM page_views WHERE person_id = 100"), SESSIONS);

	let isOver = false;
	const traffic = (async () => {
		for (let n = 0; !isOver; n++) {
			await send([view(100, n % SESSIONS), ...Array.from({ length: OTHERS }, (_, at) => view(101 + at, n % SESSIONS))]);
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	})();

	let kills = 0;
	const workers = () => processesOf(running.stateDir).filter(({ command }) => / serve --role=worker/.test(command));
	await ask("POST");
	const done = await until("the person is erased", async () => {
		const state = await ask("GET");
		assert.ok(["asked", "running", "done"].includes(state.state), state.error);
		// In the middle of its rows first, then wherever it is.
		if (kills < KILLS && state.state === "running" && (kills > 0 || (state.step === "rows" && state.rows.user_sessions > 0))) {
			kills++;
			for (const { pid } of workers()) {
				try {
					process.kill(pid, "SIGKILL");
				} catch {
					// it has just ended
				}
			}
		}
		return state.state === "done" && state;
	}, 120_000, 1);
	isOver = true;
	await traffic;
	await untilLoaded(running);
	t.diagnostic(`killed ${kills} times; ${sent.get(100)} hits of the person, ${done.rows.page_views} of them erased`);
	assert.ok(kills > 0, "it was killed");
	assert.ok(done.rows.page_views >= SESSIONS);

	const refused = await number("SELECT sum(hits) FROM ingest_counts WHERE reason = 'erased_person'");
	assert.ok(refused > 0);
	assert.equal(done.rows.page_views + refused, sent.get(100), "each of their hits was a row that went, or was refused");
	for (const table of ["user_sessions", "session_attribution", "page_views", "session_summaries", "person_days", "person_periods"])
		assert.equal(await number(`SELECT count(*) FROM ${table} WHERE person_id = 100`), 0, table);
	assert.equal(await number("SELECT count(*) FROM persons WHERE id = 100"), 0);
	for (let person = 101; person < 101 + OTHERS; person++)
		assert.equal(await number(`SELECT count(*) FROM page_views WHERE person_id = ${person}`), sent.get(person), `hits of ${person}`);
	const verified = await running.run(["--json", "rollup", "--verify"]);
	assert.equal(verified.status, 0, verified.stdout + verified.stderr);
	assert.equal(await number("SELECT count(*) FROM data_deletion_log"), 1);
});
