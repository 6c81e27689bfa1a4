// What people do in a page, and what is never read of it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { run } from "../harness.mjs";
import { untilLoaded } from "../client.mjs";
import { about, productPage } from "../browser/scenario.mjs";

const withBody = (body) => (world) => ({ "*": (_, url) => productPage(world, "", url).replace("<h1>", `${body}<h1>`) });
const button = { event_type: "click", element_id: "buy", element_class: "big blue", element_text: "Buy now" };

function* filesOf(folder) {
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const file = path.join(folder, entry.name);
		if (entry.isDirectory()) yield* filesOf(file);
		else if (entry.isFile()) yield file;
	}
}

// Nothing of these words is in any table or in any file of the buffer, while `kept` is, so that the search is one.
async function assertNowhere(world, words, kept) {
	await untilLoaded(world.running);
	const socket = path.join(world.running.stateDir, "postgres/socket");
	const [version] = readdirSync("/usr/lib/postgresql").toSorted((a, b) => b - a);
	const dump = await run(["-h", socket, "-U", "sojourn", "sojourn"], { program: `/usr/lib/postgresql/${version}/bin/pg_dump`, maxBuffer: 400 << 20 });
	assert.equal(dump.status, 0, dump.stderr);
	const buffer = Buffer.concat([...filesOf(world.buffer)].map((file) => readFileSync(file))).toString("latin1");
	for (const [where, text] of [["the tables", dump.stdout], ["the buffer", buffer]]) {
		assert.ok(text.includes(kept), `${kept} is in ${where}`);
		assert.deepEqual(words.filter((word) => text.includes(word)), [], `in ${where}`);
	}
}

