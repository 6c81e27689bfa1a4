// Recounts of ways and of coming back: transitions, paths, funnels, cohorts.
import { dateOf, daysBetween, distinct, falling, globTest, isWithin, mean, percentile, periodOf, ratio, share } from "./figures.mjs";
import { group } from "../lists.mjs";
import { pageOf } from "./world.mjs";

const started = (world, range, keep) => world.rows.filter((row) => isWithin(range, row.session.startedMs) && keep(row));
const sessionsOf = (rows) => [...new Set(rows.map(({ session }) => session))];

// The pages of a session in their order, a page that comes again at once left out.
function wayOf({ views }) {
	const way = [];
	for (const page of views.slice(0, 1000).map(pageOf)) if (way.at(-1) !== page) way.push(page);
	return way;
}

const isLike = (matches, page) => matches(page) || matches(page.slice(page.indexOf("/")));

export function transitions(world, range, keep, { page } = {}) {
	const matches = globTest(page ?? "*");
	const steps = sessionsOf(started(world, range, keep)).flatMap((session) => {
		const way = wayOf(session);
		return way.slice(1).map((to, at) => ({ session, from: way[at], to }));
	}).filter(({ from, to }) => page === undefined || isLike(matches, from) || isLike(matches, to));
	const whole = group(steps, ({ from }) => from);
	return {
		rows: [...group(steps, ({ from, to }) => `${from}\n${to}`).values()].map((own) => ({
			from_page: own[0].from, to_page: own[0].to, transitions: own.length, sessions: distinct(own, ({ session }) => session),
			share_percent: share(own.length, whole.get(own[0].from).length),
		})).sort(falling(["transitions"], ["from_page", "to_page"])),
		total: null,
	};
}

// Rows that are equal in sessions and length may stand in any order; here they have one.
export const byPath = (left, right) => right.sessions - left.sessions || left.pages - right.pages
	|| (JSON.stringify(left.path) < JSON.stringify(right.path) ? -1 : 1);

export function paths(world, range, keep, { steps = 5, goal, device } = {}) {
	const [kind, pattern] = goal === undefined ? [] : [goal.slice(0, goal.indexOf(":")), goal.slice(goal.indexOf(":") + 1)];
	const matches = globTest(pattern ?? "*");
	const isReached = ({ views, events, conversions }) => {
		if (goal === undefined) return conversions.length > 0;
		return kind === "page" ? views.some((view) => isLike(matches, pageOf(view))) : events.some(({ action }) => matches(action));
	};
	const isMeant = ({ views, dimensions }) => views.length > 0 && (device === undefined || dimensions.device_type === device);
	const rows = started(world, range, keep).filter(({ session }) => isMeant(session));
	return {
		rows: [...group(rows, ({ session }) => JSON.stringify(wayOf(session).slice(0, steps)))].map(([way, own]) => {
			const sessions = sessionsOf(own);
			const path = JSON.parse(way);
			return { path, pages: path.length, sessions: sessions.length, visitors: distinct(own, ({ person }) => person),
				mean_duration_seconds: mean(sessions.filter(({ isEnded }) => isEnded).map(({ seconds }) => seconds)),
				conversion_rate_percent: share(sessions.filter(isReached).length, sessions.length) };
		}).sort(byPath),
		total: null,
	};
}

// ── Funnels ──

const byTime = (left, right) => left.ms - right.ms || (left.id < right.id ? -1 : 1);
const placeOf = ({ reached_at, id }) => `${reached_at} ${id}`;

