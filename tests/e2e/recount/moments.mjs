// Recounts of what is told of views and events by themselves: pages, the roll-up by hour, events, clicks, who is there now.
import { distinct, falling, globTest, hourBegin, isWithin, mean, percentile, ratio, share, sum, valueSum } from "./figures.mjs";
import { group } from "../lists.mjs";

const THERE_MS = 300_000;
const within = (world, hits, range, keep) => hits.filter((hit) => isWithin(range, hit.ms) && keep(world.row(hit)));
const told = (list, name) => list.map((one) => one[name]).filter((amount) => amount !== null);
const isEntry = (view) => view.session.views[0] === view;
const isExit = (view) => view.session.views.at(-1) === view;
const bounces = (entries) => entries.filter(({ session }) => session.views.length === 1).length;

function pageRow(place, views) {
	const entries = views.filter(isEntry);
	return { ...place, views: views.length, visitors: distinct(views, ({ person }) => person), avg_time_on_page_seconds: mean(told(views, "seconds")),
		avg_scroll_depth_percent: mean(told(views, "scroll")), entries: entries.length, exits: views.filter(isExit).length,
		bounce_rate_percent: share(bounces(entries), entries.length) };
}

const sorts = { time: "avg_time_on_page_seconds", scroll: "avg_scroll_depth_percent", bounce: "bounce_rate_percent" };

export function pages(world, range, keep, { sort = "views", page = "*", host } = {}) {
	const matches = globTest(page);
	const views = within(world, world.views, range, keep).filter((view) => matches(view.path) && (host === undefined || view.host === host));
	return {
		rows: [...group(views, (view) => `${view.host ?? ""}\n${view.path}`).values()].map((own) => pageRow({ page: own[0].path, host: own[0].host }, own))
			.sort(falling([sorts[sort] ?? sort, "views"], ["page", "host"])),
		total: pageRow({ page: null, host: null }, views),
	};
}

export function hourly(world, range, _, { page = "*", host } = {}) {
	const matches = globTest(page);
	const isMeant = (view) => matches(view.path) && (host === undefined || view.host === host);
	const views = world.views.filter((view) => isWithin(range, hourBegin(world.zone, view.ms)) && isMeant(view));
	const row = (own) => {
		const [{ ms, host, category, path }] = own;
		const entries = own.filter(isEntry);
		const loads = told(own, "loadMs");
		return { hour: new Date(hourBegin(world.zone, ms)).toISOString().replace(".000Z", "Z"), page_host: host, page_category: category ?? "",
			page_url: path, total_views: own.length, unique_viewers: distinct(own, ({ person }) => person),
			unique_sessions: distinct(own, ({ session }) => session),
			avg_time_on_page_seconds: mean(told(own, "seconds")), avg_scroll_depth_percent: mean(told(own, "scroll")),
			avg_clicks_per_view: ratio(sum(own, ({ clicks }) => clicks), own.length), avg_load_time_ms: mean(loads), p90_load_time_ms: percentile(loads, 0.9),
			entry_count: entries.length, exit_count: own.filter(isExit).length, bounce_rate_percent: share(bounces(entries), entries.length) };
	};
	const keyOf = (view) => [hourBegin(world.zone, view.ms), view.host, view.category, view.path].join("\n");
	const byViews = falling(["total_views"], ["page_url", "page_host", "page_category"]);
	const byHour = (left, right) => (left.hour === right.hour ? byViews(left, right) : left.hour < right.hour ? -1 : 1);
	return { rows: [...group(views, keyOf).values()].map(row).sort(byHour), total: null };
}

const textOf = (property) => (property === null ? "" : typeof property === "string" ? property : JSON.stringify(property));

export function events(world, range, keep, { by = "action", property, event = "*", sort = "events" } = {}) {
	const matches = globTest(event);
	const happened = within(world, world.events, range, keep).filter((one) => (matches(one.action) || matches(one.category))
		&& (by !== "property" || (one.properties !== null && property in one.properties)));
	const valueOf = (one) => (by === "property" ? textOf(one.properties[property]) : one[by] ?? "");
	const row = (value, own) => ({
		value, events: own.length, persons: distinct(own, ({ person }) => person), sessions: distinct(own, ({ session }) => session),
		valued_events: told(own, "value").length, value_sum: valueSum(told(own, "value")),
	});
	const figure = { value: "value_sum" }[sort] ?? sort;
	return {
		rows: [...group(happened, valueOf)].map(([value, own]) => row(value, own)).sort(falling([figure, "events"], ["value"])),
		total: row(null, happened),
	};
}

export function heatmap(world, range, keep, { page, host, device }) {
	const matches = globTest(page);
	const isThere = ({ view, session }) => view !== null && matches(view.path) && (host === undefined || view.host === host)
		&& (device === undefined || session.dimensions.device_type === device);
	const clicks = within(world, world.events, range, keep).filter((one) => one.type === "click" && one.position !== null && isThere(one));
	const cells = [...group(clicks, ({ position: { x, y } }) => `${Math.round(x / 10)} ${Math.round(y / 10)}`)];
	const most = Math.max(...cells.map(([, own]) => own.length));
	const row = (x, y, own) => ({
		x, y, clicks: own.length, persons: distinct(own, ({ person }) => person), density_percent: x === null ? null : share(own.length, most),
	});
	const byClicks = (left, right) => right.clicks - left.clicks || left.y - right.y || left.x - right.x;
	return {
		rows: cells.map(([cell, own]) => row(...cell.split(" ").map(Number), own)).sort(byClicks),
		total: row(null, null, clicks),
	};
}

export function live(world, nowMs, keep = () => true) {
	const isThere = ({ isEnded, startedMs, seconds }) => !isEnded && startedMs + seconds * 1000 > nowMs - THERE_MS;
	const there = world.rows.filter((row) => isThere(row.session) && keep(row));
	const row = (place, own) => ({ ...place, visitors: distinct(own, ({ person }) => person), sessions: distinct(own, ({ session }) => session) });
	const placeOf = ({ session: { views } }) => (views.length === 0 ? { page: null, host: null } : { page: views.at(-1).path, host: views.at(-1).host });
	return {
		rows: [...group(there, (one) => JSON.stringify(placeOf(one)))].map(([place, own]) => row(JSON.parse(place), own))
			.sort(falling(["visitors", "sessions"], ["page", "host"])),
		total: row({ page: null, host: null }, there),
	};
}
