// What the tables must hold once every hit of a load (load.mjs) is answered and loaded, recounted from the hits alone.
import assert from "node:assert/strict";

import { minutes, rows } from "./client.mjs";
import { group } from "./lists.mjs";

const DAY_MS = 86_400_000;
const HOUR_MS = minutes(60);
const TIMEOUT_MS = minutes(30);

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
		else assert.ok(Math.abs(row.at_ms - hit.madeMs) <= DAY_MS + HOUR_MS, `time of arrival of ${tag}`); // of a clock that was set, too
		if (hit.session !== null) assert.equal(row.session_id, hit.session, `session of ${tag}`);
		if (hit.sequence !== undefined) assert.equal(row.sequence, hit.sequence, `sequence of ${tag}`);
		const seconds = hit.visibleMs === undefined ? null : Math.round(hit.visibleMs / 1000);
		assert.equal(row.seconds, seconds, `time on page of ${tag}`);
	}
}

// A browser's rows are of whoever had signed in, else of an anonymous person that no other browser is.
function checkPersons(load) {
	const anonymous = new Map();
	for (const [owner, hits] of group([...load.hits.values()], (hit) => hit.loner ?? hit.visitor))
		for (const { tag, loner, visitor, timeMs, row } of hits) {
			const user = loner === undefined ? visitor.userAt(timeMs) : null;
			if (user !== null) assert.equal(row.person_id, String(user), `person of ${tag}`);
			else {
				assert.ok(row.person_id.startsWith("-"), `${tag} is of an anonymous person`);
				if (!anonymous.has(row.person_id)) anonymous.set(row.person_id, owner);
				assert.equal(anonymous.get(row.person_id), owner, `two browsers are ${row.person_id}`);
			}
		}
}

const countViews = (hits) => hits.filter(({ isView }) => isView).length;

// Leaves are activity as long as each comes within the timeout of the last.
function lastActivity(hits) {
	let lastMs = Math.max(...hits.map(({ timeMs }) => timeMs));
	for (const leftMs of hits.flatMap(({ leavesMs = [] }) => leavesMs).toSorted((left, right) => left - right))
		if (leftMs > lastMs && leftMs - lastMs <= TIMEOUT_MS) lastMs = leftMs;
	return lastMs;
}

const timeOfId = (id) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

// A client's session is one thing, whoever its hits are of; each of them has a row of it.
function clientsSessions(hits) {
	return [...group(hits, (hit) => hit.session)].flatMap(([id, own]) => [...group(own, (hit) => hit.row.person_id)]
		.map(([person, theirs]) => ({ id, person, startedMs: timeOfId(id), lastMs: lastActivity(own), views: countViews(theirs) })));
}

function loadersSessions(load, hits) {
	return [...group(hits, (hit) => hit.row.person_id)].flatMap(([person, own]) => sessionsOf(own).map(({ startedMs, lastMs, tags }) => {
		const theirs = tags.map((tag) => load.hits.get(tag));
		const ids = new Set(theirs.map(({ row }) => row.session_id));
		assert.equal(ids.size, 1, `hits of one session stand in ${ids.size}: ${tags.slice(0, 5)}`);
		return { id: [...ids][0], person, startedMs, lastMs, views: countViews(theirs) };
	}));
}

function recountSessions(load) {
	return [...group([...load.hits.values()], (hit) => hit.loner ?? hit.visitor).values()].flatMap((hits) => {
		const [{ visitor, timeMs, row }] = hits;
		if (timeMs === null)
			return [{ id: row.session_id, person: row.person_id, startedMs: row.at_ms, lastMs: row.at_ms, views: 0 }];
		return visitor.hasSessions ? clientsSessions(hits) : loadersSessions(load, hits);
	});
}

function checkSessions(load, sessions) {
	const expected = recountSessions(load);
	const keyOf = ({ id, person }) => `${id} of ${person}`;
	const stored = new Map(sessions.map((session) => [keyOf(session), session]));
	assert.equal(new Set(expected.map(keyOf)).size, expected.length, "two sessions share an id");
	for (const session of expected) {
		const found = stored.get(keyOf(session));
		assert.ok(found, `session ${keyOf(session)} is there`);
		const { endedMs, ...rest } = found;
		assert.deepEqual(rest, session, `session ${keyOf(session)}`);
		assert.ok(endedMs === null || endedMs === session.lastMs, `session ${keyOf(session)} ended at its last activity`);
	}
	assert.equal(sessions.length, expected.length, "as many sessions as a recount gives");
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
		(SELECT FROM session_attribution s WHERE s.session_id = r.id AND s.person_id = r.person_id)) AS sessions,
	(SELECT count(*) FROM quarantine) AS quarantine,
	(SELECT count(*) FROM waiting_leaves) AS leaves`;

const ROWS = `SELECT split_part(page_url, '/', 2) AS tag, true AS is_view, id, session_id, person_id::text,
		ts_ms(viewed_at) AS at_ms, page_sequence_number AS sequence, time_on_page_seconds AS seconds FROM page_views
	UNION ALL SELECT event_action, false, id, session_id, person_id::text, ts_ms(created_at), null, null FROM user_events`;

const SESSIONS = `SELECT s.id, s.person_id::text AS person, ts_ms(s.started_at) AS "startedMs",
		ts_ms(s.last_activity_at) AS "lastMs", ts_ms(s.ended_at) AS "endedMs", coalesce(v.views, 0) AS views
	FROM user_sessions s LEFT JOIN (SELECT session_id, person_id, count(*) AS views FROM page_views GROUP BY 1, 2) v
		ON v.session_id = s.id AND v.person_id = s.person_id`;

// Call when the buffer is loaded and the load has stopped.
export async function checkStored(running, load) {
	const stored = await rows(running, ROWS);
	const sessions = await rows(running, SESSIONS);
	checkRows(load, stored);
	checkPersons(load);
	checkSessions(load, sessions);
	checkSequences(load);
	assert.deepEqual(await rows(running, ORPHANS), [{ views: 0, events: 0, attribution: 0, sessions: 0, quarantine: 0, leaves: 0 }]);
	return { rows: stored.length, sessions: sessions.length };
}
