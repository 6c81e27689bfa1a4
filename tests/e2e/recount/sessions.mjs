// Recounts of what is told of sessions: overview, breakdown, attribution, traits, goals, lists, the roll-up by day. `keep` says of a
// row, a session as a person had it, whether the filter takes it.
import {
	dateAfter, dateOf, dayBegin, distinct, falling, globTest, isWithin, mean, percentile, periodOf, ratio, share, sum, valueSum,
} from "./figures.mjs";
import { group } from "../lists.mjs";
import { pageOf } from "./world.mjs";

const started = (world, range, keep) => world.rows.filter((row) => isWithin(range, row.session.startedMs) && keep(row));
// Of each session the row that comes first; it stands for the session where only one can.
const firstRows = (rows) => [...group(rows, ({ session }) => session).values()].map(([first]) => first);
const firsts = (rows) => firstRows(rows).map(({ session }) => session);
const ended = (sessions) => sessions.filter(({ isEnded }) => isEnded);
const isBounce = ({ seconds }) => seconds < 30;
const isConverted = ({ conversions }) => conversions.length > 0;
const isEngaged = (session) => session.seconds > 10 || session.views.length >= 2 || isConverted(session);
const personsOf = (rows) => distinct(rows, ({ person }) => person);
const shareOf = (list, test) => share(list.filter(test).length, list.length);
const conversionsOf = (sessions) => sessions.flatMap(({ conversions }) => conversions);
const valueOf = (events) => valueSum(events.filter(({ value }) => value !== null).map(({ value }) => value));

// ── Overview ──

function overviewRow(world, rows, views, events) {
	const sessions = firsts(rows);
	const over = ended(sessions);
	const seconds = over.map((session) => session.seconds);
	const isNew = ({ session, person }) =>
		dateOf(world.zone, world.rowsByPerson.get(person)[0].session.startedMs) === dateOf(world.zone, session.startedMs);
	return {
		visitors: personsOf(rows), new_visitors: personsOf(rows.filter(isNew)),
		sessions: sessions.length, ended_sessions: over.length, views: views.length, events: events.length,
		conversions: events.filter(({ isConversion }) => isConversion).length, mean_duration_seconds: mean(seconds),
		median_duration_seconds: percentile(seconds, 0.5), p90_duration_seconds: percentile(seconds, 0.9),
		pages_per_session: ratio(sum(over, ({ views: own }) => own.length), over.length), bounce_sessions: over.filter(isBounce).length,
		bounce_rate_percent: shareOf(over, isBounce), engaged_sessions: seconds.filter((one) => one >= 600).length,
		engagement_rate_percent: shareOf(over, isEngaged),
	};
}

export function overview(world, range, keep, { interval = "day" } = {}) {
	const rows = started(world, range, keep);
	const within = (hits) => hits.filter((hit) => isWithin(range, hit.ms) && keep(world.row(hit)));
	const [views, events] = [within(world.views), within(world.events)];
	const periodAt = (timeMs) => {
		const period = periodOf(interval, dateOf(range.zone, timeMs));
		return period < range.from ? range.from : period;
	};
	const rowsOf = group(rows, ({ session }) => periodAt(session.startedMs));
	const [viewsOf, eventsOf] = [views, events].map((hits) => group(hits, ({ ms }) => periodAt(ms)));
	const periods = new Set();
	for (let date = range.from; date <= range.to; date = dateAfter(date, 1)) periods.add(periodAt(dayBegin(range.zone, date)));
	return {
		rows: [...periods].map((date) => ({ date, ...overviewRow(world, rowsOf.get(date) ?? [], viewsOf.get(date) ?? [], eventsOf.get(date) ?? []) })),
		total: { date: null, ...overviewRow(world, rows, views, events) },
	};
}

// ── What sessions have in common ──

