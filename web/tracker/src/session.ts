// Sessions, and the numbers of their page views. Both are shared by all tabs, so they are taken under a lock of the browser.
import { moved, timeOf, uuid } from "./clock.js";
import { config } from "./config.js";
import { guard } from "./guard.js";
import { get, set } from "./store.js";

/** Filled in once the lock is held; who needs it before then keeps a reference. */
export interface Session {
  id?: string;
  sequence?: number;
  /** The view's id, known from its beginning. */
  pageViewId: string;
}

const DAY_MS = 864e5;
// Writes of one process reach local storage in another a little after they are made.
const HELD_MS = 99;

const current = (): string => (get("s") || "").slice(0, 36);

const isOver = (now: number): boolean =>
  Math.abs(now - +get("t")!) > +config.timeout || now - timeOf(current()) > DAY_MS;

/** Whether a view of this session is still one of the session that goes on. */
export const goesOn = (session: Session): boolean => !session.id || (session.id == current() && !isOver(Date.now()));

/** Something happened; in a session that is over it changes nothing. */
export const touch = (): void => {
  const now = Date.now();
  if (!isOver(now))
    set("t", now);
};

let waiting: (() => void)[] = [];

export const isSettled = (): boolean => !waiting[0];

/** Numbers what waits for the lock; at the end of a page there is no time to get it. */
export const settle = (): void => {
  for (const number of waiting.splice(0))
    number();
};

/** Gives a view that began at a time its session and number, then calls back. */
export const enter = (session: Session, began: number, entered: () => void): void => {
  waiting.push(guard(() => {
    const isNew = !current() || isOver(began);
    session.id = isNew ? uuid(began) : current();
    session.sequence = isNew ? 1 : +get("s")!.slice(37) + 1;
    set("s", `${session.id} ${session.sequence}`);
    set("t", began);
    entered();
  }));
  if (navigator.locks)
    navigator.locks.request(config.global, () => {
      settle();
      return new Promise((release) => setTimeout(release, HELD_MS));
    }).catch(settle);
  else
    settle();
};

/** The server's clock minus this one, in whole milliseconds. */
export const offset = (): number => +(get("o") || 0);

/** Whether the server has taken messages of the session with that offset; until then it may refuse them. */
export const isOffsetKnown = (session: Session): boolean => get("k") == session.id;

export const offsetFound = (session: Session, ms: number): void => {
  set("o", Math.round(ms));
  set("k", session.id!);
};

/** As the server gets it. */
export const corrected = (id: string): string => moved(id, offset());
