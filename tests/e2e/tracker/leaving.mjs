// How long a page was looked at, how far down, and what was done in it: also of the last page, however it ends.
import { until } from "../harness.mjs";
import { Chromium } from "../browser/chromium.mjs";
import { about, between, productPage } from "../browser/scenario.mjs";

// A witness beside the tracker, from the moment it runs: counts by itself how long each showing of the page is visible, and
// reports whenever that changes. `showing` counts up when the page comes out of the back/forward cache.
const witness = `<script>(() => {
	let showing = 1, visible = 0, since = null;
	const report = () => navigator.sendBeacon("/report", JSON.stringify({ name: "witness", visible, showing, path: location.pathname }));
	const look = () => {
		if (since !== null) visible += performance.now() - since;
		since = document.visibilityState === "visible" ? performance.now() : null;
	};
	window.witness = () => { look(); return visible; };
	document.querySelector("script[data-key]").addEventListener("load", () => { look(); report(); });
	document.addEventListener("visibilitychange", () => { look(); report(); });
	addEventListener("pagehide", () => { look(); report(); });
	addEventListener("pageshow", (event) => { if (event.persisted) { showing++; visible = 0; since = performance.now(); } });
})()</script>`;
const pages = (world) => ({ "*": (_, url) => productPage(world, "", url).replace("<h1>", `${witness}<h1>`) });

// Waits until the page has been visible for so long; timers also run where nothing is drawn.
const visibleFor = (page, ms) => page.evaluate((least) => new Promise((resolve) => {
	const timer = setInterval(() => window.witness() >= least && resolve(clearInterval(timer)), 20);
}), ms);
const timerAfter = (page, ms) => page.evaluate((wait) => new Promise((resolve) => setTimeout(resolve, wait)), ms);

// What the witness last said of a showing, in seconds; at least `leastMs`, for which it may have to be waited.
async function seen({ site, host }, leastMs, path = "/", showing = 1) {
	const said = () => Math.max(0, ...site.reports.filter((one) => one.host === host.name && one.path === path && one.showing === showing)
		.map((one) => one.visible));
	await until(`the witness of ${path} saw ${leastMs} ms`, () => said() >= leastMs);
	return about(said() / 1000, 1);
}
const use = (page) => page.mouse.move(100 + Math.random() * 100, 100 + Math.random() * 100);

