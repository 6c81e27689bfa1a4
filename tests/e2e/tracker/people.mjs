// Who it is, and whether they may be counted.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { until } from "../harness.mjs";
import { trackerTag } from "../browser/scenario.mjs";
import { html } from "../browser/site.mjs";

export const SECRET = "a secret between the product's server and the collector";
const sign = (id, secret = SECRET) => createHmac("sha256", secret).update(id).digest("hex");
const move = (page, to) => page.evaluate((path) => history.pushState({}, "", path), to);
const isAnonymous = (id) => id < 0;
// A wire id of a person may be greater than what JavaScript counts exactly, hence texts.
const personOf = ({ query, host }, path) => query(`SELECT person_id::text AS person FROM page_views
	WHERE page_host = '${host.name}' AND page_url = '${path}'`).then(([row]) => row.person);

// Everything a page of this origin has kept in the browser.
const kept = (page) => page.evaluate(async () => ({
	local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie,
	databases: await indexedDB.databases(), caches: await caches.keys(),
}));
const NOTHING = { local: {}, session: {}, cookies: "", databases: [], caches: [] };
const sentBy = (scene, page) => scene.requestsOf(page).filter((request) => request.method() === "POST").map((request) => request.url());

export const people = [
	{
		name: "identify in mid-session: what was done before and after is the person's, in one session",
		steps: async ({ open, viewed }) => {
			const page = await open("/before");
			await viewed(1);
			await page.evaluate("sojourn.track('Looked')");
			await move(page, "/signin");
			await viewed(2);
			await page.evaluate("sojourn.identify('9001', undefined, { plan: 'free' })");
			await move(page, "/after");
			await page.evaluate("sojourn.track('Used')");
			await viewed(3);
			await page.reload();
			await viewed(4);
		},
		rows: async (_, { query }) => {
			await until("the person's traits are stored", async () => (await query("SELECT 1 FROM persons WHERE id = 9001 AND traits = '{\"plan\": \"free\"}'")).length === 1);
			return {
				sessions: [{ person_id: 9001, is_authenticated: true }],
				views: ["/before", "/signin", "/after", "/after"].map((url, index) => ({ page_url: url, person_id: 9001, page_sequence_number: index + 1 })),
				events: [{ event_action: "Looked", person_id: 9001 }, { event_action: "Used", person_id: 9001 }],
			};
		},
	},
	{
		name: "reset: what follows is somebody else's, in a new session",
		steps: async ({ open, viewed, query }) => {
			const page = await open("/mine");
			await viewed(1);
			await page.evaluate("sojourn.identify('9002')");
			await page.evaluate("sojourn.reset()");
			await move(page, "/theirs");
			await page.evaluate("sojourn.track('Theirs')");
			await viewed(2);
			// The newest session's messages go first, so what was said in the one before may come last.
			await until("the person is known", async () => (await query("SELECT 1 FROM persons WHERE id = 9002")).length === 1);
		},
		rows: async (_, { query, host }) => {
			const found = await query(`SELECT page_url, person_id FROM page_views WHERE page_host = '${host.name}' ORDER BY viewed_at, id`);
			assert.ok(found.filter(({ page_url: url }) => url === "/mine").some(({ person_id: id }) => id === 9002), JSON.stringify(found));
			assert.ok(found.filter(({ page_url: url }) => url === "/theirs").every(({ person_id: id }) => isAnonymous(id)), JSON.stringify(found));
			return { sessions: [{ person_id: 9002 }, { person_id: isAnonymous }], events: [{ event_action: "Theirs", person_id: isAnonymous }] };
		},
	},
	{
		name: "a no in mid-session: nothing of what follows is sent, and nothing stays in the browser but the no",
		steps: async (scene) => {
			const page = await scene.open("/asked");
			await scene.viewed(1);
			await page.evaluate("sojourn.consent({ analytics: false })");
			await until("the no has been sent", () => sentBy(scene, page).length > 1);
			await move(page, "/secretly");
			await page.evaluate("sojourn.track('Secretly')");
			await page.reload();
			await move(page, "/secretly/again");
			await page.goto(scene.host.url("/last"));
			assert.deepEqual(Object.values((await kept(page)).local).filter((text) => !/false/.test(text)), []);
		},
		rows: { views: [{ page_url: "/asked" }], sessions: [{}], events: [] },
	},
	{
		name: "cookieless: nothing is kept in the browser, so each load is a visitor of its own",
		tag: 'data-storage="memory"',
		steps: async (scene) => {
			const page = await scene.open("/one");
			await move(page, "/one/more");
			await scene.viewed(2);
			assert.deepEqual(await kept(page), NOTHING);
			await page.goto(scene.host.url("/two"));
			await scene.viewed(3);
			assert.deepEqual(await kept(page), NOTHING);
			assert.notEqual(await personOf(scene, "/one"), await personOf(scene, "/two"));
			assert.equal(await personOf(scene, "/one"), await personOf(scene, "/one/more"));
		},
		rows: { sessions: [{}, {}], views: [1, 2, 1].map((number) => ({ page_sequence_number: number, person_id: isAnonymous })) },
	},
	{
		name: "opt-in by the tag: nothing before a yes",
		tag: 'data-consent="opt-in"',
		steps: async (scene) => {
			const page = await scene.open("/before");
			await page.click("#buy");
			await page.goto(scene.host.url("/asked"));
			await until("the tracker is there", () => page.evaluate("typeof window.sojourn?.consent === 'function'"));
			assert.deepEqual(await kept(page), NOTHING);
			assert.deepEqual(sentBy(scene, page), []);
			await page.evaluate("sojourn.consent({ analytics: true })");
			await scene.viewed(1);
		},
		rows: { sessions: [{}], views: [{ page_url: "/asked", page_sequence_number: 1 }] },
	},
];

