// A load whose every hit is known: made-up visitors whose hits are told apart by a tag, many clients that send each request
// until it is answered with 200, and what the tables must hold in the end.
import assert from "node:assert/strict";
import http from "node:http";

import { minutes, post, rows } from "./client.mjs";

const DAY_MS = 86_400_000;
const HOUR_MS = minutes(60);
const TIMEOUT_MS = minutes(30);

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

// One browser. Its clock runs through the last days, with pauses shorter and longer than a session's end.
class Visitor {
	constructor(load, number) {
		const { random } = load;
		this.load = load;
		this.number = number;
		this.anonymousId = `browser-${load.seed}-${number}`;
		this.timeMs = Date.now() - 5 * DAY_MS + random.below(DAY_MS);
		this.hasSessions = random.chance(0.5); // as with the tracker of our own; else as with SDKs of servers
		this.signsIn = random.chance(0.3);
		this.userId = null;
		this.session = null;
	}

	pause() {
		const { random } = this.load;
		const pause = random.chance(0.8) ? random.below(minutes(5)) : minutes(20) + random.below(minutes(25));
		this.timeMs += pause;
		if (this.hasSessions && (this.session === null || pause > TIMEOUT_MS))
			this.session = { id: this.load.random.uuid7(this.timeMs), sequence: 0, view: null };
	}

	next() {
		const { load } = this;
		const { random } = load;
		this.pause();
		if (this.signsIn && this.userId === null && random.chance(0.1)) return this.identify();
		const tag = `${load.seed}-${load.made++}`;
		const hit = { tag, visitor: this, timeMs: this.timeMs, session: this.session?.id ?? null, isView: random.chance(0.6) };
		const message = {
			type: hit.isView ? "page" : "track",
			messageId: random.chance(0.5) ? random.uuid7(this.timeMs) : `message-${tag}`,
			anonymousId: this.anonymousId,
			timestamp: new Date(this.timeMs).toISOString(),
			context: { page: { url: `https://load.example/${tag}`, path: `/${tag}` } },
		};
		if (this.session !== null) message.context.session = { id: this.session.id };
		if (hit.isView) this.view(hit, message);
		else Object.assign(message, { event: tag, properties: { tag, text: "x".repeat(random.below(400)) } });
		// Without a time of its own a hit gets that of its arrival, which a retry must not change.
		if (!hit.isView && this.session === null && random.chance(0.05)) {
			delete message.timestamp;
			message.messageId = `message-${tag}`;
			message.anonymousId = hit.loner = `loner-${tag}`;
			hit.timeMs = null;
		}
		load.hits.set(tag, hit);
		return message;
	}

	view(hit, message) {
		const { session } = this;
		if (session === null) return;
		message.messageId = this.load.random.uuid7(this.timeMs);
		message.context.session.sequence = hit.sequence = ++session.sequence;
		session.view = { id: message.messageId, hit, timeMs: this.timeMs };
	}

