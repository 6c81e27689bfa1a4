// Simulated visitors whose truth is written down while their hits are made: who saw and did what, in which session, as whom, in
// the shapes of world.mjs. A person is a user's id, or the name of a browser that nobody signed in on. Nothing of it is read from
// the program.
import { Random } from "../load.mjs";
import { DAY_MS, dayBegin } from "./figures.mjs";
import { group } from "../lists.mjs";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TIMEOUT_MS = 30 * MINUTE_MS;

const devices = [
	{ agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
		device_type: "desktop", browser: "Chrome", browser_version: "126.0.0", os: "Windows", os_version: "10", screen: [1920, 1080] },
	{ agent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
		device_type: "desktop", browser: "Firefox", browser_version: "128.0", os: "Linux", os_version: "", screen: [1280, 720] },
	{ agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
		device_type: "mobile", browser: "Mobile Safari", browser_version: "17.5", os: "iOS", os_version: "17.5", screen: [390, 844] },
	{ agent: "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
		device_type: "tablet", browser: "Mobile Safari", browser_version: "16.6", os: "iOS", os_version: "16.6", screen: null },
];
const origins = [
	{ channel: "Direct", channel_type: "direct" },
	{ referrer: "https://www.google.com/", channel: "Organic Search", channel_type: "organic", referrer_domain: "google.com" },
	{ referrer: "https://www.facebook.com/", channel: "Organic Social", channel_type: "social", referrer_domain: "facebook.com" },
	{ referrer: "https://blog.example.net/post", channel: "Referral", channel_type: "referral", referrer_domain: "blog.example.net" },
	{ campaign: { source: "newsletter", medium: "email", name: "Spring", term: "shoes", content: "top" }, channel: "Email", channel_type: "email" },
	{ campaign: { source: "google", medium: "cpc", name: "Brand_100%" }, channel: "Paid Search", channel_type: "paid" },
];
const places = [
	{ ip: "203.0.113.7", country: "DE", region: "DE-BY" }, { ip: "192.0.2.9", country: "FR", region: "Île-de-France" }, { country: "", region: "" },
];
const pages = [
	["/", null], ["/pricing", "Sales"], ["/signup", "Sales"], ["/docs/start", "Docs"], ["/docs/a_b", "Docs"], ["/docs/aXb", "Docs"],
	["/blog/ünï%20x", null], ["/thanks", "Sales"],
];
// What happens; values are made for each.
const happenings = [
	{ type: "click", action: "click", position: (random) => ({ x: random.pick([0, 4, 5, 14, 15, 995, 1000]), y: random.below(6) * 333 }) },
	{ action: "Signed up", category: "Conversion", value: (random) => random.pick([null, 30, 9.99]), properties: { plan: "pro" } },
	{ action: "Signed up", category: "Conversion", value: (random) => random.pick([null, 5]), properties: { plan: "free", seats: 3 } },
	{ action: "play", category: "Video", label: "=intro", properties: { plan: "free", speed: 2 } },
	{ type: "search", action: "search", category: "conversion", value: (random) => random.below(20) }, // not Conversion
	{ action: "Log_in" },
];

const lengths = [20_000, 90_000, 20 * MINUTE_MS, 90 * MINUTE_MS]; // of visits

export const sources = ["alpha", "beta"];

// A UUIDv7 of a time; the counter keeps the order of what happened in the same millisecond.
function idAt(random, timeMs, counter) {
	const hex = random.uuid7(timeMs);
	return `${hex.slice(0, 15)}${(counter % 4096).toString(16).padStart(3, "0")}${hex.slice(18)}`;
}

class Browser {
	constructor(visitors, number) {
		const { random } = visitors;
		Object.assign(this, { visitors, number, resets: 0, user: null });
		this.device = random.pick(devices);
		this.place = random.pick(places);
		this.source = random.pick(sources);
		this.host = this.source === "alpha" ? random.pick(["www.alpha.example", "app.alpha.example"]) : "www.beta.example";
		this.timezone = random.pick(["Europe/Vienna", "America/New_York"]);
		this.locale = random.pick(["en-US", "de-AT"]);
		this.signsIn = random.chance(0.6);
		this.namesUser = random.chance(0.5);
		this.anonymousId = `browser-${number}`;
	}

