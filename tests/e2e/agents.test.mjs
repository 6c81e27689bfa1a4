// Browsers, systems and types of device, from headers and messages to the columns of sessions; robots to theirs.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { temporaryFolder, up } from "./harness.mjs";
import { Shared, post, rows, untilLoaded, writeKey } from "./client.mjs";

const CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1.2 Mobile/15E148 Safari/604.1";
const EDGE_HINTS = {
	"sec-ch-ua": '"Not_A Brand";v="8", "Chromium";v="120", "Microsoft Edge";v="120"', "sec-ch-ua-mobile": "?0", "sec-ch-ua-platform": '"Windows"',
	"sec-ch-ua-full-version-list": '"Not_A Brand";v="8.0.0.0", "Chromium";v="120.0.6099.71", "Microsoft Edge";v="120.0.2210.61"',
	"sec-ch-ua-platform-version": '"15.0.0"',
};

describe("user agents and client hints", () => {
	const shared = new Shared();
	let running;
	const keys = {};

	before(async () => {
		running = await up(shared, temporaryFolder(shared));
		keys.browser = await writeKey(running, "site", ["--kind", "browser", "--origins", "*"]);
		keys.server = await writeKey(running, "backend");
	});

	after(() => shared.end());

	async function send(key, headers, context) {
		const path = `/${randomUUID()}`;
		const message = { type: "page", anonymousId: randomUUID(), context: { page: { path }, ...context } };
		const answer = await post(running.collect, "/v1/batch", { batch: [message] }, { key: keys[key], headers });
		assert.equal(answer.text, '{"success":true}');
		await untilLoaded(running);
		return path;
	}

	// What the session of the one view says.
	async function sessionOf(path) {
		const [session] = await rows(running, `SELECT device_type, browser, browser_version, os, os_version FROM user_sessions
			WHERE id = (SELECT session_id FROM page_views WHERE page_url = '${path}')`);
		return Object.values(session);
	}

	test("a browser is told by its user agent", async () => {
		assert.deepEqual(await sessionOf(await send("browser", { "user-agent": IPHONE })), ["mobile", "Mobile Safari", "17.1.2", "iOS", "17.1.2"]);
	});

	test("client hints of the headers win", async () => {
		const path = await send("browser", { "user-agent": CHROME, ...EDGE_HINTS });
		assert.deepEqual(await sessionOf(path), ["desktop", "Edge", "120.0.2210", "Windows", "11"]);
	});

	test("client hints of the context count for servers too, headers do not", async () => {
		const userAgentData = { brands: [{ brand: "Google Chrome", version: "120" }, { brand: "Chromium", version: "120" }], mobile: true, platform: "Android" };
		const path = await send("server", { "user-agent": CHROME, ...EDGE_HINTS }, { userAgentData });
		assert.deepEqual(await sessionOf(path), ["mobile", "Chrome Mobile", "120", "Android", null]);
		assert.deepEqual(await sessionOf(await send("server", { "user-agent": CHROME, ...EDGE_HINTS })), ["unknown", null, null, null, null]);
	});

	test("browsers that a program drives, headless ones and crawlers are kept with the robots", async () => {
		const kinds = {
			webdriver: await send("browser", { "user-agent": CHROME }, { webdriver: true }),
			HeadlessChrome: await send("browser", { "user-agent": CHROME, "sec-ch-ua": '"HeadlessChrome";v="120", "Chromium";v="120"' }),
			Googlebot: await send("browser", { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" }),
			prefetch: await send("browser", { "user-agent": CHROME, "sec-purpose": "prefetch" }),
		};
		const found = await rows(running, "SELECT robot_kind, page_url FROM robots");
		assert.deepEqual(Object.fromEntries(found.map(({ robot_kind: kind, page_url: path }) => [kind, path])), kinds);
		assert.equal(await running.sql(`SELECT count(*) FROM page_views WHERE page_url IN ('${Object.values(kinds).join("','")}')`), "0");
	});
});
