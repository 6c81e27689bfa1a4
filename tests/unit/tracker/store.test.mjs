import assert from "node:assert/strict";
import { test } from "node:test";

import { modules } from "./source.mjs";

test("what somebody else has spoilt in storage is as if it were not there", async () => {
	const { config, get, parsed, set } = await modules('export * from "./store.js"; export { config } from "./config.js";');
	config.global = "sojourn";
	assert.deepEqual(parsed("q"), []);
	set("q", "[1,2]");
	assert.deepEqual(parsed("q"), [1, 2]);
	set("q", "[1,");
	assert.deepEqual(parsed("q"), []);
	assert.equal(get("q"), "[1,");
});
