// What recounts are made of: local time, distinct persons, exact rounding, and the order of a list.

const QUARTER_MS = 900_000;
export const DAY_MS = 86_400_000;

// ── Time, by the tables of JavaScript ──

const offsets = new Map(); // zone → quarter of an hour → its offset from UTC in ms
const formats = new Map();

// Clocks change on quarters of an hour only.
export function offsetMs(zone, timeMs) {
	const quarter = Math.floor(timeMs / QUARTER_MS);
	if (!offsets.has(zone)) {
		offsets.set(zone, new Map());
		formats.set(zone, new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
			hour: "numeric", minute: "numeric", second: "numeric" }));
	}
	const known = offsets.get(zone);
	if (!known.has(quarter)) {
		const part = Object.fromEntries(formats.get(zone).formatToParts(quarter * QUARTER_MS).map(({ type, value }) => [type, Number(value)]));
		known.set(quarter, Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - quarter * QUARTER_MS);
	}
	return known.get(quarter);
}

const textOf = (localMs) => new Date(localMs).toISOString().slice(0, 10);
export const dateOf = (zone, timeMs) => textOf(timeMs + offsetMs(zone, timeMs));
export const dateAfter = (date, days) => textOf(Date.parse(date) + days * DAY_MS);
export const daysBetween = (first, last) => (Date.parse(last) - Date.parse(first)) / DAY_MS;

// The first instant of a date: the earliest quarter of an hour that is of it.
export function dayBegin(zone, date) {
	let timeMs = Date.parse(date) - 15 * 4 * QUARTER_MS;
	while (dateOf(zone, timeMs) < date) timeMs += QUARTER_MS;
	return timeMs;
}

// Beginning of the hour on the clock of the zone.
export function hourBegin(zone, timeMs) {
	const offset = offsetMs(zone, timeMs);
	return Math.floor((timeMs + offset) / (4 * QUARTER_MS)) * 4 * QUARTER_MS - offset;
}

// The first date of the day, week (from Monday) or month that a date is in.
export function periodOf(interval, date) {
	if (interval === "month") return `${date.slice(0, 7)}-01`;
	return interval === "week" ? dateAfter(date, -((new Date(date).getUTCDay() + 6) % 7)) : date;
}

// { fromMs, toMs } of dates, both of them whole; and of as many days before.
export const rangeOf = (zone, from, to) => ({ zone, from, to, fromMs: dayBegin(zone, from), toMs: dayBegin(zone, dateAfter(to, 1)) });
// Of instants, the end not included.
export function rangeOfInstants(zone, fromMs, toMs) {
	const [fromText, toText] = [fromMs, toMs].map((timeMs) => new Date(timeMs).toISOString());
	return { zone, from: dateOf(zone, fromMs), to: dateOf(zone, toMs - 1), fromText, toText, fromMs, toMs };
}

export const rangeBefore = ({ zone, from, to }) => rangeOf(zone, dateAfter(from, -daysBetween(from, to) - 1), dateAfter(from, -1));
export const isWithin = (range, timeMs) => timeMs >= range.fromMs && timeMs < range.toMs;

// ── Figures ──

export const sum = (list, amountOf = (one) => one) => list.reduce((total, one) => total + amountOf(one), 0);
export const distinct = (list, keyOf) => new Set(list.map(keyOf)).size;

// Whole numbers, divided: two digits, halves away from zero, null where there is nothing to divide by.
export function ratio(upper, lower) {
	if (lower === 0) return null;
	const scaled = BigInt(Math.round(upper)) * 200n;
	return Number((scaled + BigInt(lower)) / (2n * BigInt(lower))) / 100;
}

export const share = (part, whole) => ratio(100 * part, whole);
export const mean = (amounts) => ratio(sum(amounts), amounts.length);

export function percentile(amounts, fraction) {
	if (amounts.length === 0) return null;
	const sorted = amounts.toSorted((left, right) => left - right);
	const place = (sorted.length - 1) * fraction;
	const low = Math.floor(place);
	return sorted[low] + ((sorted[low + 1] ?? sorted[low]) - sorted[low]) * (place - low);
}

// Money and the like, of cents.
export const valueSum = (values) => (values.length === 0 ? null : sum(values, (value) => Math.round(value * 100)) / 100);

// ── Order ──

const compareTexts = (left, right) => (left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right)));
const compareNulls = (left, right) => (left === null) - (right === null);

// Greatest figures first, then texts by their bytes; what is none comes last: falling(["views"], ["page"]).
export const falling = (figures, texts) => (left, right) => {
	for (const name of figures) {
		const order = compareNulls(left[name], right[name]) || right[name] - left[name];
		if (order) return order;
	}
	for (const name of texts) {
		const order = compareNulls(left[name], right[name]) || compareTexts(left[name], right[name]);
		if (order) return order;
	}
	return 0;
};

export const globTest = (glob) => {
	const expression = new RegExp(`^${glob.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "s");
	return (text) => text !== null && text !== undefined && expression.test(text);
};
