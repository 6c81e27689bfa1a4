// What the collector serves to browsers, from the running program: the script with the server's settings in it, and the demo,
// in which a person clicks around and the rows are there.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { Chromium } from "./browser/chromium.mjs";
import { post, Shared } from "./client.mjs";
import { stateFolder, temporaryFolder, until, up } from "./harness.mjs";

const configOf = (script) => JSON.parse(/\{"endpoint":.*?"deny":"[^"]*"\}/.exec(script)[0]);
const secret = "the product's and the collector's";

describe("the script", () => {
	const shared = new Shared();
	let running;
	let settings;

	before(async () => {
		const folder = temporaryFolder(shared);
		settings = path.join(folder, "sojourn.ini");
		const secretFile = path.join(folder, "secret");
		writeFileSync(secretFile, `${secret}\n`);
		writeFileSync(settings, `tracker_path = /s.js\ncollect_path = /in/take\nidentify_secret_file = ${secretFile}\n`);
		running = await up(shared, await stateFolder(shared), { args: [`--config=${settings}`] });
	});

	after(() => shared.end());

	test("carries the settings, and those of a reload", async () => {
		const first = await fetch(`${running.collect}/s.core.js`);
		assert.equal(first.status, 200);
		const config = configOf(await first.text());
		assert.deepEqual([config.endpoint, config.global, config.consent, config.dnt, config.timeout],
			["/in/take", "sojourn", undefined, undefined, 1_800_000]);
		const denied = new RegExp(`^(${config.deny})$`, "i");
		assert.deepEqual(["my_TOKEN", "pwd", "pwd2", "utm_source"].map((name) => denied.test(name)), [true, true, false, false]);
		writeFileSync(settings, "tracker_path = /s.js\ncollect_path = /in/take\nrespect_dnt = yes\nquery_deny = mine, a.b?, [x*\n");
		running.kill("SIGHUP");
		const changed = await until("the script says so", async () => {
			const answer = await fetch(`${running.collect}/s.core.js`);
			const now = configOf(await answer.text());
			return now.dnt && { now, tag: answer.headers.get("etag") };
		});
		const now = new RegExp(`^(${changed.now.deny})$`, "i");
		assert.deepEqual(["mine", "a.bc", "[xyz", "mines", "axbc", "x"].map((name) => now.test(name)), [true, true, true, false, false, false]);
		assert.notEqual(changed.tag, first.headers.get("etag"));
		const named = await fetch(`${running.collect}/s.core.${/"(.*)"/.exec(changed.tag)[1]}.js`);
		assert.match(named.headers.get("cache-control"), /immutable/);
	});

	test("has its hits taken at collect_path as it sends them: text/plain, the key in the body, from any page of the key", async () => {
		const keys = JSON.parse((await running.run(["--json", "key", "list"])).stdout);
		const { key } = keys.find(({ name }) => name === "web");
		const message = { type: "page", anonymousId: "a", context: { page: { url: "https://shop.example/p" } } };
		for (const type of ["text/plain;charset=UTF-8", "text/plain"]) {
			const answer = await post(running.collect, "/in/take", { writeKey: key, sentAt: new Date(), batch: [message] },
				{ headers: { "content-type": type, origin: "https://shop.example" } });
			assert.equal(answer.text, '{"success":true}');
			assert.equal(answer.headers["access-control-allow-origin"], "https://shop.example");
			assert.equal(answer.headers["access-control-expose-headers"], "Retry-After");
		}
		const refused = await post(running.collect, "/in/take", { writeKey: "wrong", batch: [message] },
			{ headers: { "content-type": "text/plain", origin: "https://shop.example" } });
		assert.equal(refused.status, 401);
		assert.equal(refused.headers["access-control-allow-origin"], "https://shop.example"); // or the page could not see why
	});

	test("may say who its user is only with the product's signature, and nothing of a forged one is kept", async () => {
		const keys = JSON.parse((await running.run(["--json", "key", "list"])).stdout);
		const { key } = keys.find(({ name }) => name === "web");
		const signature = createHmac("sha256", secret).update("ada").digest("hex");
		const forged = { userId: "ada", anonymousId: "browser-2", traits: { plan: "forged" } };
		const answer = await post(running.collect, "/v1/batch", { writeKey: key, batch: [
			{ type: "identify", userId: "ada", anonymousId: "browser-1", signature, traits: { plan: "pro" } },
			{ type: "identify", ...forged },
			{ type: "identify", ...forged, signature: "0".repeat(64) },
			{ type: "group", ...forged, groupId: "g" },
			{ type: "alias", userId: "ada", previousId: "browser-2" },
			{ type: "track", event: "As somebody else", ...forged, context: { traits: { plan: "forged" } } },
		] });
		assert.deepEqual(answer.json.rejected.map(({ index, code }) => [index, code]),
			[1, 2, 3, 4].map((index) => [index, "bad_signature"]));
		await until("the event is stored", async () => await running.sql("SELECT count(*) FROM user_events") === "1");
		assert.equal(await running.sql("SELECT string_agg(external_id || ' ' || traits, ',') FROM persons WHERE id <> 0"), 'ada {"plan": "pro"}');
		assert.equal(await running.sql("SELECT count(*) FROM person_aliases"), "1");
		assert.equal(await running.sql("SELECT person_id < 0 FROM user_events"), "t");
	});
});

describe("the demo", () => {
	const shared = new Shared();
	let running;
	let browser;

	before(async () => {
		running = await up(shared, await stateFolder(shared), { args: ["--demo"] });
		browser = await (await Chromium.open(shared)).connect();
	});

	after(() => shared.end());

	test("is printed at the start, and is whole", async () => {
		await until("its address is printed", () => /^demo: (.*)$/m.test(running.stdout));
		const address = /^demo: (.*)$/m.exec(running.stdout)[1];
		assert.equal(address, `${running.collect}/demo/`);
		const links = new Set(["/demo/"]); // grows while it is walked
		for (const link of links) {
			const answer = await fetch(new URL(link, address));
			assert.equal(answer.status, 200, link);
			if (link.startsWith("/demo/"))
				assert.match(answer.headers.get("content-security-policy"), /^default-src 'none'; script-src 'self';/);
			const text = await answer.text();
			for (const [, other] of text.matchAll(/(?:src|href)="(\/[^"]*)"/g)) links.add(other);
			for (const [, other] of text.matchAll(/from "\.(\/[^"]*)"/g)) links.add(`/demo${other}`);
		}
		assert.ok(["/demo/profile", "/demo/guide/", "/demo/plants.js"].every((one) => links.has(one)));
		assert.ok(links.has("/tracker.js"));
	});

	test("a person clicks around, signs in, and it is all there", async () => {
		const page = await browser.window();
		const failures = [];
		page.on("pageerror", (error) => failures.push(error.message));
		page.on("console", (message) => message.type() === "error" && failures.push(message.text()));
		await page.goto(`${running.collect}/demo/`);
		await page.fill("#q", "daisy");
		await page.press("#q", "Enter");
		await page.click("text=Keep");
		await page.click("header >> text=Collections");
		await page.click("#share-now");
		await page.click("header >> text=Guide");
		await page.click("#chapters >> text=Leaves");
		await page.goBack();
		await page.click("#who");
		await page.fill("#name", "Ada");
		await page.fill("#password", "hunter2");
		await page.click("#sign-in button");
		await page.waitForSelector("text=Hello, Ada");
		await page.close();
		const views = await until("every page has come", async () => {
			const rows = await running.sql("SELECT string_agg(page_url, ' ' ORDER BY page_sequence_number) FROM page_views");
			return rows.endsWith("/demo/profile") && rows;
		});
		assert.equal(views, "/demo/ /demo/finder /demo/collections /demo/guide/ /demo/guide/leaves /demo/guide/ /demo/profile");
		await until("she is known", async () => await running.sql(
			"SELECT count(DISTINCT person_id) = 1 AND min(person_id) > 0 FROM page_views WHERE EXISTS (SELECT FROM persons WHERE external_id = 'meadow-ada')") === "t");
		await until("the events have come", async () => await running.sql(
			"SELECT string_agg(event_action, ',' ORDER BY event_action) FROM user_events WHERE event_action IN ('Kept', 'Collection shared')") === "Collection shared,Kept");
		await until("the last page has its time", async () => await running.sql(
			"SELECT count(*) FROM page_views WHERE time_on_page_seconds IS NULL") === "0");
		assert.equal(await running.sql("SELECT count(*) FROM page_views WHERE page_load_time_ms > 0 AND largest_contentful_paint_ms > 0 AND page_url = '/demo/finder'"), "1");
		assert.equal(await running.sql("SELECT count(*) FROM user_events e WHERE e::text ~ 'hunter2|Ada'"), "0");
		assert.deepEqual(failures, []);
		await until("the roll-ups have her views", async () => await running.sql("SELECT sum(views) FROM overview_hourly") === "7");
		const dashboard = await browser.window();
		await dashboard.goto(/^sign-in: (.*)$/m.exec(running.stdout)[1]);
		await until("the figures are on the dashboard", async () =>
			/Visitors\s+1\s.*Page views\s+7\s/s.test(await dashboard.innerText("main")));
		await dashboard.close();
	});
});