	identify() {
		const { load } = this;
		this.userId = 1_000_000 + load.seed + this.number;
		return {
			type: "identify", messageId: `identify-${load.seed}-${this.number}`, anonymousId: this.anonymousId,
			userId: String(this.userId), timestamp: new Date(this.timeMs).toISOString(), traits: { number: this.number },
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

	constructor(seed, { visitors = 40 } = {}) {
		this.seed = seed;
		this.random = new Random(seed);
		this.visitors = Array.from({ length: visitors }, () => new Visitor(this, this.visited++));
	}

	// One of the visitors; whose time has come to the present is replaced by another.
	visitor() {
		const place = this.random.below(this.visitors.length);
		if (this.visitors[place].timeMs > Date.now() - HOUR_MS) this.visitors[place] = new Visitor(this, this.visited++);
		return this.visitors[place];
	}

	// How many clients send until stop(). `where` gives { collect, key }, or null while nothing is there to ask.
	start(clients, where) {
		this.where = where;
		this.agent = new http.Agent({ keepAlive: true, maxSockets: clients * 2 });
		this.clients = Array.from({ length: clients }, () => this.client());
	}

	// Ends it; every request that was begun is sent until it is answered with 200.
	async stop() {
		this.isOver = true;
		await Promise.all(this.clients);
		this.agent.destroy();
		assert.deepEqual(this.problems, []);
	}

	async client() {
		const { random } = this;
		while (!this.isOver && this.problems.length === 0) {
			const isSingle = random.chance(0.3);
			const messages = Array.from({ length: isSingle ? 1 : 1 + random.below(40) }, () => this.visitor().next());
			const path = isSingle ? `/v1/${messages[0].type}` : "/v1/batch";
			const body = isSingle ? messages[0] : { batch: messages };
			await this.send(path, body);
			if (random.chance(0.05)) await this.send(path, body); // as when the answer was lost
			await pause(random.below(60)); // no more than can be loaded while parts are away half of the time
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

// ── What the tables must hold ──

// Sessions as they follow from hits without one: chains with gaps up to the timeout, cut at every full 24 hours.
export function sessionsOf(hits) {
	const sorted = hits.toSorted((left, right) => left.timeMs - right.timeMs);
	const sessions = [];
	let run = null;
	let last = null;
	for (const hit of sorted) {
		if (last === null || hit.timeMs - last > TIMEOUT_MS) run = hit.timeMs;
		const part = Math.floor((hit.timeMs - run) / DAY_MS);
		const current = sessions.at(-1);
		if (current?.run === run && current.part === part) {
			current.tags.push(hit.tag);
			current.lastMs = hit.timeMs;
		} else sessions.push({ run, part, startedMs: hit.timeMs, lastMs: hit.timeMs, tags: [hit.tag] });
		last = hit.timeMs;
	}
	return sessions;
}

function group(list, keyOf) {
	const groups = new Map();
	for (const one of list) {
		const key = keyOf(one);
		if (!groups.has(key)) groups.set(key, []);
		groups.get(key).push(one);
	}
	return groups;
}

// Every hit is a row exactly once, of the right kind, person, session and time; nothing else is there.
function checkRows(load, stored) {
	const byTag = group(stored, (row) => row.tag);
	const missing = [...load.hits.keys()].filter((tag) => !byTag.has(tag));
	assert.deepEqual(missing.slice(0, 10), [], `${missing.length} of ${load.hits.size} acknowledged hits are missing`);
	const twice = [...byTag].filter(([, found]) => found.length > 1).map(([tag]) => tag);
	assert.deepEqual(twice.slice(0, 10), [], `${twice.length} hits are there more than once`);
	const foreign = [...byTag.keys()].filter((tag) => !load.hits.has(tag));
	assert.deepEqual(foreign.slice(0, 10), [], "rows that nobody sent");
	for (const [tag, hit] of load.hits) {
		const [row] = byTag.get(tag);
		hit.row = row;
		assert.equal(row.is_view, hit.isView, `kind of ${tag}`);
		if (hit.timeMs !== null) assert.equal(row.at_ms, hit.timeMs, `time of ${tag}`);
		if (hit.session !== null) assert.equal(row.session_id, hit.session, `session of ${tag}`);
		if (hit.sequence !== undefined) assert.equal(row.sequence, hit.sequence, `sequence of ${tag}`);
	}
}

// A browser's rows are all of one person: of whom it signed in as, or one that no other browser is.
function checkPersons(load) {
	const anonymous = new Map();
	for (const [visitor, hits] of group([...load.hits.values()], (hit) => hit.loner ?? hit.visitor)) {
		const persons = [...new Set(hits.map(({ row }) => row.person_id))];
		assert.equal(persons.length, 1, `rows of a browser are of ${persons}`);
		if (visitor.userId) assert.equal(persons[0], String(visitor.userId));
		else {
			assert.ok(persons[0].startsWith("-") && !anonymous.has(persons[0]));
			anonymous.set(persons[0], visitor);
		}
	}
}

function checkSessions(load, sessions) {
	const expected = [];
	const stored = new Map(sessions.map((session) => [session.id, session]));
	for (const [visitor, hits] of group([...load.hits.values()], (hit) => hit.loner ?? hit.visitor)) {
		if (visitor.hasSessions)
			for (const [id, own] of group(hits, (hit) => hit.session))
				expected.push({ id, lastMs: Math.max(...own.map((hit) => hit.timeMs)), person: own[0].row.person_id });
		else if (hits[0].timeMs === null)
			expected.push({ id: hits[0].row.session_id, lastMs: hits[0].row.at_ms, person: hits[0].row.person_id });
		else
			for (const { startedMs, lastMs, tags } of sessionsOf(hits)) {
				const ids = new Set(tags.map((tag) => load.hits.get(tag).row.session_id));
				assert.equal(ids.size, 1, `hits of one session stand in ${ids.size}: ${tags.slice(0, 5)}`);
				expected.push({ id: [...ids][0], startedMs, lastMs, person: hits[0].row.person_id });
			}
	}
	assert.equal(new Set(expected.map(({ id }) => id)).size, expected.length, "two sessions share an id");
	assert.equal(sessions.length, expected.length, "as many sessions as a recount gives");
	for (const { id, startedMs, lastMs, person } of expected) {
		const session = stored.get(id);
		assert.ok(session, `session ${id} is there`);
		assert.equal(session.person_id, person, `person of session ${id}`);
		assert.equal(session.last_ms, lastMs, `last activity of session ${id}`);
		if (startedMs !== undefined) assert.equal(session.started_ms, startedMs, `start of session ${id}`);
	}
}

// Ranks of the views of a session that the loader made follow their time.
function checkSequences(load) {
	const views = [...load.hits.values()].filter((hit) => hit.isView && hit.session === null);
	for (const [id, own] of group(views, (hit) => hit.row.session_id)) {
		const sorted = own.toSorted((left, right) => left.timeMs - right.timeMs || (left.row.id < right.row.id ? -1 : 1));
		assert.deepEqual(sorted.map(({ row }) => row.sequence), sorted.map((_, index) => index + 1), `views of session ${id}`);
	}
}

const ORPHANS = `SELECT
	(SELECT count(*) FROM page_views r WHERE NOT EXISTS
		(SELECT FROM user_sessions s WHERE s.id = r.session_id AND s.person_id = r.person_id)) AS views,
	(SELECT count(*) FROM user_events r WHERE NOT EXISTS
		(SELECT FROM user_sessions s WHERE s.id = r.session_id AND s.person_id = r.person_id)) AS events,
	(SELECT count(*) FROM session_attribution r WHERE NOT EXISTS
		(SELECT FROM user_sessions s WHERE s.id = r.session_id AND s.person_id = r.person_id)) AS attribution,
	(SELECT count(*) FROM user_sessions r WHERE NOT EXISTS
		(SELECT FROM session_attribution s WHERE s.session_id = r.id)) AS sessions,
	(SELECT count(*) FROM quarantine) AS quarantine`;

// Call when the buffer is loaded and the load has stopped.
export async function checkStored(running, load) {
	const stored = await rows(running, `SELECT split_part(page_url, '/', 2) AS tag, true AS is_view, id, session_id,
			person_id::text, ts_ms(viewed_at) AS at_ms, page_sequence_number AS sequence FROM page_views
		UNION ALL SELECT event_action, false, id, session_id, person_id::text, ts_ms(created_at), null FROM user_events`);
	const sessions = await rows(running, `SELECT id, person_id::text, ts_ms(started_at) AS started_ms,
		ts_ms(last_activity_at) AS last_ms FROM user_sessions`);
	checkRows(load, stored);
	checkPersons(load);
	checkSessions(load, sessions);
	checkSequences(load);
	assert.deepEqual(await rows(running, ORPHANS), [{ views: 0, events: 0, attribution: 0, sessions: 0, quarantine: 0 }]);
	return { rows: stored.length, sessions: sessions.length };
}
