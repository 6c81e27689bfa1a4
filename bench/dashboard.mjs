// Opens the overview in Chromium as somebody does who was never there, again and again; prints for each time what the first load
// took: bytes of the page's files as they came (gzip), requests, and milliseconds until all that is on it is drawn.
//
// usage: node dashboard.mjs URL TOKEN TIMES
import { browserOpen, signedIn } from "../tests/e2e/browser/dashboard.mjs";
import { Shared } from "../tests/e2e/client.mjs";

const [url, token, times] = process.argv.slice(2);

// In the page, at each frame: the chart has colour in it, every list its rows, and nothing is under way.
function watch() {
	const isPainted = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0);
	const look = () => {
		const canvas = document.querySelector(".chart canvas");
		const isDrawn = canvas !== null && document.querySelectorAll(".list tbody tr").length > 0
			&& document.querySelectorAll(".list").length === document.querySelectorAll(".list tbody").length
			&& document.querySelector("[aria-busy=true]") === null && isPainted(canvas);
		if (isDrawn) globalThis.drawnMs = performance.now();
		else requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
}

// In a new tab, and with nothing kept of earlier ones.
async function once(context) {
	const page = await context.newPage();
	const complaints = [];
	page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(String(error)));
	const wire = await context.newCDPSession(page);
	await wire.send("Network.clearBrowserCache");
	await wire.detach();
	const asked = [];
	page.on("request", (request) => asked.push(request));
	await page.addInitScript(watch);
	await page.goto(url);
	const handle = await page.waitForFunction(() => globalThis.drawnMs);
	const files = asked.filter((request) => !request.url().includes("/api/"));
	const sizes = await Promise.all(files.map((request) => request.sizes()));
	if (complaints.length > 0) throw new Error(complaints.join("; "));
	const measured = { bytes: sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0), requests: asked.length, ms: await handle.jsonValue() };
	await page.close();
	return measured;
}

const shared = new Shared();
try {
	// A new window has parts of its own that Chromium makes as pages, which takes as much of the processors as the page that is
	// measured. Who opens the dashboard has had a window for long.
	const browser = await browserOpen(shared);
	const { context } = await signedIn(browser, { dashboard: url }, token);
	for (let at = 0; at < Number(times); at++) console.log(JSON.stringify(await once(context)));
} finally {
	await shared.end();
}
