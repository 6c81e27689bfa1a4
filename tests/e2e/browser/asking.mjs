// Asks the database again and again over one connection, which many scenarios at once would otherwise open thousands of.
import { spawn } from "node:child_process";

import { sojourn } from "../harness.mjs";

const END = "--answered--";

export class Asking {
	#child = null;
	#queue = Promise.resolve();

	constructor(world) {
		this.world = world;
	}

	// The rows of a query, as objects. One question at a time.
	rows(query) {
		const answer = this.#queue.then(() => this.#ask(`SELECT coalesce(json_agg(t), '[]') FROM (${query}) t;`));
		this.#queue = answer.catch(() => {});
		return answer.then(JSON.parse);
	}

	#open() {
		const args = [`--state-dir=${this.world.running.stateDir}`, "psql", "--", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"];
		const child = spawn(sojourn, args, { stdio: ["pipe", "pipe", "pipe"] });
		child.stdin.on("error", () => {}); // it has ended; its closing says why
		child.ended = new Promise((resolve) => child.on("close", resolve));
		return child;
	}

	#ask(text) {
		this.#child ??= this.#open();
		const child = this.#child;
		return new Promise((resolve, reject) => {
			let said = "";
			let complaint = "";
			const hear = (data) => {
				said += data;
				if (!said.endsWith(`${END}\n`)) return;
				leave();
				resolve(said.slice(0, -END.length - 1));
			};
			const complain = (data) => (complaint += data);
			const fail = () => {
				leave();
				this.#child = null; // the next question opens another
				reject(new Error(`psql ended: ${complaint}`));
			};
			const leave = () => {
				child.stdout.off("data", hear);
				child.stderr.off("data", complain);
				child.off("close", fail);
			};
			child.stdout.setEncoding("utf8").on("data", hear);
			child.stderr.on("data", complain);
			child.on("close", fail);
			child.stdin.write(`${text.replace(/\s+/g, " ")}\n\\echo ${END}\n`);
		});
	}

	// Nothing is asked any more, until somebody asks.
	async close() {
		const child = this.#child;
		this.#child = null;
		child?.stdin.end();
		await child?.ended;
	}
}
