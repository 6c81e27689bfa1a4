import assert from "node:assert/strict";
import { test } from "node:test";

import { modules } from "./source.mjs";

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const clock = () => modules('export * from "./clock.js"; export { corrected } from "./session.js"; export { set } from "./store.js"; export { config } from "./config.js";');

test("an id is a UUIDv7 of its time, and no two are alike", async () => {
	const { uuid, timeOf } = await clock();
	const seen = new Set();
	for (const ms of [0, 1, 1e12, Date.now(), 2 ** 48 - 1]) {
		for (let count = 0; count < 1000; count++) {
			const id = uuid(ms);
			assert.match(id, UUID_7);
			assert.equal(timeOf(id), ms);
			seen.add(id);
		}
	}
	assert.equal(seen.size, 5000);
});

test("ids of the same millisecond keep their order, but for the one place where the counter begins anew", async () => {
	const { uuid } = await clock();
	const ids = Array.from({ length: 4096 }, () => uuid(1_700_000_000_000));
	const falls = ids.filter((id, at) => at > 0 && id < ids[at - 1]);
	assert.ok(falls.length <= 1, `${falls.length} ids come before the one made earlier`);
});

test("a corrected id has the server's time, and its other bits as they were", async () => {
	const { uuid, timeOf, corrected, set, config } = await clock();
	config.global = "sojourn";
	for (const offset of [0, 1, -1, 3_600_000, -3_600_000, 86_400_000 * 365]) {
		set("o", `${offset} session`);
		const id = uuid(1_700_000_000_000);
		assert.match(corrected(id), UUID_7);
		assert.equal(timeOf(corrected(id)), 1_700_000_000_000 + offset);
		assert.equal(corrected(id).slice(13), id.slice(13));
	}
});
