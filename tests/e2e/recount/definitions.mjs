// Every definition in a case that can be counted on the fingers, each in a month of its own: what is sent, and what reports say of it.
// Times are those of New York, which is the reporting time zone.
const zone = "America/New_York";

// As UUIDv7 have it: the time, then a number that keeps the order.
function idOf(iso, number) {
	const time = Date.parse(iso).toString(16).padStart(12, "0");
	return `${time.slice(0, 8)}-${time.slice(8)}-7${number.toString(16).padStart(3, "0")}-8000-000000000000`;
}

// What a browser sends in a session that begins at `start`, each part so many seconds later.
function session(browser, start, ...parts) {
	const id = idOf(start, 0);
	const context = (more) => ({ session: { id, ...more }, page: { url: "https://a.example/", path: "/" } });
	const at = (seconds) => new Date(Date.parse(start) + seconds * 1000).toISOString();
	const idAt = (seconds, number) => idOf(at(seconds), number);
	const base = (seconds, number) => ({ messageId: idAt(seconds, number), anonymousId: browser, timestamp: at(seconds) });
	return parts.map((part) => part({ context, base, idAt }));
}
const view = (number, seconds, path) => ({ context, base }) => ({ ...base(seconds, number), type: "page",
	context: { ...context({ sequence: number }), page: { url: `https://a.example${path}`, path } } });
const leave = (number, viewedSeconds, seconds, visibleMs) => ({ context, base, idAt }) => ({ ...base(seconds, 100 + number), type: "leave",
	pageViewId: idAt(viewedSeconds, number), visibleMs, context: context({}) });
const event = (number, seconds, name, properties) => ({ context, base }) =>
	({ ...base(seconds, 300 + number), type: "track", event: name, properties, context: context({}) });
const identify = (seconds, userId, createdAt) => ({ context, base }) =>
	({ ...base(seconds, 200), type: "identify", userId, traits: { createdAt }, context: context({}) });

const pick = (...names) => (row) => names.map((name) => row[name]);
const ofTotal = (...names) => ({ total }) => pick(...names)(total);
const ofRows = (...names) => ({ rows }) => rows.map(pick(...names));
const ofDays = (...names) => ({ rows }) => rows.filter(({ sessions, views }) => sessions > 0 || views > 0).map(pick("date", ...names));
const funnel = (...pages) => ({ funnel: JSON.stringify({ steps: pages.map((page) => ({ page })) }) });

