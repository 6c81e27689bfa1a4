// Faults around a sender: the collector is killed while it holds half of a request.
import net from "node:net";

import { isHealthy } from "../harness.mjs";
import { authorization } from "../client.mjs";
import { roleOf, send } from "./processes.mjs";

// Sends a part of a request and no more; gives the connection, null where there is nobody to connect to.
function sendPart(url, key, body, bytes) {
	const { hostname, port } = new URL(url);
	return new Promise((resolve) => {
		const socket = net.connect(port, hostname);
		socket.on("error", () => resolve(null));
		socket.on("connect", () => {
			socket.write(`POST /v1/batch HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: ${authorization(key)}\r\n`
				+ `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`);
			socket.write(Buffer.from(body).subarray(0, bytes), () => resolve(socket));
		});
	});
}

async function halfBody({ stateDir, running, key, load, random }) {
	const batch = load.messages(1 + random.below(40));
	const body = JSON.stringify({ batch, sentAt: new Date().toISOString() });
	const socket = await sendPart(running.collect, key, body, 1 + random.below(Buffer.byteLength(body) - 1));
	const isHeld = socket !== null && (await isHealthy(running.collect)); // it came in before this was answered
	const collectors = roleOf(stateDir, "collector");
	collectors.forEach((pid) => send(pid, "SIGKILL"));
	await load.send("/v1/batch", { batch });
	socket?.destroy();
	return isHeld && collectors.length > 0;
}

export const senderFaults = { "collector killed with half a request": halfBody };
