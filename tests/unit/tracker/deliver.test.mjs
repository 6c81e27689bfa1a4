import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { modules } from "./source.mjs";

// A browser as far as delivery needs it, whose network answers as the test says.
let answer;
let arrived;
Object.defineProperty(globalThis, "navigator", { value: { language: "en", onLine: true, sendBeacon: (_, body) => take(body) } });
globalThis.document = { referrer: "", hidden: false, title: "", documentElement: { scrollHeight: 1 } };
globalThis.location = new URL("https://shop.example.org/");
Object.assign(globalThis, { screen: {}, scrollY: 0, innerHeight: 1, self: globalThis });
const take = (body) => {
	arrived.push(...JSON.parse(body).batch.map(({ type, event }) => event ?? type));
	return true;
};
globalThis.fetch = async (_, { body }) => {
	take(body);
	return answer();
};

const tracker = async () => {
	const made = await modules(`export { consents, track } from "./api.js"; export { send, store } from "./deliver.js"; export { viewBegin } from "./page.js";
		export { parsed, set } from "./store.js"; export { config } from "./config.js";`);
	Object.assign(made.config, { global: "sojourn", endpoint: "https://collect.example.org/v1/batch", timeout: 18e5, deny: "" });
	return made;
};
// Until all that follows from what has been answered is done.
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
	arrived = [];
	answer = () => new Response("{}");
});

test("who takes a no back is measured at once, and not only once the page is left", async () => {
	const { consents, track, send, viewBegin } = await tracker();
	viewBegin();
	consents({ analytics: false });
	await settled();
	assert.deepEqual(arrived, ["page", "consent"]);
	consents({ analytics: true });
	track("Back");
	await send();
	await settled();
	assert.deepEqual(arrived, ["page", "consent", "page", "consent", "Back"]);
});

test("while the server wants to be left alone, the newest thousand messages wait", async () => {
	const { track, send, store, parsed, viewBegin } = await tracker();
	answer = () => new Response("", { status: 429, headers: { "retry-after": "3600" } });
	viewBegin();
	await send();
	await settled();
	for (let count = 0; count < 1500; count++)
		track(`${count}`);
	await send();
	store();
	const waiting = parsed("q");
	assert.equal(waiting.length, 1000);
	assert.equal(waiting.at(-1)[1].event, "1499");
	assert.deepEqual(arrived, ["page"]);
});
