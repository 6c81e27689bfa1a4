// The overview, from the page's first hint to the figures: over HTTP and on the command line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { temporaryFolder, until, up } from "./harness.mjs";

const snippets = new URL("../../web/dashboard/src/snippet.ts", import.meta.url);

// The hint that an empty page gives, as a request.
function snippetRequest(running, key) {
	const snippet = readFileSync(snippets, "utf8").replaceAll("\\\\\n", "");
	const [, agent, body, path] = /-A '([^']+)'\s+-d '([^']+)'\s+\$\{collectUrl\}(\S+)`/.exec(snippet);
	return fetch(`${running.collect}${path}`, {
		method: "POST",
		headers: {
			"authorization": `Basic ${Buffer.from(`${key}:`).toString("base64")}`,
			"content-type": "application/json",
			"user-agent": agent,
		},
		body,
	});
}

const ask = (running, token, query) =>
	fetch(`${running.dashboard}/api/v1/overview?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${token}` } });

test("the overview", async (t) => {
	const stateDir = temporaryFolder(t);
	const running = await up(t, stateDir);
	const day = new Date().toISOString().slice(0, 10);
	const range = ["--from", `${day}T00:00:00Z`, "--to", "2100-01-01", "--tz", "Etc/UTC"];
	const token = (await running.run(["token", "create", "tests"])).stdout.trim();
	const untilTomorrow = { from: day, to: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10), tz: "Etc/UTC" };
	const asOptions = (query) => Object.entries(query).flatMap(([name, value]) => [`--${name}`, value]);

	await t.test("an empty installation has figures of nothing", async () => {
		const answer = await ask(running, token, untilTomorrow);
		assert.equal(answer.status, 200);
		const { total, rows } = await answer.json();
		assert.deepEqual([total.visitors, total.sessions, total.views, total.bounce_rate_percent], [0, 0, 0, null]);
		assert.equal(rows.length, 2);
	});

	await t.test("the page's hint is a first visitor", async () => {
		const created = await running.run(["--json", "key", "create", "first", "--kind", "server"]);
		const { key } = JSON.parse(created.stdout);
		await until("the collector takes the hit", async () => (await snippetRequest(running, key)).status === 200);
		await until("the hit is in the overview", async () => {
			const { total } = await (await ask(running, token, untilTomorrow)).json();
			return total.visitors === 1 && total.views >= 1 && total.sessions === 1 && total.ended_sessions === 0;
		});
	});

	await t.test("HTTP and the command line say the same", async () => {
		const json = await running.run(["report", "overview", ...asOptions(untilTomorrow), "--json"]);
		assert.equal(json.status, 0, json.stderr);
		assert.equal(json.stdout, await (await ask(running, token, untilTomorrow)).text());
		const csv = await running.run(["report", "overview", ...asOptions(untilTomorrow), "--format=csv"]);
		assert.equal(csv.stdout, await (await ask(running, token, { ...untilTomorrow, format: "csv" })).text());
		const table = await running.run(["report", "overview", ...asOptions(untilTomorrow)]);
		assert.match(table.stdout, /^Overview, .*\n\nDate +Visitors +New +Sessions /);
		assert.match(table.stdout, /\ntotal +1 +1 +1 +0 /);
	});

	await t.test("what is asked wrong is wrong usage and named", async () => {
		for (const [args, words] of [
			[["overview", "--from", "yesterday"], /from is "yesterday"/],
			[["overview", "--tz", "Mars/Olympus"], /tz is "Mars\/Olympus"/],
			[["overview", ...range], /makes a range of \d+ days/],
			[["overview", "--format", "xml"], /no format "xml"/],
			[["overview", "--limit", "3"], /"--limit" is not understood/],
			[["nothing"], /no report "nothing"/],
			[[], /which report\?/],
		]) {
			const { status, stdout, stderr } = await running.run(["report", ...args]);
			assert.deepEqual([status, stdout], [2, ""], stderr);
			assert.match(stderr, words);
		}
	});

	await t.test("a revoked token is none", async () => {
		const [{ id }] = JSON.parse((await running.run(["--json", "token", "list"])).stdout).filter(({ name }) => name === "tests");
		assert.equal((await running.run(["token", "revoke", id])).status, 0);
		const answer = await ask(running, token, untilTomorrow);
		assert.equal(answer.status, 401);
		assert.equal(answer.headers.get("content-type"), "application/problem+json");
		assert.equal((await answer.json()).detail, "the token was revoked");
	});

	await t.test("without the database a report says what to start", async () => {
		await running.stop();
		const { status, stderr } = await running.run(["report", "overview"]);
		assert.equal(status, 1);
		assert.match(stderr, /does not run; start it with `sojourn up`/);
	});
});