function breakdownRow(value, rows) {
	const sessions = firsts(rows);
	const over = ended(sessions);
	const conversions = conversionsOf(sessions);
	return {
		value, visitors: personsOf(rows), sessions: sessions.length, views: sum(sessions, ({ views }) => views.length),
		pages_per_session: ratio(sum(over, ({ views }) => views.length), over.length), mean_duration_seconds: mean(over.map(({ seconds }) => seconds)),
		bounce_sessions: over.filter(isBounce).length, bounce_rate_percent: shareOf(over, isBounce), conversions: conversions.length,
		conversion_value: valueOf(conversions) ?? 0, conversion_rate_percent: shareOf(sessions, isConverted),
	};
}

export function breakdown(world, range, keep, { by, sort = "sessions" }) {
	const rows = started(world, range, keep);
	return {
		rows: [...group(rows, ({ session }) => session.dimensions[by])].map(([value, own]) => breakdownRow(value, own))
			.sort(falling([sort, "visitors"], ["value"])),
		total: breakdownRow(null, rows),
	};
}

function attributionRow(value, rows, stands) {
	const sessions = rows.filter((row) => stands.has(row)).map(({ session }) => session);
	const over = ended(sessions);
	const conversions = conversionsOf(sessions);
	return {
		value, visitors: personsOf(rows), sessions: sessions.length, views: sum(sessions, ({ views }) => views.length),
		bounce_rate_percent: shareOf(over, isBounce), converted_visitors: personsOf(rows.filter(({ session }) => isConverted(session))),
		conversions: conversions.length, conversion_value: valueOf(conversions) ?? 0, conversion_rate_percent: shareOf(sessions, isConverted),
	};
}

export function attribution(world, range, keep, { by = "channel", model = "last", sort = "sessions" } = {}) {
	const rows = started(world, range, keep);
	const touch = ({ session, person }) => (model === "first" ? world.rowsByPerson.get(person)[0].session : session).dimensions[by];
	const stands = new Set(firstRows(rows)); // two persons of one session may have had different first touches
	const figure = { value: "conversion_value" }[sort] ?? sort;
	return {
		rows: [...group(rows, touch)].map(([value, own]) => attributionRow(value, own, stands)).sort(falling([figure, "visitors"], ["value"])),
		total: attributionRow(null, rows, stands),
	};
}

// A trait as text: what is no text, as JSON.
const traitText = (trait) => (trait === null ? null : typeof trait === "string" ? trait : JSON.stringify(trait));

export function traits(world, range, keep, { property }) {
	const traitsOf = (person) => world.personById.get(person)?.traits ?? {};
	const rows = started(world, range, keep).filter(({ person }) => property in traitsOf(person));
	const row = (value, own) => {
		const sessions = firsts(own);
		return { value, visitors: personsOf(own), sessions: sessions.length, views: sum(sessions, ({ views }) => views.length),
			conversions: conversionsOf(sessions).length };
	};
	return {
		rows: [...group(rows, ({ person }) => traitText(traitsOf(person)[property]))].map(([value, own]) => row(value, own))
			.sort(falling(["visitors", "sessions"], ["value"])),
		total: row(null, rows),
	};
}

// goals: { name: { page } or { event } }
export function goals(world, range, keep, { saved }) {
	const rows = started(world, range, keep);
	const whole = firsts(rows).length;
	return {
		rows: Object.entries(saved).map(([goal, definition]) => {
			const [[kind, target]] = Object.entries(definition);
			const matches = globTest(target);
			const eventsOf = ({ session, person }) => session.events.filter((event) => event.person === person && matches(event.action));
			const isSeen = ({ views }) => views.some((view) => matches(view.path) || matches(pageOf(view)));
			const reached = rows.filter((row) => (kind === "page" ? isSeen(row.session) : eventsOf(row).length > 0));
			const events = kind === "event" ? reached.flatMap(eventsOf) : [];
			const sessions = distinct(reached, ({ session }) => session);
			return { goal, kind, target, sessions, visitors: personsOf(reached), conversion_rate_percent: share(sessions, whole), events: events.length,
				value_sum: valueOf(events) };
		}).sort(falling([], ["goal"])),
		total: null,
	};
}

