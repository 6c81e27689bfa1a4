// Made-up visitors of the last 60 days, as JSON Lines of hits: the same for each run on the same day.
const PAGES = ["/", "/pricing", "/docs", "/docs/install", "/blog/a-year-of-counting", "/signup", "/welcome", "/settings"];
const NEXT = { "/": [1, 2, 4, 5], "/pricing": [5, 2, 0], "/docs": [3, 1], "/docs/install": [2, 5], "/blog/a-year-of-counting": [0, 1], "/signup": [6], "/welcome": [7, 2], "/settings": [2] };
const AGENTS = [
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
];
const ZONES = ["Europe/Vienna", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/London"];
const REFERRERS = ["", "https://www.google.com/", "https://www.google.com/", "https://duckduckgo.com/", "https://news.ycombinator.com/", "https://www.linkedin.com/"];
const CAMPAIGNS = [null, null, null, { source: "newsletter", medium: "email", name: "november" }, { source: "google", medium: "cpc", name: "brand" }];
const DAY_MS = 86_400_000;

function generator(seed) {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor(state / 2 ** 32 * below);
	};
}

// A UUIDv7 of the moment, so that what belongs to a view can say to which.
function idOf(at, number) {
	const time = at.toString(16).padStart(12, "0");
	return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

// Where people click on a page, in thousandths of its width: around one of three places, one of them far down.
const SPOTS = [[180, 60], [520, 340], [760, 1450]];
const click = (random, path) => {
	const [x, y] = SPOTS[(random(5) + path.length) % SPOTS.length];
	return { x: x + random(90) - 45, y: y + random(50) - 25 };
};

function* sessionHits(random, visitor, start, isNew) {
	const context = { userAgent: AGENTS[visitor % AGENTS.length], timezone: ZONES[visitor % ZONES.length], locale: "en-GB",
		campaign: CAMPAIGNS[random(CAMPAIGNS.length)] ?? undefined };
	const base = (at) => ({ anonymousId: `visitor-${visitor}`, timestamp: new Date(at).toISOString(), messageId: idOf(at, visitor) });
	let at = start;
	let page = PAGES[random(5)];
	let referrer = REFERRERS[random(REFERRERS.length)];
	for (let views = 1 + random(6); views > 0; views--) {
		yield { type: "page", ...base(at), context: { ...context, page: { path: page, url: `https://example.org${page}`, referrer, title: page } } };
		for (let clicks = random(3); clicks > 0; clicks--)
			yield { type: "track", ...base(at + 1000 * clicks), event: "link", properties: { type: "click", position: click(random, page) }, context: { ...context, session: { pageViewId: idOf(at, visitor) } } };
		if (random(3) === 0)
			yield { type: "track", ...base(at + 4000), event: ["share", "search", "download"][random(3)], properties: { category: "Interface" }, context };
		if (page === "/signup" && isNew) {
			yield { type: "identify", ...base(at + 5000), userId: String(1000 + visitor), traits: { plan: "free" }, context };
			yield { type: "consent", ...base(at + 5500), userId: String(1000 + visitor), context: { ...context, consent: { analytics: true, marketing: visitor % 2 === 0 } } };
			yield { type: "track", ...base(at + 6000), userId: String(1000 + visitor), event: "signed_up", properties: { category: "Conversion", value: 10 }, context };
			isNew = false;
		}
		referrer = `https://example.org${page}`;
		const ways = NEXT[page];
		page = PAGES[ways[random(ways.length)]];
		at += 10_000 + random(120_000);
	}
}

export function visitorHits(visitors, now = Date.now()) {
	const random = generator(20);
	const first = Math.floor(now / DAY_MS) * DAY_MS - 60 * DAY_MS;
	const lines = [];
	for (let visitor = 0; visitor < visitors; visitor++)
		for (let day = random(50); day < 60; day += 3 + random(12))
			lines.push(...sessionHits(random, visitor, first + day * DAY_MS + (6 + random(16)) * 3_600_000 + random(3_600_000), true));
	return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
