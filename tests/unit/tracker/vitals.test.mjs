import assert from "node:assert/strict";
import { test } from "node:test";

import { modules } from "./source.mjs";

// A browser as far as vitals need it: observers that are handed their entries here.
const observers = {};
globalThis.document = { referrer: "", hidden: false };
globalThis.PerformanceObserver = class {
	constructor(take) { this.take = take; }
	observe({ type }) { observers[type] = this; }
	takeRecords() { return []; }
};
performance.getEntriesByType = () => [{ activationStart: 0, loadEventEnd: 300, domInteractive: 200 }];
const happens = (type, ...entries) => observers[type].take({ getEntries: () => entries });
const begun = async () => {
	const vitals = await modules('export * from "./vitals.js"; export { viewSet } from "./view.js";');
	vitals.vitalsBegin();
	return vitals;
};
const view = (vitals) => vitals.viewSet(["v"]);

test("a view that began after the page, and on which nothing happened, has its load times all the same", async () => {
	const vitals = await begun();
	view(vitals);
	assert.deepEqual(JSON.parse(JSON.stringify(vitals.vitals())), [null, 0, null, 300, 200]);
});

test("interactions and shifts are those of their view; paint and load are told of the first", async () => {
	const vitals = await begun();
	view(vitals);
	happens("largest-contentful-paint", { startTime: 120 });
	happens("event", { interactionId: 1, duration: 80 }, { interactionId: 2, duration: 200 }, { interactionId: 2, duration: 90 }, { duration: 900 });
	happens("layout-shift", { startTime: 10, value: 0.1 }, { startTime: 500, value: 0.2 }, { startTime: 5000, value: 0.05 }, { startTime: 5100, value: 9, hadRecentInput: true });
	const first = vitals.vitals();
	assert.equal(first[0], 200);
	assert.equal(first[2], 120);
	assert.ok(Math.abs(first[1] - 0.3) < 1e-9, "the worst burst, not the sum of all");
	view(vitals);
	assert.deepEqual(JSON.parse(JSON.stringify(vitals.vitals())), [null, 0]);
});