// ── Lists ──

const instant = (timeMs) => new Date(timeMs).toISOString();

function listRow({ session, person, isSignedIn }) {
	const { entry_page, exit_page, device_type, browser, os, country, channel, referrer_domain, utm_campaign } = session.dimensions;
	return {
		session: session.id, person, started_at: instant(session.startedMs), is_active: !session.isEnded, is_authenticated: isSignedIn,
		duration_seconds: session.seconds, views: session.views.length, events: session.events.length, conversions: session.conversions.length,
		entry_page, exit_page, device_type, browser, os, country: country || null, channel, referrer_domain: referrer_domain || null,
		utm_campaign: utm_campaign || null,
	};
}

const placeOf = ({ started_at, session }) => `${started_at} ${session}`;
const latestFirst = (left, right) => (placeOf(left) < placeOf(right) ? 1 : -1);

export function sessions(world, range, keep) {
	return { rows: firstRows(started(world, range, keep)).map(listRow).sort(latestFirst), total: null };
}

export function person(world, id, keep = () => true) {
	const row = ({ person: _, is_authenticated, os, country, referrer_domain, utm_campaign, ...rest }) => rest;
	return { rows: world.rowsByPerson.get(id).filter(keep).map((one) => row(listRow(one))).sort(latestFirst), total: null };
}

export function session({ views, events }) {
	const ofView = (view) => ({
		at: instant(view.ms), id: view.id, kind: "page", page_view: view.id, host: view.host, page: view.path, title: view.title, category: null,
		label: null, value: null, time_on_page_seconds: view.seconds, scroll_depth_percent: view.scroll, properties: null,
	});
	const ofEvent = (event) => ({
		at: instant(event.ms), id: event.id, kind: event.type, page_view: event.view?.id ?? null, host: null, page: null, title: event.action,
		category: event.category, label: event.label, value: event.value, time_on_page_seconds: null, scroll_depth_percent: null,
		properties: event.properties,
	});
	return { rows: [...views.map(ofView), ...events.map(ofEvent)].sort((left, right) => (left.id < right.id ? -1 : 1)), total: null };
}

// ── The roll-up ──

export function daily(world, range) {
	const rows = world.rows.filter(({ session }) => session.isEnded && isWithin(range, dayBegin(world.zone, dateOf(world.zone, session.startedMs))));
	const keyOf = ({ session: { startedMs, dimensions: { device_type, browser } } }) =>
		[dateOf(world.zone, startedMs), device_type || "unknown", browser || "unknown"].join("\n");
	return {
		rows: [...group(rows, keyOf)].map(([key, own]) => {
			const [date, device_type, browser] = key.split("\n");
			const over = firsts(own);
			const seconds = over.map((one) => one.seconds);
			const timed = over.flatMap(({ views }) => views).filter((view) => view.seconds !== null);
			return {
				date, device_type, browser, total_sessions: over.length, unique_users: personsOf(own), bounce_sessions: over.filter(isBounce).length,
				engaged_sessions: seconds.filter((one) => one >= 600).length, avg_duration_seconds: mean(seconds),
				median_duration_seconds: percentile(seconds, 0.5), p90_duration_seconds: percentile(seconds, 0.9),
				min_duration_seconds: Math.min(...seconds), max_duration_seconds: Math.max(...seconds),
				avg_pages_per_session: ratio(sum(over, ({ views }) => views.length), over.length),
				avg_time_per_page_seconds: mean(timed.map((view) => view.seconds)), multi_page_sessions: over.filter(({ views }) => views.length >= 3).length,
				avg_events_per_session: ratio(sum(over, ({ events }) => events.length), over.length), bounce_rate_percent: shareOf(over, isBounce),
			};
		}).sort(falling([], ["date", "device_type", "browser"])),
		total: null,
	};
}
