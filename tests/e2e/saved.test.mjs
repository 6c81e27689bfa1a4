// What people save under a name, over HTTP: kept, found, used by reports, forgotten; and what is refused.
import assert from "node:assert/strict";
import test from "node:test";

import { temporaryFolder, up } from "./harness.mjs";

test("saved segments, goals, funnels and views", async (t) => {
	const running = await up(t, temporaryFolder(t));
	const token = (await running.run(["token", "create", "tests"])).stdout.trim();
	const ask = (query, options = {}) =>
		fetch(`${running.dashboard}/api/v1/${query}`, { ...options, headers: { authorization: `Bearer ${token}` } });
	const save = (kind, name, definition) => ask("saved", { method: "POST", body: JSON.stringify({ kind, name, definition }) });
	const goals = async () => (await (await ask("goals?filter=segment:phones")).json()).rows.map(({ goal, sessions }) => [goal, sessions]);

	await t.test("what is saved is listed, and saved again under its name it changes", async () => {
		for (const [kind, name, definition] of [
			["segment", "phones", { filter: "device_type:mobile" }],
			["goal", "bought", { event: "purchase" }],
			["goal", "prices", { page: "/pricing" }],
			["goal", "prices", { page: "/pricing*" }],
			["funnel", "way", { steps: [{ page: "/" }, { event: "purchase" }], window_seconds: 3600 }],
			["view", "Überblick", { url: "/?from=2026-01-01" }],
		])
			assert.equal((await save(kind, name, definition)).status, 204, name);
		const { rows } = await (await ask("saved")).json();
		assert.deepEqual(rows.map(({ kind, name }) => `${kind} ${name}`), ["funnel way", "goal bought", "goal prices", "segment phones", "view Überblick"]);
		const only = await (await ask("saved?kind=goal")).json();
		assert.deepEqual(only.rows.map(({ definition }) => definition), [{ event: "purchase" }, { page: "/pricing*" }]);
		assert.deepEqual(await goals(), [["bought", 0], ["prices", 0]]);
		assert.match(await running.sql("SELECT string_agg(action || ' ' || subject, ', ' ORDER BY id) FROM audit_log WHERE action LIKE 'saved%'"),
			/^saved\.set segment phones, .*saved\.set view Überblick$/);
	});

	await t.test("what is none is refused with its reason", async () => {
		for (const [kind, name, definition, reason] of [
			["colour", "x", {}, /kind must be/],
			["goal", "", { page: "/" }, /name must be/],
			["goal", "x".repeat(101), { page: "/" }, /name must be/],
			["goal", "x", { page: "/", event: "y" }, /definition of a goal/],
			["goal", "x", [], /definition of a goal/],
			["segment", "x", { filter: "colour:red" }, /nothing to filter by/],
			["segment", "x", { filter: "segment:phones" }, /not made of other segments/],
			["funnel", "x", { steps: [] }, /2 to 20 steps/],
			["view", "x", { url: 7 }, /definition of a view/],
		]) {
			const answer = await save(kind, name, definition);
			assert.equal(answer.status, 400, `${kind} ${name}`);
			assert.match((await answer.json()).detail, reason);
		}
		for (const body of ["", "[]", "{", JSON.stringify({ kind: "goal", name: "x" })])
			assert.equal((await ask("saved", { method: "POST", body })).status, 400, body);
		assert.equal((await ask("saved?kind=colour")).status, 400);
		assert.equal((await ask("saved?sort=name")).status, 400);
		assert.equal((await ask("overview?filter=segment:nobody")).status, 400);
	});

	await t.test("what is forgotten is gone", async () => {
		assert.equal((await ask("saved?kind=goal&name=bought", { method: "DELETE" })).status, 204);
		assert.equal((await ask("saved?kind=goal&name=bought", { method: "DELETE" })).status, 404);
		assert.equal((await ask("saved?kind=goal", { method: "DELETE" })).status, 400);
		assert.deepEqual(await goals(), [["prices", 0]]);
	});
});
