// Faults of clocks: a machine's clock is set while everything runs. No test can set the machine's own; so the programs run with
// a library (moved_clock.c) that moves the time of day they read, those of Sojourn and PostgreSQL's together or apart.
import { mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";

import { run } from "../harness.mjs";
import { minutes } from "../client.mjs";
import { AWAY_MS_MAX, pause } from "./processes.mjs";

// With hits of the last five days, a day either way is as far as times are believed.
const JUMPS_MS = [minutes(3), minutes(45), minutes(120), minutes(24 * 60)];
const PROGRAMS = ["sojourn", "postgres"];

export class MovedClock {
	// Below a folder that other accounts may read; `environment` is for the programs.
	static async make(folder) {
		const clock = new MovedClock();
		const library = path.join(folder, "moved_clock.so");
		mkdirSync(folder, { recursive: true, mode: 0o755 });
		const source = path.join(import.meta.dirname, "moved_clock.c");
		const built = await run(["-shared", "-fPIC", "-O2", "-o", library, source], { program: "cc" });
		if (built.status !== 0) throw new Error(`the clock's library cannot be built: ${built.stderr}`);
		clock.files = Object.fromEntries(PROGRAMS.map((program) => [program, openSync(path.join(folder, program), "w+", 0o644)]));
		PROGRAMS.forEach((program) => clock.move(program, 0));
		clock.environment = { ...process.env, LD_PRELOAD: library, MOVED_CLOCK: folder };
		return clock;
	}

	move(program, offsetMs) {
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(BigInt(offsetMs) * 1_000_000n);
		writeSync(this.files[program], bytes, 0, 8, 0);
	}
}

function jump(sign) {
	return async ({ clock, random }) => {
		const programs = random.pick([PROGRAMS, PROGRAMS, ["sojourn"], ["postgres"]]);
		const offsetMs = sign * random.pick(JUMPS_MS);
		programs.forEach((program) => clock.move(program, offsetMs));
		await pause(random.below(AWAY_MS_MAX));
		programs.forEach((program) => clock.move(program, 0));
		return true;
	};
}

export const clockFaults = {
	"clock set forward": jump(1),
	"clock set back": jump(-1),
};
