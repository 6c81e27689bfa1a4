// A day of traffic, shorter: visitors with sessions, views, events and leaves, servers without sessions, what comes late, what
// comes again. Times are those of the present; only the curve of the day is compressed. Every hit that becomes a row has a
// number, which its id ends in, so that millions of them can be told apart in the end.
import http from "node:http";

import { post } from "../client.mjs";
import { Random } from "../load.mjs";

const TICK_MS = 20;
const SOCKETS = 96;
const WAITING_MAX = 384; // requests under way; beyond it the day has to wait, as visitors behind a slow line do
const HOLD_MS_MAX = 45_000; // what a browser sends late, or a client again

// Hours of the day and how busy they are; between them it goes straight. It begins at six, so that the first third has a peak.
const CURVE = [[0, 0.5], [3, 1.7], [5, 1.3], [6.5, 1.4], [9, 1.2], [14, 1.6], [16, 1], [18, 0.4], [20, 0.2], [23, 0.2], [24, 0.5]];
const BURSTS = [2, 6.7, 14.5, 21]; // a mail to everybody: ten minutes of five times as much
const BURST_HOURS = 1 / 6;
const BURST_FACTOR = 5;

const AGENTS = [
	["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/", ".0.0.0 Safari/537.36"],
	["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/", ".0.0.0 Safari/537.36"],
	["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/", ".1 Mobile/15E148 Safari/604.1"],
	["Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/", ".0"],
];

function curve(hour) {
	const next = CURVE.findIndex(([at]) => at > hour);
	const [[from, low], [to, high]] = [CURVE[next - 1], CURVE[next]];
	const usual = low + ((high - low) * (hour - from)) / (to - from);
	return usual * (BURSTS.some((at) => hour >= at && hour < at + BURST_HOURS) ? BURST_FACTOR : 1);
}

const curveMean = Array.from({ length: 2400 }, (_, at) => curve(at / 100)).reduce((sum, one) => sum + one) / 2400;

// How busy the given part (0 to 1) of the day is; 1 on the mean.
export const busy = (part) => curve(Math.min(part, 0.9999) * 24) / curveMean;

export const VIEW = 1;
export const EVENT = 2;

// What is known of each numbered hit and of each person, in a few bytes, since there are millions.
export class Known {
	count = 0;
	kind = new Uint8Array(1 << 20);
	clicks = new Uint8Array(1 << 20); // of a view, as its last leave has them
	person = new Int32Array(1 << 20);

	add(kind, person) {
		if (this.count === this.kind.length)
			for (const name of ["kind", "clicks", "person"]) {
				const larger = new this[name].constructor(this.count * 2);
				larger.set(this[name]);
				this[name] = larger;
			}
		this.kind[this.count] = kind;
		this.person[this.count] = person;
		return this.count++;
	}
}

export class Traffic {
	known = new Known();
	sessions = 0; // that browsers named
	answered = 0; // hits
	requests = 0;
	again = 0; // requests sent again, as when the answer was lost
	refused = {}; // status or error → requests that had to be sent again
	waiting = 0;
	heldBackMs = 0; // how long nothing was made since too much was under way
	problems = [];
	isOver = false;
	held = []; // [when, send]