	// aheadMs: how long before the first hit the client had named the session; below 0: it named it later, by a clock that was off.
	visit(startMs, lengthMs, aheadMs = 0) {
		const { random } = this.visitors;
		if (this.user !== null && random.chance(0.1)) {
			this.user = null;
			this.anonymousId = `browser-${this.number}-${++this.resets}`;
		}
		this.timeMs = startMs;
		const startedMs = startMs - aheadMs;
		const session = { id: idAt(random, startedMs, 0), startedMs, number: 0, origin: random.pick(origins), views: [], events: [], isFirst: true };
		session.dimensions = this.dimensionsOf(session);
		this.session = session;
		this.visitors.sessions.push(session);
		const steps = random.chance(0.06) ? 0 : 1 + random.below(random.pick([1, 3, 9]));
		const pause = Math.min(TIMEOUT_MS - MINUTE_MS, Math.floor(lengthMs / (steps + 1)));
		for (let step = 0; step < steps; step++) {
			const view = this.view();
			for (let count = random.below(4); count > 1; count--) this.event(view);
			if (this.signsIn && random.chance(this.user === null ? 0.25 : 0.06)) this.identify();
			const stay = random.chance(0.1) ? 0 : random.below(pause) + 1;
			this.timeMs += stay;
			if (random.chance(0.7)) this.leave(view, stay);
			if (random.chance(0.2) && session.views.length > 1) this.leave(random.pick(session.views), stay); // of another tab
		}
		if (steps === 0) this.event(null);
	}

	dimensionsOf({ origin: { channel, channel_type, referrer_domain = "", campaign = {} } }) {
		const { agent, screen, ...device } = this.device;
		return { ...device, screen: screen?.join("x") ?? "", source: this.source, timezone: this.timezone, locale: this.locale, country: this.place.country,
			region: this.place.region, channel, channel_type, referrer_domain, utm_source: campaign.source ?? "", utm_medium: campaign.medium ?? "",
			utm_campaign: campaign.name ?? "", utm_term: campaign.term ?? "", utm_content: campaign.content ?? "" };
	}

	message(type, rest) {
		const { visitors, session, timeMs } = this;
		const id = idAt(visitors.random, timeMs, ++visitors.counter);
		const context = { session: { id: session.id }, userAgent: this.device.agent, ip: this.place.ip, timezone: this.timezone, locale: this.locale,
			page: rest.page };
		if (this.device.screen !== null) context.screen = { width: this.device.screen[0], height: this.device.screen[1] };
		const isOfOrigin = session.isFirst && (type === "page" || type === "track");
		if (isOfOrigin) {
			session.isFirst = false;
			context.campaign = session.origin.campaign;
			if (session.origin.referrer !== undefined) context.page.referrer = session.origin.referrer;
		}
		const message = { type, messageId: id, anonymousId: this.anonymousId, timestamp: new Date(timeMs).toISOString(), context, ...rest.fields };
		if (this.user !== null && this.namesUser && type !== "identify") message.userId = this.user;
		Object.assign(context.session, rest.session);
		visitors.messages.push({ source: this.source, timeMs, message });
		return message;
	}

	view() {
		const { session, host } = this;
		const { random } = this.visitors;
		const previous = session.views.at(-1);
		const [path, category] = previous !== undefined && random.chance(0.2) ? [previous.path, previous.category] : random.pick(pages);
		const loadMs = random.chance(0.5) ? 100 + random.below(3000) : null;
		const fields = { properties: { title: `Title of ${path}`, ...(category === null ? {} : { category }), ...(loadMs === null ? {} : { loadMs }) } };
		const { messageId, anonymousId, userId } = this.message("page",
			{ page: { url: `https://${host}${path}`, path }, session: { sequence: ++session.number }, fields });
		const view = { id: messageId, session, ms: this.timeMs, number: session.number, host, path, category, title: `Title of ${path}`,
			seconds: null, scroll: null, clicks: 0, loadMs, anonymousId, userId, visibleMs: 0 };
		session.views.push(view);
		return view;
	}

