// Faults of disks: a small file system has no room left for a while, and a segment of the buffer ends in a torn frame.
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, statfsSync, writeSync } from "node:fs";
import path from "node:path";

import { atEnd, until } from "../harness.mjs";
import { AWAY_MS_MAX, freeze, pause, roleOf, send } from "./processes.mjs";

// As in src/buffer/segment.h.
const HEADER_SIZE = 80;
const FRAME_HEADER_SIZE = 24;
const FRAME_ALIGNMENT = 8;
const SUFFIX = ".segment";

// Memory that is mounted on a folder; its size is what changes.
export class SmallDisk {
	constructor(test, folder, sizeBytes) {
		this.folder = folder;
		this.sizeBytes = sizeBytes;
		mkdirSync(folder, { recursive: true, mode: 0o755 });
		this.mount(`size=${sizeBytes},mode=0755`);
		atEnd(test, () => execFileSync("umount", ["--lazy", folder]));
	}

	mount(options) {
		execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", this.folder], { stdio: "pipe" });
	}

	// As large as what is on it. What is written meanwhile makes that too little, which the kernel refuses.
	async fill() {
		await until(`${this.folder} is full`, () => {
			const { bsize, blocks, bfree } = statfsSync(this.folder);
			try {
				this.mount(`remount,size=${(blocks - bfree) * bsize}`);
			} catch {
				return false;
			}
			return true;
		}, 5000, 0);
	}

	empty() {
		this.mount(`remount,size=${this.sizeBytes}`);
	}
}

function full(...names) {
	return async ({ disks, random }) => {
		try {
			for (const name of names) await disks[name].fill();
			await pause(random.below(AWAY_MS_MAX));
		} finally {
			names.forEach((name) => disks[name].empty());
		}
		return true;
	};
}

// Where the frames of the newest segment end; null while there is none.
function tailOf(stateDir) {
	const folder = path.join(stateDir, "buffer/live");
	const name = readdirSync(folder).filter((entry) => entry.endsWith(SUFFIX)).sort().at(-1);
	if (name === undefined) return null;
	const bytes = readFileSync(path.join(folder, name));
	let end = HEADER_SIZE;
	let last = null;
	while (end + FRAME_HEADER_SIZE <= bytes.length) {
		const size = bytes.readUInt32LE(end + 8);
		if (size === 0) break;
		last = bytes.subarray(end, end + FRAME_HEADER_SIZE + size);
		end += Math.ceil((FRAME_HEADER_SIZE + size) / FRAME_ALIGNMENT) * FRAME_ALIGNMENT;
	}
	return { file: path.join(folder, name), end, last };
}

// A machine that loses power in the middle of a write that nobody was answered for: of one more frame a part is on disk, some
// of it not as it was, and of what was allocated ahead perhaps nothing.
async function tear({ stateDir, random }) {
	const collectors = roleOf(stateDir, "collector");
	await freeze(collectors);
	const tail = collectors.length > 0 ? tailOf(stateDir) : null;
	if (tail?.last) {
		const torn = Buffer.from(tail.last.subarray(0, 1 + random.below(tail.last.length)));
		if (random.chance(0.5)) torn[random.below(torn.length)] ^= 1 + random.below(255);
		const file = openSync(tail.file, "r+");
		writeSync(file, torn, 0, torn.length, tail.end);
		if (random.chance(0.5)) ftruncateSync(file, tail.end + random.below(torn.length + 1));
		closeSync(file);
	}
	collectors.forEach((pid) => send(pid, "SIGKILL"));
	return Boolean(tail?.last);
}

export const diskFaults = { "segment torn": tear };
// On a SmallDisk, which only root may make.
export const fullDiskFaults = {
	"disk of the buffer full": full("buffer"),
	"disk of the database full": full("postgres"),
	"all disks full": full("buffer", "postgres", "state"),
};