	constructor({ seed, people, rate, durationMs, collect, browserKey, serverKey }) {
		Object.assign(this, { seed, people, rate, durationMs, collect, browserKey, serverKey });
		this.random = new Random(seed);
		this.signedIn = new Uint8Array(people);
		this.agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS });
		this.active = Array.from({ length: Math.max(20, Math.round(rate * 1.2)) }, () => this.visitor());
	}

	// Whoever is signed in has this user id.
	userId = (person) => 1_000_000 + person;

	id(timeMs, digit, number) {
		const time = timeMs.toString(16).padStart(12, "0");
		const chance = (this.random.below(0x1000000) + 0x1000000).toString(16).slice(1);
		return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-${digit}${chance.slice(3)}-${number.toString(16).padStart(12, "0")}`;
	}

	visitor() {
		const { random } = this;
		const person = random.below(this.people);
		const agent = AGENTS[person % AGENTS.length];
		return {
			person, views: 0, session: null, view: null, clicks: 0,
			agent: agent.join(120 + (person % 20)), mayLinger: person % 5 === 0,
			context: { locale: "de-AT", timezone: "Europe/Vienna", screen: { width: [1920, 390, 1440][person % 3], height: 1080 } },
		};
	}

	message(visitor, type, more) {
		const signedIn = this.signedIn[visitor.person] === 1;
		return {
			type, anonymousId: `browser-${this.seed}-${visitor.person}`, ...(signedIn ? { userId: String(this.userId(visitor.person)) } : {}),
			context: { page: visitor.page, session: { id: visitor.session, sequence: visitor.views, pageViewId: visitor.view?.id } },
			...more,
		};
	}

	leave(visitor, timeMs, isLast) {
		visitor.clicks = Math.min(255, visitor.clicks + this.random.below(4));
		this.known.clicks[visitor.view.number] = visitor.clicks;
		return this.message(visitor, "leave", {
			messageId: this.id(timeMs, "a", this.random.below(2 ** 40)), visibleMs: 1000 + timeMs - visitor.view.timeMs,
			scrollDepthPercent: isLast ? 80 : 40, clicks: visitor.clicks, interactions: visitor.clicks,
		});
	}

	view(visitor, timeMs) {
		const number = this.known.add(VIEW, visitor.person);
		visitor.session ??= this.id(timeMs, "9", this.sessions++);
		visitor.view = { id: this.id(timeMs, "8", number), number, timeMs };
		visitor.views++;
		visitor.clicks = 0;
		const path = `/collections/${this.random.below(800)}/items`;
		const campaign = visitor.views === 1 && visitor.person % 7 === 0 ? "&utm_source=mail&utm_medium=email&utm_campaign=autumn" : "";
		visitor.page = {
			url: `https://shop.example${path}?tab=all${campaign}`, title: "Collections – a page of many",
			referrer: visitor.views === 1 ? ["https://www.google.com/", "", "https://news.example/item"][visitor.person % 3] : "https://shop.example/finder",
		};
		return this.message(visitor, "page", { messageId: visitor.view.id, properties: { loadMs: this.random.below(3000) } });
	}

	event(visitor, timeMs) {
		const number = this.known.add(EVENT, visitor.person);
		return this.message(visitor, "track", {
			event: this.random.pick(["Opened", "Added", "Compared", "Played"]), messageId: this.id(timeMs, "8", number),
			properties: { type: "click", category: "Collections", label: "compound-list", items: this.random.below(20),
				element: { id: "open", class: "button wide", selector: "main > div.list > a:nth-child(3)" }, position: { x: 512, y: 288 } },
		});
	}

	// What a browser sends at once; the visitor goes after some of it.
	browserBatch(place) {
		const { random } = this;
		const visitor = this.active[place];
		const nowMs = Date.now();
		const batch = [];
		if (visitor.view === null || random.chance(0.45)) {
			if (visitor.view !== null) batch.push(this.leave(visitor, nowMs, true));
			batch.push(this.view(visitor, nowMs));
		} else if (random.chance(0.3)) batch.push(this.leave(visitor, nowMs, false));
		for (let more = random.below(3); more > 0; more--) batch.push(this.event(visitor, nowMs));
		if (this.signedIn[visitor.person] === 0 && random.chance(0.01)) {
			this.signedIn[visitor.person] = 1;
			batch.push(this.message(visitor, "identify", { messageId: this.id(nowMs, "b", visitor.person), traits: { plan: "free" } }));
		}
		if (random.chance(0.12)) {
			if (batch.length > 0 && batch[0].type !== "leave") batch.push(this.leave(visitor, nowMs, true));
			this.active[place] = this.visitor();
		}
		return { hits: batch.length, key: this.browserKey, agent: visitor.agent, mayLinger: visitor.mayLinger,
			body: { writeKey: this.browserKey, context: visitor.context, batch } };
	}

	// What a back end says of many of its users at once, without sessions.
	serverBatch() {
		const { random } = this;
		const batch = Array.from({ length: 10 + random.below(60) }, () => {
			const person = random.below(this.people);
			const number = this.known.add(EVENT, this.people + person);
			const timeMs = Date.now() - (random.chance(0.05) ? random.below(90_000) : random.below(1000));
			const message = { type: "track", userId: `${9_000_000 + person}`, event: "Order changed", properties: { plan: "free", state: random.pick(["new", "paid", "sent"]) } };
			if (random.chance(0.5)) return { ...message, messageId: this.id(timeMs, "8", number), timestamp: new Date(timeMs).toISOString() };
			message.properties.number = number.toString(16);
			message.messageId = `order-${this.seed}-${number}`;
			return random.chance(0.01) ? message : { ...message, timestamp: new Date(timeMs).toISOString() };
		});
		return { hits: batch.length, key: this.serverKey, body: { batch } };
	}

	// Plays the day; resolves when every request is answered.
	async play() {
		const begin = Date.now();
		let owed = 0;
		let last = begin;
		while (Date.now() - begin < this.durationMs && this.problems.length === 0) {
			const now = Date.now();
			owed = Math.min(owed + (this.rate * busy((now - begin) / this.durationMs) * (now - last)) / 1000, this.rate * 2);
			if (this.waiting >= WAITING_MAX) this.heldBackMs += now - last;
			last = now;
			while (owed > 0 && this.waiting < WAITING_MAX) owed -= this.one();
			this.sendHeld(now);
			await new Promise((resolve) => setTimeout(resolve, TICK_MS));
		}
		this.isOver = true;
		while ((this.held.length > 0 || this.waiting > 0) && this.problems.length === 0) {
			this.sendHeld(Infinity);
			await new Promise((resolve) => setTimeout(resolve, TICK_MS));
		}
		this.agent.destroy();
	}

	// A tenth of the hits are of servers; gives how many hits were made.
	one() {
		const { random } = this;
		const request = random.chance(0.008) ? this.serverBatch() : this.browserBatch(random.below(this.active.length));
		if (request.hits === 0) return 0;
		const later = () => Date.now() + random.below(HOLD_MS_MAX);
		if (request.mayLinger && random.chance(0.05)) this.held.push([later(), request]);
		else void this.send(request);
		if (random.chance(0.01)) {
			this.again++;
			this.held.push([later(), { ...request, hits: 0 }]);
		}
		return request.hits;
	}

	sendHeld(now) {
		const due = this.held.filter(([when]) => when <= now);
		if (due.length === 0) return;
		this.held = this.held.filter(([when]) => when > now);
		for (const [, request] of due) void this.send(request);
	}

	async send({ hits, key, agent, body }) {
		this.waiting++;
		for (;;) {
			this.requests++;
			const refused = await post(this.collect, "/v1/batch", { ...body, sentAt: new Date().toISOString() },
				{ key, agent: this.agent, headers: agent === undefined ? {} : { "user-agent": agent } })
				.then(({ status, text }) => {
					if (status === 200 && text === '{"success":true}') return null;
					if (status !== 503 && status !== 429) this.problems.push(`a batch was answered with ${status} ${text}`);
					return status;
				}, (error) => error.code ?? error.message);
			if (refused === null || this.problems.length > 0) break;
			this.refused[refused] = (this.refused[refused] ?? 0) + 1;
			await new Promise((resolve) => setTimeout(resolve, 500 + this.random.below(500)));
		}
		this.answered += hits;
		this.waiting--;
	}
}