	event(view) {
		const { random } = this.visitors;
		const { type = "custom", action, category = null, label = null, properties = null, ...made } = random.pick(happenings);
		const [value, position] = [made.value?.(random) ?? null, made.position?.(random) ?? null];
		const told = Object.entries({ type: type === "custom" ? null : type, category, label, value, position }).filter(([, one]) => one !== null);
		const { messageId, anonymousId, userId } = this.message("track", { page: { url: `https://${this.host}/`, path: "/" },
			session: view === null ? {} : { pageViewId: view.id }, fields: { event: action, properties: { ...properties, ...Object.fromEntries(told) } } });
		this.session.events.push({ id: messageId, session: this.session, ms: this.timeMs, type, action, category, label, value, position, properties, view,
			anonymousId, userId });
	}

	leave(view, stay) {
		const { random } = this.visitors;
		view.visibleMs += random.below(stay + 1);
		view.scroll = Math.max(view.scroll ?? 0, random.below(101));
		view.clicks = Math.max(view.clicks, random.below(4));
		view.seconds = Math.round(view.visibleMs / 1000);
		view.session.leftMs = this.timeMs;
		this.message("leave", { fields: { pageViewId: view.id, visibleMs: view.visibleMs, scrollDepthPercent: view.scroll, clicks: view.clicks } });
	}

	identify() {
		const { visitors } = this;
		const user = visitors.random.pick(visitors.users);
		this.user = user.id;
		const traits = { createdAt: new Date(user.createdMs).toISOString(), ...user.traits };
		const { messageId } = this.message("identify", { fields: { userId: user.id, traits } });
		visitors.signIns.push({ anonymousId: this.anonymousId, id: messageId, user });
	}
}

export class Visitors {
	sessions = [];
	messages = [];
	signIns = [];
	counter = 0;

	// days: dates around which people come, many of them shortly before midnight in one of the zones; nowMs: the end of what happens.
	constructor(seed, { browsers, visits, days, zones, nowMs }) {
		const random = (this.random = new Random(seed));
		this.nowMs = nowMs;
		this.users = this.usersOf(Math.ceil(browsers / 2), dayBegin("UTC", days[0]));
		const start = () => (random.chance(0.2)
			? dayBegin(random.pick(zones), random.pick(days)) - random.below(30 * MINUTE_MS)
			: dayBegin("UTC", random.pick(days)) - DAY_MS / 2 + random.below(2 * DAY_MS));
		for (let number = 0; number < browsers; number++) {
			const browser = new Browser(this, number);
			const starts = Array.from({ length: 1 + random.below(visits * 2) }, start).sort((left, right) => left - right);
			for (const startMs of starts) browser.visit(startMs, random.pick(lengths), random.chance(0.08) ? random.below(4 * HOUR_MS) - HOUR_MS : 0);
			if (number % 5 === 0) browser.visit(nowMs - 100_000, 60_000); // who is there now
		}
		this.settle();
	}

	// They signed up in the months before and after.
	usersOf(count, timeMs) {
		const traits = [{ plan: "pro" }, { plan: "free", seats: 5 }, {}];
		return Array.from({ length: count }, (_, at) =>
			({ id: String(1001 + at), createdMs: timeMs + (this.random.below(120) - 60) * DAY_MS, traits: traits[at % 3] }));
	}

	// Whose each hit is: by all the sign-ins there ever are. And what follows of each session.
	settle() {
		const signIns = group(this.signIns.toSorted((left, right) => (left.id < right.id ? -1 : 1)), ({ anonymousId }) => anonymousId);
		const personOf = ({ id, anonymousId, userId }) => {
			const own = signIns.get(anonymousId) ?? [];
			return userId ?? (own.findLast((signIn) => signIn.id <= id) ?? own[0])?.user.id ?? anonymousId;
		};
		for (const session of this.sessions) {
			const hits = [...session.views, ...session.events];
			for (const hit of hits) hit.person = personOf(hit);
			session.persons = [...new Set(hits.map(({ person }) => person))];
			session.lastMs = Math.max(session.startedMs, ...hits.map(({ ms }) => ms), session.leftMs ?? 0);
			session.isEnded = session.lastMs < this.nowMs - TIMEOUT_MS;
			session.seconds = Math.round((session.lastMs - session.startedMs) / 1000);
		}
		const seen = new Set(this.signIns.map(({ user }) => user));
		this.persons = this.users.filter((user) => seen.has(user));
	}
}
