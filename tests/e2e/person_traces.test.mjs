// What is left of a person who was erased: nothing of what they were called, wrote or did, in a dump, in any file, or in the log.
import assert from "node:assert/strict";
import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { hold, temporaryFolder, until, up } from "./harness.mjs";
import { post, untilLoaded, writeKey } from "./client.mjs";
import { dumpOf, filesOf } from "./everything.mjs";

const KEPT = "keptmarkervisible"; // somebody else's: must be found, else the search looks in the wrong place

test("of somebody erased no trace is left", async (t) => {
	const stateDir = temporaryFolder(t);
	const running = await up(t, stateDir);
	const key = await writeKey(running, "app");
	let count = 0;
	const hit = (type, who, more = {}) => ({ type, messageId: `x-${++count}`, ...who, ...more,
		context: { userAgent: "gonemyagent/1.0", ip: "192.0.2.9", locale: "de-AT",
			page: { path: `/gonemypage/${type}`, title: "gonemytitle", url: `https://app.example.org/gonemypage/${type}?q=gonemyquery&gclid=gonemyclick`,
				referrer: "https://www.google.com/search?q=gonemysearch" },
			campaign: { source: "gonemysource", name: "gonemycampaign" }, ...more.context } });
	const gone = { userId: "gonemyname", anonymousId: "gonemybrowser" };
	const other = { userId: "other-name", anonymousId: "other-browser" };
	const quiet = { context: { userAgent: KEPT, page: { path: `/${KEPT}`, title: KEPT, url: `https://app.example.org/${KEPT}` }, campaign: {} } };
	const batch = [
		hit("page", { anonymousId: "gonemybrowser" }), hit("identify", gone, { traits: { email: "gonemymail@private.example" } }), hit("page", gone),
		hit("track", gone, { event: "gonemyaction", properties: { label: "gonemylabel", category: "gonemycategory", note: "gonemynote",
			element: { id: "gonemyelement", text: "gonemytext" } } }),
		hit("page", { userId: "gonemyname", anonymousId: "gonemysecond" }), hit("page", other, quiet), hit("track", other, { event: KEPT, ...quiet }),
	];
	const send = async (hits) => {
		const { status, json } = await post(running.collect, "/v1/batch", { batch: hits }, { key });
		assert.equal(status, 200);
		assert.equal(json.rejected, undefined, JSON.stringify(json.rejected));
		await untilLoaded(running);
	};
	await running.sql("ALTER TABLE user_events ADD CONSTRAINT unwanted CHECK (event_action <> 'unwanted') NOT VALID");
	await send([...batch, hit("track", gone, { event: "unwanted" }), hit("track", gone, { event: "unwanted" })]);
	assert.equal(await running.sql("SELECT count(*) FROM quarantine"), "2");
	await until("the roll-ups are refreshed", async () => (await running.run(["rollup"])).status === 0); // the worker may be at it
	const person = await running.sql("SELECT id FROM persons WHERE external_id = 'gonemyname'");
	const browsers = (await running.sql(`SELECT anonymous_id FROM person_aliases WHERE person_id = ${person}`)).split("\n");
	await running.sql("ANALYZE");
	const statistics = () => running.sql("SELECT string_agg(s::text, E'\\n') FROM pg_stats AS s WHERE schemaname = 'sojourn'");
	const planned = await statistics();
	for (const word of ["gonemypage", "gonemytitle", "gonemyname", "gonemyaction", "gonemyagent", "gonemycampaign", person, ...browsers])
		assert.ok(planned.includes(word), `${word} was in the statistics of columns`);
	assert.ok(planned.split("\n").some((line) => line.includes("sojourn,quarantine,") && line.includes(person)), planned);
	const before = await dumpOf(stateDir);
	for (const word of ["gonemypage", "gonemytitle", "gonemymail", "gonemyname", "gonemyaction", "gonemynote", "gonemyagent", "gonemycampaign", ...browsers])
		assert.ok(before.includes(word), `${word} was there`);

	// Killed while it renews the statistics, it goes on there.
	const release = await hold(t, running, "LOCK TABLE page_metrics_daily IN SHARE UPDATE EXCLUSIVE MODE");
	const killing = new AbortController();
	const killed = running.run(["person", "erase", "gonemyname"], { signal: killing.signal, killSignal: "SIGKILL" });
	await until("it renews the statistics", async () => (await running.sql(`SELECT count(*) FROM pg_stat_activity
		WHERE query LIKE '%statistics_renew%' AND wait_event_type = 'Lock'`)) === "1");
	killing.abort();
	await killed;
	assert.equal(await running.sql("SELECT step FROM person_requests"), "statistics");
	await release();
	const done = await running.run(["--json", "person", "erase", person]);
	assert.equal(done.status, 0, done.stderr);
	const { rows } = JSON.parse(done.stdout);
	assert.deepEqual([rows.page_views, rows.user_events, rows.quarantine, rows.persons], [3, 1, 2, 1]);
	assert.equal(rows.buffer, 7);
	assert.ok(rows.hit_contexts >= 1);

	const never = ["gonemy", ...browsers];
	const search = (text, where) => never.filter((word) => text.includes(word)).map((word) => `${word} in ${where}`);
	await t.test("in a dump of the database", async () => {
		const dump = await dumpOf(stateDir);
		assert.ok(dump.includes(KEPT));
		assert.deepEqual(search(dump, "the dump"), []);
		// The id stands in the audit log of both commands and in the proof, and nowhere else.
		const lines = dump.split("\n").filter((line) => line.includes(person));
		assert.deepEqual(lines.map((line) => /\t(person\.)?erase\t/.exec(line)?.[0].trim()), ["person.erase", "person.erase", "erase"], lines.join("\n"));
	});

	await t.test("in what the planner knows of columns, be it of tables that are empty now", async () => {
		assert.equal(await running.sql("SELECT count(*) FROM quarantine"), "0");
		const known = await statistics();
		assert.ok(known.includes(KEPT));
		assert.deepEqual(search(known, "the statistics"), []);
		assert.ok(!known.includes(person), known);
	});

	await t.test("in any file, once PostgreSQL has written its tables anew; but for its log, of which only it decides how long it stays", async () => {
		await running.sql("VACUUM FULL");
		assert.equal((await running.stop()).code, 0);
		const found = [];
		let marked = 0;
		for (const file of filesOf(stateDir)) {
			if (file.includes("/pg_wal/") || lstatSync(file, { throwIfNoEntry: false }) === undefined) continue;
			const bytes = readFileSync(file);
			marked += bytes.includes(KEPT);
			found.push(...search(bytes, path.relative(stateDir, file)));
		}
		assert.ok(marked > 2, `${marked} files hold what may be there`);
		assert.deepEqual(found, []);
	});

	await t.test("in what was logged", () => {
		assert.match(running.stderr + done.stderr, /event=buffer.blanked/);
		assert.deepEqual(search(running.stderr + done.stdout + done.stderr, "the log"), []);
	});
});
