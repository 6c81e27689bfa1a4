// A second reading of access logs, written apart from the program's: what it should have made of a file. Rules are said here
// in other words than in data/asset_rules.txt, so that a slip in either shows.
import { readFileSync } from "node:fs";
import path from "node:path";

const crawlerList = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
	"../../data/node_modules/crawler-user-agents/crawler-user-agents.json");
const crawlers = JSON.parse(readFileSync(crawlerList, "utf8")).map((crawler) => new RegExp(crawler.pattern));
const ourRobots = [
	/\bfeed ?(parser|fetch|read|burn|demon|bot)|\brss\b|\baggregator\b|liferea|akregator|netnewswire|\d (readers|subscribers)\b/i,
	/\b(uptime|monitor(ing)?|health ?check|link ?(check|valid)\w*|validator)\b/i,
	/^(ruby|java|php|python|perl|go|dart|lua|node|libwww|chef client|http_request2?|microsoft office)($|[ /;(])|libfetch/i,
	/(?<!cu)bots?(?![a-z])|crawl|spider|slurp|scrap(e|er|ing)\b|robo[st]|archiver|harvest|indexer|https?:\/\/|www\.\w|\w@\w[\w-]*\.[a-z]/i,
];

const assetExtensions = new Set(`ico cur png jpg jpeg jpe jfif gif webp avif svg svgz bmp tif tiff heic heif jxl apng psd eps css
	less scss sass xsl xslt js mjs cjs jsx map wasm vbs htc woff woff2 ttf otf eot mp3 mp4 m4a m4v m4s ogg oga ogv opus webm wav
	flac aac mid midi mov avi mkv wmv wma mpg mpeg 3gp flv swf m3u8 mpd ts vtt srt rss atom rdf json xml webmanifest appcache
	yaml yml csv tsv ics vcf dtd xsd pdf ps djvu epub mobi doc docx xls xlsx ppt pptx pps ppsx odt ods odp odg rtf zip gz tgz
	bz2 tbz xz txz zst lz4 7z rar tar cab jar war ear deb rpm apk aab ipa exe msi log dmg pkg iso img bin gem whl egg crate
	nupkg crx xpi vsix torrent sig asc md5 sha1 sha256 sha512 pcap class pyc so dll o`.split(/\s+/));
const assetPaths = [
	/^\/(robots|ads|app-ads|humans|security|llms.*)\.txt$/i,
	/^\/(\.well-known\/|favicon|apple-touch-icon|mstile-)/i,
	/(^|\/)feed(\/|$|\/rss|\/atom)/i,
	/(^|\/)feeds(\/|$)/i,
	/(^|\/)(rss|atom)\/?$/i,
];

function isAsset(pathname, query) {
	const name = pathname.slice(pathname.lastIndexOf("/") + 1);
	const dot = name.lastIndexOf(".");
	if (dot >= 0 && assetExtensions.has(name.slice(dot + 1).toLowerCase())) return true;
	if (assetPaths.some((rule) => rule.test(pathname))) return true;
	return query.split("&").some((parameter) => /^(feed=|flav=(rss|atom)|format=(rss|atom|feed$))/i.test(parameter));
}

export function isRobot(userAgent) {
	return userAgent === "-" || userAgent === "" || crawlers.some((rule) => rule.test(userAgent))
		|| ourRobots.some((rule) => rule.test(userAgent));
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const lineRule = new RegExp([
	/^(?<address>\S+) \S+ .+? /,
	/\[(?<day>\d\d)\/(?<month>\w{3})\/(?<year>\d{4}):(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<zone>[+-]\d{4})\] /,
	/"(?<method>[A-Za-z-]+) (?<target>\/\S*)(?: HTTP\/\S+)?" (?<status>\d{3}) (?:\d+|-) /,
	/"(?<referrer>(?:[^"\\]|\\.)*)" "(?<userAgent>(?:[^"\\]|\\.)*)"/,
].map((part) => part.source).join(""));

function timeOf({ day, month, year, hour, minute, second, zone }) {
	const offset = (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
	return Date.UTC(Number(year), months.indexOf(month), Number(day), Number(hour), Number(minute) - offset, Number(second)) / 1000;
}

function classOf({ method, status, userAgent }, pathname, query) {
	if (method !== "GET") return "other_methods";
	if (["301", "302", "303", "307", "308"].includes(status)) return "redirects";
	if (/^[45]/.test(status)) return "errors";
	if (!["200", "203", "206", "304"].includes(status)) return "no_content";
	if (isAsset(pathname, query)) return "assets";
	return isRobot(userAgent) ? "robots" : "page_views";
}

// { classes, views: [{ time, path, visitor }], robots: [{ time, path }] } of the text of a log.
export function readAccessLog(text) {
	const classes = Object.fromEntries(["page_views", "robots", "kept_out", "assets", "redirects", "errors", "no_content", "other_methods",
		"malformed"].map((name) => [name, 0]));
	const views = [];
	const robots = [];
	for (const line of text.replace(/\n$/, "").split("\n")) {
		const fields = lineRule.exec(line)?.groups;
		if (!fields) {
			classes.malformed++;
			continue;
		}
		const target = fields.target.split("#")[0];
		const mark = target.indexOf("?");
		const pathname = mark < 0 ? target : target.slice(0, mark);
		const name = classOf(fields, pathname, mark < 0 ? "" : target.slice(mark + 1));
		classes[name]++;
		const hit = { time: timeOf(fields), path: pathname, visitor: `${fields.address} ${fields.userAgent}` };
		if (name === "page_views") views.push(hit);
		if (name === "robots") robots.push(hit);
	}
	return { classes, views, robots };
}

const TIMEOUT_S = 30 * 60;
const DAY_S = 24 * 60 * 60;

// By the rule of sessions: gaps up to the timeout, cut at every full 24 hours from the start. Gives [{ start, end, views }].
export function sessionsOf(views) {
	const byVisitor = Map.groupBy ? Map.groupBy(views, (view) => view.visitor) : groupBy(views);
	const sessions = [];
	for (const own of byVisitor.values()) {
		let begun = null;
		let session = null;
		for (const time of own.map((view) => view.time).sort((a, b) => a - b)) {
			if (session === null || time - session.end > TIMEOUT_S) begun = time;
			const part = Math.floor((time - begun) / DAY_S);
			if (session === null || session.begun !== begun || session.part !== part)
				sessions.push((session = { begun, part, start: time, end: time, views: 0 }));
			session.end = time;
			session.views++;
		}
	}
	return sessions;
}

function groupBy(views) {
	const groups = new Map();
	for (const view of views) groups.set(view.visitor, [...(groups.get(view.visitor) ?? []), view]);
	return groups;
}
