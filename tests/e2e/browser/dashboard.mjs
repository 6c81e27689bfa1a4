// What tests and pictures of the dashboard share: a signed-in Chromium, and the pages there are.
import { chromium } from "playwright-core";

import { atEnd, isRoot, until } from "../harness.mjs";

export const views = ["overview", "pages", "sources", "journeys", "retention", "events", "live", "sessions", "data"];

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

// Nothing is loading any more, and something is shown.
export const settled = (page) => until("the page is settled", () => page.evaluate(() =>
	document.querySelector("main > section:not(.toolbar), #empty, .cards") !== null && document.querySelector("[aria-busy=true]") === null
		&& ![...document.querySelectorAll("[role=status]")].some((one) => one.textContent === "Loading…")));
