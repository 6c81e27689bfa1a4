// A load whose every hit is known: made-up visitors whose hits are told apart by a tag, and many clients that send each request
// until it is answered with 200. What the tables must hold in the end is in stored.mjs.
import assert from "node:assert/strict";
import http from "node:http";

import { minutes, post } from "./client.mjs";

const DAY_MS = 86_400_000;
const HOUR_MS = minutes(60);
const TIMEOUT_MS = minutes(30);
const HELD_MAX = 200; // messages that come late, at most

// A small generator of random numbers (mulberry32): the same seed, the same numbers.
export class Random {
	constructor(seed) {
		this.state = seed >>> 0;
	}

	number() {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let mixed = this.state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	}

	below(count) {
		return Math.floor(this.number() * count);
	}

	pick(list) {
		return list[this.below(list.length)];
	}

	chance(probability) {
		return this.number() < probability;
	}

	uuid7(timeMs) {
		const hex = (digits) => Array.from({ length: digits }, () => this.below(16).toString(16)).join("");
		const time = Math.floor(timeMs).toString(16).padStart(12, "0");
		return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${this.pick(["8", "9", "a", "b"])}${hex(3)}-${hex(12)}`;
	}
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A browser, or somebody whom only a server knows. Its clock runs through the last days, with pauses shorter and longer than a
// session's end, and never stands still. Several people sign in on some browsers, one after the other.
class Visitor {
	constructor(load, number, kind = load.random.number()) {
		const { random } = load;
		this.load = load;
		this.number = number;
		this.timeMs = Date.now() - 5 * DAY_MS + random.below(DAY_MS);
		this.isServer = kind < 0.15; // names its user in every hit, and no browser
		this.hasSessions = kind > 0.5; // as with the tracker of our own; else as with SDKs of servers
		this.anonymousId = this.isServer ? undefined : `browser-${load.seed}-${number}`;
		this.userIds = Array.from({ length: 3 }, (_, index) => (load.seed % 1_000_000) * 1_000_000 + number * 10 + index + 1);
		this.signsIn = !this.isServer && random.chance(0.4);
		this.signIns = []; // { timeMs, userId }, in order
		this.session = null;
	}

	pause() {
		const { random } = this.load;
		const pause = 1 + (random.chance(0.8) ? random.below(minutes(5)) : minutes(20) + random.below(minutes(25)));
		this.timeMs += pause;
		if (this.hasSessions && (this.session === null || pause > TIMEOUT_MS))
			this.session = { id: random.uuid7(this.timeMs), sequence: 0, view: null };
	}

	// Whose a hit at a time is, by all sign-ins there ever are; null: an anonymous person's.
	userAt(timeMs) {
		if (this.isServer) return this.userIds[0];
		return (this.signIns.findLast((signIn) => signIn.timeMs <= timeMs) ?? this.signIns[0])?.userId ?? null;
	}

	next() {
		const { random } = this.load;
		this.pause();
		if (this.signsIn && random.chance(this.signIns.length === 0 ? 0.1 : 0.03)) return this.identify();
		if (this.session?.view && random.chance(0.25)) return this.leave(this.session.view);
		return this.hit();
	}

	hit() {
		const { load, session } = this;
		const { random } = load;
		const tag = `${load.seed}-${load.made++}`;
		const hit = { tag, visitor: this, timeMs: this.timeMs, session: session?.id ?? null, isView: random.chance(0.6) };
		const message = {
			type: hit.isView ? "page" : "track",
			messageId: random.chance(0.5) ? random.uuid7(this.timeMs) : `message-${tag}`,
			anonymousId: this.anonymousId,
			userId: this.isServer ? String(this.userIds[0]) : undefined,
			timestamp: new Date(this.timeMs).toISOString(),
			context: { page: { url: `https://load.example/${tag}`, path: `/${tag}` } },
		};
		if (session !== null) message.context.session = { id: session.id };
		if (hit.isView) this.view(hit, message);
		else Object.assign(message, { event: tag, properties: { tag, text: "x".repeat(random.below(400)) } });
		// Without a time of its own a hit gets that of its arrival, which a retry must not change.
		if (!hit.isView && session === null && !this.isServer && random.chance(0.2)) {
			delete message.timestamp;
			message.messageId = `message-${tag}`;
			message.anonymousId = hit.loner = `loner-${tag}`;
			hit.timeMs = null;
			hit.madeMs = Date.now();
		}
		load.hits.set(tag, hit);
		return message;
	}

	view(hit, message) {
		const { session } = this;
		if (session === null) return;
		message.messageId = this.load.random.uuid7(this.timeMs);
		message.context.session.sequence = hit.sequence = ++session.sequence;
		session.view = { id: message.messageId, hit };
	}

	// A running total, within the timeout of its view or not.
	leave({ id, hit }) {
		const { random } = this.load;
		const seenMs = Math.min(this.timeMs - hit.timeMs, TIMEOUT_MS);
		hit.visibleMs = (hit.visibleMs ?? 0) + random.below(seenMs);
		(hit.leavesMs ??= []).push(this.timeMs);
		return {
			type: "leave", messageId: random.uuid7(this.timeMs), anonymousId: this.anonymousId, pageViewId: id,
			visibleMs: hit.visibleMs, context: { session: { id: hit.session } },
		};
	}

	identify() {
		const userId = this.load.random.pick(this.userIds);
		this.signIns.push({ timeMs: this.timeMs, userId });
		return {
			type: "identify", messageId: `identify-${this.load.seed}-${this.number}-${this.signIns.length}`,
			anonymousId: this.anonymousId, userId: String(userId), timestamp: new Date(this.timeMs).toISOString(),
			traits: { number: this.number },
		};
	}
}

