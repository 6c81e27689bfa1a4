// A person is made nobody: what they did still counts, and leads to nobody; or only from one of their rows to another.
import assert from "node:assert/strict";
import test from "node:test";

import { temporaryFolder, until, up } from "./harness.mjs";
import { post, untilLoaded, writeKey } from "./client.mjs";
import { dumpOf } from "./everything.mjs";

const FIGURES = `SELECT json_build_object('visitors', sum(visitors), 'sessions', sum(sessions), 'views', sum(views), 'events', sum(events),
	'seconds', sum(duration_seconds)) FROM overview_daily`;

test("a person is made nobody", async (t) => {
	const stateDir = temporaryFolder(t);
	const running = await up(t, stateDir);
	const key = await writeKey(running, "app");
	const token = (await running.run(["token", "create", "officer", "--role", "privacy"])).stdout.trim();
	const begin = Date.now() - 2 * 3_600_000;
	let count = 0;
	const hit = (type, minute, who, more = {}) => ({ type, messageId: `n-${++count}`, timestamp: new Date(begin + minute * 60_000).toISOString(), ...who,
		...more, context: { userAgent: "gonemyagent/1.0", ip: "192.0.2.9", page: { path: `/shop/${minute}`, title: "gonemytitle",
			url: `https://app.example.org/shop/${minute}?q=gonemyquery&gclid=gonemyclick` } } });
	const send = async (...batch) => {
		const { status, json } = await post(running.collect, "/v1/batch", { batch }, { key });
		assert.equal(status, 200);
		assert.equal(json.rejected, undefined, JSON.stringify(json.rejected));
		await untilLoaded(running);
	};
	const sql = (text) => running.sql(text);
	const figures = async () => {
		assert.equal((await running.run(["rollup"])).status, 0);
		return sql(FIGURES);
	};
	const rollupsAreRight = async () => {
		const done = await running.run(["--json", "rollup", "--verify"]);
		assert.equal(done.status, 0, done.stdout + done.stderr);
	};
	const visit = (who) => [hit("page", 0, who), hit("identify", 1, who, { traits: { email: "gonemymail@private.example" } }), hit("page", 2, who),
		hit("track", 3, who, { event: "Bought", properties: { label: "gonemylabel", value: 5, note: "gonemynote", element: { text: "gonemytext" } } }),
		hit("page", 90, who)];

	await send(...visit({ userId: "gonemyname", anonymousId: "gonemybrowser" }), ...visit({ userId: "78", anonymousId: "alan-browser" }),
		hit("page", 4, { userId: "79", anonymousId: "grace-browser" }));
	const was = await figures();
	const statistics = () => sql("SELECT string_agg(s::text, E'\\n') FROM pg_stats AS s WHERE schemaname = 'sojourn'");
	await sql("ANALYZE");
	assert.match(await statistics(), /gonemylabel/);

	await t.test("under a pseudonym, at a request of the API", async () => {
		const person = await sql("SELECT id FROM persons WHERE external_id = 'gonemyname'");
		const ask = async (method, body) => {
			const answer = await fetch(`${running.dashboard}/api/v1/persons/gonemyname/anonymize`.replace("gonemyname", method === "GET" ? person : "gonemyname"),
				{ method, body, headers: { authorization: `Bearer ${token}` } });
			return { status: answer.status, json: await answer.json() };
		};
		assert.equal((await ask("POST", '{"mode":"erase"}')).status, 400);
		assert.equal((await ask("POST", '{"mode":"pseudonymous","x":1}')).status, 400);
		const asked = await ask("POST");
		assert.equal(asked.status, 202);
		assert.equal(asked.json.mode, "pseudonymous");
		const done = await until("it is done", async () => {
			const { json } = await ask("GET");
			assert.notEqual(json.state, "failed", json.error);
			return json.state === "done" && json;
		}, 120_000);
		assert.deepEqual([done.rows.page_views, done.rows.user_events, done.rows.user_sessions], [3, 1, 2]);
		assert.equal(await figures(), was);
		await rollupsAreRight();
		const pseudonym = await sql("SELECT DISTINCT person_id FROM page_views WHERE person_id < 0");
		assert.match(pseudonym, /^-\d{19}$/);
		assert.ok(BigInt(pseudonym) < -(2n ** 62n));
		for (const [table, rows] of [["page_views", 3], ["user_events", 1], ["user_sessions", 2], ["session_attribution", 2], ["session_summaries", 2]])
			assert.equal(await sql(`SELECT count(*) FROM ${table} WHERE person_id = ${pseudonym}`), String(rows), table);
		// Views and events still find their sessions.
		assert.equal(await sql(`SELECT count(*) FROM page_views v JOIN user_sessions s ON s.id = v.session_id AND s.person_id = v.person_id
			JOIN session_attribution a ON a.session_id = s.id AND a.person_id = s.person_id WHERE v.person_id = ${pseudonym}`), "3");
		assert.equal(await sql("SELECT count(*) FROM person_requests"), "0");
	});

	await t.test("hits from before are not taken, later ones are somebody new's", async () => {
		await send(hit("page", 5, { userId: "gonemyname", anonymousId: "gonemybrowser" }), hit("page", 6, { anonymousId: "gonemybrowser" }));
		assert.equal(await sql("SELECT sum(hits) FROM ingest_counts WHERE reason = 'erased_person'"), "2");
		assert.equal(await figures(), was);
		const minute = (Date.now() - begin) / 60_000;
		await send({ ...hit("page", minute, { userId: "newname" }) });
	});

	await t.test("as nobody at all, by the command", async () => {
		const before = await figures();
		const done = await running.run(["--json", "person", "anonymize", "--mode", "anonymous", "78"]);
		assert.equal(done.status, 0, done.stderr);
		assert.equal(JSON.parse(done.stdout).mode, "anonymous");
		assert.equal(await sql("SELECT count(*) FROM page_views WHERE person_id = 0"), "3");
		assert.equal(await sql("SELECT count(*) FROM page_views WHERE person_id = 78"), "0");
		assert.equal(await figures(), before);
		await rollupsAreRight();
	});

	await t.test("nothing of what they were called, wrote or were shown is in a dump, or in what the planner knows of columns", async () => {
		const dump = await dumpOf(stateDir);
		const known = await statistics();
		const words = ["gonemyname", "gonemymail", "gonemylabel", "gonemynote", "gonemytext"];
		assert.deepEqual(words.filter((word) => dump.includes(word) || known.includes(word)), []);
		assert.ok(dump.includes("/shop/90"));
		// What Grace's and the newcomer's rows say, and nobody else's.
		assert.equal(await sql("SELECT string_agg(DISTINCT person_id::text, ' ') FROM page_views WHERE page_title IS NOT NULL AND person_id < 100"), "79");
		assert.equal(await sql("SELECT count(*) FROM user_sessions WHERE person_id <= 0 AND (ip_hash IS NOT NULL OR user_agent IS NOT NULL OR browser_id IS NOT NULL)"), "0");
	});
});
