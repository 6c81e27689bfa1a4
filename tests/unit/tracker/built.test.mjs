import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { built } from "./source.mjs";

const script = (name) => readFileSync(path.join(built, name), "utf8");
const VARIANTS = ["tracker.js", "tracker.core.js", "tracker.interactions.js", "tracker.vitals.js"];

test("each script is as small as the build demands", (t) => {
	const most = { "tracker.core.js": 2000 };
	for (const name of VARIANTS.flatMap((variant) => [variant, `package/${variant}`])) {
		const bytes = execFileSync("gzip", ["-9", "-n", "-c"], { input: script(name) }).length;
		t.diagnostic(`${name}: ${bytes} bytes with gzip -9`);
		assert.ok(bytes <= (most[path.basename(name)] ?? 3500), `${name} has ${bytes} bytes`);
	}
});

test("each script has one place for the collector's settings, and is a program with them", () => {
	for (const name of VARIANTS) {
		assert.equal(script(name).split("__SOJOURN_CONFIG__").length, 2, name);
		assert.doesNotThrow(() => new Function(script(name).replace("__SOJOURN_CONFIG__", "{}")), name);
	}
});

test("a script needs nothing that a strict content policy forbids", () => {
	for (const name of VARIANTS)
		assert.doesNotMatch(script(name), /\beval\b|\bFunction\(|innerHTML|createObjectURL|\.style\b|<script/, name);
});

test("what a variant leaves out is not in it", () => {
	assert.doesNotMatch(script("tracker.core.js"), /PerformanceObserver|form_submit|canonical/);
	assert.doesNotMatch(script("tracker.interactions.js"), /PerformanceObserver/);
	assert.doesNotMatch(script("tracker.vitals.js"), /form_submit/);
	assert.match(script("tracker.js"), /PerformanceObserver/);
	assert.match(script("tracker.js"), /form_submit/);
});

test("the package's scripts are those of the collector, with its defaults where its settings would be", () => {
	for (const name of ["tracker.js", "tracker.core.js", "tracker.interactions.js", "tracker.vitals.js"]) {
		const [before, behind] = script(name).split("__SOJOURN_CONFIG__");
		const packaged = script(`package/${name}`);
		assert.ok(packaged.startsWith(before) && packaged.endsWith(behind), name);
		assert.equal(JSON.parse(packaged.slice(before.length, -behind.length)).timeout, 1_800_000);
	}
});

test("the package has for each variant a module that gives init, and one declaration for all", async () => {
	const folder = path.join(built, "package");
	const { name, exports, devDependencies } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
	assert.equal(name, "@sojourn/tracker");
	assert.equal(devDependencies, undefined);
	globalThis.document = { referrer: "" };
	for (const { default: module, types } of Object.values(exports).filter((entry) => entry.types)) {
		assert.equal(typeof (await import(path.join(folder, module))).init, "function", module);
		assert.match(readFileSync(path.join(folder, types), "utf8"), /export declare const init: \(options: Options\) => Tracker/);
	}
});
