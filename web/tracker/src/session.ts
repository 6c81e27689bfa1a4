// Sessions, and the numbers of their page views. Both are shared by all tabs, so they are taken under a lock of the browser.
//
// A clock may be wrong. Whoever has a wrong one is told by the server, and knows the difference from then on; it is added to
// the times in ids when they are sent, never before, so that nothing has to be renamed.
import { stamp, timeOf } from "./clock.js";
import { config } from "./config.js";
import { get } from "./store.js";

/** Of a view. Id and number are filled in under the lock; who needs them before keeps a reference, and sends nothing. */
export interface Session {
  id?: string;
  sequence?: number;
  pageViewId: string;
}

const DAY_MS = 864e5;
// What one process writes reaches another's local storage a little later.
const HELD_MS = 99;

export const isOver = (now = Date.now()): boolean =>
  Math.abs(now - (get("t") as unknown as number)) > (config.timeout as number) || now - timeOf(get("s")) > DAY_MS;

const waiting: (() => void)[] = [];

/** Numbers what waits for the lock; at the end of a page there is no time to get it. */
export const settle = (): void => waiting.splice(0).forEach((number) => number());

/** Has `number` called under the lock. */
export const enter = (number: () => void): void => {
  waiting.push(number);
  if (navigator.locks)
    navigator.locks.request(config.global, () => waiting[0] && new Promise((release) => {
      settle();
      setTimeout(release, HELD_MS);
    })).catch(settle);
  else
    settle();
};

/** The server's clock minus this one, in milliseconds. */
export const offset = (): number => parseInt(get("o")) || 0;

/** Whether the server has taken messages of the session with that offset; until then it may refuse them. */
export const isSure = (id: string): boolean => get("o").endsWith(id);

/** An id as the server gets it. */
export const corrected = (id: string): string => stamp(timeOf(id) + offset()) + id.slice(13);
