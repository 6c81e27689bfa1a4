// Messages wait here until the server has them. Each keeps its id over all tries, so one that is sent twice counts once.
//
// A clock may be wrong. Whoever has a wrong one is told the difference by the server, says it from then on, and the server
// adds it to the times in ids; nothing has to be renamed here.
import { id, type Id } from "./clock.js";
import { config } from "./config.js";
import { consent } from "./consent.js";
import { isOver, settle } from "./session.js";
import { drop, get, set } from "./store.js";
import { CATEGORY, SESSION, TITLE, view, type View } from "./view.js";

/** Kinds of messages, as the server knows them. */
export const PAGE = 0;
export const TRACK = 1;
export const IDENTIFY = 2;
export const LEAVE = 3;
export const CONSENT = 4;

// As it goes out; it rests in storage from one version of the script to the next.
type Message = [id: Id, view: View, kind: number, ...given: unknown[]];
const VIEW = 1;

// The server's clock minus this one in milliseconds, and the session that is sure of it.
type Offset = [ms?: number, session?: Id];

const BATCH_MAX = 30;
const WAITING_MAX = 1000;
// Browsers share 64 KiB among all requests that may outlive a page: one on its way and the last one fit.
const LASTING_SIZE_MAX = 3e4;
const RETRY_MS = 2e3;
const AGAIN_SECONDS = 1;

// What the server is not known to have.
let queue: Message[] = [];
let isBusy = false;
let failures = 0;

/** Of the view that is on. */
export const push = (...given: [kind: number, ...unknown[]]): void => {
  queue.push([id(), view!, ...JSON.parse(JSON.stringify(given)) as typeof given]);
  if (!isOver())
    set("t", Date.now());
};

/** In single-page apps the title often follows its page; so it is read as late as can be. */
export const refresh = (): void => {
  if (view) {
    view[TITLE] = document.title;
    if (EXTRAS)
      view[CATEGORY] ||= document.body?.dataset.sojournCategory || config.category;
  }
};

/** Sends the newest of what waits. isLast: the page may be gone in the next moment. */
export const send = async (isLast?: boolean): Promise<void> => {
  try {
    queue = queue.slice(-WAITING_MAX);
    if (isLast)
      settle();
    // Of one session, so that its clock is right for all or for none.
    const session = queue.slice(-1)[0]?.[VIEW][SESSION];
    if (!session || isBusy && !isLast || get<number>("r") > Date.now())
      return;
    refresh();
    const batch = queue.filter((message) => message[VIEW][SESSION] == session).slice(-BATCH_MAX);
    const body = JSON.stringify([
      config.key, Date.now(), get("o"), consent, navigator.language,
      // The second takes ten milliseconds of a page's time, so it is asked only where the first is not known.
      self.Temporal ? Temporal.Now.timeZoneId() : Intl.DateTimeFormat().resolvedOptions().timeZone,
      screen.width, screen.height, navigator.webdriver, batch, ...EXTRAS ? [get("i")] : [],
    ]);
    // A page that goes to the browser's cache is frozen before its fetch is on the way; a beacon is the browser's at once.
    if (isLast && navigator.sendBeacon(config.endpoint, body)) {
      // With a clock and a network to rely on nobody waits for an answer that would not be heard.
      if (!(get<Offset>("o")[1] == session && navigator.onLine))
        return;
    } else {
      isBusy = true;
      const answer = await fetch(config.endpoint, { method: "POST", body, keepalive: !body[LASTING_SIZE_MAX] });
      if (/429|^5/.test(answer.status as unknown as string))
        throw answer.headers.get("retry-after");
      // The difference, where the server refuses messages for their time. What it refuses otherwise it would refuse again.
      const offset = +await answer.text();
      set("o", [offset || get<Offset>("o")[0], session]);
      if (offset)
        throw AGAIN_SECONDS;
      failures = 0;
    }
    queue = queue.filter((message) => !batch.includes(message));
  } catch (after) {
    set("r", Date.now() + (after as number * 1e3 || RETRY_MS * Math.random() * ++failures));
  }
  isBusy = false;
  void send();
};

/** What the server is not known to have goes to storage: this page may never run again. */
export const store = (): void => {
  restore();
  set("q", queue);
  queue = [];
};

/** And comes back, in whichever page runs next. */
export const restore = (): void => {
  queue = get<Message[]>("q").concat(queue);
  drop("q");
};
