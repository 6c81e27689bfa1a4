// What must never harm: malformed, hostile and broken input, against the program built with AddressSanitizer and
// UndefinedBehaviorSanitizer.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { temporaryFolder, until, up } from "./harness.mjs";
import { Shared, authorization, post, rows, untilLoaded, writeKey } from "./client.mjs";
import { Random } from "./load.mjs";

const program = process.env.SOJOURN_ASAN ?? path.resolve("build/asan/sojourn");
const SEED = Number(process.env.SOJOURN_TEST_SEED ?? Date.now() % 1_000_000);
const GARBAGE_SECONDS = Number(process.env.SOJOURN_TEST_GARBAGE_SECONDS ?? 6);
const DEADLINE_SECONDS = 2;
const IDLE_CONNECTIONS = 10_000;
const DAY_MS = 86_400_000;
const skip = !existsSync(program) && `${program} is not built: make test builds it`;

describe("bad input", { skip }, () => {
	const shared = new Shared();
	let running;
	let collector; // its process
	let key;
	let made = 0;

	before(async () => {
		const args = ["--connections-per-address-max=0", `--request-deadline-seconds=${DEADLINE_SECONDS}`];
		running = await up(shared, temporaryFolder(shared), { program, args });
		key = await writeKey(running, "server");
		collector = await running.processOf("collector");
	});

	after(() => shared.end());

	const send = (body, options = {}) => post(running.collect, options.path ?? "/v1/batch", body, { key, ...options });
	const track = (fields = {}) => ({ type: "track", userId: "1", event: "Fine", messageId: `fine-${made++}`, ...fields });

	async function counts() {
		const [found] = await rows(running, `SELECT (SELECT count(*) FROM page_views) AS views,
			(SELECT count(*) FROM user_events) AS events, (SELECT count(*) FROM robots) AS robots,
			(SELECT count(*) FROM quarantine) AS quarantine`);
		return found;
	}

	// Runs `attack`, then asks: is the same process there, did no sanitizer complain, are exactly so many rows more in the
	// tables as `attack` says should be, and is a good hit still taken?
	async function unharmed(attack) {
		await untilLoaded(running);
		const before = await counts();
		const expected = (await attack()) ?? {};
		const good = await send({ batch: [track()] });
		assert.equal(`${good.status} ${good.text}`, '200 {"success":true}');
		await untilLoaded(running);
		const found = await counts();
		if (expected !== "anything")
			assert.deepEqual(found, {
				...before, views: before.views + (expected.views ?? 0), events: before.events + (expected.events ?? 0) + 1,
			});
		assert.equal(found.quarantine, 0);
		unharmedProcess();
	}

	function unharmedProcess() {
		assert.doesNotMatch(running.stderr, /Sanitizer|runtime error:|Assertion|event=process\.ended/);
		assert.ok(existsSync(`/proc/${collector}`), "the collector is the same process");
	}

	// Writes bytes to a connection of its own; gives all that came back once it is closed or `until` says it is enough.
	function raw(bytes, { isEnough = () => false, end = false, timeoutMs = 20_000 } = {}) {
		return new Promise((resolve, reject) => {
			const { hostname, port } = new URL(running.collect);
			const socket = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true });
			let received = "";
			const finish = (how) => {
				socket.destroy();
				clearTimeout(timer);
				resolve({ received, how });
			};
			const timer = setTimeout(() => {
				socket.destroy();
				reject(new Error(`neither an answer nor an end within ${timeoutMs} ms; received: ${received.slice(0, 200)}`));
			}, timeoutMs);
			socket.on("data", (data) => {
				received += data.toString("latin1");
				if (isEnough(received)) finish("answered");
			});
			socket.on("end", () => finish("closed"));
			socket.on("error", (error) => finish(error.code));
			if (end) socket.end(bytes);
			else socket.write(bytes);
		});
	}

	const isAnswer = (received) => /^HTTP\/1\.1 \d{3} /.test(received) && received.includes("\r\n\r\n");
	const statusOf = ({ received }) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1] ?? 0);

	function requestText(body, headers = {}) {
		const all = {
			host: "127.0.0.1", "content-type": "application/json", authorization: authorization(key),
			"content-length": Buffer.byteLength(body), ...headers,
		};
		const head = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}\r\n`);
		return Buffer.concat([Buffer.from(`POST /v1/batch HTTP/1.1\r\n${head.join("")}\r\n`), Buffer.from(body)]);
	}

	function isProblem(answer, status) {
		assert.equal(answer.status, status, answer.text);
		assert.equal(answer.headers["content-type"], "application/problem+json");
		assert.equal(answer.json.status, status);
		assert.match(answer.json.detail, /^\S.{9,}/);
	}

	test("what is no JSON is answered with 400", () =>
		unharmed(async () => {
			const texts = ["", " ", "hello", "{", "[1,2", '{"batch":}', "nul", "{} x", "{'batch':[]}", '{"batch":[],}', '{"batch":[1 2]}',
				'{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":1.}', '{"a":NaN}', '{"a":"\n"}', '{"a":"\\x"}', '{"a":"\\u12"}', "}", "]", '"'];
			for (const text of texts) isProblem(await send(text), 400);
		}));

	test("JSON that is no batch and no message is answered with 400", () =>
		unharmed(async () => {
			for (const text of ["1", "[]", "null", '"x"', "{}", '{"batch":{}}', '{"batch":null}', '{"batch":"x"}'])
				isProblem(await send(text), 400);
			for (const text of ["1", "[]", "null"]) isProblem(await send(text, { path: "/v1/track" }), 400);
		}));

	test("no key and a wrong key are answered with 401, another origin with 403", () =>
		unharmed(async () => {
			const batch = { batch: [track()] };
			isProblem(await send(batch, { key: undefined }), 401);
			isProblem(await send({ ...batch, writeKey: "wrong" }, { key: undefined }), 401);
			isProblem(await send({ ...batch, writeKey: 7 }, { key: undefined }), 401);
			for (const wrong of ["wrong", key.slice(1), `${key}x`, "", "\u0000", "x".repeat(5000)])
				isProblem(await send(batch, { key: wrong }), 401);
			for (const header of ["Basic", "Basic !!!", "Basic =", "Bearer x", "Basic " + "A".repeat(4000)])
				isProblem(await send(batch, { key: undefined, headers: { authorization: header } }), 401);
			const browser = await writeKey(running, "shop", ["--kind", "browser", "--origins", "https://shop.example"]);
			isProblem(await send(batch, { key: browser, headers: { origin: "https://evil.example" } }), 403);
		}));

	test("a hit over 32 KiB is refused alone, its neighbours are kept", () =>
		unharmed(async () => {
			const large = track({ properties: { text: "x".repeat(33 * 1024) } });
			const many = track({ properties: Object.fromEntries([...Array(6000).keys()].map((index) => [`k${index}`, index])) });
			const answer = await send({ batch: [track(), large, many, track()] });
			assert.equal(answer.status, 200);
			assert.deepEqual(answer.json.rejected.map(({ index, code }) => [index, code]), [[1, "too_large"], [2, "too_large"]]);
			const alone = await send(large, { path: "/v1/track" });
			assert.equal(alone.json.rejected[0].code, "too_large");
			return { events: 2 };
		}));

	test("a hit of just under 32 KiB is kept whole, and so is one that is all escapes", () =>
		unharmed(async () => {
			const texts = ["x".repeat(32 * 1024 - 200), "\u0001".repeat(15 * 1024)];
			const sent = texts.map((text) => track({ event: "Large", properties: { text } }));
			assert.equal((await send({ batch: sent })).text, '{"success":true}');
			await untilLoaded(running);
			const stored = await rows(running, "SELECT metadata->>'text' AS text FROM user_events WHERE event_action = 'Large'");
			assert.deepEqual(stored.map(({ text }) => text).sort(), texts.toSorted());
			return { events: 2 };
		}));

	test("a body of 10 MB is answered with 413, with its length, in chunks and in gzip", () =>
		unharmed(async () => {
			const large = JSON.stringify({ batch: Array.from({ length: 10_000 }, () => track({ properties: { text: "x".repeat(1000) } })) });
			assert.ok(large.length > 10_000_000);
			const lengthy = await raw(requestText(large));
			assert.equal(statusOf(lengthy), 413);
			const chunks = [];
			for (let from = 0; from < large.length; from += 60_000) {
				const chunk = large.slice(from, from + 60_000);
				chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
			}
			const head = requestText("", { "content-length": undefined, "transfer-encoding": "chunked" });
			assert.equal(statusOf(await raw(Buffer.concat([head, Buffer.from(`${chunks.join("")}0\r\n\r\n`)]))), 413);
			const gzip = { "content-encoding": "gzip" };
			isProblem(await send(gzipSync(large), { headers: gzip }), 413);
			const bomb = gzipSync(Buffer.alloc(1 << 30)); // a gigabyte of zeros
			assert.ok(bomb.length < 2 << 20);
			isProblem(await send(bomb, { headers: gzip }), 413);
			const good = await send(gzipSync(JSON.stringify({ batch: [track()] })), { headers: gzip });
			assert.equal(good.text, '{"success":true}');
			return { events: 1 };
		}));

	test("gzip that is none, cut off or damaged is answered with 400, another coding with 415", () =>
		unharmed(async () => {
			const whole = gzipSync(JSON.stringify({ batch: [track()] }));
			const damaged = Buffer.from(whole);
			damaged[damaged.length - 6] ^= 0xff; // its checksum
			for (const bytes of ["{}", whole.subarray(0, whole.length - 9), whole.subarray(0, 5), damaged])
				isProblem(await send(bytes, { headers: { "content-encoding": "gzip" } }), 400);
			isProblem(await send("{}", { headers: { "content-encoding": "br" } }), 415);
		}));

	test("nesting beyond 32 levels is answered with 400, what is within is kept", () =>
		unharmed(async () => {
			const nested = (depth) => `{"batch":[{"type":"track","userId":"1","event":"Deep","properties":{"deep":${"[".repeat(depth)}${"]".repeat(depth)}}}]}`;
			for (const depth of [29, 100, 10_000, 1_000_000]) isProblem(await send(nested(depth)), 400);
			isProblem(await send("[".repeat(3_000_000)), 400);
			isProblem(await send('{"a":'.repeat(500_000)), 400);
			assert.equal((await send(nested(28))).text, '{"success":true}');
			await untilLoaded(running);
			const [{ deep }] = await rows(running, "SELECT metadata->'deep' AS deep FROM user_events WHERE event_action = 'Deep'");
			assert.equal(JSON.stringify(deep), "[".repeat(28) + "]".repeat(28));
			return { events: 1 };
		}));

	test("wrong types everywhere: each hit is stored or refused with a reason", () =>
		unharmed(async () => {
			const values = ["null", "true", "false", "0", "-1", "1.5", "1e308", "1e99999", "-1e99999", "9007199254740993",
				"123456789012345678901234567890", '""', '" "', '"x"', '"' + "x".repeat(3000) + '"', '"\\u0000"', '"\\ud800"', "[]", "[[]]", "{}",
				'{"a":{}}', '[{"type":"page"}]', '"2026-13-45T99:99:99Z"', '"0001-01-01T00:00:00Z"', '"-1"', '"00000000-0000-0000-0000-000000000000"'];
			const fields = ["type", "messageId", "userId", "anonymousId", "timestamp", "originalTimestamp", "sentAt", "event", "name", "category",
				"properties", "traits", "context", "previousId", "groupId", "pageViewId", "visibleMs", "signature", "integrations", "analytics",
				"context.page", "context.page.url", "context.page.path", "context.page.search", "context.page.title",
				"context.page.referrer", "context.campaign", "context.campaign.source", "context.userAgent", "context.ip",
				"context.locale", "context.timezone", "context.screen", "context.screen.width", "context.session",
				"context.session.id", "context.session.sequence", "context.session.pageViewId", "context.session.clockOffsetMs",
				"context.session.end", "context.consent", "context.consent.analytics", "properties.type",
				"properties.category", "properties.label", "properties.value", "properties.element", "properties.element.id",
				"properties.position", "properties.position.x", "properties.scroll", "properties.loadMs", "properties.url",
				"traits.createdAt", "traits.id"];
			const types = ["page", "track", "identify", "alias", "group", "screen", "leave", "consent"];
			const json = (type, field, value) => {
				const base = {
					type, userId: "5", anonymousId: "b", event: "Typed", messageId: `typed-${made++}`, previousId: "c", groupId: "g",
					pageViewId: new Random(made).uuid7(Date.now()), analytics: true, properties: {}, traits: {},
					context: { page: {}, campaign: {}, screen: { height: 5 }, session: {}, consent: {} },
				};
				const steps = field.split(".");
				const last = steps.pop();
				let object = base;
				for (const step of steps) object = object[step] ??= {};
				object[last] = "<here>";
				return JSON.stringify(base).replace('"<here>"', () => value);
			};
			// A message is known by its id, whatever else it says; one without is always another.
			const idOf = (message, field, value) => {
				if (field !== "messageId") return /"messageId":"(typed-\d+)"/.exec(message)[1];
				if (!value.startsWith('"')) return value;
				return JSON.parse(value).replaceAll(/[\0\ud800]/g, "\ufffd").trim();
			};
			const ids = { views: new Set(), events: new Set() };
			for (const type of types) {
				const table = { page: ids.views, screen: ids.views, track: ids.events }[type];
				const cases = fields.flatMap((field) => values.map((value) => [json(type, field, value), field, value]));
				const answer = await send(`{"batch":[${cases.map(([message]) => message).join(",")}]}`);
				assert.equal(answer.status, 200, answer.text.slice(0, 300));
				const rejected = new Set((answer.json.rejected ?? []).map(({ index, code, message }) => {
					assert.match(code, /^[a-z_]+$/);
					assert.match(message, /^\S.{9,}/);
					return index;
				}));
				for (const [index, one] of cases.entries()) {
					const id = idOf(...one);
					if (!rejected.has(index)) table?.add(id === "" || id === "null" ? `none ${type} ${index}` : id);
				}
			}
			return { views: ids.views.size, events: ids.events.size };
		}));

	test("bytes that are not UTF-8 and NUL bytes are answered with 400", () =>
		unharmed(async () => {
			const around = (bytes) => Buffer.concat([Buffer.from('{"batch":[{"type":"track","userId":"1","event":"'), Buffer.from(bytes), Buffer.from('"}]}')]);
			for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80], [0x00], [0x41, 0x00, 0x42], [0x1f]])
				isProblem(await send(around(bytes)), 400);
			isProblem(await send(Buffer.alloc(1000)), 400);
		}));

	test("\\u0000 and half a surrogate are stored as U+FFFD", () =>
		unharmed(async () => {
			const answer = await send('{"batch":[{"type":"track","userId":"1","event":"NUL\\u0000 \\ud800 end","properties":{"k\\u0000":"v\\u0000\\udfff","label":"l\\u0000"}},'
				+ '{"type":"page","anonymousId":"a\\u0000b","context":{"page":{"path":"/n\\u0000ul","search":"?a=%00b","title":"\\u0000"}}},'
				+ '{"type":"identify","userId":"x\\u0000","traits":{"\\u0000":"\\u0000"}}]}');
			assert.equal(answer.text, '{"success":true}');
			await untilLoaded(running);
			const [event] = await rows(running, "SELECT * FROM user_events WHERE event_action LIKE 'NUL%'");
			assert.equal(event.event_action, "NUL\ufffd \ufffd end");
			assert.equal(event.event_label, "l\ufffd");
			assert.deepEqual(event.metadata, { "k\ufffd": "v\ufffd\ufffd" });
			return { events: 1, views: 1 };
		}));

	test("a time in 1970 or 2099 is refused, and no partition is made for it", () =>
		unharmed(async () => {
			const v7 = (time) => new Random(1).uuid7(Date.parse(time));
			const cases = [
				[{ timestamp: "1970-01-01T00:00:00Z" }, "too_old"],
				[{ timestamp: "1969-12-31T23:59:59Z" }, "too_old"],
				[{ timestamp: 0 }, "too_old"],
				[{ timestamp: "2099-06-01T00:00:00Z" }, "in_future"],
				[{ timestamp: "9999-12-31T23:59:59.999Z" }, "in_future"],
				[{ timestamp: Date.now() - 8 * DAY_MS }, "too_old"],
				[{ timestamp: Date.now() + 2 * DAY_MS }, "in_future"],
				[{ timestamp: "yesterday" }, "bad_time"],
				[{ timestamp: "2026-02-30T00:00:00Z" }, "bad_time"],
				[{ timestamp: {} }, "bad_time"],
				[{ messageId: v7("2099-06-01T00:00:00Z") }, "in_future"],
				[{ messageId: v7("1970-06-01T00:00:00Z") }, "too_old"],
				[{ context: { session: { id: v7("2099-06-01T00:00:00Z") } } }, "bad_session"],
				[{ context: { session: { id: v7("1971-06-01T00:00:00Z") } } }, "bad_session"],
			];
			const answer = await send({ batch: cases.map(([fields]) => track(fields)) });
			assert.deepEqual(answer.json.rejected.map(({ code }) => code), cases.map(([, code]) => code));
			const old = await writeKey(running, "archive", ["--kind", "server", "--allow-old"]);
			const allowed = await send({ batch: [track({ event: "Old", timestamp: "1970-01-01T00:00:00Z" }), track({ timestamp: -1 })] }, { key: old });
			assert.deepEqual(allowed.json.rejected.map(({ index, code }) => [index, code]), [[1, "bad_time"]]);
			await untilLoaded(running);
			assert.equal(await running.sql("SELECT ts_ms(created_at) FROM user_events WHERE event_action = 'Old'"), "0");
			const months = await rows(running, "SELECT relname FROM pg_class WHERE relname ~ '_(2099|9999|1971|1969)_'");
			assert.deepEqual(months, []);
			return { events: 1 };
		}));

	test("of equal keys the last one counts", () =>
		unharmed(async () => {
			const answer = await send('{"batch":[],"batch":[{"type":"page","type":"track","userId":"1","userId":"2","event":"x","event":"Twice",'
				+ '"properties":{"a":1},"properties":{"a":2,"b":{"c":1,"c":2},"a":3}}]}');
			assert.equal(answer.text, '{"success":true}');
			await untilLoaded(running);
			const [event] = await rows(running, "SELECT person_id, metadata FROM user_events WHERE event_action = 'Twice'");
			assert.deepEqual(event, { person_id: 2, metadata: { a: 3, b: { c: 2 } } });
			return { events: 1 };
		}));

	test("whole numbers beyond 2^53 and long decimals are kept to the digit", () =>
		unharmed(async () => {
			const numbers = ["9007199254740993", "-9007199254740993", "18446744073709551616", "123456789012345678901234567890",
				"0.1234567890123456789012345678901", "1.7976931348623157e308", "5e-324"];
			const properties = numbers.map((number, index) => `"n${index}":${number}`).join(",");
			const answer = await send(`{"batch":[{"type":"track","userId":"900719925474099301","event":"Big","properties":{${properties},"far":1e99999,"value":1e20}}]}`);
			assert.equal(answer.text, '{"success":true}');
			await untilLoaded(running);
			const columns = numbers.map((number, index) => `(metadata->'n${index}')::numeric = ${number}::numeric AS n${index}`);
			const [found] = await rows(running, `SELECT ${columns.join(",")}, metadata->>'far' AS far, event_value, person_id::text
				FROM user_events WHERE event_action = 'Big'`);
			assert.deepEqual(found, {
				...Object.fromEntries(numbers.map((_, index) => [`n${index}`, true])), far: "1e99999", event_value: null,
				person_id: "900719925474099301",
			});
			return { events: 1 };
		}));

	test("malformed HTTP gets a clear answer or a closed connection", () =>
		unharmed(async () => {
			const good = JSON.stringify({ batch: [track()] });
			const cases = [
				["GARBAGE\r\n\r\n", [400]],
				["\u0000\u0001\u0002\r\n\r\n", [400]],
				["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505]],
				["GET /healthz\r\n\r\n", [400, 505]],
				["GET /healthz HTTP/3.7\r\nhost: x\r\n\r\n", [400, 505]],
				["BREW /v1/batch HTTP/1.1\r\nhost: x\r\n\r\n", [400, 405, 501]],
				["GET /v1/batch HTTP/1.1\r\nhost: x\r\n\r\n", [405]],
				["GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n", [404]],
				["GET /%00 HTTP/1.1\r\nhost: x\r\n\r\n", [400, 404]],
				["GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n", [400, 404]],
				[`GET /${"x".repeat(100_000)} HTTP/1.1\r\n\r\n`, [414, 431]],
				[`GET / HTTP/1.1\r\nlong: ${"x".repeat(100_000)}\r\n\r\n`, [431]],
				[`GET / HTTP/1.1\r\n${"a: b\r\n".repeat(20_000)}\r\n`, [431]],
				[requestText(good, { "content-length": "-1" }), [400]],
				[requestText(good, { "content-length": "1x" }), [400]],
				[requestText(good, { "content-length": "99999999999999999999" }), [400, 413]],
				[requestText(good, { "content-length": "5, 6" }), [400]],
				[requestText(good, { "transfer-encoding": "chunked" }), [400]],
				[requestText(good, { "content-length": undefined, "transfer-encoding": "gzip" }), [400, 501]],
				[Buffer.concat([requestText("", { "content-length": undefined, "transfer-encoding": "chunked" }), Buffer.from("zz\r\n")]), [400]],
				[Buffer.concat([requestText("", { "content-length": undefined, "transfer-encoding": "chunked" }), Buffer.from("fffffffffffffffff\r\n")]), [400, 413]],
				["POST /v1/batch HTTP/1.1\r\nhost: x\r\n bad: folded\r\n\r\n", [400]],
				["POST /v1/batch HTTP/1.1\r\nhost : x\r\n\r\n", [400]],
			];
			for (const [bytes, statuses] of cases) {
				const answer = await raw(bytes, { isEnough: isAnswer });
				assert.ok(statuses.includes(statusOf(answer)), `${String(bytes).slice(0, 60)} → ${answer.received.slice(0, 60)} (${answer.how})`);
			}
		}));

	test("requests one behind another on a connection are answered in order", () =>
		unharmed(async () => {
			const requests = [1, 2, 3].map(() => requestText(JSON.stringify({ batch: [track()] })));
			const bytes = Buffer.concat([...requests, Buffer.from("GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n")]);
			const { received } = await raw(bytes, { isEnough: (text) => (text.match(/HTTP\/1\.1 /g) ?? []).length === 4 && text.endsWith("}") });
			assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 404"]);
			return { events: 3 };
		}));

	test("a client that sends one byte a second is cut off by the deadline", () =>
		unharmed(async () => {
			const request = requestText(JSON.stringify({ batch: [track()] }));
			const bodyFrom = request.indexOf("\r\n\r\n") + 4;
			const { hostname, port } = new URL(running.collect);
			const drip = (from) =>
				new Promise((resolve) => {
					const begun = Date.now();
					const socket = net.connect({ host: hostname, port: Number(port) });
					let at = from;
					let received = "";
					socket.write(request.subarray(0, at));
					const timer = setInterval(() => socket.write(request.subarray(at, ++at)), 1000);
					socket.on("data", (data) => (received += data));
					socket.on("error", () => {});
					socket.on("close", () => {
						clearInterval(timer);
						resolve({ received, ms: Date.now() - begun });
					});
				});
			for (const { received, ms } of await Promise.all([drip(1), drip(40), drip(bodyFrom), drip(bodyFrom + 10)])) {
				assert.equal(statusOf({ received }), 408, received);
				assert.ok(ms > DEADLINE_SECONDS * 900 && ms < DEADLINE_SECONDS * 1000 + 8000, `after ${ms} ms`);
			}
		}));

	test("a client that has sent all and closes its side still gets its answer", () =>
		unharmed(async () => {
			const answer = await raw(requestText(JSON.stringify({ batch: [track()] })), { end: true });
			assert.equal(statusOf(answer), 200, answer.how);
			return { events: 1 };
		}));

	test("clients that leave while their request is held do no harm", () =>
		unharmed(async () => {
			const { hostname, port } = new URL(running.collect);
			const leave = (how) =>
				new Promise((resolve) => {
					const socket = net.connect({ host: hostname, port: Number(port) }, () => {
						socket.write(requestText(JSON.stringify({ batch: [track({ event: "Left" })] })), () => {
							if (how === "reset") socket.resetAndDestroy();
							else if (how === "close") socket.destroy();
							else setImmediate(() => socket.destroy());
						});
					});
					socket.on("error", () => {});
					socket.on("close", resolve);
				});
			for (let round = 0; round < 20; round++)
				await Promise.all(Array.from({ length: 30 }, (_, index) => leave(["reset", "close", "later"][index % 3])));
			await untilLoaded(running);
			const [{ found, ids }] = await rows(running, "SELECT count(*) AS found, count(DISTINCT id) AS ids FROM user_events WHERE event_action = 'Left'");
			assert.ok(found === ids && found <= 600);
			return { events: found };
		}));

	test(`${IDLE_CONNECTIONS} idle connections: hits are still answered`, async (t) => {
		const limits = readFileSync("/proc/self/limits", "utf8");
		const files = Number(/Max open files +\d+ +(\d+)/.exec(limits)?.[1] ?? Infinity);
		if (files < IDLE_CONNECTIONS + 200) return t.skip(`only ${files} open files are allowed here`);
		await unharmed(async () => {
			const { hostname, port } = new URL(running.collect);
			const sockets = [];
			let broken = 0;
			try {
				for (let from = 0; from < IDLE_CONNECTIONS; from += 500)
					await Promise.all(Array.from({ length: 500 }, () =>
						new Promise((resolve, reject) => {
							const socket = net.connect({ host: hostname, port: Number(port) }, resolve);
							socket.on("error", reject);
							socket.on("close", () => broken++);
							sockets.push(socket);
						})));
				const begun = Date.now();
				const answers = await Promise.all(Array.from({ length: 50 }, () => send({ batch: [track()] })));
				assert.ok(answers.every(({ text }) => text === '{"success":true}'));
				assert.ok(Date.now() - begun < 5000);
				assert.equal(broken, 0);
			} finally {
				for (const socket of sockets) socket.destroy();
			}
			return { events: 50 };
		});
	});

	test("connections beyond the most that are allowed are closed or take an idle one's place", async () => {
		// The collector's bound is above what the test above opens; this asks one with a bound of its own.
		const folder = temporaryFolder(shared);
		const database = `host=${running.stateDir}/postgres/socket user=sojourn dbname=sojourn`;
		const small = await up(shared, folder, { program, args: ["--connections-max=20", `--database=${database}`, "--database-schema=small"] });
		const smallKey = await writeKey(small, "server");
		const { hostname, port } = new URL(small.collect);
		const sockets = Array.from({ length: 100 }, () => net.connect({ host: hostname, port: Number(port) }).on("error", () => {}));
		try {
			let closed = 0;
			for (const socket of sockets) socket.on("close", () => closed++);
			await until("all beyond the bound are closed", () => closed >= 80);
			for (const socket of sockets.filter((one) => !one.destroyed)) socket.destroy();
			const answer = await until("there is a place again", async () => {
				try {
					return await post(small.collect, "/v1/batch", { batch: [track()] }, { key: smallKey });
				} catch {
					return null;
				}
			});
			assert.equal(answer.text, '{"success":true}');
		} finally {
			for (const socket of sockets) socket.destroy();
		}
		assert.equal((await small.stop()).code, 0);
		assert.doesNotMatch(small.stderr, /Sanitizer|runtime error:|Assertion/);
	});

	test(`random and damaged requests for ${GARBAGE_SECONDS} seconds`, async () => {
		console.log(`SOJOURN_TEST_SEED=${SEED}`);
		const random = new Random(SEED);
		const samples = [
			requestText(JSON.stringify({ batch: [track({ event: "Mutant", properties: { a: [1, { b: "c" }] } })], sentAt: new Date().toISOString() })),
			requestText(JSON.stringify({ batch: [{ type: "page", anonymousId: "m", context: { page: { url: "https://a.example/p?q=1#h", referrer: "https://b.example/" } } }, { type: "identify", userId: "3", traits: { x: 1 } }] })),
			Buffer.concat([requestText("", { "content-length": undefined, "transfer-encoding": "chunked" }),
				Buffer.from('1a\r\n{"batch":[{"type":"track",\r\n1b\r\n"userId":"1","event":"Mut"}\r\n2\r\n]}\r\n0\r\n\r\n')]),
			(() => {
				const body = gzipSync(JSON.stringify({ batch: [track({ event: "Mutant" })] }));
				const head = requestText("", { "content-length": body.length, "content-encoding": "gzip" });
				return Buffer.concat([head, body]);
			})(),
			Buffer.from("OPTIONS /v1/b HTTP/1.1\r\nhost: x\r\norigin: https://a.example\r\naccess-control-request-method: POST\r\n\r\n"),
			Buffer.from("GET /v1/projects/KEY/settings?x=%41 HTTP/1.1\r\nhost: x\r\n\r\n"),
		];
		const words = ["\r\n", "\0", "\u00ff", "{", "}", "[", "]", '"', "\\u0000", "\\ud83d", "99999999999999999999", "-1", "1e400", "null", ":", ",",
			"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "%00", "%", "\t", " ", "x".repeat(20_000)];
		const mutate = (sample) => {
			let bytes = Buffer.from(sample);
			for (let count = 1 + random.below(8); count > 0; count--) {
				const at = random.below(bytes.length + 1);
				const end = Math.min(bytes.length, at + random.below(20));
				const kind = random.below(5);
				if (kind === 0 && at < bytes.length) bytes[at] ^= 1 << random.below(8);
				else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
				else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
				else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(words), "latin1"), bytes.subarray(at)]);
				else bytes = bytes.subarray(0, Math.max(1, at));
			}
			return bytes;
		};
		const garbage = () => Buffer.from(Array.from({ length: 1 + random.below(2000) }, () => random.below(256)));
		await unharmed(async () => {
			const until = Date.now() + GARBAGE_SECONDS * 1000;
			let sent = 0;
			await Promise.all(Array.from({ length: 16 }, async () => {
				while (Date.now() < until) {
					await raw(random.chance(0.1) ? garbage() : mutate(random.pick(samples)), { end: true });
					sent++;
				}
			}));
			assert.ok(sent > 100, `only ${sent} were sent`);
			console.log(`${sent} damaged requests`);
			return "anything";
		});
	});

	test("it ends in order, and nothing has leaked", async () => {
		assert.deepEqual(await running.stop(), { code: 0, signal: null }, running.stderr.slice(-2000));
		assert.doesNotMatch(running.stderr, /Sanitizer|runtime error:|Assertion|event=process\.ended/);
	});
});
