// Pictures of every page over the real log and simulated visitors, light and dark, wide and narrow, into a folder.
//
// usage: node screenshots.mjs FOLDER LOG [URL TOKEN]   with the last two, of an installation that runs already
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Shared } from "./client.mjs";
import { address, browserOpen, logRange, settled, signedIn, views } from "./browser/dashboard.mjs";
import { visitorHits } from "./browser/visitors.mjs";
import { temporaryFolder, up } from "./harness.mjs";

const [folder, log, url, token] = process.argv.slice(2);
const VISITORS = 300;
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

async function installation(shared) {
	if (url !== undefined) return { running: { dashboard: url }, token };
	const running = await up(shared, temporaryFolder(shared));
	const done = async (args) => {
		const { status, stdout, stderr } = await running.run(args);
		if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
		return stdout.trim();
	};
	await done(["import", "access-log", log]);
	const hits = path.join(running.stateDir, "visitors.jsonl");
	writeFileSync(hits, visitorHits(VISITORS));
	await done(["import", "hits", hits]);
	const made = { running, token: await done(["token", "create", "pictures"]) };
	for (const [name, definition] of [["Signed up", { event: "signed_up" }], ["Read the docs", { page: "/docs*" }]])
		await fetch(`${running.dashboard}/api/v1/saved`, { method: "POST", headers: { authorization: `Bearer ${made.token}` }, body: JSON.stringify({ kind: "goal", name, definition }) });
	return made;
}

async function pictures(browser, running, secret, size, colorScheme) {
	const { context, page } = await signedIn(browser, running, secret, { viewport: SIZES[size], colorScheme });
	const shot = async (name, query) => {
		await page.goto(address(running, query));
		await settled(page);
		await page.screenshot({ path: path.join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: true });
	};
	for (const view of views) {
		await shot(`log-${view}`, { view, ...logRange });
		await shot(`demo-${view}`, { view, range: "90d" });
	}
	await shot("funnel", { view: "funnels", steps: "page:/pricing;page:/signup;event:signed_up", window: "604800", left: "1" });
	await shot("funnel-parts", { view: "funnels", range: "90d", steps: "page:/*;page:/docs*;page:/signup", by: "device_type" });
	await shot("heatmap", { view: "heatmap", range: "90d", page: "example.org/pricing" });
	await shot("tree", { view: "journeys", range: "90d", page: "/docs", open: "example.org/docs/install" });
	for (const view of ["overview", "pages", "sources", "journeys", "events"]) await shot(`compared-${view}`, { view });
	await shot("person", { view: "person", person: "1001" });
	await shot("filtered", { ...logRange, filter: "device_type:desktop;channel:!Direct" });
	const [{ session }] = (await (await page.request.get(`${running.dashboard}/api/v1/sessions?limit=1`)).json()).rows;
	await shot("session", { view: "session", session });
	await page.goto(address(running));
	await settled(page);
	for (const name of ["Views", "Share"]) {
		await page.click(`text='${name}'`);
		await page.waitForSelector("dialog");
		await page.screenshot({ path: path.join(folder, `${name.toLowerCase()}-${size}-${colorScheme}.png`) });
		await page.keyboard.press("Escape");
	}
	await shot("nothing", { from: "2001-01-01", to: "2001-01-02" });
	await context.clearCookies();
	await page.goto(address(running));
	await page.waitForSelector("#sign-in");
	await page.screenshot({ path: path.join(folder, `sign-in-${size}-${colorScheme}.png`) });
	await context.close();
}

const shared = new Shared();
try {
	mkdirSync(folder, { recursive: true });
	const { running, token: secret } = await installation(shared);
	const browser = await browserOpen(shared);
	for (const size of Object.keys(SIZES))
		for (const scheme of ["light", "dark"]) await pictures(browser, running, secret, size, scheme);
	console.log(`pictures are in ${folder}`);
} finally {
	await shared.end();
}
