// A scenario: what somebody does with pages that carry the tracker, and the rows this leaves. A table of them reads
//   { name, tag, pages, steps, rows }
// name   what is expected, in words
// tag    attributes of the tracker's script tag beside its key, as text
// pages  path → page, as site.mjs takes it; without it every path is a page with the tracker and a few things to use
// steps  async (scene) => …: what is done, with what a scene holds (below); all its windows are closed afterwards
// rows   { views, sessions, events, robots, … }: for each table named exactly these rows in order of time, each with at
//        least these columns. A value, or all the rows of a table, may be a function that tells whether they are right.
//        May itself be a function of what steps gave.
import assert from "node:assert/strict";
import { test } from "node:test";

import { untilLoaded } from "../client.mjs";
import { until } from "../harness.mjs";
import { html } from "./site.mjs";

const ARRIVE_MS = 30_000;
const ASK_MS = 100; // several scenarios ask at once

const sessionsOf = (host) => `(SELECT session_id FROM page_views WHERE page_host = '${host}')`;
const tables = {
	views: (host) => `SELECT *, ts_ms(viewed_at) AS at_ms FROM page_views WHERE page_host = '${host}' ORDER BY viewed_at, id`,
	sessions: (host) => `SELECT *, ts_ms(started_at) AS at_ms, ts_ms(last_activity_at) AS last_ms FROM user_sessions
		WHERE id IN ${sessionsOf(host)} ORDER BY started_at, id`,
	events: (host) => `SELECT *, ts_ms(created_at) AS at_ms FROM user_events WHERE session_id IN ${sessionsOf(host)}
		ORDER BY created_at, id`,
	attribution: (host) => `SELECT * FROM session_attribution WHERE session_id IN ${sessionsOf(host)} ORDER BY started_at`,
	robots: (host) => `SELECT * FROM robots WHERE page_host = '${host}' ORDER BY seen_at, id`,
};

// A value close to another, with a name for messages.
export function about(wanted, tolerance) {
	const isRight = (value) => value !== null && Math.abs(value - wanted) <= tolerance;
	return Object.defineProperty(isRight, "name", { value: `${wanted} ± ${tolerance}` });
}

export function between(least, most) {
	const isRight = (value) => value !== null && value >= least && value <= most;
	return Object.defineProperty(isRight, "name", { value: `${least} to ${most}` });
}

function isEqual(value, wanted) {
	if (typeof wanted === "function") return wanted(value);
	try {
		assert.deepStrictEqual(value, wanted);
		return true;
	} catch {
		return false;
	}
}

// The columns of a row that are asked for, each as wanted where it is right, so that a difference shows only what is wrong.
function compared(row, wanted = {}) {
	return Object.fromEntries(Object.entries(wanted).map(([column, value]) => [column, isEqual(row[column], value) ? value : row[column]]));
}

async function look(world, host, wanted) {
	const found = {};
	for (const [table, list] of Object.entries(wanted)) {
		const all = await world.rows(tables[table](host.name));
		if (typeof list === "function") found[table] = list(all) ? list : all;
		else found[table] = all.map((row, index) => (index < list.length ? compared(row, list[index]) : row));
	}
	return found;
}

// Waits until the rows are there, and looks once more when nothing is left to load: there must not be more of them.
export async function assertRows(world, host, wanted) {
	let found;
	await until("the rows are there", async () => isEqual((found = await look(world, host, wanted)), wanted), ARRIVE_MS, ASK_MS)
		.catch(() => {});
	await untilLoaded(world.running);
	found = await look(world, host, wanted);
	assert.deepStrictEqual(found, wanted);
}

export function trackerTag(world, tag = "", script = "/tracker.js") {
	return `<script async src="${world.collector}${script}" data-key="${world.key}" ${tag}></script>`;
}

// A page of the product, with the tracker and a few things to use.
export const productPage = (world, tag, url) => html(`<h1>${url.pathname}</h1><a id="next" href="/next">Next</a>
	<button id="buy" class="big blue">Buy now</button><p style="height: 9000px">long</p>`,
{ title: `Title of ${url.pathname}`, head: trackerTag(world, tag) });

// What a page shows of itself: everything it asked the collector for, and everything that went wrong in it.
function watch(world, page) {
	const seen = { requests: [], errors: [] };
	page.on("request", (request) => {
		if (request.url().startsWith(world.collector)) seen.requests.push(request);
	});
	page.on("pageerror", (error) => seen.errors.push(String(error)));
	page.on("console", (message) => {
		if (message.type() === "error") seen.errors.push(message.text());
	});
	return seen;
}

// Waits until the tracker of this page has sent its page view.
async function untilViewed(world, host, count = 1) {
	await until(`${count} views of ${host.name} are stored`, async () => {
		const [{ views }] = await world.rows(`SELECT count(*) AS views FROM page_views WHERE page_host = '${host.name}'`);
		return views >= count;
	}, ARRIVE_MS, ASK_MS);
}

let number = 0;
async function play(world, scenario, report) {
	const tag = scenario.tag ?? "";
	const pages = scenario.pages?.(world) ?? { "*": (_, url) => productPage(world, tag, url) };
	const host = world.site.host(`s${++number}-${process.pid}`, pages);
	const opened = [];
	const own = (page) => {
		const seen = watch(world, page);
		opened.push({ page, seen });
		return page;
	};
	const scene = {
		world, host, report,
		site: world.site, browser: world.browser,
		window: async (init) => {
			const page = own(await world.browser.window());
			if (init !== undefined) await page.addInitScript(init);
			return page;
		},
		tab: async (page) => own(await world.browser.tab(page)),
		// A page in a window of its own, whose tracker has been heard of.
		open: async (at = "/", init = undefined) => {
			const page = await scene.window(init);
			await page.goto(host.url(at));
			return page;
		},
		viewed: (count) => untilViewed(world, host, count),
		query: (text) => world.rows(text),
		rows: (wanted) => assertRows(world, host, wanted),
		requestsOf: (page) => opened.find((one) => one.page === page).seen.requests,
		errorsOf: (page) => opened.find((one) => one.page === page).seen.errors,
	};
	let given;
	try {
		given = await scenario.steps(scene);
	} finally {
		for (const { page } of opened) await page.close().catch(() => {}); // its browser may be gone
	}
	const wanted = typeof scenario.rows === "function" ? await scenario.rows(given, scene) : scenario.rows;
	if (wanted !== undefined) await assertRows(world, host, wanted);
	const wrong = opened.flatMap(({ seen }) => seen.errors).filter((error) => !scenario.expectsError?.test(error));
	assert.deepEqual(wrong, [], "nothing goes wrong in the page");
}

// Registers each scenario of a table as a test; `world` gives the world once it is there.
export function playAll(world, table) {
	for (const scenario of table) test(scenario.name, { skip: scenario.skip }, (t) => play(world(), scenario, (text) => t.diagnostic(text)));
}
