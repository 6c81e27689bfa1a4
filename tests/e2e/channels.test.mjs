// Where visits come from, the whole way: what hits say, through the collector and the import, into session_attribution; rules
// of one's own; and the rules of today over what is stored.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { Shared, post, rows, untilLoaded, writeKey } from "./client.mjs";
import { run, stateFolder, temporaryFolder, until, up } from "./harness.mjs";

const MINUTE_MS = 60_000;
const BEGUN = Date.parse("2025-03-10T12:00:00Z");

// A line of a file of hits: a view of a browser some minutes after the beginning.
function view(browser, minute, url, context = {}) {
	return {
		type: "page", anonymousId: browser, messageId: `${browser}-${minute}`,
		timestamp: new Date(BEGUN + minute * MINUTE_MS).toISOString(),
		context: { ...context, page: { url, ...context.page } },
	};
}

const from = (referrer) => ({ page: { referrer } });

async function importHits(running, hits) {
	const { status, stdout, stderr } = await running.run(["--json", "import", "hits", "-"], { input: hits.map((hit) => `${JSON.stringify(hit)}\n`).join("") });
	assert.equal(status, 0, stderr);
	assert.equal(JSON.parse(stdout).accepted, hits.length);
}

// Of each session: its channel and what else was asked for, by its landing page.
async function attribution(running, columns) {
	const found = await rows(running, `SELECT landing_page_url AS page, ${columns} FROM session_attribution ORDER BY 1`);
	return Object.fromEntries(found.map(({ page, ...others }) => [page.slice(1), Object.values(others).join(" | ")]));
}

const channels = (running) => attribution(running, "coalesce(referrer_category, '-') AS a, channel_type AS b, channel_subtype AS c");

describe("where visits come from", () => {
	const shared = new Shared();
	let running;

	before(async () => {
		running = await up(shared, await stateFolder(shared));
	});
	after(() => shared.end());

	test("one row a session, by its earliest hit, whatever order hits come in", async () => {
		const site = "https://shop.example.com";
		const hits = [
			view("a", 0, `${site}/a`, from("https://www.google.co.uk/search?q=red+shoes&token=x")),
			view("a", 5, `${site}/a2?utm_source=partner&utm_medium=cpc`, from("https://shop.example.com/a")),
			view("b", 0, `${site}/b?utm_source=google&utm_medium=CPC&utm_campaign=Spring&utm_term=t&utm_content=c&gclid=G1`),
			view("c", 0, `${site}/c`, from("https://t.co/xyz")),
			view("d", 0, `${site}/d`, from("https://www.walmart.com/")),
			view("e", 0, `${site}/e`, from("https://chatgpt.com/")),
			view("f", 0, `${site}/f?utm_source=google`),
			view("g", 0, `${site}/g`, from(`${site}/before`)),
			view("h", 0, `${site}/h`, { campaign: { source: "news", medium: "email", name: "May" } }),
			view("i", 0, `${site}/i?fbclid=F1`, from("https://l.facebook.com/l.php?u=x")),
			view("j", 0, `${site}/j`, from("android-app://com.google.android.gm/")),
			view("k", 0, `${site}/k`, from("https://blog.example.org/post?email=bob@example.org")),
			view("l", 0, `${site}/l`),
		];
		await importHits(running, hits.toReversed());
		assert.deepEqual(await channels(running), {
			a: "search | organic | Organic Search", b: "direct | paid | Paid Search", c: "social | social | Organic Social",
			d: "shopping | organic | Organic Shopping", e: "ai | ai | AI Assistant", f: "direct | organic | Organic Search",
			g: "internal | direct | Direct", h: "direct | email | Email", i: "social | paid | Paid Social",
			j: "email | email | Email", k: "referral | referral | Referral", l: "direct | direct | Direct",
		});
		const rest = await attribution(running, `concat_ws(' ', utm_source, utm_medium, utm_campaign, utm_term, utm_content,
			click_id_type, click_id) AS a, concat_ws(' ', referrer_domain, referrer_url, search_term) AS b`);
		assert.equal(rest.a, " | google.co.uk https://www.google.co.uk/search red shoes");
		assert.equal(rest.b, "google CPC Spring t c gclid G1 | ");
		assert.equal(rest.h, "news email May | ");
		assert.equal(rest.i, "fbclid F1 | l.facebook.com https://l.facebook.com/l.php");
		assert.equal(rest.k, " | blog.example.org https://blog.example.org/post");
		await importHits(running, hits);
		assert.equal(Object.keys(await channels(running)).length, 12);
	});

	test("a tracker's session, too", async () => {
		const key = await writeKey(running, "shop");
		const now = Date.now();
		const id = (offset, tail) => `${(now + offset).toString(16).padStart(12, "0").replace(/^(.{8})/, "$1-")}-7000-8000-0000000000${tail}`;
		const page = (offset, tail, url, referrer) => ({
			type: "page", messageId: id(offset, tail), anonymousId: "tracked",
			context: { page: { url, referrer }, session: { id: id(0, "01"), sequence: offset / 1000 + 1, pageViewId: id(offset, tail) } },
		});
		for (const message of [page(2000, "13", "https://a.example/t3?utm_source=x&utm_medium=cpc", ""),
			page(0, "11", "https://a.example/t1?msclkid=M", "https://www.bing.com/"), page(1000, "12", "https://a.example/t2", "https://t.co/")])
			assert.equal((await post(running.collect, "/v1/page", message, { key })).status, 200);
		await untilLoaded(running);
		const found = await rows(running, "SELECT landing_page_url, channel_subtype, referrer_category, click_id FROM session_attribution WHERE landing_page_host = 'a.example'");
		assert.deepEqual(found, [{ landing_page_url: "/t1", channel_subtype: "Paid Search", referrer_category: "search", click_id: "M" }]);
	});
});

