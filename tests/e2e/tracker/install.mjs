// The ways in which the tracker gets into a page, and what it costs there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { root, until } from "../harness.mjs";
import { Chromium } from "../browser/chromium.mjs";
import { between, productPage, trackerTag } from "../browser/scenario.mjs";
import { Site, html } from "../browser/site.mjs";

const stub = (name = "sojourn") => `<script>window.${name} = window.${name} || new Proxy([], { get: (calls, name) =>
	name in calls ? calls[name] : (...given) => { calls.push([name, given]); } });</script>`;
const variant = (script) => (world) => ({ "*": (_, url) => productPage(world, "", url).replace("/tracker.js", script) });

async function clickAndLeave({ open, viewed, host }) {
	const page = await open("/");
	await viewed(1);
	await page.click("#buy");
	await page.goto(host.url("/end"));
	await viewed(2);
}

// Plays in a browser that shows what it is.
const robot = (options) => async ({ world, host, query }) => {
	const browser = await (await Chromium.open(world.test, options)).connect();
	const page = await browser.window();
	await page.goto(host.url("/"));
	await until("it is counted", async () => (await query(`SELECT 1 FROM robots WHERE page_host = '${host.name}'`)).length > 0);
	await browser.quit();
};

export const install = [
	{
		name: "everything: clicks are events, and the page's speed is known",
		steps: clickAndLeave,
		rows: {
			views: [{ clicks_count: 1, time_on_page_seconds: between(0, 30), largest_contentful_paint_ms: between(1, 60_000) }, {}],
			events: [{ event_type: "click" }],
		},
	},
	{
		name: "/tracker.core.js: views and leaving, no click events, no vitals",
		pages: variant("/tracker.core.js"),
		steps: clickAndLeave,
		rows: { views: [{ clicks_count: 1, time_on_page_seconds: between(0, 30), largest_contentful_paint_ms: null }, {}], events: [] },
	},
	{
		name: "/tracker.interactions.js: click events, no vitals",
		pages: variant("/tracker.interactions.js"),
		steps: clickAndLeave,
		rows: { views: [{ clicks_count: 1, largest_contentful_paint_ms: null }, {}], events: [{ event_type: "click" }] },
	},
	{
		name: "/tracker.vitals.js: vitals, no click events",
		pages: variant("/tracker.vitals.js"),
		steps: clickAndLeave,
		rows: { views: [{ clicks_count: 1, largest_contentful_paint_ms: between(1, 60_000) }, {}], events: [] },
	},
	{
		name: "another name of the global object, by data-global",
		tag: 'data-global="metrics"',
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			assert.equal(await page.evaluate("typeof window.sojourn"), "undefined");
			await page.evaluate("metrics.track('Named')");
		},
		rows: { views: [{}], events: [{ event_action: "Named" }] },
	},
	{
		name: "another endpoint, by data-endpoint: through the product's own server",
		pages: (world) => ({
			"/collect": Site.forward(`${world.collector}/v1/batch`),
			"*": (request, url) => productPage(world, `data-endpoint="http://${request.headers.host}/collect"`, url),
		}),
		steps: async (scene) => {
			const page = await scene.open("/");
			await scene.viewed(1);
			assert.deepEqual(scene.requestsOf(page).map((request) => request.method()), ["GET"], "only the script comes from the collector");
		},
		rows: { sessions: [{}], views: [{ page_url: "/" }] },
	},
	{
		name: "calls made before the script has loaded are kept and come in order, each in its own time",
		pages: (world) => ({ "*": html("<h1>early</h1>", { head: `${stub()}<script>sojourn.track("Early 1", { value: 1 }); sojourn.track("Early 2");</script>${trackerTag(world)}` }) }),
		steps: async ({ open, viewed }) => {
			const page = await open("/early");
			await viewed(1);
			await page.evaluate("sojourn.track('Late')");
		},
		rows: {
			views: [{ page_url: "/early" }],
			events: [{ event_action: "Early 1", event_value: 1 }, { event_action: "Early 2" }, { event_action: "Late" }].map((row) => ({ ...row, page_view_id: (id) => id !== null })),
		},
	},
	{
		name: "a strict Content-Security-Policy with trusted types: only the collector's script and its address are allowed",
		pages: (world) => ({ "*": (_, url) => ({
			body: html('<h1>strict</h1><button id="buy">Buy</button><form id="f" action="/next"><input name="a"><button id="send">Send</button></form>', { title: `Title of ${url.pathname}`, head: trackerTag(world) }),
			headers: { "content-security-policy": `default-src 'none'; script-src ${world.collector}; connect-src ${world.collector}; form-action 'self';
				require-trusted-types-for 'script'; trusted-types 'none'`.replace(/\s+/g, " ") },
		}) }),
		steps: async ({ open, viewed }) => {
			const page = await open("/strict");
			await viewed(1);
			await page.click("#buy");
			await page.click("#send");
			await viewed(2);
		},
		rows: { sessions: [{}], views: [{ page_url: "/strict", clicks_count: 2 }, { page_url: "/next" }] },
	},
	{
		name: "a browser of the team, marked by hand, stays out of the figures",
		steps: async ({ open, query, host }) => {
			await open("/", "localStorage['sojourn.i'] = 1");
			await until("it is counted", async () => (await query(`SELECT 1 FROM robots WHERE page_host = '${host.name}'`)).length > 0);
		},
		rows: { views: [], robots: (list) => list.length > 0 && list.every(({ robot_kind }) => robot_kind === "team browser") },
	},
	{
		name: "a driven browser goes to the robots",
		steps: robot({ isRobot: true }),
		rows: { views: [], robots: (list) => list.every((row) => row.robot_kind === "webdriver") },
	},
	{
		name: "a headless browser goes to the robots, even where it hides that it is driven",
		steps: robot({ args: ["--headless=new"] }),
		rows: { views: [], robots: (list) => list.every((row) => /HeadlessChrome/.test(row.user_agent)) },
	},
];

