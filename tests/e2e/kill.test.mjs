// Any part may fail at any moment, several at once. More of the same: node tests/e2e/kill.mjs --kills 1000
import assert from "node:assert/strict";
import { test } from "node:test";

import { killRounds } from "./kill.mjs";

const KILLS = Number(process.env.SOJOURN_TEST_KILLS ?? 20); // of each kind at most two
const SECONDS = Number(process.env.SOJOURN_TEST_KILL_SECONDS ?? 25);
const SEED = Number(process.env.SOJOURN_TEST_SEED ?? Date.now() % 1_000_000);

test("every hit that was answered is stored exactly once, whatever fails in between", async (t) => {
	t.diagnostic(`SOJOURN_TEST_SEED=${SEED}`);
	console.log(`SOJOURN_TEST_SEED=${SEED}`);
	const found = await killRounds({ kills: KILLS, seconds: SECONDS, seed: SEED, clients: 2, hands: 4, pauseMsMax: 400, test: t });
	console.log(JSON.stringify(found));
	if (found.leftOut !== null) t.diagnostic(`left out: ${found.leftOut}`);
	assert.ok(found.faults >= Math.min(KILLS, 4), `only ${found.faults} faults within ${SECONDS} seconds`);
	assert.ok(found.rows > 0);
});
