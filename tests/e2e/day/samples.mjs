// What a running installation takes, looked at every few seconds: memory and descriptors of each process, the buffer on disk,
// how far storing is behind, small tables that every batch writes. And whether any of it grows.
import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

import { processesOf } from "../harness.mjs";

const MIB = 1 << 20;
const WARM_UP = 0.15; // of the samples, which do not count
const MEMORY_GROWTH = 1.1; // of a process, last third to second: memory that is bounded fills in the first
const MEMORY_SLACK_MIB = 6;
const DESCRIPTORS_SLACK = 8;
const TABLE_GROWTH = 1.5;
const TABLE_SLACK_MIB = 2;

// Which grow with what is stored, by design; they are shown and not judged.
const KEEPING = new Set(["message_times", "hit_contexts", "session_leaves", "person_aliases", "persons"]);
const CATALOG = ["pg_class", "pg_attribute", "pg_statistic", "pg_depend", "pg_type"];

const QUERY = `SELECT json_build_object(
	'newestMs', (SELECT ts_ms(max(viewed_at)) FROM page_views WHERE viewed_at > now() - interval '2 hours'),
	'ledger', (SELECT count(*) FROM ingest_ledger),
	'worker', (SELECT pid FROM pg_stat_activity WHERE application_name = 'sojourn worker' LIMIT 1),
	'temporaryBytes', (SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'),
	'tables', (SELECT json_object_agg(relname, json_build_array(pg_total_relation_size(relid), n_dead_tup)) FROM pg_stat_all_tables
		WHERE relname IN (${CATALOG.map((name) => `'${name}'`)}) AND schemaname = 'pg_catalog'
		OR schemaname = current_schema() AND relname NOT SIMILAR TO '(page_views|user_sessions|user_events|session_attribution|robots)%'))`;

const median = (numbers) => numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)];

function memoryOf(pid) {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	const kib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
	return { all: kib("VmRSS") / 1024, own: kib("RssAnon") / 1024 };
}

const descriptorsOf = (pid) => readdirSync(`/proc/${pid}/fd`).length;

export class Samples {
	taken = [];
	answers = []; // [ms, hits answered], to know how many hits the newest stored one had behind it

	constructor(running, traffic, lagSecondsMax) {
		Object.assign(this, { running, traffic, lagSecondsMax, begin: Date.now() });
	}

	note() {
		this.answers.push([Date.now(), this.traffic.answered]);
		if (this.answers.length > 10_000) this.answers.splice(0, 5_000);
	}

	processes(worker) {
		const { stateDir, pid } = this.running;
		const found = { supervisor: pid, "its backend": worker };
		for (const { pid: other, command } of processesOf(stateDir)) {
			// The worker's watcher of jobs and each job are of its role, too; a job ends soon.
			const name = command.includes("--watch-jobs") ? "jobs" : /--role=(\w+)(?!.* --job=)/.exec(command)?.[1];
			if (name !== undefined) found[name] = other;
		}
		return found;
	}

	buffer() {
		const folder = path.join(this.running.stateDir, "buffer/live");
		const names = readdirSync(folder).filter((name) => name.endsWith(".segment"));
		const bytes = names.reduce((sum, name) => sum + (statSync(path.join(folder, name), { throwIfNoEntry: false })?.blocks ?? 0) * 512, 0);
		return { segments: names.length, mib: bytes / MIB };
	}

	async take() {
		const now = Date.now();
		const found = JSON.parse(await this.running.sql(QUERY));
		const processes = {};
		for (const [name, pid] of Object.entries(this.processes(found.worker))) {
			try {
				processes[name] = { ...memoryOf(pid), descriptors: descriptorsOf(pid) };
			} catch {
				// it has just ended
			}
		}
		const newest = found.newestMs ?? this.begin;
		const behind = this.answers.findLast(([when]) => when <= newest)?.[1] ?? 0;
		this.taken.push({
			at: (now - this.begin) / 1000, processes, buffer: this.buffer(), ledger: found.ledger, temporaryMib: found.temporaryBytes / MIB,
			tables: found.tables, lagSeconds: Math.max(0, (now - newest) / 1000), lagHits: Math.max(0, this.traffic.answered - behind), answered: this.traffic.answered,
		});
		return this.taken.at(-1);
	}

	// Rows of the table: what, in the second third, in the last, at its most, the bound, whether it holds (null: not judged).
	judge() {
		const warm = this.taken.slice(Math.floor(this.taken.length * WARM_UP));
		const third = Math.floor(warm.length / 3);
		const rows = [];
		const add = (what, valueOf, bound, digits = 0) => {
			const values = warm.map(valueOf).filter((value) => value !== undefined);
			if (values.length === 0) return;
			const [second, last, most] = [median(values.slice(third, 2 * third)), median(values.slice(-third)), Math.max(...values)];
			const { text, holds } = bound(second, last, most, values);
			rows.push({ what, second: second.toFixed(digits), last: last.toFixed(digits), most: most.toFixed(digits), bound: text, holds });
		};
		const below = (limit) => (second, last, most) => ({ text: `≤ ${limit}`, holds: most <= limit });
		const flat = (factor, slack) => (second, last) => ({ text: `last ≤ ${(second * factor + slack).toFixed(1)}`, holds: last <= second * factor + slack });
		const shown = () => ({ text: "", holds: null });
		for (const name of Object.keys(warm.at(-1).processes)) {
			add(`${name}: MiB of its own memory`, ({ processes }) => processes[name]?.own, flat(MEMORY_GROWTH, MEMORY_SLACK_MIB), 1);
			add(`${name}: MiB resident`, ({ processes }) => processes[name]?.all, shown, 1);
			add(`${name}: descriptors`, ({ processes }) => processes[name]?.descriptors, (second, last, most, values) => {
				const limit = Math.max(...values.slice(0, 2 * third)) + DESCRIPTORS_SLACK;
				return { text: `last ≤ ${limit}`, holds: Math.max(...values.slice(-third)) <= limit };
			});
		}
		add("lag: seconds", ({ lagSeconds }) => lagSeconds, (second, last, most) => ({ text: `≤ ${this.lagSecondsMax}, last ≤ second + 2`,
			holds: most <= this.lagSecondsMax && last <= second + 2 }), 2);
		add("lag: hits", ({ lagHits }) => lagHits, shown);
		add("buffer: MiB on disk", ({ buffer }) => buffer.mib, flat(2, 64), 1);
		add("buffer: segments", ({ buffer }) => buffer.segments, flat(2, 8));
		add("ledger: rows", ({ ledger }) => ledger, below(1));
		add("temporary tables: MiB", ({ temporaryMib }) => temporaryMib, flat(TABLE_GROWTH, TABLE_SLACK_MIB), 1);
		for (const name of Object.keys(warm.at(-1).tables).toSorted()) {
			if (Math.max(...warm.map(({ tables }) => tables[name]?.[0] ?? 0)) < MIB / 2) continue;
			add(`${name}: MiB`, ({ tables }) => tables[name]?.[0] / MIB, KEEPING.has(name) ? shown : flat(TABLE_GROWTH, TABLE_SLACK_MIB), 1);
			add(`${name}: dead rows`, ({ tables }) => tables[name]?.[1], shown);
		}
		return rows;
	}
}
