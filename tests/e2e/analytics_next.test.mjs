// Segment's own SDK for browsers, as npm has it, in a real browser: with nothing set but its key and where its settings are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { Shared, rows, untilLoaded } from "./client.mjs";
import { root, until } from "./harness.mjs";
import { html } from "./browser/site.mjs";
import { World } from "./browser/world.mjs";

const distribution = path.join(root, "tests/e2e/node_modules/@segment/analytics-next/dist");
const script = (_, url) => ({ body: readFileSync(path.join(distribution, url.pathname)), headers: { "content-type": "text/javascript" } });

describe("@segment/analytics-next", () => {
	const shared = new Shared();
	let world;

	before(async () => (world = await World.open(shared)));
	after(() => shared.end());

	// A page whose SDK is loaded with these options; `asked` are its requests to the collector, `broken` what went wrong.
	async function open(name, options = {}, at = "/pricing?plan=pro&utm_source=news&utm_medium=email") {
		const load = `const analytics = window.AnalyticsNext.AnalyticsBrowser.load(
			${JSON.stringify({ writeKey: world.key, cdnURL: world.collector })}, ${JSON.stringify(options)});`;
		const page = await world.browser.window();
		const asked = [];
		const broken = [];
		const elsewhere = [];
		page.on("request", (request) => {
			const url = new URL(request.url());
			if (url.origin === world.collector) asked.push({ path: url.pathname, method: request.method(), headers: request.headers() });
			else if (!url.hostname.endsWith(".localhost")) elsewhere.push(url.href);
		});
		page.on("console", (message) => message.type() === "error" && !message.text().includes("favicon") && broken.push(message.text()));
		page.on("pageerror", (error) => broken.push(String(error)));
		const host = world.site.host(name, new Proxy({}, {
			get: (_, where) => (where.startsWith("/umd/") ? script : where === "/favicon.ico" ? undefined : html('<script src="/umd/index.js"></script>' + `<script>${load}</script>`, { title: "Pricing" })),
		}));
		await page.goto(host.url(at));
		const close = async () => {
			await page.close();
			await untilLoaded(world.running);
			assert.deepEqual(broken, []);
			assert.deepEqual(elsewhere, [], "it speaks with nobody else");
		};
		return { host, page, asked, close };
	}

	const stored = (query) => until(`there are rows: ${query}`, async () => {
		const found = await rows(world.running, query);
		return found.length > 0 && found;
	});

	test("its settings come from the collector, and each call is a row", async () => {
		const { host, page, asked, close } = await open("segment-plain");
		await page.evaluate(`(async () => {
			await analytics.page("Docs", "Pricing page", { mine: 1 });
			await analytics.track("Plan chosen", { plan: "pro", category: "Conversion", label: "top", value: 12.5 });
		})()`);
		const [view, ...more] = await stored(`SELECT * FROM page_views WHERE page_host = '${host.name}'`);
		assert.deepEqual(more, []);
		assert.equal(view.page_url, "/pricing");
		assert.equal(view.page_title, "Pricing page");
		assert.equal(view.page_category, "Docs");
		assert.deepEqual(view.query_params, { plan: "pro", utm_source: "news", utm_medium: "email" });
		assert.equal(view.source, "site");
		const [event, ...others] = await stored(`SELECT * FROM user_events WHERE session_id = '${view.session_id}'`);
		assert.deepEqual(others, []);
		assert.equal(event.event_action, "Plan chosen");
		assert.equal(event.event_category, "Conversion");
		assert.equal(event.event_label, "top");
		assert.equal(event.event_value, 12.5);
		assert.deepEqual(event.metadata, { plan: "pro" });
		const [session] = await stored(`SELECT * FROM user_sessions WHERE id = '${view.session_id}'`);
		assert.equal(session.utm_source, "news");
		assert.equal(session.source, "site");
		assert.deepEqual(asked.map(({ method, path }) => `${method} ${path}`).toSorted(),
			[`GET /v1/projects/${world.key}/settings`, "POST /v1/p", "POST /v1/t"]);
		// Authorization from another origin goes out only after the collector has allowed it.
		const sent = asked.filter(({ method }) => method === "POST");
		assert.ok(sent.every(({ headers }) => headers.authorization?.startsWith("Basic ") && headers["content-type"].startsWith("text/plain")),
			JSON.stringify(sent));
		await close();
	});

	test("identify: what the browser did before and after belongs to the person", async () => {
		const { host, page, close } = await open("segment-person");
		await page.evaluate(`(async () => {
			await analytics.page();
			await analytics.identify("7001", { plan: "free" });
			await analytics.track("After");
		})()`);
		const [person] = await stored("SELECT * FROM persons WHERE id = 7001");
		assert.deepEqual(person.traits, { plan: "free" });
		const [view] = await stored(`SELECT * FROM page_views WHERE page_host = '${host.name}' AND person_id = 7001`);
		const [event] = await stored("SELECT * FROM user_events WHERE event_action = 'After' AND person_id = 7001");
		assert.equal(event.session_id, view.session_id);
		assert.equal(await world.running.sql(`SELECT count(DISTINCT person_id) FROM page_views WHERE page_host = '${host.name}'`), "1");
		await close();
	});

	test("batches: by size while the page is open, and what is left when it goes", async () => {
		const config = { strategy: "batching", config: { size: 5, timeout: 60_000 } };
		const { page, asked, close } = await open("segment-batches", { integrations: { "Segment.io": { deliveryStrategy: config } } });
		await page.evaluate(`(async () => {
			await analytics.ready();
			for (let n = 0; n < 12; n++) analytics.track("Batched", { n });
		})()`);
		const count = "SELECT count(*) FROM user_events WHERE event_action = 'Batched'";
		await until("a full batch is stored", async () => Number(await world.running.sql(count)) >= 5);
		await page.goto("about:blank");
		await until("the rest is stored", async () => (await world.running.sql(count)) === "12");
		assert.equal(await world.running.sql(count.replace("*", "DISTINCT metadata->>'n'")), "12");
		assert.deepEqual(new Set(asked.filter(({ method }) => method === "POST").map((one) => one.path)), new Set(["/v1/b"]));
		await close();
	});
});
