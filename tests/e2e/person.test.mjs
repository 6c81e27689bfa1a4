// What a person has rights to: to be shown all that is held about them, to be forgotten in every store. The same people are used
// throughout: Ada, known by a text, on two browsers of her own and on one that Grace uses, too.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { temporaryFolder, until, up } from "./harness.mjs";
import { Shared, post, untilLoaded, writeKey } from "./client.mjs";

const HOUR_MS = 3_600_000;

// A UUIDv7 of a time.
function uuid7(ms) {
	const bytes = randomBytes(16);
	bytes.writeUIntBE(ms, 0, 6);
	bytes[6] = 0x70 | (bytes[6] & 0x0f);
	bytes[8] = 0x80 | (bytes[8] & 0x3f);
	return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

describe("a person", () => {
	const shared = new Shared();
	const stateDir = temporaryFolder(shared);
	const begin = Date.now() - 3 * HOUR_MS;
	let running;
	let key;
	let tokens;
	let ada; // her id in our tables
	let count = 0;

	before(async () => {
		running = await up(shared, stateDir);
		key = await writeKey(running, "app");
		tokens = {};
		for (const role of ["viewer", "privacy", "admin"])
			tokens[role] = (await running.run(["token", "create", `${role}-token`, "--role", role])).stdout.trim();
	});

	after(() => shared.end());

	const ask = (path, { method = "GET", body, role = "privacy" } = {}) =>
		fetch(`${running.dashboard}/api/v1/persons/${path}`, { method, body, headers: { authorization: `Bearer ${tokens[role]}` } });

	function hit(type, minute, who, more = {}) {
		const { session, sequence, ...rest } = more;
		const timestamp = new Date(begin + minute * 60_000).toISOString();
		const page = { path: "/home", title: "Home", url: "https://app.example.org/home", ...more.page };
		const context = { userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ip: "192.0.2.7", page,
			...(session === undefined ? {} : { session: { id: session, sequence: sequence ?? 1, pageViewId: uuid7(begin + minute * 60_000) } }) };
		delete rest.page;
		return { type, messageId: `m-${++count}`, timestamp, ...who, context, ...rest };
	}

	async function send(...batch) {
		const { status, json } = await post(running.collect, "/v1/batch", { batch }, { key });
		assert.equal(status, 200);
		assert.equal(json.rejected, undefined, JSON.stringify(json));
		await untilLoaded(running);
	}

	const sql = (text) => running.sql(text);
	const erased = async () => Number(await sql("SELECT coalesce(sum(hits), 0) FROM ingest_counts WHERE reason = 'erased_person'"));

	async function rollupsAreRight() {
		const done = await running.run(["--json", "rollup", "--verify"]);
		assert.equal(done.status, 0, done.stdout + done.stderr);
		assert.equal(JSON.parse(done.stdout).differences, 0);
	}

	const sharedSession = uuid7(begin + 60 * 60_000);
	const lone = { anonymousId: "ada-browser-1" };
	const second = { anonymousId: "ada-browser-2" };
	const family = { anonymousId: "family-browser" };
	const adas = { userId: "ada-outside-id" };
	const graces = { userId: "77" };

	test("lives on several browsers", async () => {
		await send(
			hit("page", 0, lone, { page: { path: "/ada-only-page", title: "ada-only-title" } }),
			hit("identify", 1, { ...lone, ...adas }, { traits: { email: "ada-mail@private.example", plan: "free" } }),
			hit("page", 2, lone, { page: { path: "/pricing" } }),
			hit("track", 3, lone, { event: "Bought", properties: { label: "ada-only-label", value: 12, note: "ada-only-note" } }),
			hit("consent", 4, { ...lone, ...adas }, { analytics: true }),
			hit("page", 30, second, { session: uuid7(begin + 30 * 60_000), page: { path: "/second", url: "https://app.example.org/second?q=ada-only-query" } }),
			hit("identify", 31, { ...second, ...adas }),
			hit("page", 60, family, { session: sharedSession, page: { path: "/ada-shared", referrer: "https://elsewhere.example/ada-came-from" } }),
			hit("identify", 61, { ...family, ...adas }),
			hit("identify", 62, { ...family, ...graces }, { traits: { email: "grace@private.example" } }),
			hit("page", 63, family, { session: sharedSession, sequence: 2, page: { path: "/grace", title: "grace-title" } }),
			hit("page", 5, { userId: "78", anonymousId: "alan-browser" }, { page: { path: "/pricing" } }),
		);
		ada = await sql("SELECT id FROM persons WHERE external_id = 'ada-outside-id'");
		assert.match(ada, /^\d{19}$/);
		assert.equal(await sql(`SELECT count(*) FROM page_views WHERE person_id = ${ada}`), "4");
		assert.equal((await running.run(["rollup"])).status, 0);
	});

	const lines = (text) => text.trimEnd().split("\n").map((line) => JSON.parse(line));
	const ofStore = (all, store) => all.filter((line) => line.store === store).map(({ row }) => row);

	test("is shown all that is held, by the id of the product and by ours, by the command and the API", async () => {
		const done = await running.run(["person", "export", "ada-outside-id"]);
		assert.equal(done.status, 0, done.stderr);
		const all = lines(done.stdout);
		assert.equal(ofStore(all, "export")[0].person, ada);
		assert.equal(ofStore(all, "end")[0].rows, all.length - 2);
		assert.deepEqual(ofStore(all, "persons").map(({ id, traits }) => [id, traits.email]), [[ada, "ada-mail@private.example"]]);
		assert.equal(ofStore(all, "person_aliases").length, 3);
		assert.deepEqual(ofStore(all, "page_views").map((row) => row.page_url), ["/ada-only-page", "/pricing", "/second", "/ada-shared"]);
		assert.deepEqual(ofStore(all, "user_events").map((row) => row.metadata.note), ["ada-only-note"]);
		assert.equal(ofStore(all, "user_sessions").length, 3);
		assert.equal(ofStore(all, "session_attribution").length, 3);
		assert.equal(ofStore(all, "session_summaries").length, 2); // that of the shared session says what Grace did
		assert.ok(ofStore(all, "hit_contexts").length >= 1);
		// The buffer still holds what was loaded; also what named nobody.
		assert.ok(ofStore(all, "buffer").some((row) => row.page_title === "ada-only-title"));
		assert.ok(!done.stdout.includes("grace"));
		const unordered = (text) => lines(text).filter(({ store }) => store !== "export").map((line) => JSON.stringify(line)).sort();
		const byOurs = await running.run(["person", "export", ada]);
		assert.deepEqual(unordered(byOurs.stdout), unordered(done.stdout));
		const answer = await ask("ada-outside-id/export");
		assert.equal(answer.status, 200);
		assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
		assert.match(answer.headers.get("content-disposition"), new RegExp(`person${ada}\\.jsonl`));
		assert.deepEqual(unordered(await answer.text()), unordered(done.stdout));
		const held = JSON.parse((await running.run(["--json", "person", "status", "ada-outside-id"])).stdout);
		assert.equal(held.find(({ store }) => store === "page_views").rows, "4");
	});

	test("is nobody's business but the role privacy's", async () => {
		for (const role of ["viewer", "admin"])
			for (const [path, method] of [["export", "GET"], ["erase", "GET"], ["erase", "POST"]])
				assert.equal((await ask(`${ada}/${path}`, { method, role })).status, 403, `${method} ${path} as ${role}`);
		assert.equal((await ask("nobody-of-this-name/export")).status, 404);
		assert.equal((await ask("0/erase", { method: "POST" })).status, 404);
		assert.equal((await ask("77/erase")).status, 200);
		assert.equal((await (await ask("77/erase")).json()).state, "none");
		assert.equal((await running.run(["person", "export", "nobody-of-this-name"])).status, 1);
	});

	test("is erased at a request of the API, in every table, and nobody else is", async () => {
		const before = await sql("SELECT count(*) FROM page_views");
		const answer = await ask("ada-outside-id/erase", { method: "POST" });
		assert.equal(answer.status, 202);
		const asked = await answer.json();
		assert.equal(asked.person, ada);
		assert.ok(["asked", "running"].includes(asked.state), asked.state);
		assert.equal(asked.asked_by, "privacy-token");
		const done = await until("she is erased", async () => {
			const state = await (await ask(`${ada}/erase`)).json();
			assert.notEqual(state.state, "failed", state.error);
			return state.state === "done" && state;
		}, 120_000);
		assert.equal(done.rows.page_views, 4);
		assert.equal(done.rows.user_events, 1);
		assert.equal(done.rows.persons, 1);
		assert.equal(done.rows.person_aliases, 3);
		assert.equal(await sql("SELECT count(*) FROM page_views"), String(before - 4));
		const held = JSON.parse((await running.run(["--json", "person", "status", ada])).stdout);
		assert.deepEqual(held.filter(({ rows }) => rows !== "0"), []);
		assert.equal(await sql(`SELECT count(*) FROM page_metrics_daily WHERE viewers @> ARRAY[${ada}]`), "0");
		assert.equal(await sql(`SELECT count(*) FROM breakdown_daily WHERE persons @> ARRAY[${ada}]`), "0");
		assert.equal(await sql(`SELECT count(*) FROM page_paths_daily WHERE persons @> ARRAY[${ada}]`), "0");
		assert.equal(await sql(`SELECT count(*) FROM value_pages_daily WHERE persons @> ARRAY[${ada}]`), "0");
		assert.equal(await sql(`SELECT count(*) FROM overview_daily WHERE viewers @> ARRAY[${ada}]`), "0");
		assert.equal(await sql(`SELECT count(*) FROM overview_hourly WHERE viewers @> ARRAY[${ada}]`), "0");
		await rollupsAreRight();
	});

	test("leaves a proof of who, when and how many, and no more", async () => {
		const columns = await sql(`SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns
			WHERE table_schema = 'sojourn' AND table_name = 'data_deletion_log'`);
		assert.equal(columns, "id person_id action requested_at deleted_at deleted_by counts");
		assert.equal(await sql("SELECT person_id || action || deleted_by FROM data_deletion_log"), `${ada}eraseprivacy-token`);
		assert.equal(await sql("SELECT count(*) FROM person_requests"), "0");
		const audited = await sql(`SELECT string_agg(DISTINCT action || ' ' || subject, ', ') FROM audit_log WHERE action ~ '^person'`);
		assert.equal(audited, `person.erase ${ada}, person.export ${ada}`);
	});

	test("leaves a session that somebody else used as theirs", async () => {
		const [view] = JSON.parse(await sql(`SELECT json_agg(v) FROM page_views v WHERE session_id = '${sharedSession}'`));
		assert.equal(view.person_id, 77);
		assert.equal(await sql(`SELECT first_hit_id || ' ' || (last_activity_at = '${view.viewed_at}') FROM user_sessions WHERE id = '${sharedSession}'`),
			`${view.id} true`);
		assert.equal(await sql(`SELECT landing_page_url || coalesce(referrer_url, '-') FROM session_attribution WHERE session_id = '${sharedSession}'`), "/grace-");
	});

	test("does not come back with what arrives late", async () => {
		const was = await erased();
		await send(
			hit("page", 6, { ...lone, ...adas }, { page: { title: "ada-late" } }), // names her
			hit("page", 7, lone, { page: { title: "ada-late" } }), // her browser
			hit("identify", 8, { ...second, ...adas }, { traits: { email: "ada-mail@private.example" } }),
			hit("page", 61.5, family, { session: sharedSession, page: { title: "ada-late" } }), // between her sign-in and Grace's
			hit("page", 59, family, { session: sharedSession, page: { title: "ada-late" } }), // before the first
		);
		assert.equal(await erased(), was + 5);
		assert.equal(await sql("SELECT count(*) FROM page_views WHERE page_title = 'ada-late'"), "0");
		assert.equal(await sql("SELECT count(*) FROM persons WHERE external_id = 'ada-outside-id'"), "0");
		// Grace goes on, on the same browser.
		await send(hit("page", 64, family, { session: sharedSession, sequence: 3, page: { title: "grace-again" } }));
		assert.equal(await sql("SELECT person_id FROM page_views WHERE page_title = 'grace-again'"), "77");
		assert.equal(await erased(), was + 5);
	});

	test("has a word on consent that is shown and set, by the command and the API", async () => {
		const get = async (id) => (await ask(`${id}/consent`)).json();
		assert.deepEqual(await get("79"), { person: "79", analytics: null, analytics_at: null, marketing: null, marketing_at: null, version: null, source: null });
		for (const body of ["", "{}", "[]", '{"analytics":"yes"}', '{"analytics":true,"x":1}'])
			assert.equal((await ask("79/consent", { method: "POST", body })).status, 400, body);
		assert.equal((await ask("79/consent", { method: "POST", body: '{"analytics":true}', role: "admin" })).status, 403);
		const set = await (await ask("79/consent", { method: "POST", body: '{"analytics":true}' })).json();
		assert.deepEqual([set.analytics, set.marketing, set.source], [true, null, "privacy-token"]);
		const done = await running.run(["person", "consent", "79", "--analytics", "no", "--marketing=yes", "--source", "letter of May 3"]);
		assert.equal(done.status, 0, done.stderr);
		const now = await get("79");
		assert.deepEqual(JSON.parse(done.stdout), now);
		assert.deepEqual([now.analytics, now.marketing, now.source], [false, true, "letter of May 3"]);
		// A message of an earlier time changes nothing, one of a later time does.
		await send(hit("consent", 10, { userId: "79" }, { analytics: true }));
		assert.deepEqual(await get("79"), now);
		await send(hit("consent", (Date.now() - begin) / 60_000, { userId: "79" }, { marketing: false }));
		const later = await get("79");
		assert.deepEqual([later.analytics, later.marketing, later.source], [false, false, "app"]);
		assert.equal((await running.run(["person", "consent", "79", "--analytics", "maybe"])).status, 2);
	});

	test("is not counted once a no was set in their name, until a later yes", async () => {
		const denied = async () => Number(await sql("SELECT coalesce(sum(hits), 0) FROM ingest_counts WHERE reason = 'no_consent'"));
		const now = () => (Date.now() - begin) / 60_000;
		const views = () => sql("SELECT string_agg(page_title, ' ' ORDER BY viewed_at) FROM page_views WHERE person_id = 79");
		const view = (minute, title) => hit("page", minute, { userId: "79" }, { page: { title } });
		assert.equal((await running.run(["person", "consent", "79", "--analytics", "no"])).status, 0);
		const was = await denied();
		await send(view(20, "before"), view(now(), "behind"));
		assert.equal(await views(), "before");
		assert.equal(await denied(), was + 1);
		await send({ ...hit("consent", now(), { userId: "79" }), analytics: true }, view(now(), "yes"));
		assert.equal(await views(), "before yes");
		assert.equal((await running.run(["person", "consent", "79", "--analytics", "no"])).status, 0);
		await send(view(now(), "no"));
		assert.equal((await running.run(["person", "consent", "79", "--analytics", "yes"])).status, 0);
		await send(view(now(), "again"));
		assert.equal(await views(), "before yes again");
		assert.equal(await denied(), was + 2);
	});

	test("is taken again once she has said yes", async () => {
		const minute = (Date.now() - begin) / 60_000;
		await send({ ...hit("consent", minute, { ...lone, ...adas }), analytics: true },
			hit("page", minute + 0.01, { ...lone, ...adas }, { page: { title: "ada-again" } }), hit("page", 9, { ...lone, ...adas }, { page: { title: "ada-late" } }));
		assert.equal(await sql("SELECT count(*) FROM page_views WHERE page_title = 'ada-again'"), "1");
		assert.equal(await sql("SELECT count(*) FROM page_views WHERE page_title = 'ada-late'"), "0");
	});
});
