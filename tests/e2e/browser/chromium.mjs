// Debian's Chromium as people run it: with a window on a display of its own (Xvfb), an empty profile, its own defaults and
// not those of a test tool. playwright-core only holds the wires: it joins a browser that already runs and is told to leave
// its defaults, so the back/forward cache is on and a window is visible only where it really is.
import { execFileSync, spawn } from "node:child_process";

import { chromium } from "playwright-core";

import { atEnd, isRoot, processesOf, temporaryFolder, until } from "../harness.mjs";

const START_MS = 60_000;

// Starts a virtual screen on a free display; gives its name, as DISPLAY wants it.
async function displayOpen(test) {
	const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-noreset"],
		{ stdio: ["ignore", "ignore", "pipe", "pipe"] });
	let said = "";
	let number = "";
	let failure = null;
	screen.stderr.on("data", (data) => (said += data));
	screen.stdio[3].on("data", (data) => (number += data));
	screen.on("error", (error) => (failure = error));
	const ended = new Promise((resolve) => screen.on("close", resolve));
	atEnd(test, async () => {
		screen.kill("SIGTERM");
		await ended;
	});
	await until("Xvfb has a display", () => {
		if (failure !== null || screen.exitCode !== null) throw new Error(`Xvfb did not start: ${failure ?? said}`);
		return number.endsWith("\n");
	}, START_MS);
	return `:${number.trim()}`;
}

// One display for all browsers of a test or suite.
const displays = new WeakMap();
function displayOf(test) {
	if (!displays.has(test)) displays.set(test, displayOpen(test));
	return displays.get(test);
}

// Chromium's sandbox wants user namespaces, which root does not need and some containers do not have.
function mayUseSandbox() {
	try {
		execFileSync("unshare", ["--user", "--map-root-user", "true"], { stdio: "ignore" });
		return !isRoot;
	} catch {
		return false;
	}
}

const switches = [
	"--no-first-run", "--no-default-browser-check", "--disable-gpu", "--disable-quic", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage", "--disable-breakpad",
	"--password-store=basic", "--use-mock-keychain", "--no-pings", "--hide-crash-restore-bubble",
	"--disable-backgrounding-occluded-windows", // a window that another covers is no hidden tab
	"--disable-features=OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch,MediaRouter",
];

export class Chromium {
	static async open(test, { profile = null, isRobot = false, args = [], url = "about:blank" } = {}) {
		const browser = new Chromium();
		browser.test = test;
		browser.profile = profile ?? temporaryFolder(test);
		const display = await displayOf(test);
		browser.child = spawn("chromium", [
			`--user-data-dir=${browser.profile}`, "--remote-debugging-port=0", ...switches,
			...(mayUseSandbox() ? [] : ["--no-sandbox"]),
			// What a driven browser says of itself makes it a robot; a person's does not say it.
			...(isRobot ? ["--enable-automation"] : ["--disable-blink-features=AutomationControlled"]), ...args, url,
		], {
			stdio: ["ignore", "ignore", "pipe"],
			env: {
				...process.env, DISPLAY: display, HOME: browser.profile, XDG_CONFIG_HOME: browser.profile,
				XDG_CACHE_HOME: browser.profile, TMPDIR: browser.profile, DBUS_SESSION_BUS_ADDRESS: "disabled:",
			},
		});
		browser.stderr = "";
		browser.child.stderr.on("data", (data) => (browser.stderr += data));
		let failure = null;
		browser.child.on("error", (error) => (failure = error));
		browser.ended = new Promise((resolve) => browser.child.on("close", resolve));
		atEnd(test, () => browser.kill());
		browser.endpoint = await until("Chromium tells its port", () => {
			if (failure !== null || browser.child.exitCode !== null)
				throw new Error(`Chromium did not start: ${failure ?? browser.stderr}`);
			return /DevTools listening on (ws:\S+)/.exec(browser.stderr)?.[1];
		}, START_MS);
		return browser;
	}

	// Takes hold of every tab. Without it nothing of the browser is touched.
	async connect() {
		this.driver = await chromium.connectOverCDP(this.endpoint, { noDefaults: true, timeout: START_MS });
		this.context = this.driver.contexts()[0];
		this.wire = await this.driver.newBrowserCDPSession();
		this.opened = 0;
		return this;
	}

	// A window of its own; windows do not hide each other.
	async window() {
		const url = `about:blank#window-${++this.opened}`;
		await this.wire.send("Target.createTarget", { url, newWindow: true, width: 1000, height: 800 });
		return this.#find(url);
	}

	// A further tab in the window of `page`, which it hides.
	async tab(page) {
		const url = `about:blank#tab-${++this.opened}`;
		await page.evaluate((to) => void window.open(to, "_blank", "noopener"), url);
		return this.#find(url);
	}

	#find(url) {
		return until("the tab is there", () => this.context.pages().find((page) => page.url() === url));
	}

	// As its user quits it: pages hear that they go. (CDP's Browser.close and SIGTERM end it faster: they hear nothing.)
	async quit() {
		this.child.kill("SIGINT");
		await this.#gone();
	}

	// In the middle of everything, with all of its processes.
	async kill() {
		const all = processesOf(this.profile).map(({ pid }) => pid);
		for (const pid of [this.child.pid, ...all])
			try {
				process.kill(pid, "SIGKILL");
			} catch (error) {
				if (error.code !== "ESRCH") throw error;
			}
		await this.#gone();
	}

	async #gone() {
		await this.ended;
		await until("all of Chromium has ended", () => processesOf(this.profile).length === 0);
		await this.driver?.close().catch(() => {});
	}
}

// Version of the installed Chromium, for messages.
export function chromiumVersion() {
	return execFileSync("chromium", ["--version"], { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" }).trim();
}