// Who took the steps: { who, value, reached: [{ moment, afterMs }] } of everybody who took the first. From every start the steps are
// taken as early as can be; a step was reached when the earliest of them comes there, and from the latest start that does.
function walks(world, range, keep, { steps, window_seconds = 86_400, per = "person" }) {
	const tests = steps.map((step) => {
		const [[kind, pattern]] = Object.entries(step);
		const matches = globTest(pattern);
		return (moment) => matches({ page: moment.path, category: moment.path === undefined ? null : moment.category, event: moment.action }[kind]);
	});
	const moments = [...world.views, ...world.events].filter((moment) => isWithin(range, moment.ms) && keep(world.row(moment)))
		.sort(byTime);
	const walkFrom = (own, start) => {
		const taken = [own[start]];
		for (let at = start + 1; at < own.length && taken.length < steps.length; at++) {
			if (own[at].ms - own[start].ms > window_seconds * 1000) break;
			if (tests[taken.length](own[at])) taken.push(own[at]);
		}
		return taken;
	};
	return [...group(moments, (moment) => (per === "session" ? moment.session.id : moment.person))].map(([who, own]) => {
		const taken = [...own.keys()].filter((at) => tests[0](own[at])).map((start) => walkFrom(own, start));
		const reached = steps.map((_, number) => {
			const there = taken.filter((walk) => walk.length > number);
			if (there.length === 0) return null;
			const first = there.reduce((one, walk) => (own.indexOf(walk[number]) < own.indexOf(one[number]) ? walk : one));
			const latest = there.filter((walk) => walk[number] === first[number]).at(-1);
			return { moment: first[number], afterMs: first[number].ms - latest[0].ms };
		});
		return { who, reached };
	}).filter(({ reached }) => reached[0] !== null);
}

function funnelRows(steps, value, walked) {
	const entered = steps.map((_, number) => walked.filter(({ reached }) => reached[number] !== null));
	return steps.map((step, number) => {
		const [[kind, name]] = Object.entries(step);
		const before = entered[number - 1]?.length;
		const { length } = entered[number];
		const median = percentile(entered[number].map(({ reached }) => reached[number].afterMs / 1000), 0.5);
		return {
			step: number + 1, kind, name, entered: length, dropped: (before ?? length) - length, conversion_percent: share(length, entered[0].length),
			step_conversion_percent: before === undefined ? null : share(length, before), median_seconds: number === 0 ? null : median, value,
		};
	});
}

export function funnel(world, range, keep, { by, limit, ...definition }) {
	const walked = walks(world, range, keep, definition);
	const origin = ({ reached: [{ moment }] }) => moment.session.dimensions[by];
	const values = by === undefined ? [] : [...group(walked, origin)].map(([value, own]) => ({ value, own, entered: own.length }));
	const shown = values.sort(falling(["entered"], ["value"])).slice(0, limit);
	return {
		rows: [{ value: null, own: walked }, ...shown].flatMap(({ value, own }) => funnelRows(definition.steps, value, own)),
		total: null,
	};
}

export function dropped(world, range, keep, { step = 1, limit, ...definition }) {
	const left = walks(world, range, keep, definition)
		.filter(({ reached }) => step < definition.steps.length && reached[step - 1] !== null && reached[step] === null);
	return {
		rows: left.map(({ reached }) => {
			const { moment, afterMs } = reached[step - 1];
			const { id, ms, session, person } = moment;
			const next = session.views.filter((view) => view.ms > ms || (view.ms === ms && view.id > id)).sort(byTime)[0];
			return {
				id, person, session: session.id, reached_at: new Date(ms).toISOString(), after_seconds: ratio(afterMs, 1000),
				device_type: session.dimensions.device_type, channel: session.dimensions.channel, next_page: next === undefined ? null : pageOf(next),
			};
		}).sort((one, other) => (placeOf(one) < placeOf(other) ? 1 : -1)).map(({ id, ...row }) => row),
		total: null,
	};
}

// ── Cohorts ──

function periodsBetween(period, first, last) {
	if (period === "week") return daysBetween(first, last) / 7;
	const [[year, month], [lastYear, lastMonth]] = [first, last].map((date) => date.split("-").map(Number));
	return (lastYear - year) * 12 + lastMonth - month;
}

export function retention(world, range, keep, { period = "month", nowMs = Date.now() } = {}) {
	const members = world.persons.filter(({ createdMs }) => isWithin(range, createdMs));
	const cohortOf = (timeMs) => periodOf(period, dateOf(range.zone, timeMs));
	return {
		rows: [...group(members, ({ createdMs }) => cohortOf(createdMs))].sort().flatMap(([cohort, own]) => {
			const count = periodsBetween(period, cohort, cohortOf(nowMs)) + 1;
			return Array.from({ length: count }, (_, number) => {
				const isThen = ({ startedMs }) => periodsBetween(period, cohort, cohortOf(startedMs)) === number;
				const isActive = ({ id }) => (world.rowsByPerson.get(id) ?? []).some((row) => keep(row) && isThen(row.session));
				const active = own.filter(isActive).length;
				return { cohort, persons: own.length, period: number, active_persons: active, retention_percent: share(active, own.length) };
			});
		}),
		total: null,
	};
}
