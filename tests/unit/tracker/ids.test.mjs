import assert from "node:assert/strict";
import { test } from "node:test";

import { modules } from "./source.mjs";

const clock = () => modules('export * from "./clock.js";');

test("an id is the three fields of a UUIDv7: its time, a counter, 64 random bits; and no two are alike", async () => {
	const { id, timeOf } = await clock();
	const seen = new Set();
	let count = 0;
	for (const ms of [0, 1, 1e12, Date.now(), 2 ** 48 - 1]) {
		for (let one = 0; one < 1000; one++) {
			const made = id(ms);
			const [, time, counter, high, low] = /^(\d+)-(\d+)-(\d+),(\d+)$/.exec(made).map(Number);
			assert.equal(time, ms);
			assert.equal(timeOf(made), ms);
			assert.equal(counter, count++);
			assert.ok(high < 2 ** 32 && low < 2 ** 32);
			seen.add(`${high},${low}`);
		}
	}
	assert.equal(seen.size, 5000);
});