// `sent` is a list of requests, one after the other; `asked` of [report, query, what of its answer is looked at, what that is].
export const definitions = [
	{
		name: "a session of a single page has a duration and a time on page, by its leave, and is a bounce of either kind",
		sent: [session("single", "2024-01-10T12:00:00Z", view(1, 0, "/only"), leave(1, 0, 12, 8000))],
		range: ["2024-01-01", "2024-01-31"],
		asked: [
			["overview", {}, ofTotal("sessions", "mean_duration_seconds", "bounce_sessions", "engagement_rate_percent"), [1, 12, 1, 100]],
			["pages", {}, ofRows("page", "avg_time_on_page_seconds", "entries", "exits", "bounce_rate_percent"), [["/only", 8, 1, 1, 100]]],
		],
	},
	{
		name: "the last page has a time, which lunch does not count for, and a leave that comes before its view waits for it",
		sent: [
			session("lunch", "2024-02-10T12:00:00Z", leave(2, 40, 100, 5000)),
			session("lunch", "2024-02-10T12:00:00Z", view(1, 0, "/a"), view(2, 40, "/b")),
			session("lunch", "2024-02-10T12:00:00Z", leave(2, 40, 1300, 50_000)),
		],
		range: ["2024-02-01", "2024-02-29"],
		asked: [
			["overview", {}, ofTotal("sessions", "mean_duration_seconds", "engaged_sessions"), [1, 1300, 1]],
			["pages", {}, ofRows("page", "avg_time_on_page_seconds", "exits"), [["/a", null, 0], ["/b", 50, 1]]],
		],
	},
	{
		name: "midnight splits no session: it counts where it began, and its views when they were made",
		sent: [session("late", "2024-03-05T04:50:00Z", view(1, 0, "/a"), view(2, 1200, "/b"))], // 23:50
		range: ["2024-03-01", "2024-03-09"],
		asked: [
			["overview", {}, ofDays("sessions", "views", "visitors"), [["2024-03-04", 1, 1, 1], ["2024-03-05", 0, 1, 0]]],
			["overview", { tz: "UTC" }, ofDays("sessions", "views"), [["2024-03-05", 1, 2]]],
			["sessions/daily", {}, ofRows("date", "total_sessions", "avg_pages_per_session"), [["2024-03-04", 1, 2]]],
		],
	},
	{
		name: "two tabs share a session and its count of views: the exit is the latest view, whichever tab is closed last",
		sent: [session("tabs", "2024-04-10T12:00:00Z", view(1, 0, "/one"), view(2, 10, "/two"), leave(2, 10, 20, 4000), leave(1, 0, 60, 30_000))],
		range: ["2024-04-01", "2024-04-30"],
		asked: [
			["sessions", {}, ofRows("entry_page", "exit_page", "views", "duration_seconds"), [["a.example/one", "a.example/two", 2, 60]]],
			["journeys/paths", {}, ofRows("path"), [[["a.example/one", "a.example/two"]]]],
		],
	},
	{
		name: "a day on which clocks go back has 25 hours, each of its own",
		sent: [
			session("autumn", "2024-11-03T05:30:00Z", view(1, 0, "/one")), // 1:30
			session("autumn", "2024-11-03T06:30:00Z", view(1, 0, "/one")), // 1:30 again
			session("autumn", "2024-11-04T04:30:00Z", view(1, 0, "/one")), // 23:30
		],
		range: ["2024-11-03", "2024-11-03"],
		asked: [
			["overview", {}, ofRows("date", "sessions", "visitors"), [["2024-11-03", 3, 1]]],
			["pages/hourly", {}, ofRows("hour", "total_views"), [["2024-11-03T05:00:00Z", 1], ["2024-11-03T06:00:00Z", 1], ["2024-11-04T04:00:00Z", 1]]],
		],
	},
	{
		name: "a day on which clocks go forward has 23 hours",
		sent: [
			session("spring", "2024-03-10T05:00:00Z", view(1, 0, "/one")), // 0:00
			session("spring", "2024-03-11T03:59:59Z", view(1, 0, "/one")), // 23:59:59
			session("spring", "2024-03-11T04:00:00Z", view(1, 0, "/one")), // the next day
		],
		range: ["2024-03-10", "2024-03-10"],
		asked: [["overview", {}, ofRows("date", "sessions", "visitors"), [["2024-03-10", 2, 1]]]],
	},
	{
		name: "a person counts once in a range, and as new on the first day only",
		sent: [
			session("again", "2024-05-10T12:00:00Z", view(1, 0, "/a")), session("again", "2024-05-11T12:00:00Z", view(1, 0, "/a")),
			session("other", "2024-05-11T13:00:00Z", view(1, 0, "/a")),
		],
		range: ["2024-05-10", "2024-05-11"],
		asked: [
			["overview", {}, ofRows("visitors", "new_visitors"), [[1, 1], [2, 1]]],
			["overview", {}, ofTotal("visitors", "new_visitors"), [2, 2]],
		],
	},
	{
		name: "period 0 of a cohort is no hundred percent where not all came when they signed up",
		sent: [
			session("early", "2024-06-20T12:00:00Z", view(1, 0, "/a"), identify(1, "900001", "2024-06-03T12:00:00Z")),
			session("later", "2024-07-20T12:00:00Z", view(1, 0, "/a"), identify(1, "900002", "2024-06-04T12:00:00Z")),
		],
		range: ["2024-06-01", "2024-06-30"],
		asked: [["retention", { period: "month" }, ({ rows }) => rows.slice(0, 3).map(pick("persons", "active_persons", "retention_percent")),
			[[2, 1, 50], [2, 1, 50], [2, 0, 0]]]],
	},
	{
		name: "equal times keep the order in which they were recorded, and a step is not taken twice by one view",
		sent: [session("equal", "2024-08-10T12:00:00Z", view(1, 5, "/x"), view(2, 5, "/y"))],
		range: ["2024-08-01", "2024-08-31"],
		asked: [
			["funnels", funnel("/x", "/y"), ofRows("entered"), [[1], [1]]],
			["funnels", funnel("/y", "/x"), ofRows("entered"), [[1], [0]]],
			["funnels", funnel("/x", "/x"), ofRows("entered"), [[1], [0]]],
			["funnels/dropped", funnel("/y", "/x"), ofRows("reached_at", "next_page"), [["2024-08-10T12:00:05.000Z", null]]],
		],
	},
	{
		name: "a path leaves out what is repeated at once, and only that",
		sent: [session("path", "2024-09-10T12:00:00Z", view(1, 0, "/a"), view(2, 5, "/a"), view(3, 10, "/b"), view(4, 15, "/a"))],
		range: ["2024-09-01", "2024-09-30"],
		asked: [
			["journeys/paths", {}, ofRows("path"), [[["a.example/a", "a.example/b", "a.example/a"]]]],
			["journeys/transitions", {}, ofRows("from_page", "to_page", "transitions"),
				[["a.example/a", "a.example/b", 1], ["a.example/b", "a.example/a", 1]]],
		],
	},
	{
		name: "a session of 29 seconds is a bounce and one of 30 is none; one of 600 is engaged",
		sent: [[29, "2024-10-10"], [30, "2024-10-11"], [599, "2024-10-12"], [600, "2024-10-13"]].map(([seconds, date]) =>
			session(`long-${seconds}`, `${date}T12:00:00Z`, view(1, 0, "/a"), view(2, seconds, "/b"))),
		range: ["2024-10-10", "2024-10-13"],
		asked: [["overview", {}, ofRows("bounce_sessions", "engaged_sessions"), [[1, 0], [0, 0], [0, 0], [0, 1]]]],
	},
	{
		name: "a conversion is an event of the category Conversion, or one that a goal names; a page that is a goal makes none",
		sent: [
			session("named", "2024-12-10T12:00:00Z", view(1, 0, "/thanks"), event(1, 2, "Definitions subscribe", { value: 3 })),
			session("category", "2024-12-11T12:00:00Z", view(1, 0, "/a"), event(1, 2, "Other", { category: "Conversion", value: 4 })),
			session("neither", "2024-12-12T12:00:00Z", view(1, 0, "/thanks"), event(1, 2, "Other", { category: "Conversions" })),
		],
		goals: { subscribed: { event: "Definitions sub*" }, thanked: { page: "/thanks" } },
		range: ["2024-12-01", "2024-12-31"],
		asked: [
			["overview", {}, ofTotal("conversions", "ended_sessions", "engagement_rate_percent"), [2, 3, 66.67]],
			["overview", { filter: "device_type:*" }, ofTotal("conversions", "engagement_rate_percent"), [2, 66.67]],
			["breakdown", { by: "country" }, ofTotal("conversions", "conversion_value", "conversion_rate_percent"), [2, 7, 66.67]],
			["attribution", {}, ofTotal("converted_visitors", "conversions"), [2, 2]],
			["sessions", {}, ofRows("conversions"), [[0], [1], [1]]],
			["journeys/paths", {}, ofRows("path", "conversion_rate_percent"), [[["a.example/thanks"], 50], [["a.example/a"], 100]]],
			["goals", {}, ofRows("goal", "sessions", "events"), [["subscribed", 1, 1], ["thanked", 2, 0]]],
		],
	},
].map(({ range: [from, to], asked, ...rest }) => ({
	...rest, asked: asked.map(([report, query, look, expected]) => ({ name: report, query: { from, to, tz: zone, ...query }, look, expected })),
}));