export const interactions = [
	{
		name: "a click: its element and where on the page, in thousandths of the page's width",
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			const box = await page.locator("#buy").boundingBox();
			const width = await page.evaluate("document.documentElement.scrollWidth");
			await page.mouse.click(box.x + 10, box.y + 5);
			await page.evaluate("scrollTo(0, 40)");
			await page.mouse.click(box.x + 10, box.y + 5 - 40);
			return { x: about((1000 * (box.x + 10)) / width, 2), y: about((1000 * (box.y + 5)) / width, 2) };
		},
		rows: ({ x, y }) => ({
			views: [{ clicks_count: 2 }],
			events: [1, 2].map(() => ({
				...button, element_selector: (text) => /#buy|button/.test(text), page_view_id: (id) => id !== null,
				viewport_position: (at) => at !== null && x(at.x) && y(at.y),
			})),
		}),
	},
	{
		name: "a click on what lies inside of a button counts as the button's",
		pages: withBody('<button id="outer" class="wide"><span id="inner">Go on</span></button>'),
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.click("#inner");
		},
		rows: { views: [{ clicks_count: 1 }], events: [{ event_type: "click", element_id: "outer", element_text: "Go on" }] },
	},
	{
		name: "an outbound link and a download: kinds of their own",
		pages: (world) => ({
			...withBody(`<a id="out" href="http://elsewhere.localhost:${world.site.port}/there?secret=hush#x">Elsewhere</a>
				<a id="paper" href="/files/paper.pdf">Paper</a>`)(world),
			"/files/paper.pdf": { status: 204 },
		}),
		steps: async ({ open, viewed, site }) => {
			site.host("elsewhere", { "/there": "there" });
			const page = await open("/");
			await viewed(1);
			await page.click("#paper");
			await page.click("#out");
			await page.waitForURL(/elsewhere/);
		},
		rows: {
			views: [{}],
			events: [["paper", "download"], ["out", "outbound"]].map(([id, kind]) => ({
				event_type: kind, element_id: id, event_label: (label) => /paper|there/.test(label) && !/hush/.test(label),
				metadata: (rest) => !/hush/.test(JSON.stringify(rest)),
			})),
		},
	},
	{
		name: "a form that is sent: that it was, and never what was in it",
		pages: withBody(`<form id="join" action="/next"><input id="name" name="name" value=""><input type="password" name="pass">
			<textarea name="about"></textarea><select name="plan"><option value="hushplan">hushoption</option></select>
			<input type="hidden" name="csrf" value="hushcsrf"><div contenteditable id="note"></div><button id="send">Join</button></form>`),
		steps: async ({ open, viewed, world }) => {
			const page = await open("/");
			await viewed(1);
			await page.click("#name");
			await page.keyboard.type("hushname@private.example");
			await page.click("[name=pass]");
			await page.keyboard.type("hushpassword1!");
			await page.click("textarea");
			await page.keyboard.type("hushstory");
			await page.click("#note");
			await page.keyboard.type("hushnote");
			await page.click("#note");
			await page.selectOption("select", { index: 0 });
			await page.evaluate("document.querySelector('form').method = 'post'");
			await page.click("#send");
			await viewed(2);
			await assertNowhere(world, ["hushname", "hushpassword", "hushstory", "hushnote", "hushplan", "hushoption", "hushcsrf"], "form_submit");
		},
		rows: { views: [{}, { page_url: "/next" }] },
	},
	{
		name: "data-sojourn-ignore: nothing below it is read",
		pages: withBody(`<div data-sojourn-ignore><button id="hushbutton" class="hushclass">hushtext</button>
			<form id="hushform" action="/next"><button id="hushsend">hushsend</button></form><a id="hushlink" href="/next?a=hushquery">hushlink</a></div>`),
		steps: async ({ open, viewed, world }) => {
			const page = await open("/");
			await viewed(1);
			await page.click("#hushbutton");
			await page.evaluate("document.querySelector('#hushform').addEventListener('submit', (event) => event.preventDefault())");
			await page.click("#hushsend");
			await page.click("#buy");
			await page.goto("about:blank");
			await assertNowhere(world, ["hushbutton", "hushclass", "hushtext", "hushform", "hushsend", "hushlink"], "Buy now");
		},
		rows: { views: [{}], events: [button] },
	},
	{
		name: "data-sojourn-name, -category, -label, -value: what the page calls it",
		pages: withBody(`<section data-sojourn-category="Shop"><a id="plan" role="button" data-sojourn-name="Plan chosen" data-sojourn-label="pro"
			data-sojourn-value="12.5"><b>Take</b> this</a></section>`),
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.click("#plan b");
		},
		rows: {
			views: [{}],
			events: [{ event_type: "click", event_action: "Plan chosen", event_category: "Shop", event_label: "pro", event_value: 12.5,
				element_id: "plan", element_text: "Take this" }],
		},
	},
	{
		name: "a search: that there was one, by its form",
		pages: withBody('<form id="seek" role="search" action="/next"><input type="search" name="q" id="q"></form>'),
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.focus("#q");
			await page.keyboard.type("shoes");
			await page.keyboard.press("Enter");
			await viewed(2);
		},
		rows: {
			views: [{ page_url: "/" }, { page_url: "/next", query_params: { q: "shoes" } }],
			events: [{ event_type: "search", element_id: "seek", event_label: null }],
		},
	},
	{
		name: "scroll marks: each quarter of the page once",
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.evaluate(`(async () => {
				for (const part of [0.5, 0.3, 1]) {
					scrollTo(0, part * document.documentElement.scrollHeight - innerHeight);
					await new Promise((resolve) => addEventListener("scrollend", resolve, { once: true }));
				}
			})()`);
		},
		rows: {
			views: [{ scroll_depth_percent: about(100, 1) }],
			events: [25, 50, 75, 100].map((mark) => ({ event_type: "scroll", event_value: mark, scroll_position: (pixels) => pixels > 0 })),
		},
	},
	{
		name: "track: an action with its category, label, value and whatever else",
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.evaluate("sojourn.track('Plan chosen', { category: 'Conversion', label: 'top', value: 12.5, plan: 'pro', deep: { a: [1, null] } })");
		},
		rows: {
			views: [{}],
			events: [{ event_type: "custom", event_action: "Plan chosen", event_category: "Conversion", event_label: "top", event_value: 12.5,
				metadata: { plan: "pro", deep: { a: [1, null] } } }],
		},
	},
	{
		name: "page: a view by hand, with a name, a category and an address of its own",
		steps: async ({ open, viewed }) => {
			const page = await open("/");
			await viewed(1);
			await page.evaluate("sojourn.page({ path: '/dialog/help', title: 'Help', category: 'Docs' })");
			await viewed(2);
		},
		rows: { views: [{ page_url: "/" }, { page_url: "/dialog/help", page_title: "Help", page_category: "Docs", page_sequence_number: 2 }] },
	},
];
