// Segment's own SDK for Node.js, as npm has it, with nothing set but its key and host.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import http from "node:http";
import { after, before, describe, test } from "node:test";

import { Analytics } from "@segment/analytics-node";

import { temporaryFolder, until, up } from "./harness.mjs";
import { Shared, fingerprint, minutes, post, rows, untilLoaded, writeKey } from "./client.mjs";

const DAY_MS = 86_400_000;

// Stands between the SDK and the collector, and keeps what passes. `answers` are what happens to the next requests instead:
// "refuse" answers 503 itself, "lose" hands the request on and drops the answer.
class Recorder {
	requests = [];
	answers = [];

	async open(collect) {
		this.server = http.createServer(async (request, response) => {
			const chunks = [];
			for await (const chunk of request) chunks.push(chunk);
			const taken = { path: request.url, headers: request.headers, body: Buffer.concat(chunks) };
			this.requests.push(taken);
			const fate = this.answers.shift();
			if (fate === "refuse") return response.writeHead(503, { "retry-after": "0" }).end();
			const answer = await this.send(collect, taken);
			if (fate === "lose") return response.destroy();
			response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
		});
		await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
		this.url = `http://127.0.0.1:${this.server.address().port}`;
	}

	// The same bytes and headers again.
	send(collect, { path, headers, body }) {
		const { host: _, connection: __, "transfer-encoding": ___, ...rest } = headers;
		return post(collect, path, body, { headers: rest });
	}

	close() {
		this.server.close();
		this.server.closeAllConnections();
	}
}

