// Asks what the first page shows, before the script that shows it is there: the build puts this into index.html. A link that signs in
// does that first.
import { PANELS, figuresAsked, notesAsked, panelAsked } from "./overview";
import { address, send, viewOf } from "./question";

// With its text, so that what is here when the page is made stands in its first picture, and nothing is laid out without it.
async function whole(answer: Response): Promise<Response> {
  const text = await answer.text();
  return Object.assign(answer, { json: async () => JSON.parse(text) as unknown });
}

declare global {
  var asked: Map<string, Promise<Response>> | undefined; // by address
}

const given = new URLSearchParams(location.search);
if (viewOf(given) === "overview" && location.hash === "")
  globalThis.asked = new Map([figuresAsked(given), ...PANELS.map((panel) => panelAsked(given, panel)), notesAsked()].map(({ path, query }) => {
    const answer = send(address(path, query)).then(whole);
    answer.catch(() => {}); // it fails for who takes it
    return [address(path, query), answer];
  }));

// The first formatter of a page takes 15 ms to make. They pass here, while the script that wants formatters is still to come.
new Intl.NumberFormat();
