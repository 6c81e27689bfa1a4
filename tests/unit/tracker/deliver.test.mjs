import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { modules } from "./source.mjs";

// A browser as far as delivery needs it, whose network answers as the test says.
const BATCH = 9;
const TRACK = 1;
const KINDS = ["page", , "identify", "leave", "consent"];
let answer;
let arrived;
Object.defineProperty(globalThis, "navigator", { value: { language: "en", onLine: true, sendBeacon: (_, body) => take(body) } });
globalThis.document = { referrer: "", hidden: false, title: "", documentElement: { scrollHeight: 1 } };
globalThis.location = new URL("https://shop.example.org/");
Object.assign(globalThis, { screen: {}, scrollY: 0, innerHeight: 1, self: globalThis });
const take = (body) => {
	arrived.push(...JSON.parse(body)[BATCH].map(([, , kind, event]) => (kind === TRACK ? event : KINDS[kind])));
	return true;
};
globalThis.fetch = async (_, { body }) => {
	take(body);
	return answer();
};

const tracker = async () => {
	const made = await modules(`export { consents, track } from "./api.js"; export { send, store } from "./deliver.js"; export { viewBegin } from "./page.js";
		export { get, set } from "./store.js"; export { config } from "./config.js";`);
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
	const { track, send, store, get, viewBegin } = await tracker();
	answer = () => new Response("", { status: 429, headers: { "retry-after": "3600" } });
	viewBegin();
	await send();
	await settled();
	for (let count = 0; count < 1500; count++)
		track(`${count}`);
	await send();
	store();
	const waiting = get("q");
	assert.equal(waiting.length, 1000);
	assert.equal(waiting.at(-1)[3], "1499");
	assert.deepEqual(arrived, ["page"]);
});

test("what nobody can write as JSON is not measured, and holds nothing else up", async () => {
	const { track, send, viewBegin } = await tracker();
	const itself = {};
	itself.self = itself;
	assert.throws(() => viewBegin(itself));
	assert.throws(() => track("Circle", itself));
	track("After");
	await send();
	await settled();
	assert.deepEqual(arrived, ["After"]);
});

test("the last messages of a page are among those that go, however many wait", async () => {
	const { track, send, viewBegin } = await tracker();
	viewBegin();
	for (let count = 0; count < 100; count++)
		track(`${count}`);
	void send(true);
	assert.equal(arrived.length, 30);
	assert.equal(arrived.at(-1), "99");
});

test("who hears that its clock is off says by how much, and sends the same messages again", async () => {
	const { track, send, viewBegin, get, set } = await tracker();
	const bodies = [];
	const asked = globalThis.fetch;
	globalThis.fetch = async (_, { body }) => {
		bodies.push(JSON.parse(body));
		return new Response(bodies.length === 1 ? "3600000" : '{"success":true}');
	};
	viewBegin();
	track("Early");
	await send();
	const session = get("s")[0];
	assert.deepEqual(get("o"), [3_600_000, session]);
	assert.ok(get("r") > Date.now());
	set("r", 0);
	await send();
	globalThis.fetch = asked;
	assert.deepEqual(bodies[0][2], []);
	assert.deepEqual(bodies[1][2], [3_600_000, session]);
	assert.deepEqual(bodies[1][BATCH], bodies[0][BATCH]);
	assert.deepEqual(get("o"), [3_600_000, session]);
});
