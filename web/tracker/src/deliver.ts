// Messages wait here until the server has them. Each keeps its id over all tries, so one that is sent twice counts once.
import { uuid } from "./clock.js";
import { config } from "./config.js";
import { consent } from "./consent.js";
import { corrected, isOver, isSure, offset, settle, type Session } from "./session.js";
import { drop, get, parsed, set } from "./store.js";
import { page, session, viewRefresh, who, type Properties } from "./view.js";

// Id, fields, who, page, session: a list, since it rests in storage from one version of the script to the next.
type Message = [string, Properties, Properties, Properties, Session];

const BATCH_MAX = 30;
const WAITING_MAX = 1000;
// Browsers share 64 KiB among all requests that may outlive a page: one on its way and the last one fit.
const LASTING_SIZE_MAX = 3e4;
const RETRY_MS = 2e3;
const AGAIN_SECONDS = 1;

let queue: Message[] = [];
// On its way, and not known to have arrived.
let sent: Message[] = [];
let failures = 0;

/** Of the view that is on. */
export const push = (fields: Properties, id = uuid()): void => {
  queue.push([id, fields, who, page!, session]);
  if (!isOver())
    set("t", Date.now());
};

const onWire = ([id, fields, who, page, session]: Message): Properties => {
  const pageViewId = corrected(session.pageViewId);
  return {
    messageId: corrected(id), pageViewId, ...EXTRAS && { category: page.category }, ...who, ...fields,
    context: {
      page,
      session: {
        ...session, id: corrected(session.id!), pageViewId,
        clockOffsetMs: isSure(session.id!) ? offset() : undefined,
      },
    },
  };
};

/** Sends what waits. isLast: the page may be gone in the next moment. */
export const send = async (isLast?: boolean): Promise<void> => {
  let batch: Message[] = [];
  try {
    queue = queue.slice(-WAITING_MAX);
    if (isLast)
      settle();
    // Of one session, so that its clock is right for all or for none.
    const id = queue[0]?.[4].id;
    if (!id || sent[0] && !isLast || get("r") as unknown as number > Date.now())
      return;
    viewRefresh();
    batch = queue.filter((message) => message[4].id == id).slice(0, BATCH_MAX);
    queue = queue.filter((message) => !batch.includes(message));
    const body = JSON.stringify({
      writeKey: config.key,
      sentAt: Date.now() + offset(),
      context: {
        consent,
        locale: navigator.language,
        // The second takes ten milliseconds of a page's time, so it is asked only where the first is not known.
        timezone: self.Temporal ? Temporal.Now.timeZoneId() : Intl.DateTimeFormat().resolvedOptions().timeZone,
        screen: { width: screen.width, height: screen.height },
        webdriver: navigator.webdriver,
        ...EXTRAS && { internal: !!get("i") },
      },
      batch: batch.map(onWire),
    });
    // A page that goes to the browser's cache is frozen before its fetch is on the way; a beacon is the browser's at once.
    isLast &&= navigator.sendBeacon(config.endpoint, body);
    // With a clock and a network to rely on nobody waits for an answer that would not be heard.
    if (!(isLast && isSure(id) && navigator.onLine))
      sent = batch;
    if (isLast)
      return;
    const answer = await fetch(config.endpoint, { method: "POST", body, keepalive: !body[LASTING_SIZE_MAX] });
    if (/429|^5/.test(answer.status as unknown as string))
      throw answer.headers.get("retry-after");
    // The server tells its time where it refuses messages for theirs. What it refuses otherwise it would refuse again.
    const time = Date.parse(/Time":"([^"]+)/.exec(await answer.text())?.[1] as string);
    set("o", `${time ? time - Date.now() : offset()} ${id}`);
    if (time)
      throw AGAIN_SECONDS;
    failures = 0;
  } catch (after) {
    queue = batch.concat(queue);
    set("r", Date.now() + (after as number * 1e3 || RETRY_MS * Math.random() * ++failures));
  }
  sent = [];
  void send();
};

/** What the server is not known to have goes to storage: this page may never run again. */
export const store = (): void => {
  set("q", JSON.stringify(parsed<Message[]>("q").concat(sent, queue)));
  queue = [];
  sent = [];
};

/** And comes back, in whichever page runs next. */
export const restore = (): void => {
  queue = parsed<Message[]>("q").concat(queue);
  drop("q");
};
