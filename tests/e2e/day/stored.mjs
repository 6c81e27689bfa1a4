// What the tables hold at the end of the day, against what was answered.
import { spawn } from "node:child_process";
import readline from "node:readline";

import { sojourn } from "../harness.mjs";
import { rows } from "../client.mjs";
import { EVENT, VIEW } from "./traffic.mjs";

const PROBLEMS_MAX = 10;

async function each(running, query, use) {
	const psql = spawn(sojourn, [`--state-dir=${running.stateDir}`, "psql", "--", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-c",
		`COPY (${query}) TO STDOUT`], { stdio: ["ignore", "pipe", "inherit"] });
	const ended = new Promise((resolve) => psql.on("close", resolve));
	for await (const line of readline.createInterface({ input: psql.stdout })) use(line.split("\t"));
	const status = await ended;
	if (status !== 0) throw new Error(`psql ended with ${status}`);
}

const ORPHANS = `SELECT
	(SELECT count(*) FROM page_views r LEFT JOIN user_sessions s ON s.id = r.session_id AND s.person_id = r.person_id WHERE s.id IS NULL) AS views,
	(SELECT count(*) FROM user_events r LEFT JOIN user_sessions s ON s.id = r.session_id AND s.person_id = r.person_id WHERE s.id IS NULL) AS events,
	(SELECT count(*) FROM user_sessions r LEFT JOIN session_attribution s ON s.session_id = r.id WHERE s.session_id IS NULL) AS sessions,
	(SELECT count(*) FROM quarantine) AS quarantine`;

// Gives what is wrong, as sentences; none where every answered hit is there once, with the person and the clicks it should have.
export async function checkStored(running, traffic) {
	const { known, people } = traffic;
	const seen = new Uint8Array(known.count);
	const personOf = new Map();
	const counts = { rows: 0, missing: 0, twice: 0, foreign: 0, "of another kind": 0, "of another person": 0, "with other clicks": 0 };
	const examples = [];
	const wrong = (what, number) => {
		counts[what]++;
		if (examples.length < PROBLEMS_MAX) examples.push(`${what}: ${number}`);
	};
	const check = (kind) => ([hex, person, clicks]) => {
		const number = parseInt(hex, 16);
		counts.rows++;
		if (!(number < known.count)) return wrong("foreign", hex);
		if (seen[number]++ > 0) return wrong("twice", number);
		if (known.kind[number] !== kind) wrong("of another kind", number);
		if (kind === VIEW && Number(clicks) !== known.clicks[number]) wrong("with other clicks", number);
		const who = known.person[number];
		const isSignedIn = who < people && traffic.signedIn[who] === 1;
		const expected = who >= people ? String(9_000_000 + who - people) : isSignedIn ? String(traffic.userId(who)) : null;
		if (!personOf.has(who)) personOf.set(who, person);
		if (personOf.get(who) !== person || (expected === null ? !person.startsWith("-") : person !== expected)) wrong("of another person", number);
	};
	await each(running, "SELECT right(id::text, 12), person_id, coalesce(clicks_count, 0) FROM page_views", check(VIEW));
	await each(running, "SELECT coalesce(metadata->>'number', right(id::text, 12)), person_id FROM user_events", check(EVENT));
	for (let number = 0; number < known.count; number++) if (seen[number] === 0) wrong("missing", number);
	const [orphans] = await rows(running, ORPHANS);
	const [{ count: sessions }] = await rows(running, "SELECT count(*) FROM user_sessions WHERE NOT is_made_by_loader");
	const { rows: stored, ...mistakes } = counts;
	const problems = Object.entries({ ...mistakes, ...Object.fromEntries(Object.entries(orphans).map(([name, count]) => [`orphans of ${name}`, count])) })
		.filter(([, count]) => count > 0).map(([name, count]) => `${count} rows ${name}`);
	return { stored, sessions, problems: [...problems, ...examples] };
}
