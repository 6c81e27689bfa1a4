// The commands beside `up`: what they print, and how they end.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";

import { run, stateFolder, temporaryFolder, up } from "./harness.mjs";

const oneLine = (text) => text.trim().split("\n").length === 1;

describe("commands", () => {
	test("without a running database say what to do", async (t) => {
		const stateDir = temporaryFolder(t);
		for (const args of [["migrate"], ["psql"], ["token", "list"], ["quarantine", "list"], ["serve"]]) {
			const { status, stdout, stderr } = await run([`--state-dir=${stateDir}`, ...args]);
			assert.equal(status, 1, args.join(" "));
			assert.equal(stdout, "");
			assert.match(stderr, /sojourn up/, args.join(" "));
			assert.ok(oneLine(stderr), stderr);
		}
	});

	test("wrong usage is status 2", async () => {
		for (const args of [[], ["jump"], ["migrate", "--engine=oracle"], ["migrate", "--engine", "citus"], ["token"], ["config"],
			["psql", "-c", "SELECT 1"], ["serve", "--role=janitor"], ["up", "--collect-listen=here"], ["status", "now"]]) {
			const { status, stdout, stderr } = await run(args);
			assert.equal(status, 2, args.join(" "));
			assert.equal(stdout, "");
			assert.ok(oneLine(stderr), stderr);
		}
	});

	test("config shows where each setting comes from, and never a secret", async (t) => {
		const file = path.join(temporaryFolder(t), "sojourn.ini");
		writeFileSync(file, "collect_listen = 127.0.0.1:7000\n[database]\nschema = other\n");
		const env = { ...process.env, SOJOURN_LOG_LEVEL: "warning", SOJOURN_DATABASE: "postgresql://me:hunter2@db/x" };
		const { status, stdout } = await run(["--json", "--config", file, "--timezone=Europe/Berlin", "config", "show"], { env });
		assert.equal(status, 0);
		const shown = Object.fromEntries(JSON.parse(stdout).map((one) => [one.setting, one]));
		assert.equal(shown.collect_listen.value, "127.0.0.1:7000");
		assert.equal(shown.collect_listen.from, `${file}:1`);
		assert.equal(shown.database_schema.value, "other");
		assert.equal(shown.timezone.from, "--timezone");
		assert.equal(shown.log_level.from, "SOJOURN_LOG_LEVEL");
		assert.equal(shown.state_dir.from, "default");
		assert.doesNotMatch(stdout, /hunter2/);
		assert.equal((await run(["--config", file, "config", "check"])).status, 0);
		writeFileSync(file, "collect_listen = nowhere\n");
		const bad = await run(["--config", file, "config", "check"]);
		assert.equal(bad.status, 2);
		assert.match(bad.stderr, /collect_listen/);
	});

	test("the sample of settings is a file that can be used as it is", async (t) => {
		const file = path.join(temporaryFolder(t), "sojourn.ini");
		const { stdout } = await run(["config", "sample"]);
		writeFileSync(file, stdout);
		assert.equal((await run(["--config", file, "config", "check"])).status, 0);
		const used = stdout.replaceAll(/^[#;] ?(\w+ = )/gm, "$1");
		assert.notEqual(used, stdout);
		writeFileSync(file, used);
		assert.equal((await run(["--config", file, "config", "check"])).status, 0);
	});

	test("psql is connected to our schema and passes its arguments and status on", async (t) => {
		const running = await up(t, await stateFolder(t));
		const asked = await running.run(["psql", "--", "-X", "-At", "-c", "SELECT count(*) FROM page_views"]);
		assert.deepEqual([asked.status, asked.stdout], [0, "0\n"]);
		assert.equal((await running.run(["psql", "--", "-X", "-c", "SELECT nothing"])).status, 1);
		const typed = await running.run(["psql", "--", "-X", "-At"], { input: "SELECT current_schema();\n" });
		assert.equal(typed.stdout, "sojourn\n");
	});

	test("a token is shown once, listed and revoked", async (t) => {
		const running = await up(t, await stateFolder(t));
		const made = await running.run(["token", "create", "for a test", "--role", "admin", "--days=3"]);
		assert.equal(made.status, 0);
		assert.match(made.stdout, /^sojourn_[\w-]{43}\n$/);
		const token = made.stdout.trim();
		const stored = await running.sql("SELECT count(*) FROM api_tokens t WHERE t::text LIKE '%' || right('" + token + "', 40) || '%'");
		assert.equal(stored, "0");
		const [listed] = JSON.parse((await running.run(["--json", "token", "list"])).stdout).filter((one) => one.name === "for a test");
		assert.equal(listed.role, "admin");
		assert.ok(Date.parse(listed.expires_at) > Date.now() + 2 * 86_400_000);
		assert.equal((await running.run(["token", "revoke", listed.id])).status, 0);
		assert.equal((await running.run(["token", "revoke", "999999"])).status, 1);
		assert.equal((await running.run(["token", "create", "x", "--role=king"])).status, 2);
	});

	test("status tells each part, and its exit status sums them up", async (t) => {
		const running = await up(t, await stateFolder(t));
		const good = await running.run(["--json", "status"]);
		assert.equal(good.status, 0);
		const parts = JSON.parse(good.stdout);
		assert.deepEqual(parts.map(({ part }) => part), ["collector", "worker", "analytics", "database", "jobs", "buffer"]);
		assert.ok(parts.every(({ state }) => state === "good"), good.stdout);
		await running.sql("INSERT INTO schema_migrations VALUES (9999, '9999_future', 'x')");
		const bad = await running.run(["status"]);
		assert.equal(bad.status, 1);
		assert.match(bad.stdout, /database +bad +.*newer than this program/);
		assert.match(bad.stderr, /^sojourn: 1 part is of .* not well\n$/);
	});
});
