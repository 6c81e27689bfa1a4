// Messages wait here, go out in batches, and wait again where they could not. Each keeps its id over all tries, so a message
// that is sent twice counts once.
import { consent } from "./consent.js";
import { config } from "./config.js";
import { guard } from "./guard.js";
import { uuid } from "./clock.js";
import { corrected, isOffsetKnown, isSettled, offset, offsetFound, settle, touch, type Session } from "./session.js";
import { drop, get, set } from "./store.js";
import { viewRefresh, type Properties, type Where } from "./view.js";

// A list, since it is what rests in storage from one version of the script to the next: id, fields, who, page, session.
type Message = [string, Properties, Properties, Properties, Session];

const WAIT_MS = 500;
// Browsers share 64 KiB among all requests that may outlive a page: one on its way and the last one fit.
const BATCH_BYTES_MAX = 3e4;
const WAITING_MAX = 300;
const RETRY_MS_MAX = 3e4;

let queue: Message[] = [];
// Sent, and not yet known to have arrived.
let sent: Message[] = [];
let failures = 0;
let timer: number | undefined;

const schedule = (ms = WAIT_MS): void => {
  timer ||= setTimeout(guard(() => send()), ms);
};

export const push = (fields: Properties, { who, page, session }: Where, id = uuid()): void => {
  // Of running totals only the last has to go out.
  if (fields.type == "leave")
    queue = queue.filter((message) => message[1].type != "leave" || message[4] != session);
  queue.push([id, fields, who, page, session]);
  touch();
  schedule();
};

/** Only what is pushed from now on. */
export const forget = (): void => {
  queue = [];
};

const onWire = ([id, fields, who, page, session]: Message): unknown => {
  const pageViewId = corrected(session.pageViewId);
  return {
    messageId: corrected(id), pageViewId, ...who, ...fields,
    context: {
      page,
      session: { ...session, id: corrected(session.id!), pageViewId, clockOffsetMs: isOffsetKnown(session) ? offset() : undefined },
    },
  };
};

const batchTake = (): Message[] => {
  let bytes = 0;
  const end = queue.findIndex((message) => (bytes += new TextEncoder().encode(JSON.stringify(message)).length) > BATCH_BYTES_MAX);
  return queue.splice(0, end < 0 ? WAITING_MAX : end || 1);
};

// The first use of Intl loads a language's calendar, which alone holds a page up for ten milliseconds and more.
const timeZone = (): string =>
  (globalThis as { Temporal?: { Now: { timeZoneId(): string } } }).Temporal?.Now.timeZoneId()
    ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

const bodyMake = (batch: Message[]): string => JSON.stringify({
  writeKey: config.key,
  sentAt: new Date(Date.now() + offset()),
  context: {
    locale: navigator.language,
    timezone: timeZone(),
    screen: { width: screen.width, height: screen.height },
    webdriver: navigator.webdriver || undefined,
    consent,
  },
  batch: batch.map(onWire),
});

interface Rejected {
  index: number;
  code: string;
  serverTime: string;
}

const answerRead = async (answer: Response, batch: Message[], asked: number): Promise<void> => {
  // Anything else is said for good: the same messages would be refused again.
  if (answer.status == 429 || answer.status > 499)
    throw +answer.headers.get("retry-after")!;
  const rejected: Rejected[] = answer.ok && (await answer.json()).rejected || [];
  const early = rejected.filter(({ code }) => code == "clock_skew");
  offsetFound(batch[early[0]?.index ?? batch.length - 1]![4],
    early[0] ? Date.parse(early[0].serverTime) - (asked + Date.now()) / 2 : offset());
  queue.unshift(...early.map(({ index }) => batch[index]!));
  failures = 0;
};

/** isLast: the page may be gone in the next moment. */
export const send = (isLast?: boolean): void => {
  timer = clearTimeout(timer) as undefined;
  if (isLast)
    settle();
  const pause = +get("r")! - Date.now();
  if (!queue[0] || pause > 0 || !isLast && (sent[0] || !isSettled())) {
    if (queue[0])
      schedule(Math.max(pause || 0, WAIT_MS));
    return;
  }
  viewRefresh();
  const batch = batchTake();
  const body = bodyMake(batch);
  const asked = Date.now();
  // With a known clock and a network nobody waits for an answer that would not be heard.
  if (!isLast || !navigator.onLine || !isOffsetKnown(batch[batch.length - 1]![4]))
    sent.push(...batch);
  if (isLast && !("keepalive" in Request.prototype))
    return void navigator.sendBeacon(config.endpoint, body);
  fetch(config.endpoint, { method: "POST", body, keepalive: true, credentials: "omit" })
    .then((answer) => answerRead(answer, batch, asked))
    .catch((after) => {
      queue = batch.concat(queue).slice(-WAITING_MAX);
      set("r", Date.now() + (after > 0 ? after * 1e3 : Math.min(2 ** failures++ * 1e3, RETRY_MS_MAX) * (Math.random() + 1) / 2));
    })
    .then(() => {
      sent = sent.filter((message) => !batch.includes(message));
      if (document.hidden)
        store();
      else if (queue[0])
        schedule();
    });
};

/** What is not known to have arrived goes to storage: this page may never run again. */
export const store = (): void => {
  const left = sent.concat(queue);
  if (left[0]) {
    set("q", JSON.stringify(JSON.parse(get("q") || "[]").concat(left).slice(-WAITING_MAX)));
    queue = [];
  }
};

/** And back, in whichever page runs next. */
export const restore = (): void => {
  queue = JSON.parse(get("q") || "[]").concat(queue);
  drop("q");
  if (queue[0])
    schedule();
};