// With a collector that calls everything by another name: script, global, and where hits go.
export const RENAMED = ["--tracker-path=/s.js", "--tracker-global=metrics", "--collect-path=/take"];
export const renamed = ["/s.js", "/s.core.js"].map((script) => ({
	name: `${script}, by the collector's settings: the page needs to say nothing of it`,
	pages: variant(script),
	steps: async (scene) => {
		const page = await scene.open("/");
		await scene.viewed(1);
		assert.equal(await page.evaluate("typeof window.sojourn"), "undefined");
		await page.evaluate("metrics.track('Renamed')");
		await page.goto(scene.host.url("/end"));
		await scene.viewed(2);
		const asked = new Set(scene.requestsOf(page).map((request) => new URL(request.url()).pathname));
		assert.deepEqual(asked, new Set([script, "/take"]));
	},
	rows: { sessions: [{}], views: [{ page_url: "/" }, { page_url: "/end" }], events: [{ event_action: "Renamed" }] },
}));

// The package itself, unbundled: what a bundler would take in.
const packaged = path.join(root, "build/web/tracker/package");
export const asPackage = [
	{
		name: "as a package: init() with options, and the API it gives",
		pages: (world) => ({
			"/package.js": () => ({ body: readFileSync(path.join(packaged, "index.js")), headers: { "content-type": "text/javascript" } }),
			"*": (_, url) => html("<h1>app</h1>", { title: `Title of ${url.pathname}`, head: `<script type="importmap">{"imports":{"@sojourn/tracker":"/package.js"}}</script>
				<script type="module">import { init } from "@sojourn/tracker";
				const mine = init({ key: "${world.key}", endpoint: "${world.collector}/v1/batch" });
				mine.track("Imported", { category: "Setup" }); window.mine = mine;</script>` }),
		}),
		steps: async ({ open, viewed }) => {
			const page = await open("/app");
			await viewed(1);
			await page.evaluate("history.pushState({}, '', '/app/second')");
			await viewed(2);
			assert.equal(await page.evaluate("typeof window.sojourn"), "undefined");
		},
		rows: { sessions: [{}], views: [{ page_url: "/app" }, { page_url: "/app/second" }], events: [{ event_action: "Imported", event_category: "Setup" }] },
	},
	{
		name: "as the package's script, served by the product itself",
		pages: (world) => ({
			"/own.js": () => ({ body: readFileSync(path.join(packaged, "tracker.core.js")), headers: { "content-type": "text/javascript" } }),
			"*": (_, url) => html("<h1>app</h1>", { title: `Title of ${url.pathname}`,
				head: `<script async src="/own.js" data-key="${world.key}" data-endpoint="${world.collector}/v1/batch"></script>` }),
		}),
		steps: async ({ open, viewed }) => {
			const page = await open("/app");
			await viewed(1);
			await page.evaluate("sojourn.track('Told')");
		},
		rows: { sessions: [{}], views: [{ page_url: "/app" }], events: [{ event_action: "Told" }] },
	},
];
