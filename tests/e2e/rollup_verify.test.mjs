// The real log of a site, rolled up in time zones of all kinds: a second count agrees, and what is spoilt is found.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";

import { root, start, temporaryFolder } from "./harness.mjs";
import { Shared } from "./client.mjs";

const log = path.join(root, "../shared/data/apache_logs");
const skip = !existsSync(log) && "../shared/data/apache_logs is not here";
const ZONES = ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

describe("rollup --verify on the real log", { skip }, () => {
	const shared = new Shared();
	const folder = skip ? null : temporaryFolder(shared);
	after(() => shared.end());

	async function upIn(zone) {
		const running = start(shared, folder, ["up", `--timezone=${zone}`]);
		return running.ready();
	}

	async function verify(running, zone, ...options) {
		const done = await running.run([`--timezone=${zone}`, "--json", "rollup", "--verify", ...options]);
		return { ...done, told: done.stdout === "" ? null : JSON.parse(done.stdout) };
	}

	async function isRight(running, zone) {
		const { status, told, stderr } = await verify(running, zone);
		assert.equal(status, 0, `${stderr}\n${JSON.stringify(told)}`);
		assert.equal(told.differences, 0);
		assert.equal(told.waiting, 0);
		assert.ok(told.rows > 5000, `${told.rows} rows`);
		assert.equal(await running.sql("SELECT timezone FROM rollup_state"), zone);
		// The days are those that the log has in this zone.
		const days = await running.sql(`SELECT string_agg(date::text, ' ' ORDER BY date) FROM
			(SELECT DISTINCT (viewed_at AT TIME ZONE '${zone}')::date AS date FROM page_views) d`);
		assert.equal(await running.sql("SELECT string_agg(date::text, ' ' ORDER BY date) FROM overview_daily WHERE views > 0"), days);
	}

	for (const zone of ZONES)
		test(`finds no difference in ${zone}`, async () => {
			const running = await upIn(zone);
			try {
				if (zone === ZONES[0]) {
					const imported = await running.run(["import", "access-log", log]);
					assert.equal(imported.status, 0, imported.stderr);
				}
				await isRight(running, zone);
				if (zone === ZONES.at(-1)) await spoiltIsFound(running, zone);
			} finally {
				await running.stop();
			}
		});

	async function spoiltIsFound(running, zone) {
		const [day] = (await running.sql("SELECT min(date) FROM overview_daily")).split("\n");
		await running.sql(`UPDATE overview_daily SET visitors = visitors + 1 WHERE date = '${day}'`);
		const { status, told, stderr } = await verify(running, zone, "--limit=1");
		assert.equal(status, 1);
		assert.match(stderr, /^sojourn: 1 figures? of the roll-ups/);
		assert.equal(told.differences, 1);
		const [{ table, row, column, stored, recounted }] = told.shown;
		assert.deepEqual([table, row, column], ["overview_daily", day, "visitors"]);
		assert.equal(Number(stored), Number(recounted) + 1);
		const text = await running.run([`--timezone=${zone}`, "rollup", "--verify"]);
		assert.equal(text.status, 1);
		assert.match(text.stdout, new RegExp(`overview_daily +${day} +visitors +${stored} +${recounted}`));
		const nextDay = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
		assert.equal((await verify(running, zone, `--from=${nextDay}`)).status, 0);
		assert.equal((await verify(running, zone, `--to=${day}`)).status, 1);
		assert.equal((await verify(running, zone, "--from=yesterday")).status, 2);
	}
});