// With a collector in opt-in mode.
export const asked = [
	{
		name: "opt-in: before a yes nothing is stored, sent or written; with it the page counts; with a no nothing more",
		steps: async (scene) => {
			const { host } = scene;
			const page = await scene.open("/before");
			await until("the tracker is there", () => page.evaluate("typeof window.sojourn?.track === 'function'"));
			await page.click("#buy");
			await page.evaluate("sojourn.track('Before'); sojourn.identify('9101')");
			await move(page, "/before/moved");
			const other = await scene.tab(page); // hidden, and shown again
			await other.close();
			await page.reload();
			await until("the tracker is there", () => page.evaluate("typeof window.sojourn?.track === 'function'"));
			await page.goto(host.url("/asked"));
			await until("the tracker is there", () => page.evaluate("typeof window.sojourn?.track === 'function'"));
			assert.deepEqual(sentBy(scene, page), []);
			assert.deepEqual(await kept(page), NOTHING);
			await page.evaluate("sojourn.consent({ analytics: true, marketing: false })");
			await scene.viewed(1);
			await page.click("#next");
			await scene.viewed(2);
			await page.evaluate("sojourn.track('After')");
			await until("it is stored", async () => (await scene.query("SELECT 1 FROM user_events WHERE event_action = 'After'")).length > 0);
			await page.evaluate("sojourn.consent({ analytics: false })");
			await page.goto(host.url("/refused"));
			await page.evaluate("sojourn.track('Refused')");
			await page.goto(host.url("/refused/again"));
		},
		rows: async (_, { query, host }) => {
			await until("the no is known", async () => (await query(`SELECT 1 FROM user_consent WHERE NOT analytics_consent AND NOT marketing_consent
				AND person_id = (SELECT DISTINCT person_id FROM page_views WHERE page_host = '${host.name}')`)).length === 1);
			return {
				sessions: [{ person_id: isAnonymous }], views: [{ page_url: "/asked" }, { page_url: "/next" }],
				events: [{ event_type: "click", element_id: "next" }, { event_action: "After" }],
			};
		},
	},
	{
		name: "opt-in: a yes that is said before the script has loaded",
		pages: (world) => ({ "*": html("<h1>x</h1>", { head: `<script>window.sojourn = window.sojourn || new Proxy([], { get: (calls, name) =>
			name in calls ? calls[name] : (...given) => { calls.push([name, given]); } }); sojourn.consent({ analytics: true });</script>${trackerTag(world)}` }) }),
		steps: async ({ open, viewed }) => {
			await open("/early");
			await viewed(1);
		},
		rows: { sessions: [{}], views: [{ page_url: "/early" }] },
	},
];

// With a collector that wants signatures and heeds Do-Not-Track.
export const guarded = [
	{
		name: "a signed identify: the browser is the person's",
		steps: async ({ open, viewed }) => {
			const page = await open("/in");
			await viewed(1);
			await page.evaluate(([id, signature]) => window.sojourn.identify(id, signature), ["9201", sign("9201")]);
			await move(page, "/signed");
			await viewed(2);
		},
		rows: { sessions: [{ person_id: 9201 }], views: [{ person_id: 9201 }, { person_id: 9201 }] },
	},
	...[["forged", sign("9202", "another secret")], ["missing", undefined], ["another person's", sign("9203")]].map(([what, signature]) => ({
		name: `a signature that is ${what}: the rows stay the browser's, and nothing is lost`,
		steps: async ({ open, viewed, query }) => {
			const page = await open("/in");
			await viewed(1);
			await page.evaluate(([id, text]) => window.sojourn.identify(id, text ?? undefined), ["9202", signature]);
			await page.evaluate("sojourn.track('Claimed')");
			await move(page, "/claimed");
			await viewed(2);
			assert.deepEqual(await query("SELECT * FROM persons WHERE id = 9202"), []);
		},
		rows: {
			sessions: [{ person_id: isAnonymous }], views: [{ person_id: isAnonymous }, { person_id: isAnonymous }],
			events: [{ event_action: "Claimed", person_id: isAnonymous }],
		},
	})),
	...[
		["Do-Not-Track", 'Object.defineProperty(Navigator.prototype, "doNotTrack", { get: () => "1" })'],
		["Global Privacy Control", 'Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true })'],
	].map(([what, init]) => ({
		name: `${what}, where the setting heeds it: nothing is sent or kept`,
		steps: async (scene) => {
			const page = await scene.open("/quiet", init);
			await until("the tracker is there", () => page.evaluate("typeof window.sojourn?.track === 'function'"));
			await page.click("#buy");
			await page.evaluate("sojourn.track('Quiet')");
			await page.goto(scene.host.url("/quiet/again"));
			assert.deepEqual(sentBy(scene, page), []);
			assert.deepEqual(await kept(page), NOTHING);
		},
		rows: { views: [] },
	})),
];

// Where nobody asked for it, the signal changes nothing.
export const unguarded = [
	{
		name: "Do-Not-Track, where no setting heeds it: counted as ever",
		steps: async ({ open, viewed }) => {
			await open("/loud", 'Object.defineProperty(Navigator.prototype, "doNotTrack", { get: () => "1" })');
			await viewed(1);
		},
		rows: { views: [{ page_url: "/loud" }] },
	},
];
