// Small texts by one letter each, shared by the tabs of an origin: local storage, or memory where that is not wanted, not
// allowed or full. Each is written as a whole, so that two tabs never write over parts of each other's.
//
//   a  anonymous id               s  session: its id, a space, number of its last page view
//   u  userId and signature       t  time of the last activity
//   c  consent                    o  the server's clock minus this one, a space, session that is sure of it
//   q  messages not yet sent      r  nothing is sent before
//   i  the team's own browser; set by hand
//
// Times, also those in ids, are of this machine's clock; session.ts says how they are corrected.
import { config } from "./config.js";

const memory: Record<string, string> = {};
let texts = memory;

const named = (letter: string): string => `${config.global}.${letter}`;

export const get = (letter: string): string => texts[named(letter)] || "";

export const set = (letter: string, text: unknown): void => {
  try {
    texts[named(letter)] = text as string;
  } catch {
    texts = { ...texts, [named(letter)]: text as string };
  }
};

export const drop = (letters: string): void => {
  for (const letter of letters)
    delete texts[named(letter)];
};

/** What was set as JSON; nothing, or what somebody else has spoilt, is an empty list. */
export const parsed = <T>(letter: string): T => {
  try {
    return JSON.parse(get(letter)) as T;
  } catch {
    return [] as T;
  }
};

/** Nothing is written but into memory unless it may be kept. */
export const keep = (isKept: boolean): void => {
  texts = memory;
  try {
    if (isKept && !config.storage)
      texts = localStorage;
  } catch {
    // forbidden by the browser
  }
};
