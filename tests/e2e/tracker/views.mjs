// What counts as a page view, how views are numbered, and which session they belong to.
import assert from "node:assert/strict";

import { until } from "../harness.mjs";
import { Chromium } from "../browser/chromium.mjs";
import { about, between, productPage } from "../browser/scenario.mjs";
import { html } from "../browser/site.mjs";

const MINUTE_MS = 60_000;
const move = (to, replace = false) => `history.${replace ? "replaceState" : "pushState"}({}, "", ${JSON.stringify(to)})`;
// Two tabs that move in the same moment may be numbered either way.
const MOMENT_MS = 300;

// A clock that the test can put forward, in place before any script of the page; it goes on across loads.
const movableClock = `(() => {
	const RealDate = Date;
	const ahead = () => Number(sessionStorage.getItem("test-ahead") ?? 0);
	window.Date = class extends RealDate {
		constructor(...given) { given.length === 0 ? super(RealDate.now() + ahead()) : super(...given); }
		static now() { return RealDate.now() + ahead(); }
	};
	window.putForward = (ms) => sessionStorage.setItem("test-ahead", String(ahead() + ms));
})()`;

export const views = [
	{
		name: "full loads: each page is a view with its title, numbered, with what led to it",
		steps: async ({ open, host, viewed }) => {
			const page = await open("/?color=red&token=hush");
			await viewed(1);
			await page.click("#next");
			await viewed(2);
			await page.goto(host.url("/third"), { referer: host.url("/next") });
			await viewed(3);
		},
		rows: {
			sessions: [{ is_authenticated: false, is_made_by_loader: false, source: "site", screen_resolution: "1600x1200", locale: "en-US",
				timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, browser: "Chromium", os: "Linux", device_type: "desktop" }],
			views: [
				{ page_url: "/", page_title: "Title of /", page_sequence_number: 1, referrer: null, external_referrer: null,
					query_params: { color: "red" } },
				{ page_url: "/next", page_title: "Title of /next", page_sequence_number: 2, referrer: "/" },
				{ page_url: "/third", page_title: "Title of /third", page_sequence_number: 3, referrer: "/next" },
			],
			events: [{ event_type: "click", element_id: "next", element_text: "Next" }],
		},
	},
	{
		name: "another site's link: its address is the referrer and the session's source, campaign words too",
		steps: async ({ window, site, host, viewed }) => {
			const other = site.host("other-site", { "*": html(`<a href="${host.url("/in?utm_source=letter&utm_medium=email")}">in</a>`) });
			const page = await window();
			await page.goto(other.url("/article"));
			await page.click("a");
			await viewed(1);
		},
		rows: (_, { site }) => ({
			sessions: [{ referrer_domain: "other-site.localhost", utm_source: "letter", utm_medium: "email" }],
			views: [{ page_url: "/in", external_referrer: `http://other-site.localhost:${site.port}/` }],
			attribution: [{ utm_source: "letter", referrer_domain: "other-site.localhost", landing_page_url: "/in" }],
		}),
	},
	{
		name: "single-page moves: a new path is a view, by pushState, replaceState and the back button; a query or hash is none",
		steps: async ({ open, viewed }) => {
			const page = await open("/app");
			await viewed(1);
			await page.evaluate(move("/app/list"));
			await viewed(2);
			await page.evaluate(`${move("/app/list?page=2")}; ${move("/app/list?page=2#down")}; location.hash = "up"`);
			await page.evaluate(`document.title = "Item 7"; ${move("/app/item/7", true)}`);
			await viewed(3);
			await page.evaluate("history.go(-4)");
			await viewed(4);
		},
		rows: {
			sessions: [{}],
			views: [
				{ page_url: "/app", page_sequence_number: 1, referrer: null },
				{ page_url: "/app/list", page_sequence_number: 2, referrer: "/app" },
				{ page_url: "/app/item/7", page_sequence_number: 3, page_title: "Item 7", referrer: "/app/list" },
				{ page_url: "/app", page_sequence_number: 4, referrer: "/app/item/7" },
			],
		},
	},
	{
		name: "hash routing by data-hash: each new hash is a view",
		tag: "data-hash",
		steps: async ({ open, viewed }) => {
			const page = await open("/#/home");
			await viewed(1);
			await page.evaluate('location.hash = "#/list"');
			await viewed(2);
			await page.goBack({ waitUntil: "commit" });
			await viewed(3);
		},
		rows: { sessions: [{}], views: [{ page_sequence_number: 1 }, { page_sequence_number: 2 }, { page_sequence_number: 3 }] },
	},
	{
		name: "searching by data-search: a new query is a view",
		tag: "data-search",
		steps: async ({ open, viewed }) => {
			const page = await open("/find?q=a");
			await viewed(1);
			await page.evaluate(move("/find?q=b"));
			await viewed(2);
		},
		rows: {
			sessions: [{}],
			views: [{ page_url: "/find", query_params: { q: "a" } }, { page_url: "/find", query_params: { q: "b" }, page_sequence_number: 2 }],
		},
	},
	{
		name: "canonical by data-canonical: the page goes by the name it gives itself",
		pages: (world) => ({ "*": (_, url) => productPage(world, "data-canonical", url).replace("</head>", '<link rel="canonical" href="/product/7"></head>') }),
		steps: async ({ open, viewed }) => {
			await open("/shop/blue/product-7?from=list");
			await viewed(1);
		},
		rows: { sessions: [{}], views: [{ page_url: "/product/7" }] },
	},
	{
		name: "the category that the page names",
		pages: (world) => ({ "*": (_, url) => productPage(world, "", url).replace("<body>", '<body data-sojourn-category="Guides">') }),
		steps: async ({ open, viewed }) => {
			await open("/guides/one");
			await viewed(1);
		},
		rows: { sessions: [{}], views: [{ page_url: "/guides/one", page_category: "Guides" }] },
	},
	{
		name: "reload: the same session, the next number",
		steps: async ({ open, viewed }) => {
			const page = await open("/again");
			await viewed(1);
			for (const count of [2, 3]) {
				await page.reload();
				await viewed(count);
			}
		},
		rows: { sessions: [{}], views: [1, 2, 3].map((number) => ({ page_url: "/again", page_sequence_number: number })) },
	},
	{
		name: "redirect: only the page that is shown is a view",
		pages: (world) => ({
			"/from": { status: 302, headers: { location: "/to?kept=1" } },
			"*": (_, url) => productPage(world, "", url),
		}),
		steps: async ({ open, viewed }) => {
			await open("/from");
			await viewed(1);
		},
		rows: { sessions: [{}], views: [{ page_url: "/to", page_sequence_number: 1, query_params: { kept: "1" } }] },
	},
	{
		name: "two tabs at once: one session, each number once, in the order of time, across moves and loads",
		steps: async ({ open, host, query, viewed }) => {
			const first = await open("/one");
			const second = await open("/two");
			await viewed(2);
			const isStored = async (at) => (await query(`SELECT 1 FROM page_views WHERE page_host = '${host.name}' AND page_url = '${at}'`)).length > 0;
			const walk = async (page, name) => {
				for (let step = 0; step < 6; step++) {
					const at = `/${name}/${step}`;
					await (step % 3 === 2 ? page.goto(host.url(at)) : page.evaluate(move(at)));
					await until(`the view of ${at} is stored`, () => isStored(at));
				}
			};
			await Promise.all([walk(first, "a"), walk(second, "b")]);
			const found = await query(`SELECT page_sequence_number AS number, ts_ms(viewed_at) AS at FROM page_views
				WHERE page_host = '${host.name}' ORDER BY page_sequence_number`);
			assert.deepEqual(found.map(({ number }) => number), Array.from({ length: 14 }, (_, index) => index + 1));
			assert.ok(found.every(({ at }, index) => index === 0 || at > found[index - 1].at - MOMENT_MS), JSON.stringify(found));
		},
		rows: { sessions: [{}] },
	},
	{
		name: "moves faster than anybody reads: each is a view, in one session",
		steps: async ({ open, host, viewed }) => {
			const page = await open("/0");
			await viewed(1);
			for (let step = 1; step <= 10; step++) await page.evaluate(move(`/${step}`));
			await page.goto(host.url("/11"));
			await viewed(12);
		},
		rows: { sessions: [{}], views: Array.from({ length: 12 }, (_, step) => ({ page_url: `/${step}`, page_sequence_number: step + 1 })) },
	},
	{
		name: "two tabs opened in the same moment: still one session",
		steps: async ({ window, host, viewed }) => {
			const pages = await Promise.all([window(), window()]);
			await Promise.all(pages.map((page, index) => page.goto(host.url(`/${index}`))));
			await viewed(2);
		},
		// Whichever comes to be numbered first.
		rows: { sessions: [{}], views: (all) => all.map((view) => view.page_sequence_number).sort().join() === "1,2" },
	},
	{
		name: "back/forward cache: a page that is shown again is a view again",
		steps: async ({ open, host, viewed }) => {
			const page = await open("/a");
			await viewed(1);
			await page.evaluate("addEventListener('pageshow', (event) => { window.persisted = event.persisted; })");
			await page.goto(host.url("/b"));
			await viewed(2);
			await page.goBack({ waitUntil: "commit" });
			await until("the page came out of the cache", () => page.evaluate("window.persisted === true"));
			await viewed(3);
		},
		rows: {
			sessions: [{}],
			views: [
				{ page_url: "/a", page_sequence_number: 1 }, { page_url: "/b", page_sequence_number: 2 },
				{ page_url: "/a", page_sequence_number: 3 },
			],
		},
	},
	...[true, false].map((isShown) => ({
		name: isShown ? "prerender: counted once, when it is shown" : "prerender: a page that is never shown is never counted",
		// Playwright stops prerendered pages, so this browser goes by itself.
		pages: (world) => {
			// Late enough for a tracker that does not wait to have sent its view.
			const report = `setTimeout(() => fetch("/report", { method: "POST", body: JSON.stringify({ name: document.prerendering ? "hidden" : "open" }) }), 1500)`;
			const rules = '<script type="speculationrules">{"prerender":[{"urls":["/next"],"eagerness":"immediate"}]}</script>';
			return {
				"/": (_, url) => productPage(world, "", url).replace("</head>", `${rules}<script type="module">
					while ((await fetch("/may-go")).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
					document.querySelector("#next").click();</script></head>`),
				"/next": (_, url) => productPage(world, "", url).replace("</body>", `<script>addEventListener("load", () => ${report});
					document.addEventListener("prerenderingchange", () => fetch("/report", { method: "POST", keepalive: true, body: JSON.stringify(
						{ name: "shown", activation: performance.getEntriesByType("navigation")[0].activationStart }) }));</script></body>`),
				"/may-go": (request) => ({ status: world.site.mayGo === request.headers.host ? 200 : 404 }),
			};
		},
		steps: async ({ world, site, host, viewed, rows }) => {
			const browser = await Chromium.open(world.test, { url: host.url() });
			await viewed(1);
			await site.report(host, "hidden");
			await rows({ views: [{ page_url: "/" }] });
			const wentAt = Date.now();
			if (isShown) {
				site.mayGo = new URL(host.url()).host;
				assert.ok((await site.report(host, "shown")).activation > 0);
				await viewed(2);
			}
			await browser.quit();
			return wentAt;
		},
		rows: (wentAt) => ({
			sessions: [{}],
			views: [
				{ page_url: "/", page_sequence_number: 1 },
				{ page_url: "/next", page_sequence_number: 2, referrer: "/", at_ms: (at) => at >= wentAt },
			].slice(0, isShown ? 2 : 1),
		}),
	})),
	{
		name: "half an hour of silence: the next view begins a new session, with number 1",
		steps: async ({ open, viewed }) => {
			const page = await open("/first", movableClock);
			await viewed(1);
			await page.evaluate(move("/second"));
			await viewed(2);
			await page.evaluate(`putForward(${31 * MINUTE_MS})`);
			await page.evaluate(move("/third"));
			await viewed(3);
			await page.evaluate(move("/fourth"));
			await viewed(4);
		},
		rows: {
			sessions: [{}, {}],
			views: [1, 2, 1, 2].map((number, index) => ({ page_url: `/${["first", "second", "third", "fourth"][index]}`, page_sequence_number: number })),
		},
	},
	{
		name: "a short silence: the session goes on, also in a page loaded afterwards",
		steps: async ({ open, viewed }) => {
			const page = await open("/first", movableClock);
			await viewed(1);
			await page.evaluate(`putForward(${MINUTE_MS})`);
			await page.click("#next");
			await viewed(2);
		},
		rows: { sessions: [{ duration_seconds: between(60, 90) }], views: [{ page_sequence_number: 1 }, { page_sequence_number: 2 }] },
	},
	{
		name: "the script twice in a page: each view once",
		pages: (world) => ({ "*": (_, url) => {
			const page = productPage(world, "", url);
			return page.replace("</body>", `${/<script.*?<\/script>/.exec(page)[0]}</body>`);
		} }),
		steps: async ({ open, viewed }) => {
			const page = await open("/twice");
			await viewed(1);
			await page.click("#buy");
			await page.evaluate(move("/moved"));
			await viewed(2);
		},
		rows: {
			sessions: [{}],
			views: [{ page_url: "/twice", page_sequence_number: 1, clicks_count: 1 }, { page_url: "/moved", page_sequence_number: 2 }],
			events: [{ event_type: "click", element_id: "buy" }],
		},
	},
];

// With a collector whose sessions may be silent for a day.
export const longest = [
	{
		name: "24 hours: a session that never falls silent ends all the same",
		steps: async ({ open, viewed }) => {
			const page = await open("/0", movableClock);
			await viewed(1);
			for (let step = 1; step <= 4; step++) {
				await page.evaluate(`putForward(${7 * 60 * MINUTE_MS}); ${move(`/${step}`)}`);
				await viewed(step + 1);
			}
		},
		rows: {
			sessions: [{ duration_seconds: about(21 * 3600, 60) }, {}],
			// A new session asks for the time anew, and hears that it is still now.
			views: [["/0", 1], ["/4", 1], ["/1", 2], ["/2", 3], ["/3", 4]].map(([url, number]) => ({ page_url: url, page_sequence_number: number })),
		},
	},
];