export class Load {
	hits = new Map(); // tag → what was sent
	made = 0;
	visited = 0;
	requests = 0;
	retries = 0;
	isOver = false;
	problems = [];
	held = []; // messages that come late

	// pauseMsMax: longest pause of a client; shorter ones may make more than can be loaded while parts are away half of the time.
	constructor(seed, { visitors = 40, pauseMsMax = 120 } = {}) {
		this.seed = seed;
		this.pauseMsMax = pauseMsMax;
		this.random = new Random(seed);
		this.visitors = Array.from({ length: visitors }, () => new Visitor(this, this.visited++));
	}

	// One of the visitors; whose time has come to the present is replaced by another.
	visitor() {
		const place = this.random.below(this.visitors.length);
		if (this.visitors[place].timeMs > Date.now() - HOUR_MS) this.visitors[place] = new Visitor(this, this.visited++);
		return this.visitors[place];
	}

	// So many of the next messages, some of which are held back, and some that were.
	messages(count) {
		const { random, held } = this;
		return Array.from({ length: count }, () => {
			for (;;) {
				if (held.length > 0 && random.chance(held.length < HELD_MAX ? 0.03 : 0.5))
					return held.splice(random.below(held.length), 1)[0];
				const message = this.visitor().next();
				if (!random.chance(message.type === "identify" ? 0.4 : 0.04)) return message;
				held.push(message);
			}
		});
	}

	// The same, and a view whose row is known beforehand, `id` of `person`, behind others of that person.
	messagesAndView(count) {
		const messages = this.messages(count);
		const visitor = new Visitor(this, this.visited++, 0);
		let view;
		for (let made = 0; made < 8 || view.type !== "page" || view.messageId.startsWith("message"); made++)
			messages.push((view = visitor.next()));
		return { messages, id: view.messageId, person: view.userId };
	}

	// How many clients send until stop(), after which they may be started again. `where` gives { collect, key }, or null while nothing is there to ask.
	start(clients, where) {
		this.where = where;
		this.isOver = false;
		this.agent = new http.Agent({ keepAlive: true, maxSockets: clients * 2 });
		this.clients = Array.from({ length: clients }, () => this.client());
	}

	// Ends it; every request that was begun is sent until it is answered with 200.
	async stop() {
		this.isOver = true;
		await Promise.all(this.clients);
		while (this.held.length > 0) await this.send("/v1/batch", { batch: this.held.splice(0, 40) });
		this.agent.destroy();
		assert.deepEqual(this.problems, []);
	}

	async client() {
		const { random } = this;
		while (!this.isOver && this.problems.length === 0) {
			const isSingle = random.chance(0.3);
			const messages = this.messages(isSingle ? 1 : 1 + random.below(40));
			const path = isSingle ? `/v1/${messages[0].type}` : "/v1/batch";
			const body = isSingle ? messages[0] : { batch: messages };
			await this.send(path, body);
			if (random.chance(0.1)) await this.send(path, body); // as when the answer was lost
			await pause(random.below(this.pauseMsMax));
		}
	}

	async send(path, body) {
		for (;;) {
			const target = this.where();
			this.requests++;
			try {
				if (target !== null) {
					const { status, text } = await post(target.collect, path, { ...body, sentAt: new Date().toISOString() },
						{ key: target.key, agent: this.agent });
					if (status === 200 && text === '{"success":true}') return;
					if (status !== 503) {
						this.problems.push(`${path} was answered with ${status} ${text}`);
						return;
					}
				}
			} catch {
				// refused, cut off, timed out: the same again
			}
			this.retries++;
			await pause(20 + this.random.below(80));
		}
	}
}
