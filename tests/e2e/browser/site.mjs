// The product: a web server with pages of another origin than the collector. Every scenario has a host of its own
// (NAME.localhost, which browsers resolve to this machine and hold to be secure), so that cookies, storage and rows of one
// never mix with another's. What pages report to it (POST /report) is kept, apart from anything the tracker does.
import http from "node:http";

import { atEnd, until } from "../harness.mjs";

export const html = (body, { head = "", title = "Product" } = {}) =>
	`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>${body}</body></html>`;

export class Site {
	reports = []; // what pages said of themselves, in order
	requests = []; // host and path of all that was asked for

	static async open(test) {
		const site = new Site();
		site.server = http.createServer((request, response) => site.#answer(request, response));
		await new Promise((resolve) => site.server.listen(0, "127.0.0.1", resolve));
		site.port = site.server.address().port;
		site.hosts = new Map();
		atEnd(test, () => {
			site.server.close();
			site.server.closeAllConnections();
		});
		return site;
	}

	// `pages`: path → HTML, or { status, headers, body }, or a function of the request that gives one of them. Any other path
	// gets `pages["*"]`, else 404.
	host(name, pages) {
		this.hosts.set(`${name}.localhost`, pages);
		return { name: `${name}.localhost`, url: (at = "/") => `http://${name}.localhost:${this.port}${at}` };
	}

	async #answer(request, response) {
		const host = request.headers.host.split(":")[0];
		const url = new URL(request.url, `http://${host}`);
		this.requests.push({ host, path: url.pathname });
		if (url.pathname === "/report") {
			let text = "";
			for await (const chunk of request) text += chunk;
			this.reports.push({ host, ...JSON.parse(text) });
			return response.writeHead(204).end();
		}
		const pages = this.hosts.get(host) ?? {};
		const none = url.pathname === "/favicon.ico" ? { status: 204 } : pages["*"] ?? { status: 404, body: "nothing here" };
		let page = pages[url.pathname] ?? none;
		if (typeof page === "function") page = await page(request, url);
		if (typeof page === "string") page = { body: page };
		response.writeHead(page.status ?? 200, { "content-type": "text/html; charset=utf-8", ...page.headers });
		response.end(page.body ?? "");
	}

	// A page that hands messages on to the collector, as a product's own server may. What happens to the next ones instead is
	// taken from `fates`: "refuse" answers 503 at once, "lose" hands them on and breaks the connection. `taken` keeps when each came.
	static forward(collector, { fates = [], taken = [], retryAfter = 1 } = {}) {
		return async (request) => {
			const chunks = [];
			for await (const chunk of request) chunks.push(chunk);
			const fate = fates.shift();
			taken.push({ fate, at: Date.now() });
			if (fate === "refuse") return { status: 503, headers: { "retry-after": String(retryAfter) } };
			const { origin, "user-agent": agent } = request.headers;
			const answer = await fetch(collector, {
				method: "POST", body: Buffer.concat(chunks), headers: { "content-type": "text/plain", "user-agent": agent, origin } });
			if (fate === "lose") request.socket.destroy();
			return { status: answer.status, headers: { "content-type": "application/json" }, body: await answer.text() };
		};
	}

	// Waits for what a page of this host reports under this name.
	report(host, name) {
		return until(`a page of ${host.name} reports ${name}`, () =>
			this.reports.find((one) => one.host === host.name && one.name === name));
	}
}