describe("@segment/analytics-node", () => {
	let running;
	let key;
	let recorder;
	const shared = new Shared();

	before(async () => {
		running = await up(shared, temporaryFolder(shared));
		key = await writeKey(running, "backend");
		recorder = new Recorder();
		await recorder.open(running.collect);
	});

	after(async () => {
		recorder?.close();
		await shared.end();
	});

	// Makes calls with a fresh SDK until it has delivered all of them.
	async function deliver(calls) {
		const analytics = new Analytics({ writeKey: key, host: recorder.url });
		const failures = [];
		analytics.on("error", (failure) => failures.push(failure));
		calls(analytics);
		await analytics.closeAndFlush();
		assert.deepEqual(failures, []);
		await untilLoaded(running);
	}

	const viewsOf = (person) =>
		rows(running, `SELECT *, ts_ms(viewed_at) AS at_ms FROM page_views WHERE person_id = ${person} ORDER BY id`);
	const eventsOf = (person) =>
		rows(running, `SELECT *, ts_ms(created_at) AS at_ms FROM user_events WHERE person_id = ${person} ORDER BY id`);
	const sessionsOf = (person) =>
		rows(running, `SELECT *, ts_ms(started_at) AS from_ms, ts_ms(last_activity_at) AS to_ms FROM user_sessions
			WHERE person_id = ${person} ORDER BY started_at`);

	test("page: a page view with its path, title, category, query, referrer and time", async () => {
		const timestamp = new Date(Date.now() - 2 * DAY_MS);
		await deliver((analytics) =>
			analytics.page({
				userId: "1001", category: "Docs", name: "Install guide", timestamp,
				properties: {
					url: "https://app.example.org/docs/install?ref=mail&utm_source=newsletter&utm_medium=email#top",
					path: "/docs/install", search: "?ref=mail&utm_source=newsletter&utm_medium=email",
					title: "Install", referrer: "https://news.example.com/item?id=7",
				},
			}));
		const [view, ...more] = await viewsOf(1001);
		assert.deepEqual(more, []);
		assert.equal(view.page_url, "/docs/install");
		assert.equal(view.page_host, "app.example.org");
		assert.equal(view.page_title, "Install guide");
		assert.equal(view.page_category, "Docs");
		assert.equal(view.external_referrer, "https://news.example.com/item");
		assert.equal(view.query_params.ref, "mail");
		assert.equal(view.source, "backend");
		assert.equal(view.at_ms, timestamp.getTime());
		assert.equal(view.page_sequence_number, 1);
		const [attribution] = await rows(running, "SELECT * FROM session_attribution WHERE person_id = 1001");
		assert.equal(attribution.session_id, view.session_id);
		assert.equal(attribution.utm_source, "newsletter");
		assert.equal(attribution.referrer_domain, "news.example.com");
	});

	test("track: an event with its name, its columns, and every other property exactly", async () => {
		const timestamp = new Date(Date.now() - 3 * DAY_MS);
		const rest = {
			plan: "free", nested: { list: [1, 2.5, null, true, "x"], empty: {} }, "ключ": "значение 🙂", quote: "\"\\\n\t",
			zero: 0, no: false,
		};
		await deliver((analytics) =>
			analytics.track({
				userId: "1002", event: "Signed up", timestamp,
				properties: { ...rest, category: "Conversion", label: "footer", value: 12.345, type: "form" },
			}));
		const [event, ...more] = await eventsOf(1002);
		assert.deepEqual(more, []);
		assert.equal(event.event_action, "Signed up");
		assert.equal(event.event_type, "form");
		assert.equal(event.event_category, "Conversion");
		assert.equal(event.event_label, "footer");
		assert.equal(event.event_value, 12.35);
		assert.deepEqual(event.metadata, rest);
		assert.equal(event.at_ms, timestamp.getTime());
		assert.equal(event.source, "backend");
	});

	test("identify: traits on the person, and when they signed up", async () => {
		await deliver((analytics) => {
			analytics.identify({ userId: "1003", traits: { name: "Ada", plan: "free", createdAt: "2020-02-03T04:05:06.789Z" } });
			analytics.identify({ userId: "1003", traits: { plan: "paid" }, timestamp: new Date(Date.now() + 1000) });
		});
		const [person] = await rows(running, "SELECT *, ts_ms(created_at) AS created_ms FROM persons WHERE id = 1003");
		assert.deepEqual(person.traits, { name: "Ada", plan: "paid" });
		assert.equal(person.created_ms, Date.parse("2020-02-03T04:05:06.789Z"));
	});

	test("a user id that is no number is a person with that id kept beside", async () => {
		await deliver((analytics) => analytics.track({ userId: "user-é-1", event: "Opened" }));
		const [person, ...more] = await rows(running, "SELECT id::text FROM persons WHERE external_id = 'user-é-1'");
		assert.deepEqual(more, []);
		assert.ok(BigInt(person.id) >= 1n << 62n);
		assert.equal((await eventsOf(person.id)).length, 1);
	});

	test("group and screen: a trait of the person, and a page view of /screen/NAME", async () => {
		await deliver((analytics) => {
			analytics.group({ userId: "1004", groupId: "acme", traits: { seats: 5 } });
			analytics.screen({ userId: "1004", name: "Settings", category: "App" });
		});
		const [person] = await rows(running, "SELECT traits FROM persons WHERE id = 1004");
		assert.deepEqual(person.traits, { group: { id: "acme", seats: 5 } });
		const [view, ...more] = await viewsOf(1004);
		assert.deepEqual(more, []);
		assert.equal(view.page_url, "/screen/Settings");
		assert.equal(view.page_category, "App");
	});

	test("identify moves what its browser did before to the person, and later hits follow", async () => {
		const begun = Date.now() - DAY_MS;
		const anonymousId = randomUUID();
		const at = (minute) => new Date(begun + minutes(minute));
		await deliver((analytics) => {
			analytics.page({ anonymousId, properties: { path: "/a" }, timestamp: at(0) });
			analytics.track({ anonymousId, event: "Read", timestamp: at(1) });
		});
		assert.deepEqual(await viewsOf(1005), []);
		const [{ person_id: browser }] = await rows(running, "SELECT person_id FROM page_views WHERE page_url = '/a'");
		assert.ok(browser < 0);
		await deliver((analytics) => analytics.identify({ anonymousId, userId: "1005", timestamp: at(2) }));
		await deliver((analytics) => analytics.page({ anonymousId, properties: { path: "/b" }, timestamp: at(3) }));
		assert.deepEqual((await viewsOf(1005)).map((view) => view.page_url), ["/a", "/b"]);
		assert.deepEqual((await eventsOf(1005)).map((event) => event.event_action), ["Read"]);
		assert.deepEqual(await viewsOf(browser), []);
		const sessions = await sessionsOf(1005);
		assert.deepEqual(sessions.map(({ from_ms: from, to_ms: to }) => [from, to]), [[begun, begun + minutes(3)]]);
		assert.equal(await running.sql(`SELECT count(*) FROM user_sessions WHERE person_id = ${browser}`), "0");
	});

	test("alias: an identify of the previous id", async () => {
		const previousId = randomUUID();
		await deliver((analytics) => analytics.page({ anonymousId: previousId, properties: { path: "/alias" } }));
		await deliver((analytics) => analytics.alias({ userId: "1006", previousId }));
		assert.deepEqual((await viewsOf(1006)).map((view) => view.page_url), ["/alias"]);
	});

	test("sessions made by the loader end after 30 minutes without a hit, whatever order hits come in", async () => {
		const begun = Date.now() - 4 * DAY_MS;
		const offsets = [0, minutes(29), minutes(59), minutes(89) + 1, minutes(119) + 2, minutes(500), minutes(500)];
		const order = [5, 0, 3, 6, 1, 4, 2];
		for (const part of [order.slice(0, 3), order.slice(3)])
			await deliver((analytics) => {
				for (const index of part)
					analytics.track({ userId: "1007", event: `e${index}`, timestamp: new Date(begun + offsets[index]) });
			});
		const sessions = await sessionsOf(1007);
		assert.deepEqual(sessions.map(({ from_ms: from, to_ms: to }) => [from - begun, to - begun]),
			[[0, minutes(59)], [minutes(89) + 1, minutes(89) + 1], [minutes(119) + 2, minutes(119) + 2], [minutes(500), minutes(500)]]);
		const events = await eventsOf(1007);
		const indexes = sessions.map(({ id }) =>
			events.filter((event) => event.session_id === id).map((event) => Number(event.event_action.slice(1))).sort());
		assert.deepEqual(indexes, [[0, 1, 2], [3], [4], [5, 6]]);
		assert.ok(sessions.every((session) => session.ended_at !== null && session.is_made_by_loader));
	});

	test("what the SDK tries again, after a refusal or a lost answer, is stored once", async () => {
		const sent = recorder.requests.length;
		recorder.answers = ["refuse", "lose"];
		await deliver((analytics) => {
			for (let index = 0; index < 10; index++) analytics.track({ userId: "1008", event: `again ${index}` });
		});
		assert.equal(recorder.requests.length - sent, 3);
		const events = await eventsOf(1008);
		assert.deepEqual(events.map((event) => event.event_action).sort(), [...Array(10).keys()].map((index) => `again ${index}`));
	});

	test("everything it ever sent, sent a second and a third time, changes nothing", async () => {
		const recorded = recorder.requests.slice();
		assert.ok(recorded.length > 10);
		const before = await fingerprint(running);
		for (let round = 0; round < 2; round++) {
			const answers = await Promise.all(recorded.map((request) => recorder.send(running.collect, request)));
			assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)), new Set(['200 {"success":true}']));
		}
		await untilLoaded(running);
		assert.deepEqual(await fingerprint(running), before);
		assert.equal(await running.sql("SELECT count(*) FROM quarantine"), "0");
	});

	test("thousands of calls: each is there once", async () => {
		const count = 3000;
		await deliver((analytics) => {
			for (let index = 0; index < count; index++)
				analytics.track({ userId: String(2000 + (index % 50)), event: "Bulk", properties: { index } });
		});
		const [found] = await rows(running, `SELECT count(*) AS rows, count(DISTINCT (metadata->>'index')::int) AS indexes,
			min((metadata->>'index')::int) AS least, max((metadata->>'index')::int) AS most
			FROM user_events WHERE event_action = 'Bulk' AND person_id = 2000 + (metadata->>'index')::int % 50`);
		assert.deepEqual(found, { rows: count, indexes: count, least: 0, most: count - 1 });
	});

	test("a wrong key: the SDK hears it, and nothing is stored", async () => {
		const analytics = new Analytics({ writeKey: "sjs_wrong", host: recorder.url, maxRetries: 0 });
		const failures = [];
		analytics.on("error", (failure) => failures.push(failure));
		analytics.track({ userId: "1009", event: "Lost" });
		await analytics.closeAndFlush();
		await until("the SDK says so", () => failures.length > 0);
		await untilLoaded(running);
		assert.deepEqual(await eventsOf(1009), []);
	});
});
