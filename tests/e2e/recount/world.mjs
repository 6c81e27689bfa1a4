// What happened, in plain lists that every recount is made of, wherever they come from: simulated visitors, or the stored rows.
//   session { id, startedMs, isEnded, seconds, persons, dimensions, views, events }
//   view    { id, session, person, ms, number, host, path, category, title, seconds, scroll, clicks, loadMs }
//   event   { id, session, person, ms, type, category, action, label, value, properties, position, view }
//   person  { id, createdMs, traits }
// What is missing is null; a dimension that a session has nothing for is "".
import { globTest } from "./figures.mjs";
import { rows } from "../client.mjs";
import { group } from "../lists.mjs";

// Users, known by numbers, come after those who are not.
const rank = (person) => (/^-?\d+$/.test(person) ? BigInt(person) : -1n);
const byRank = (left, right) => (rank(left) < rank(right) ? -1 : Number(rank(left) > rank(right)));
const byStart = ({ session: left }, { session: right }) => left.startedMs - right.startedMs || (left.id < right.id ? -1 : 1);
const byNumber = (left, right) => left.number - right.number || (left.id < right.id ? -1 : 1);

export const pageOf = ({ host, path }) => `${host ?? ""}${path}`;

// zone: in which roll-ups are kept. A `row` is a session as one of its persons had it.
export class World {
	constructor({ sessions, persons }, zone) {
		this.zone = zone;
		this.persons = persons;
		this.sessions = sessions;
		for (const session of sessions) {
			session.views.sort(byNumber);
			const [entry, exit] = [session.views[0], session.views.at(-1)];
			const ends = entry === undefined ? { entry_page: "", exit_page: "" } : { entry_page: pageOf(entry), exit_page: pageOf(exit) };
			Object.assign(session.dimensions, { host: entry?.host ?? "", entry_category: entry?.category ?? "", ...ends });
		}
		this.convert({});
		this.rows = sessions.flatMap((session) => session.persons.toSorted(byRank).map((person) =>
			({ session, person, isSignedIn: rank(person) > 0n })));
		this.views = sessions.flatMap(({ views }) => views);
		this.events = sessions.flatMap(({ events }) => events);
		this.rowOf = new Map(this.rows.map((row) => [`${row.session.id} ${row.person}`, row]));
		this.rowsByPerson = group(this.rows.toSorted(byStart), ({ person }) => person);
		this.personById = new Map(persons.map((person) => [person.id, person]));
	}

	// Which events are conversions, as goals { name: { page } or { event } } have it; a page is no event.
	convert(goals) {
		const tests = Object.values(goals).filter(({ event }) => event !== undefined).map(({ event }) => globTest(event));
		for (const session of this.sessions) {
			for (const event of session.events)
				event.isConversion = event.category === "Conversion" || tests.some((matches) => matches(event.action));
			session.conversions = session.events.filter(({ isConversion }) => isConversion);
		}
	}

	// The row that a view or an event belongs to.
	row({ session, person }) {
		return this.rowOf.get(`${session.id} ${person}`);
	}
}

// ── From the stored rows, table by table ──

const SESSIONS = `SELECT id, person_id::text AS person, ts_ms(started_at) AS "startedMs", ended_at IS NOT NULL AS "isEnded",
	round(extract(epoch FROM coalesce(ended_at, last_activity_at) - started_at))::int AS seconds, source, device_type, browser, browser_version,
	os, os_version, screen_resolution AS screen, timezone, locale, country, region FROM user_sessions`;
const ATTRIBUTION = `SELECT session_id, channel_type, channel_subtype AS channel, referrer_domain, utm_source, utm_medium, utm_campaign, utm_term,
	utm_content FROM session_attribution`;
const VIEWS = `SELECT id, session_id, person_id::text AS person, ts_ms(viewed_at) AS ms, page_sequence_number AS number, page_host AS host,
	page_url AS path, page_category AS category, page_title AS title, time_on_page_seconds AS seconds, scroll_depth_percent AS scroll,
	clicks_count AS clicks, page_load_time_ms AS "loadMs" FROM page_views`;
const EVENTS = `SELECT id, session_id, person_id::text AS person, ts_ms(created_at) AS ms, event_type AS type, event_category AS category,
	event_action AS action, event_label AS label, event_value AS value, metadata AS properties, viewport_position AS position, page_view_id
	FROM user_events`;
const PERSONS = `SELECT id::text, ts_ms(created_at) AS "createdMs", traits FROM persons WHERE id > 0`;

export async function storedWorld(running, zone) {
	const tables = [SESSIONS, ATTRIBUTION, VIEWS, EVENTS, PERSONS].map((query) => rows(running, query));
	const [sessions, attribution, views, events, persons] = await Promise.all(tables);
	const brought = new Map(attribution.map(({ session_id, ...rest }) => [session_id, rest]));
	const byId = new Map();
	for (const { id, person, startedMs, isEnded, seconds, ...described } of sessions) {
		const dimensions = Object.fromEntries(Object.entries({ ...described, ...brought.get(id) }).map(([name, text]) => [name, text ?? ""]));
		if (byId.has(id)) byId.get(id).persons.push(person);
		else byId.set(id, { id, startedMs, isEnded, seconds, persons: [person], dimensions, views: [], events: [] });
	}
	const viewById = new Map();
	for (const { session_id, ...view } of views) {
		view.session = byId.get(session_id);
		view.session.views.push(view);
		viewById.set(view.id, view);
	}
	for (const { session_id, page_view_id, ...event } of events) {
		event.session = byId.get(session_id);
		event.view = viewById.get(page_view_id) ?? null;
		event.session.events.push(event);
	}
	return new World({ sessions: [...byId.values()], persons }, zone);
}
