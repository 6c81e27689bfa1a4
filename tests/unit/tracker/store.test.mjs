import assert from "node:assert/strict";
import { test } from "node:test";

import { modules } from "./source.mjs";

test("what somebody else has spoilt in storage is as if it were not there", async () => {
	const { config, get, keep, set } = await modules('export * from "./store.js"; export { config } from "./config.js";');
	globalThis.localStorage = {};
	config.global = "sojourn";
	keep(true);
	assert.deepEqual(get("q"), []);
	set("q", [1, 2]);
	assert.deepEqual(get("q"), [1, 2]);
	for (const spoilt of ["[1,", "", "x"]) {
		localStorage["sojourn.q"] = spoilt;
		assert.deepEqual(get("q"), []);
	}
});
