// Rules of pages, of what is kept and of what is kept out: by a settings file, from the request to the tables; and explain-hit
// says beforehand what comes out.
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { temporaryFolder, until, up } from "./harness.mjs";
import { Shared, post, rows, untilLoaded, writeKey } from "./client.mjs";

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
const RANDOM = "Zm9vYmFyQmF6MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1";

describe("rules", () => {
	const shared = new Shared();
	const stateDir = temporaryFolder(shared);
	const config = path.join(temporaryFolder(shared), "sojourn.ini");
	const categories = path.join(path.dirname(config), "pages.txt");
	let running;
	let key;

	before(async () => {
		writeFileSync(categories, "/shop/*  Shop\nshop.example.org/  Home\n");
		writeFileSync(config, `page_category_file = ${categories}
query_allow = q, size*
path_trailing_slash = remove
path_case = lower
page_hosts = shop.example.org
team_networks = 192.0.2.0/24, 2001:db8::/32
team_persons = boss
trusted_proxy_hops = 1
`);
		running = await up(shared, stateDir, { args: ["--config", config] });
		key = await writeKey(running, "web-test", ["--kind", "browser", "--origins", "*"]);
	});

	after(() => shared.end());

	const page = (name, url, more = {}) => ({
		type: "page", messageId: name, anonymousId: name, timestamp: new Date().toISOString(), ...more,
		context: { userAgent: CHROME, page: { url, title: name, referrer: "https://shop.example.org/Shop/" }, ...more.context },
	});
	const send = async (batch, address = "203.0.113.9") => {
		const answer = await post(running.collect, "/v1/batch", { batch }, { key, headers: { "x-forwarded-for": address } });
		assert.equal(answer.status, 200);
		assert.equal(answer.json.rejected, undefined);
		await untilLoaded(running);
	};
	const explain = async (message, args = []) => {
		const { status, stdout, stderr } = await running.run(["--config", config, "--json", "explain-hit", "-", ...args],
			{ input: JSON.stringify(message) });
		assert.equal(status, 0, stderr);
		return JSON.parse(stdout);
	};

	test("a page is named, spelt and freed of what must not be kept; explain-hit says the same", async () => {
		const view = page("shoes", `https://shop.example.org/Shop/Shoes/?q=red&Size=42&ref=x&utm_source=news&token=t&sizes=${RANDOM}`);
		const named = page("named", "https://shop.example.org/Shop/", { category: "Sale" });
		const [told] = await explain(view, ["--ip", "203.0.113.9"]);
		await send([view, named]);
		const [stored] = await rows(running, `SELECT page_url, page_category, query_params, referrer, person_id::text
			FROM page_views WHERE page_title = 'shoes'`);
		assert.deepEqual({ ...stored, person_id: undefined }, {
			page_url: "/shop/shoes", page_category: "Shop", query_params: { q: "red", Size: "42" }, referrer: "/shop", person_id: undefined,
		});
		assert.equal(told.table, "page_views");
		for (const field of ["page_url", "page_category", "query_params", "referrer"])
			assert.deepEqual(told.hit[field], stored[field], field);
		assert.equal(told.steps.find(({ field }) => field === "anonymous_id").after, stored.person_id); // the same key
		const why = Object.fromEntries(told.steps.filter(({ step }) => step === "query").map(({ field, reason }) => [field, reason]));
		assert.match(why.token, /query_deny/);
		assert.match(why.ref, /query_allow/);
		assert.match(why.sizes, /random/);
		assert.equal(told.steps.find(({ step }) => step === "category").reason, `${categories}:1`);
		const [sale] = await rows(running, "SELECT page_category FROM page_views WHERE page_title = 'named'");
		assert.equal(sale.page_category, "Sale");
		const [landing] = await rows(running, `SELECT a.landing_page_category, a.utm_source FROM session_attribution a
			JOIN page_views v USING (session_id) WHERE v.page_title = 'shoes'`);
		assert.deepEqual(landing, { landing_page_category: "Shop", utm_source: "news" });
	});

	test("a session that begins with an event has the category of its page", async () => {
		const event = { ...page("event", "https://shop.example.org/"), type: "track", event: "Seen", anonymousId: "event-only" };
		await send([event]);
		const [landing] = await rows(running, `SELECT landing_page_category FROM session_attribution a
			JOIN user_events e USING (session_id) WHERE e.event_action = 'Seen'`);
		assert.equal(landing.landing_page_category, "Home");
	});

	test("keys of properties and traits go, at any depth", async () => {
		const properties = { plan: "pro", password: "hush", card: { cvc: "123", brand: "b" } };
		await send([
			{ type: "track", event: "Bought", messageId: "bought", anonymousId: "p", properties, context: { userAgent: CHROME } },
			{ type: "identify", messageId: "who", anonymousId: "p", userId: "77", traits: { email: "a@example.org", apiKey: "hush" },
				context: { userAgent: CHROME } },
		]);
		const [event] = await rows(running, "SELECT metadata FROM user_events WHERE event_action = 'Bought'");
		assert.deepEqual(event.metadata, { plan: "pro", card: { brand: "b" } });
		const [person] = await rows(running, "SELECT traits FROM persons WHERE id = 77");
		assert.deepEqual(person.traits, { email: "a@example.org" });
	});

	test("the team's own and unknown hosts are counted apart, and in no figure", async () => {
		const url = "https://shop.example.org/team";
		const counted = "SELECT count(*)::int AS n FROM page_views";
		const [{ n: before_ }] = await rows(running, counted);
		await send([page("by network", url)], "192.0.2.200");
		await send([page("by network of version 6", url)], "2001:db8::7");
		await send([
			page("by person", url, { userId: "boss" }), page("by browser", url, { context: { internal: true } }),
			page("by host", "https://copy.example/Shop/"),
		]);
		const kinds = await rows(running, "SELECT robot_kind, count(*)::int AS n FROM robots GROUP BY 1 ORDER BY 1");
		assert.deepEqual(kinds, [
			{ robot_kind: "team browser", n: 1 }, { robot_kind: "team network", n: 2 }, { robot_kind: "team person", n: 1 },
			{ robot_kind: "unknown host", n: 1 },
		]);
		assert.equal((await rows(running, counted))[0].n, before_);
		assert.deepEqual(await rows(running, "SELECT id FROM persons WHERE external_id = 'boss'"), []);
		const [told] = await explain(page("x", url), ["--ip", "10.0.0.1", "--header", "X-Forwarded-For: 1.1.1.1, 192.0.2.1"]);
		assert.equal(told.table, "robots");
		assert.equal(told.steps.find(({ step }) => step === "counting").after, "team network");
	});

	test("so it is in an imported log", async () => {
		const log = path.join(path.dirname(config), "access.log");
		const line = (address, file) => `${address} - - [17/May/2026:10:05:03 +0000] "GET ${file} HTTP/1.1" 200 10 "-" "${CHROME}"\n`;
		writeFileSync(log, line("192.0.2.3", "/Log/") + line("203.0.113.3", "/Log/"));
		const done = await running.run(["--config", config, "--json", "import", "access-log", log, "--site", "shop.example.org"]);
		assert.equal(done.status, 0, done.stderr);
		const { classes } = JSON.parse(done.stdout);
		assert.deepEqual([classes.page_views, classes.kept_out, classes.robots], [1, 1, 0]);
		assert.deepEqual(await rows(running, "SELECT page_url FROM page_views WHERE source = 'access-log'"), [{ page_url: "/log" }]);
		assert.deepEqual(await rows(running, "SELECT robot_kind FROM robots WHERE source = 'access-log'"), [{ robot_kind: "team network" }]);
	});

	test("what a team member says about being counted is kept all the same", async () => {
		await send([{ type: "consent", messageId: "no", userId: "boss", anonymousId: "b", analytics: false, context: { internal: true } }]);
		assert.equal((await rows(running, "SELECT count(*)::int AS n FROM user_consent"))[0].n, 1);
	});

	test("a collector that runs takes new rules on a hangup, and keeps the old ones where the new are wrong", async () => {
		writeFileSync(categories, "/shop/*  Store\n");
		running.kill("SIGHUP");
		let count = 0;
		const nameOfNext = async () => {
			await send([page(`reload ${++count}`, "https://shop.example.org/shop/x")]);
			return (await rows(running, `SELECT page_category AS c FROM page_views WHERE page_title = 'reload ${count}'`))[0].c;
		};
		await until("the new rule counts", async () => (await nameOfNext()) === "Store");
		writeFileSync(categories, "/shop/*  Worse\nno-path  X\n");
		const check = await running.run(["--config", config, "config", "check"]);
		assert.equal(check.status, 1);
		assert.match(check.stderr, /pages\.txt:2: "no-path" is no glob of a page/);
		running.kill("SIGHUP");
		await until("it is told", () => running.stderr.includes("pages.txt:2:"));
		assert.equal(await nameOfNext(), "Store");
		writeFileSync(categories, "/shop/*  Shop\n");
	});

	test("explain-hit takes a batch and JSON Lines, tells refusals, and leaves nothing behind", async () => {
		const good = page("a", "https://shop.example.org/");
		const told = await explain({ batch: [good, { type: "nonsense" }] });
		assert.deepEqual(told.map(({ table, refused }) => table ?? refused), ["page_views", "bad_type"]);
		const lines = `${JSON.stringify(good)}\n\n${JSON.stringify({ ...good, timestamp: "1980-01-01T00:00:00Z" })}\n`;
		const { status, stdout } = await running.run(["explain-hit", "-"], { input: lines });
		assert.equal(status, 0);
		assert.match(stdout, /message 1 becomes a row of page_views/);
		assert.match(stdout, /message 2 is refused \(too_old\)/);
		for (const [input, message] of [["{", /JSON/], ["", /no message|JSON/], ['{"type":"page"}\n{"', /line 2/],
			['{"batch":[]}', /standard input holds no message/]]) {
			const failed = await running.run(["explain-hit", "-"], { input });
			assert.equal(failed.status, 1, input);
			assert.match(failed.stderr, message);
		}
		assert.equal((await running.run(["explain-hit"])).status, 2);
		assert.equal((await running.run(["explain-hit", "-", "--key", "x"], { input: "{}" })).status, 2);
		await until("no keys are left", () => !readdirSync("/tmp").some((name) => name.startsWith("sojourn-explain")));
	});
});
