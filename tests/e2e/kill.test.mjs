// Any part may be killed at any moment. More of the same: node tests/e2e/kill.mjs --kills 1000 --seed N
import assert from "node:assert/strict";
import { test } from "node:test";

import { killRounds } from "./kill.mjs";

const KILLS = Number(process.env.SOJOURN_TEST_KILLS ?? 30);
const SECONDS = Number(process.env.SOJOURN_TEST_KILL_SECONDS ?? 60);
const SEED = Number(process.env.SOJOURN_TEST_SEED ?? Date.now() % 1_000_000);

test("every hit that was answered is stored exactly once, whatever is killed in between", async (t) => {
	t.diagnostic(`SOJOURN_TEST_SEED=${SEED}`);
	console.log(`SOJOURN_TEST_SEED=${SEED}`);
	const found = await killRounds({ kills: KILLS, seconds: SECONDS, seed: SEED, clients: 4, test: t });
	console.log(JSON.stringify(found));
	const kills = Object.values(found.kills).reduce((sum, count) => sum + count);
	assert.ok(kills >= Math.min(KILLS, 12), `only ${kills} kills within ${SECONDS} seconds`);
	assert.ok(found.rows > 0 && found.retries > 0);
});
