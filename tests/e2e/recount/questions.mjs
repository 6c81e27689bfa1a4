// What every world is asked: all reports, with all that they can be asked by.
import { globTest } from "./figures.mjs";
import { pageOf } from "./world.mjs";

const dimensions = [
	"source", "host", "device_type", "browser", "browser_version", "os", "os_version", "screen", "timezone", "locale", "country", "region",
	"channel_type", "channel", "referrer_domain", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "entry_page",
	"exit_page", "entry_category",
];
const touches = ["channel", "channel_type", "referrer_domain", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "entry_page"];
const breakdownSorts = ["sessions", "visitors", "views", "conversions"];
const pageSorts = ["visitors", "time", "scroll", "entries", "exits", "bounce"];

// Ranges and filters cross each other in turn; the first range is the longest one.
export function questionsOf({ ranges, filters, page, host, event, category = event, goals, funnels }) {
	const [whole, other] = ranges;
	const plain = [
		["overview"], ["overview", { interval: "week" }], ["overview", { interval: "month" }], ["pages"], ["breakdown", { by: "device_type" }],
		["attribution", { by: "channel" }], ["attribution", { by: "referrer_domain", model: "first" }], ["events"], ["traits", { property: "plan" }],
		["goals", { saved: goals }], ["journeys/transitions"], ["journeys/paths"], ["heatmap", { page: "*" }], ["sessions"],
		["retention", { period: "week" }], ["retention", { period: "month" }], ...funnels.map((definition) => ["funnels", definition]),
		...funnels.map((definition, at) => ["funnels", { ...definition, by: dimensions[(at * 5) % dimensions.length], limit: 2 + at }]),
		...funnels.map((definition, at) => ["funnels/dropped", { ...definition, step: 1 + (at % 3) }]),
	];
	const special = [
		["events", { by: "type", event, sort: "persons" }], ["events", { by: "category", sort: "value" }], ["events", { by: "property", property: "plan" }],
		["events", { event: category }],
		["traits", { property: "seats" }], ["journeys/transitions", { page }], ["journeys/paths", { steps: 2, goal: `page:${page}` }],
		["journeys/paths", { steps: 10, goal: `event:${event}`, device: "desktop" }], ["pages/hourly", { page }], ["heatmap", { page, device: "mobile" }],
		...(host === undefined ? [] : [["pages/hourly", { host }], ["pages", { host }], ["heatmap", { page: "*", host }]]),
		...pageSorts.flatMap((sort) => [["pages", { sort }], ["pages", { sort, page }]]),
	];
	const compared = [
		["overview"], ["pages"], ["breakdown", { by: "channel" }], ["attribution"], ["events"], ["traits", { property: "plan" }],
		["goals", { saved: goals }], ["journeys/transitions"], ["journeys/paths"], ["funnels", { ...funnels[0], by: "device_type" }],
		["retention", { period: "month" }], ["heatmap", { page: "*" }], ["sessions/daily"], ["pages/hourly"],
		["pages", { limit: 3 }], ["pages", { limit: 2, page: "*" }], ["breakdown", { by: "entry_page", limit: 2 }], ["attribution", { by: "referrer_domain", limit: 2 }],
		["attribution", { by: "entry_page", model: "first", limit: 1 }], ["events", { limit: 1 }], ["traits", { property: "plan", limit: 1 }], ["journeys/transitions", { limit: 3 }],
		["funnels", { ...funnels[0], by: "browser", limit: 1 }], ["heatmap", { page: "*", limit: 2 }],
	];
	const ask = (asked, rest) => asked.map(([name, parameters]) => ({ name, rest: parameters, ...rest }));
	return [
		...ranges.flatMap((range) => ask([...plain, ["sessions/daily"], ["pages/hourly"]], { range })),
		...filters.flatMap((filter, at) => ask(plain, { filter, range: ranges[at % ranges.length] })),
		...[whole, other].flatMap((range) => [...ask(special, { range }), ...ask(compared, { range, isCompared: true })]),
		...ask(dimensions.map((by, at) => ["breakdown", { by, sort: breakdownSorts[at % 4] }]), { range: whole }),
		...ask(dimensions.map((by) => ["breakdown", { by }]), { range: other, filter: filters[0] }),
		...ask(dimensions.map((by) => ["funnels", { ...funnels[0], by }]), { range: whole }),
		...ask(touches.map((by) => ["attribution", { by, sort: "conversions" }]), { range: whole }),
		...ask(touches.map((by) => ["attribution", { by, model: "first", sort: "value" }]), { range: whole }),
	];
}

// ── What filters keep, of a row: a session as one of its persons had it ──

export const has = (dimension, test) => ({ session }) => test(session.dimensions[dimension]);
export const both = (one, other) => (row) => one(row) && other(row);
export const sawLike = (glob) => ({ session: { views } }) => views.some((view) => globTest(glob)(view.path) || globTest(glob)(pageOf(view)));
