// Signing in, the whole way: accounts and links from the command line, the page in a real browser, the roles in the database.
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";

import { Chromium } from "./browser/chromium.mjs";
import { run, stateFolder, until, up } from "./harness.mjs";

const PASSWORD = "correct horse battery";

test("access", async (t) => {
	const stateDir = await stateFolder(t);
	const running = await up(t, stateDir);
	const asRole = (role, sql) =>
		run([`host=${path.join(stateDir, "postgres/socket")} user=${role} dbname=sojourn options=-csearch_path=sojourn`, "-X", "-At",
			"-c", sql], { program: "psql" });
	const audit = () => running.sql("SELECT string_agg(action || ' ' || outcome, ', ' ORDER BY id) FROM audit_log");

	await t.test("reports read with a role that sees no secret, access writes with one that sees no visitor", async () => {
		for (const [role, sql, isAllowed] of [
			["sojourn_reader", "SELECT count(*) FROM page_views", true],
			["sojourn_reader", "SELECT count(*) FROM api_tokens", false],
			["sojourn_reader", "SELECT count(*) FROM sign_ins", false],
			["sojourn_reader", "SELECT count(*) FROM audit_log", false],
			["sojourn_reader", "BEGIN READ WRITE; DELETE FROM page_views", false],
			["sojourn_writer", "SELECT count(*) FROM page_views", false],
			["sojourn_writer", "SELECT count(*) FROM persons", false],
			["sojourn_writer", "SELECT count(*) FROM user_consent", false],
			["sojourn_writer", "SELECT person_known('x'), person_said(1), person_ask(1, 'erase', 'x')", true],
			["sojourn_reader", "SELECT person_ask(1, 'erase', 'x')", false],
			["sojourn_reader", "SELECT person_consent(1, true, true, 'x')", false],
			["sojourn_writer", "UPDATE api_tokens SET last_used_at = now() WHERE false", true],
			["sojourn_writer", "UPDATE api_tokens SET role = 'admin'", false],
			["sojourn_writer", "INSERT INTO api_tokens (name, role, token_sha256) VALUES ('x', 'admin', 'x')", false],
			["sojourn_writer", "SELECT share_make('x', '/', '', 1, 'x')", true],
			["sojourn_writer", "SELECT share_withdraw(1)", true],
			["sojourn_writer", "UPDATE api_tokens SET revoked_at = NULL", false],
			["sojourn_writer", "CREATE TEMP TABLE api_tokens (LIKE sojourn.api_tokens); SELECT share_make('x', '/', '', 1, 'y'); SELECT 1 / count(*) FROM sojourn.api_tokens WHERE token_sha256 = 'y'", true],
			["sojourn_reader", "SELECT share_make('x', '/', '', 1, 'z')", false],
			["sojourn_writer", "DELETE FROM audit_log", false],
			["sojourn_writer", "UPDATE audit_log SET outcome = 'done'", false],
		]) {
			const { status, stderr } = await asRole(role, sql);
			assert.equal(status === 0, isAllowed, `${role}: ${sql}: ${stderr}`);
			if (!isAllowed) assert.match(stderr, /permission denied/);
		}
	});

	await t.test("the processes use these roles", async () => {
		const token = (await running.run(["token", "create", "tests"])).stdout.trim();
		const answer = await fetch(`${running.dashboard}/api/v1/overview`, { headers: { authorization: `Bearer ${token}` } });
		assert.equal(answer.status, 200);
		const { stdout } = await asRole("postgres", `SELECT DISTINCT usename || ': ' || application_name FROM pg_stat_activity
			WHERE application_name LIKE 'sojourn analytics%' ORDER BY 1`);
		assert.deepEqual(stdout.trim().split("\n"), ["sojourn_reader: sojourn analytics", "sojourn_writer: sojourn analytics, access"]);
	});

	await t.test("a password comes from standard input, and its name once", async () => {
		const made = await running.run(["token", "create", "ann", "--role=admin", "--password"], { input: `${PASSWORD}\n` });
		assert.equal(made.status, 0, made.stderr);
		assert.equal(made.stdout, "ann can sign in\n");
		const again = await running.run(["token", "create", "ann", "--password"], { input: `${PASSWORD}\n` });
		assert.equal(again.status, 1);
		assert.match(again.stderr, /there is a password for "ann" already/);
		const short = await running.run(["token", "create", "bob", "--password"], { input: "short\n" });
		assert.match(short.stderr, /a password must be of 10 to 1000 bytes/);
		const none = await running.run(["token", "create", "bob", "--password"]);
		assert.match(none.stderr, /no password was given/);
	});

	await t.test("people sign in and out of the page", async (inner) => {
		const page = await (await (await Chromium.open(inner)).connect()).window();
		await page.goto(running.dashboard);
		await page.waitForSelector("#sign-in:not([hidden])");
		await page.fill("#name", "ann");
		await page.fill("#password", "wrong password");
		await page.click("#sign-in-form button");
		await until("the refusal is shown", async () => /name or password is wrong/.test(await page.textContent("#sign-in-reason")));
		await page.fill("#password", PASSWORD);
		await page.click("#sign-in-form button");
		await page.waitForSelector("#empty:not([hidden])");
		await page.reload(); // the cookie stays
		await page.waitForSelector("#empty:not([hidden])");
		assert.equal(await page.evaluate("document.cookie"), "");
		assert.equal(await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"), "[{},{}]");
		await page.click("#sign-out");
		await page.waitForSelector("#sign-in:not([hidden])");
		await page.reload();
		await page.waitForSelector("#sign-in:not([hidden])");
		assert.match(await audit(), /sign_in refused, sign_in done, sign_out done$/);
	});

	await t.test("a link signs in once", async (inner) => {
		const link = (await running.run(["token", "create", "visitor", "--link"])).stdout.trim();
		assert.match(link, new RegExp(`^${running.dashboard}/#sign-in=sojourn_[A-Za-z0-9_-]{43}$`));
		const browser = await (await Chromium.open(inner)).connect();
		const page = await browser.window();
		await page.goto(link);
		await page.waitForSelector("#empty:not([hidden])");
		assert.equal(page.url(), `${running.dashboard}/`);
		const other = await browser.window();
		await other.goto(link);
		await until("the second use is refused", async () => /used up/.test(await other.textContent("#sign-in-reason")));
		const [{ id }] = JSON.parse((await running.run(["--json", "token", "list"])).stdout).filter(({ kind }) => kind === "link");
		assert.equal((await running.run(["token", "revoke", id])).status, 0);
		await page.reload();
		await page.waitForSelector("#sign-in:not([hidden])");
	});
});
