// What tests and pictures of the dashboard share: a signed-in Chromium, and the pages there are.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { chromium } from "playwright-core";

import { atEnd, isRoot, until } from "../harness.mjs";
import { visitorHits } from "./visitors.mjs";

export const views = ["overview", "pages", "sources", "journeys", "funnels", "retention", "events", "heatmap", "live", "sessions", "data"];

// The days of the real log.
export const logRange = { from: "2015-05-17", to: "2015-05-20" };

export async function browserOpen(test) {
	const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--disable-gpu", "--disable-dev-shm-usage"],
		chromiumSandbox: !isRoot });
	atEnd(test, () => browser.close());
	return browser;
}

export const address = (running, query = {}) => `${running.dashboard}/${Object.keys(query).length === 0 ? "" : `?${new URLSearchParams(query)}`}`;

// A context of its own, as a new browser is, signed in. What the page complains of, a breach of its content policy too, is in
// `complaints`.
export async function signedIn(browser, running, token, options = {}) {
	const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
	const answer = await context.request.post(`${running.dashboard}/api/v1/sign-in`, { data: { token }, headers: { origin: running.dashboard } });
	if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
	const page = await context.newPage();
	const complaints = [];
	page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(String(error)));
	return { context, page, complaints };
}

// So many made-up visitors of these days.
export async function visitorsImport(running, count) {
	const hits = path.join(running.stateDir, "visitors.jsonl");
	writeFileSync(hits, visitorHits(count));
	const { status, stderr } = await running.run(["import", "hits", hits]);
	assert.equal(status, 0, stderr);
}

// What the API answers to who has the token.
export async function ask({ running, token }, name, query = {}) {
	const answer = await fetch(`${running.dashboard}/api/v1/${name}?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${token}` } });
	assert.equal(answer.status, 200, await answer.clone().text());
	return answer.json();
}

// A page in a new browser that shows this, settled.
export async function show({ browser, running, token }, query, options) {
	const made = await signedIn(browser, running, token, options);
	await made.page.goto(address(running, query));
	await settled(made.page);
	return made;
}

// Nothing is loading any more, and something is shown.
export const settled = (page) => until("the page is settled", () => page.evaluate(() =>
	document.querySelector("main > section:not(.toolbar), #empty, .cards") !== null && document.querySelector("[aria-busy=true]") === null
		&& ![...document.querySelectorAll("[role=status]")].some((one) => one.textContent === "Loading…")));

// The cells of the table with this name, the head's too, by line.
export const table = (page, label) => page.evaluate((name) => [...document.querySelectorAll(`[role=region][aria-label="${name}"] tr`)]
	.map((line) => [...line.cells].map((cell) => cell.textContent.replaceAll("\u00a0", " ").trim())), label);

const axe = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

// What axe-core finds serious or critical on the page, a line each.
export async function seriousOf(page) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => globalThis.axe.run());
	return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
		.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | ")}`);
}
