// The live stream: what happens comes a second later, once each, and who comes back gets what came in between.
import assert from "node:assert/strict";
import test from "node:test";

import { temporaryFolder, until, up } from "./harness.mjs";

// Reads Server-Sent Events into `events`, until it is closed.
async function listen(running, token, lastEventId) {
	const controller = new AbortController();
	const headers = { authorization: `Bearer ${token}`, ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) };
	const answer = await fetch(`${running.dashboard}/api/v1/live/stream`, { headers, signal: controller.signal });
	assert.equal(answer.status, 200);
	assert.equal(answer.headers.get("content-type"), "text/event-stream");
	const events = [];
	const done = (async () => {
		let rest = "";
		try {
			for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
				const parts = (rest + chunk).split("\n\n");
				rest = parts.pop();
				for (const part of parts) {
					const found = /^id: (.*)\ndata: (.*)$/.exec(part);
					if (found !== null) events.push({ id: found[1], ...JSON.parse(found[2]), eventId: found[1] });
				}
			}
		} catch (error) {
			if (error.name !== "AbortError") throw error;
		}
	})();
	return { events, close: async () => { controller.abort(); await done; } };
}

test("the live stream", async (t) => {
	const running = await up(t, temporaryFolder(t));
	const token = (await running.run(["token", "create", "tests"])).stdout.trim();
	const { key } = JSON.parse((await running.run(["--json", "key", "create", "site", "--kind", "server"])).stdout);
	const send = async (messages) => {
		const body = JSON.stringify({ writeKey: key, batch: messages.map((message) => ({ anonymousId: "a", messageId: crypto.randomUUID(), ...message })) });
		await until("the collector takes it", async () => (await fetch(`${running.collect}/v1/batch`, { method: "POST", body })).status === 200);
	};
	const page = (path) => ({ type: "page", context: { page: { path } } });
	const seen = (stream) => stream.events.map((event) => event.page ?? event.action);

	await t.test("views and events come once each, in order", async () => {
		const streams = [await listen(running, token), await listen(running, token)];
		await send([page("/one")]);
		for (const stream of streams) await until("the view comes", () => stream.events.length === 1);
		await send([page("/two"), { type: "track", event: "bought", properties: { category: "Conversion", value: 7 } }]);
		for (const stream of streams) await until("both come", () => stream.events.length === 3);
		for (const stream of streams) {
			assert.deepEqual(seen(stream).sort(), ["/one", "/two", "bought"]);
			const bought = stream.events.find(({ action }) => action === "bought");
			assert.deepEqual([bought.kind, bought.category, bought.value], ["custom", "Conversion", 7]);
			assert.match(stream.events[0].person, /^-\d+$/);
			await stream.close();
		}
	});

	await t.test("who comes back gets what came in between, and nothing twice", async () => {
		const other = await listen(running, token); // somebody watches, so what happens is seen
		const first = await listen(running, token);
		await send([page("/three")]);
		await until("the view comes", () => seen(first).includes("/three"));
		const last = first.events.at(-1).eventId;
		await first.close();
		await send([page("/four")]);
		await until("the other sees it", () => seen(other).includes("/four"));
		const again = await listen(running, token, last);
		await until("it comes", () => again.events.length > 0);
		await send([page("/five")]);
		await until("the next comes", () => seen(again).includes("/five"));
		assert.deepEqual(seen(again), ["/four", "/five"]);
		await again.close();
		await other.close();
	});

	await t.test("an event that is dated ahead, or hundreds at once, keep nothing back and repeat nothing", async () => {
		const stream = await listen(running, token);
		const ahead = new Date(Date.now() + 3_600_000).toISOString();
		await send([{ type: "track", event: "tomorrow", timestamp: ahead }, { type: "track", event: "now" }]);
		await until("what is now comes", () => seen(stream).includes("now"));
		for (let i = 0; i < 8; i++) {
			await send(Array.from({ length: 100 }, (_, j) => ({ type: "track", event: `many-${i}-${j}` })));
			await until("these come", () => seen(stream).filter((name) => name.startsWith(`many-${i}-`)).length >= 100);
		}
		await send([page("/behind")]);
		await until("what follows comes", () => seen(stream).includes("/behind"));
		assert.equal(new Set(stream.events.map(({ eventId }) => eventId)).size, stream.events.length);
		assert.ok(!seen(stream).includes("tomorrow"));
		await stream.close();
	});

	await t.test("there are a hundred at the most, and nobody without a token", async () => {
		const url = `${running.dashboard}/api/v1/live/stream`;
		assert.equal((await fetch(url)).status, 401);
		const head = await fetch(url, { method: "HEAD", headers: { authorization: `Bearer ${token}` } });
		assert.deepEqual([head.status, head.headers.get("content-type"), await head.text()], [200, "text/event-stream", ""]);
		assert.equal((await fetch(`${url}?x=1`, { headers: { authorization: `Bearer ${token}` } })).status, 400);
		const streams = [];
		for (let i = 0; i < 100; i++) streams.push(await listen(running, token));
		const refused = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
		assert.equal(refused.status, 503);
		assert.ok(Number(refused.headers.get("retry-after")) > 0);
		await Promise.all(streams.map((stream) => stream.close()));
		await until("there is room again", async () => {
			const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
			await answer.body.cancel();
			return answer.status === 200;
		});
	});
});
