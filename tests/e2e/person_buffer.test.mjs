// What the buffer keeps of somebody who was erased: nothing, on no machine; and of everybody else all, so that a database that is set
// back catches up.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { start, temporaryFolder, until, up } from "./harness.mjs";
import { post, untilLoaded, writeKey } from "./client.mjs";

let count = 0;
const page = (who, title) => ({ type: "page", messageId: `b-${++count}`, ...who, context: { userAgent: "Mozilla/5.0", page: { path: `/${title}`, title } } });
const gone = { userId: "gonemyname", anonymousId: "gonemybrowser" };
const other = { userId: "other-name", anonymousId: "other-browser" };

async function send(running, key, batch) {
	const { status, json } = await post(running.collect, "/v1/batch", { batch }, { key });
	assert.equal(status, 200);
	assert.equal(json.rejected, undefined, JSON.stringify(json.rejected));
}

// How often a text stands in the buffer of a state directory.
function inBuffer(stateDir, word) {
	const folder = path.join(stateDir, "buffer");
	return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
		.map((entry) => readFileSync(path.join(entry.parentPath ?? entry.path, entry.name)).toString("latin1").split(word).length - 1)
		.reduce((sum, times) => sum + times, 0);
}

const erasedCount = async (running) => Number(await running.sql("SELECT coalesce(sum(hits), 0) FROM ingest_counts WHERE reason = 'erased_person'"));

test("a database that is set back behind an erasure gets everybody else's hits again, once, and nothing of the erased", async (t) => {
	const stateDir = temporaryFolder(t);
	const running = await up(t, stateDir);
	const key = await writeKey(running, "app");
	const identify = { type: "identify", messageId: `b-${++count}`, ...gone, traits: { email: "gonemymail@private.example" }, context: { userAgent: "Mozilla/5.0" } };
	await send(running, key, [identify, ...[1, 2, 3].flatMap((n) => [page(gone, `gonemytitle${n}`), page(other, `kept${n}`)])]);
	await untilLoaded(running);
	assert.ok(inBuffer(stateDir, "gonemy") > 3);
	const done = await running.run(["--json", "person", "erase", "gonemyname"]);
	assert.equal(done.status, 0, done.stderr);
	assert.equal(JSON.parse(done.stdout).rows.buffer, 4);
	assert.equal(inBuffer(stateDir, "gonemy"), 0);
	assert.ok(inBuffer(stateDir, "kept") >= 3);

	// As a restore does: what was stored is gone, and with it the position in the buffer.
	const views = "SELECT string_agg(page_url || ' ' || id, ', ' ORDER BY page_url) FROM page_views WHERE page_title LIKE 'kept%'";
	const before = await running.sql(views);
	assert.match(before, /^\/kept1 .*\/kept3 /);
	await running.sql(`BEGIN; TRUNCATE page_views, user_sessions, session_attribution, message_times, hit_contexts;
		UPDATE ingest_ledger SET segment = 0, byte_offset = 0; UPDATE ingest_turn SET turn = gen_random_uuid(); COMMIT`);
	const refused = await erasedCount(running);
	await send(running, key, [page(other, "later")]); // the loader finds that it stands elsewhere
	await until("all is loaded again", async () => (await running.sql("SELECT count(*) FROM page_views")) === "4");
	await untilLoaded(running);
	assert.equal(await running.sql(views), before);
	assert.equal(await running.sql("SELECT count(*) FROM page_views"), "4");
	assert.equal(await erasedCount(running), refused + 4);
	assert.equal(await running.sql("SELECT count(*) FROM quarantine"), "0");
	assert.equal(await running.sql("SELECT count(*) FROM persons WHERE external_id = 'gonemyname'"), "0");
});

test("what waits for the loader is refused by it, and then leaves the buffer, too, before the erasure is done", async (t) => {
	const stateDir = temporaryFolder(t);
	const running = await up(t, stateDir);
	const key = await writeKey(running, "app");
	await send(running, key, [page(gone, "gonemytitle"), page(other, "kept")]);
	await untilLoaded(running);
	const worker = await running.processOf("worker");
	await until("the loader is stopped between two transactions", async () => {
		process.kill(worker, "SIGSTOP");
		if ((await running.sql("SELECT state FROM pg_stat_activity WHERE application_name = 'sojourn worker'")) === "idle") return true;
		process.kill(worker, "SIGCONT");
		return false;
	});
	const refused = await erasedCount(running);
	await send(running, key, [page({ anonymousId: "gonemybrowser", userId: "gonemyname" }, "gonemywaiting"), page(other, "kept-waiting")]);
	const erasing = running.run(["--json", "person", "erase", "gonemyname"]);
	await until("it waits for the loader", async () =>
		(await running.sql("SELECT count(*) FROM person_requests WHERE step = 'buffer' AND streams::text ~ ': [0-9]'")) === "1", 60_000);
	assert.ok(inBuffer(stateDir, "gonemywaiting") > 0);
	process.kill(worker, "SIGCONT");
	const done = await erasing;
	assert.equal(done.status, 0, done.stderr);
	assert.equal(JSON.parse(done.stdout).rows.buffer, 2);
	assert.equal(await erasedCount(running), refused + 1);
	assert.equal(inBuffer(stateDir, "gonemy"), 0);
	assert.equal(await running.sql("SELECT string_agg(page_title, ' ' ORDER BY page_title) FROM page_views"), "kept kept-waiting");
});

test("every machine sees to its own buffer, and the erasure is done when all have", async (t) => {
	const stateDirs = [temporaryFolder(t), temporaryFolder(t)];
	const first = await up(t, stateDirs[0]);
	const { stdout: socket } = await first.run(["psql", "--", "-X"], { input: "\\echo :HOST\n" });
	const database = `--database=host=${socket.trim()} user=sojourn dbname=sojourn`;
	const second = await start(t, stateDirs[1], ["serve", "--role=collector,worker", "--collect-listen=127.0.0.1:0", database]).ready();
	// A number, which is the same person whatever key a machine makes ids of texts with.
	for (const running of [first, second])
		await send(running, await writeKey(running, "app"), [page({ userId: "4711" }, "gonemytitle"), page(other, "kept")]);
	await until("all is loaded", async () => (await first.sql("SELECT count(*) FROM page_views")) === "4");
	for (const stateDir of stateDirs) assert.ok(inBuffer(stateDir, "gonemy") > 0);
	const done = await first.run(["--json", "person", "erase", "4711"]);
	assert.equal(done.status, 0, done.stderr);
	assert.equal(JSON.parse(done.stdout).rows.buffer, 2);
	for (const stateDir of stateDirs) {
		assert.equal(inBuffer(stateDir, "gonemy"), 0, stateDir);
		assert.ok(inBuffer(stateDir, "kept") > 0);
	}
	assert.equal(await first.sql("SELECT count(*) FROM person_requests"), "0");
});