export const leaving = [
	{
		name: "a killed browser: the last page's time is right but for its last 15 seconds",
		pages,
		steps: async (scene) => {
			const browser = await (await Chromium.open(scene.world.test)).connect();
			const page = await browser.window();
			await page.goto(scene.host.url());
			for (let second = 1; second <= 18; second++) {
				await visibleFor(page, second * 1000);
				await use(page);
			}
			const seconds = await page.evaluate("witness() / 1000");
			await browser.kill();
			return seconds;
		},
		rows: (seconds) => ({ sessions: [{}], views: [{ time_on_page_seconds: between(seconds - 16, seconds + 1) }] }),
	},
	{
		name: "moving on: each page has the time it was visible",
		pages,
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await visibleFor(page, 2500);
			await page.click("#next");
			await viewed(2);
			await visibleFor(page, 1200);
		},
		rows: async (_, scene) => ({
			sessions: [{}],
			views: [
				{ page_url: "/", time_on_page_seconds: await seen(scene, 2500) },
				{ page_url: "/next", time_on_page_seconds: await seen(scene, 1200, "/next") },
			],
		}),
	},
	{
		name: "a closed tab: the last page's time is right to a second",
		pages,
		steps: async ({ open }) => {
			const page = await open("/");
			await visibleFor(page, 3300);
		},
		rows: async (_, scene) => ({ sessions: [{}], views: [{ time_on_page_seconds: await seen(scene, 3300) }] }),
	},
	{
		name: "a hidden tab: only visible time counts, and coming back adds to it",
		pages,
		steps: async (scene) => {
			const page = await scene.open("/");
			await visibleFor(page, 2000);
			const other = await scene.tab(page);
			await until("it is hidden", () => page.evaluate("document.visibilityState === 'hidden'"));
			await scene.rows({ views: [{ time_on_page_seconds: await seen(scene, 2000) }] });
			await timerAfter(page, 4000);
			const before = await page.evaluate("witness()");
			await page.bringToFront();
			await until("it is visible", () => page.evaluate("document.visibilityState === 'visible'"));
			await visibleFor(page, before + 1500);
			await other.close();
			return before + 1500;
		},
		rows: async (least, scene) => ({ sessions: [{}], views: [{ time_on_page_seconds: await seen(scene, least) }] }),
	},
	{
		name: "a browser that its user quits: the last page's time is right to a second",
		pages,
		steps: async (scene) => {
			const browser = await (await Chromium.open(scene.world.test)).connect();
			const page = await browser.window();
			await page.goto(scene.host.url());
			await visibleFor(page, 2500);
			await browser.quit();
		},
		rows: async (_, scene) => ({ sessions: [{}], views: [{ time_on_page_seconds: await seen(scene, 2500) }] }),
	},
	{
		name: "back/forward cache: each showing has its own time",
		pages,
		steps: async ({ open, host, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await visibleFor(page, 2000);
			await page.evaluate("addEventListener('pageshow', (event) => { window.persisted = event.persisted; })");
			await page.goto(host.url("/b"));
			await viewed(2);
			await visibleFor(page, 1000);
			await page.goBack({ waitUntil: "commit" });
			await until("the page came out of the cache", () => page.evaluate("window.persisted === true"));
			await visibleFor(page, 3000);
			await viewed(3);
		},
		rows: async (_, scene) => ({
			sessions: [{}],
			views: [
				{ page_url: "/", time_on_page_seconds: await seen(scene, 2000) },
				{ page_url: "/b", time_on_page_seconds: await seen(scene, 1000, "/b") },
				{ page_url: "/", time_on_page_seconds: await seen(scene, 3000, "/", 2) },
			],
		}),
	},
	{
		name: "scrolling: the deepest point, in percent of the page",
		pages,
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.evaluate(`(async () => {
				const depth = (part) => scrollTo(0, part * document.documentElement.scrollHeight - innerHeight);
				depth(0.6);
				await new Promise((resolve) => addEventListener("scrollend", resolve, { once: true }));
				scrollTo(0, 0);
				await new Promise((resolve) => addEventListener("scrollend", resolve, { once: true }));
			})()`);
		},
		rows: { views: [{ scroll_depth_percent: about(60, 2), clicks_count: 0 }] },
	},
	{
		name: "200 clicks: every one is counted and is an event, in order",
		steps: async ({ open, viewed, query, host }) => {
			const page = await open("/");
			await viewed(1);
			for (let count = 0; count < 200; count++) await page.click("#buy", { noWaitAfter: true });
			await page.goto(host.url("/end"));
			await viewed(2);
			await until("every click is stored", async () => {
				const [{ clicks }] = await query(`SELECT count(*) AS clicks FROM user_events WHERE event_type = 'click'
					AND page_view_id IN (SELECT id FROM page_views WHERE page_host = '${host.name}')`);
				return clicks >= 200;
			});
		},
		rows: {
			views: [{ page_url: "/", clicks_count: 200, interactions_count: between(200, 210) }, { page_url: "/end", clicks_count: 0 }],
			events: Array.from({ length: 200 }, () => ({ event_type: "click", element_id: "buy" })),
		},
	},
	{
		name: "how fast the page was: load, interactive and the Web Vitals",
		pages: (world) => ({ "*": (_, url) => productPage(world, "", url).replace("<h1>", `<h1 style="font-size: 80px">`).replace("</body>", `<script>
			document.querySelector("#buy").addEventListener("click", () => { const end = performance.now() + 120; while (performance.now() < end); });
			setTimeout(() => document.querySelector("h1").insertAdjacentHTML("beforebegin", '<div style="height: 200px">pushes all down</div>'), 300);
			</script></body>`) }),
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.waitForSelector("div");
			await timerAfter(page, 600);
			await page.click("#buy");
			await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))");
		},
		rows: {
			views: [{
				page_load_time_ms: between(1, 10_000), time_to_interactive_ms: between(1, 10_000),
				largest_contentful_paint_ms: between(1, 10_000), interaction_to_next_paint_ms: between(100, 2000),
				cumulative_layout_shift: between(0.01, 1),
			}],
		},
	},
];
