// A sample of tests/e2e/fuzz_api.mjs: every hostile value once, some random ones, for every parameter.
import test from "node:test";

import { fuzz } from "./fuzz_api.mjs";
import { stateFolder, up } from "./harness.mjs";

test("hostile parameters of the API", async (t) => {
	const seed = Number(process.env.SOJOURN_TEST_SEED ?? Date.now() % 1_000_000);
	t.diagnostic(`seed ${seed}`);
	await fuzz(await up(t, await stateFolder(t)), { cases: 70, seed });
});