describe("rules of one's own", () => {
	test("a bad file is told with its line", async (t) => {
		const folder = temporaryFolder(t);
		const file = path.join(folder, "channels.txt");
		writeFileSync(file, "# ours\nPartners (partner): source is partner\nPrint (offline): medium iss print\n");
		const told = new RegExp(`${file}:3: "medium iss print" is no condition`);
		const checked = await run(["--channel-rules-file", file, "config", "check"]);
		assert.equal(checked.status, 1);
		assert.match(checked.stderr, told);
		const reclassified = await run([`--state-dir=${folder}`, "--channel-rules-file", file, "reclassify"]);
		assert.equal(reclassified.status, 1);
		assert.match(reclassified.stderr, told);
		writeFileSync(file, "Partners (partner): source is partner\n");
		assert.equal((await run(["--channel-rules-file", file, "config", "check"])).status, 0);
	});

	test("they are asked first, are read again at SIGHUP, and stay as they were where the new ones are bad", async (t) => {
		const file = path.join(temporaryFolder(t), "channels.txt");
		writeFileSync(file, "Partners (partner): source is partner\n");
		const running = await up(t, await stateFolder(t), { args: [`--channel-rules-file=${file}`] });
		const key = await writeKey(running, "shop");
		let count = 0;
		const channel = async () => {
			const page = `/${++count}`;
			const message = { type: "page", anonymousId: `b${count}`, context: { page: { url: `https://a.example${page}` }, campaign: { source: "partner", medium: "print" } } };
			assert.equal((await post(running.collect, "/v1/page", message, { key })).status, 200);
			await untilLoaded(running);
			return running.sql(`SELECT channel_type || ' ' || channel_subtype FROM session_attribution WHERE landing_page_url = '${page}'`);
		};
		assert.equal(await channel(), "partner Partners");
		writeFileSync(file, "Print (offline): medium is print\n");
		running.kill("SIGHUP");
		await until("the new rules count", async () => (await channel()) === "offline Print");
		writeFileSync(file, "Nonsense\n");
		running.kill("SIGHUP");
		await until("the bad rules are told", () => running.stderr.includes("reload_failed"));
		assert.match(running.stderr, /channels\.txt:1: this is no rule/);
		assert.equal(await channel(), "offline Print");
	});
});

