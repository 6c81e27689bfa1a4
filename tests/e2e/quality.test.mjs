// Whether the data can be believed: the checks on the command line, by the job, and over HTTP.
import assert from "node:assert/strict";
import test from "node:test";

import { post, untilLoaded, writeKey } from "./client.mjs";
import { stateFolder, up } from "./harness.mjs";

test("checks of the data", async (t) => {
	const running = await up(t, await stateFolder(t));
	const token = (await running.run(["token", "create", "tests"])).stdout.trim();
	const told = async () => {
		const answer = await fetch(`${running.dashboard}/api/v1/quality`, { headers: { authorization: `Bearer ${token}` } });
		return (await answer.json()).rows;
	};
	const key = await writeKey(running, "tests");
	const at = new Date(Date.now() - 3_600_000).toISOString();
	const page = { url: "https://a.example/x", path: "/x" };
	await post(running.collect, "/v1/batch", { batch: [{ type: "page", messageId: "m-1", anonymousId: "b-1", timestamp: at, context: { page } }] }, { key });
	await untilLoaded(running);

	await t.test("what is in order passes, and nothing is told before the first run", async () => {
		assert.deepEqual(await told(), []);
		const { status, stdout, stderr } = await running.run(["--json", "check"]);
		const checks = JSON.parse(stdout);
		assert.ok(checks.length >= 15);
		assert.deepEqual([status, checks.filter((one) => one.status === "fail")], [0, []], stderr);
		assert.deepEqual((await told()).map(({ check, status: found }) => [check, found]), checks.map((one) => [one.check, one.status]));
	});

	await t.test("a view whose session is gone fails, on the command line, by the job and over HTTP", async () => {
		await running.sql("DELETE FROM user_sessions");
		const { status, stdout, stderr } = await running.run(["check"]);
		assert.equal(status, 1);
		assert.match(stdout, /^view_session_missing +consistency +page_views +fail +1 views of the last day belong to no session$/m);
		assert.match(stderr, /^sojourn: 1 checks of the data fail/);
		assert.equal((await running.run(["jobs", "run", "quality"])).status, 0);
		const [worst] = await told();
		assert.deepEqual([worst.check, worst.status, worst.value, worst.threshold], ["view_session_missing", "fail", 1, 0]);
	});

	await t.test("the audit log forgets what is older than its days", async () => {
		await running.sql("INSERT INTO audit_log (happened_at, action, outcome) VALUES (now() - interval '731 days', 'old', 'done'), (now() - interval '729 days', 'kept', 'done')");
		assert.equal((await running.run(["jobs", "run", "audit_log"])).status, 0);
		assert.equal(await running.sql("SELECT string_agg(action, ',' ORDER BY id) FROM audit_log WHERE action IN ('old', 'kept')"), "kept");
	});
});
