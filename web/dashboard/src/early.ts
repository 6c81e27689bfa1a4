// Asks what the first page shows, before the script that shows it is there: the build puts this into index.html. A link that signs in
// does that first.
import { PANELS, figuresAsked, notesAsked, panelAsked } from "./overview";
import { address, send, viewOf } from "./question";

declare global {
  var asked: Map<string, Promise<Response>> | undefined; // by address
}

const given = new URLSearchParams(location.search);
if (viewOf(given) === "overview" && location.hash === "")
  globalThis.asked = new Map([figuresAsked(given), ...PANELS.map((panel) => panelAsked(given, panel)), notesAsked()].map(({ path, query }) => {
    const answer = send(address(path, query));
    answer.catch(() => {}); // it fails for who takes it
    return [address(path, query), answer];
  }));