describe("reclassify", () => {
	const shared = new Shared();
	let running;
	let file;

	const reclassify = async (...args) => {
		const { status, stdout, stderr } = await running.run(["--json", `--channel-rules-file=${file}`, "reclassify", ...args]);
		assert.equal(status, 0, stderr);
		return Object.fromEntries(JSON.parse(stdout).map(({ table, rows: read, changed }) => [table, [Number(read), Number(changed)]]));
	};

	before(async () => {
		running = await up(shared, await stateFolder(shared));
		file = path.join(temporaryFolder(shared), "channels.txt");
		writeFileSync(file, "");
		const hits = [];
		for (let month = 0; month < 4; month++)
			for (let browser = 0; browser < 3; browser++)
				hits.push(view(`m${browser}`, month * 31 * 24 * 60 + browser, `https://a.example/${month}-${browser}`,
					browser === 0 ? { campaign: { source: "partner", medium: "print" } } : from(browser === 1 ? "https://www.google.com/?q=x" : "")));
		await importHits(running, hits);
	});
	after(() => shared.end());

	const partners = () => running.sql("SELECT string_agg(channel_subtype, ',' ORDER BY started_at) FROM session_attribution WHERE utm_source = 'partner'");

	test("with the same rules nothing changes", async () => {
		const before = await running.sql("SELECT string_agg(xmin::text, ',' ORDER BY session_id) FROM session_attribution");
		const counts = await reclassify();
		assert.deepEqual(counts.session_attribution, [12, 0]);
		assert.equal(counts.hit_contexts[1], 0);
		assert.equal(await running.sql("SELECT string_agg(xmin::text, ',' ORDER BY session_id) FROM session_attribution"), before);
	});

	test("changed rules change what is stored, within the time that is asked for, and only that", async () => {
		writeFileSync(file, "Partners (partner): source is partner\n");
		assert.deepEqual((await reclassify("--dry-run")).session_attribution, [12, 4]);
		assert.equal(await partners(), "Unassigned,Unassigned,Unassigned,Unassigned");
		assert.deepEqual((await reclassify("--from=2025-04-01", "--to=2025-05-11T12:02:00Z")).session_attribution, [5, 2]);
		assert.equal(await partners(), "Unassigned,Partners,Partners,Unassigned");
		assert.deepEqual((await reclassify("--dry-run", "--to=2025-05-11")).session_attribution, [9, 1]);
		assert.deepEqual((await reclassify()).session_attribution, [12, 2]);
		assert.equal(await partners(), "Partners,Partners,Partners,Partners");
		assert.deepEqual(await reclassify().then((counts) => [counts.session_attribution[1], counts.hit_contexts[1]]), [0, 0]);
		const others = await running.sql("SELECT DISTINCT channel_type || ' ' || search_term FROM session_attribution WHERE referrer_domain IS NOT NULL");
		assert.equal(others, "organic x");
	});

	test("a session that is made anew afterwards keeps its new channel", async () => {
		// A hit between the first view of a browser and one that is too late for its session joins them: all is made anew.
		const again = view("m0", 20, "https://a.example/later", {});
		const bridged = view("m0", 45, "https://a.example/latest", {});
		await importHits(running, [bridged]);
		assert.equal(await running.sql("SELECT count(*) FROM session_attribution WHERE started_at < '2025-03-11'"), "4");
		await importHits(running, [again]);
		assert.equal(await running.sql("SELECT count(*) FROM session_attribution WHERE started_at < '2025-03-11'"), "3");
		assert.equal(await partners(), "Partners,Partners,Partners,Partners");
	});

	test("it needs a database, and says what is wrong with its words", async () => {
		const away = await run([`--state-dir=${temporaryFolder(shared)}`, "reclassify"]);
		assert.equal(away.status, 1);
		assert.match(away.stderr, /sojourn up/);
		const misused = await running.run(["reclassify", "--from=yesterday"]);
		assert.equal(misused.status, 2);
		assert.match(misused.stderr, /--from is a day or a time/);
	});
});
