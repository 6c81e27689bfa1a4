// Small values by one letter each, as JSON, shared by the tabs of an origin: local storage, or memory where that is not wanted,
// not allowed or full. Each is written as a whole, so that two tabs never write over parts of each other's.
//
//   a  anonymous id               s  [id of the session, number of its last page view]
//   u  [userId, signature]        t  time of the last activity
//   c  consent                    o  [the server's clock minus this one, session that is sure of it]
//   q  messages not yet sent      r  nothing is sent before
//   i  the team's own browser; set by hand
//
// Times, also those in ids, are of this machine's clock; deliver.ts says how they are corrected.
import { config } from "./config.js";
import { guard } from "./guard.js";

const memory: Record<string, string> = {};
let texts = memory;

const named = (letter: string): string => `${config.global}.${letter}`;

/** What was set; an empty list where that is nothing, or what somebody else has spoilt. */
export const get = <T>(letter: string): T => {
  try {
    return JSON.parse(texts[named(letter)]!) as T;
  } catch {
    return [] as T;
  }
};

export const set = (letter: string, value: unknown): void => {
  const text = JSON.stringify(value);
  try {
    texts[named(letter)] = text;
  } catch {
    texts = { ...texts, [named(letter)]: text };
  }
};

export const drop = (letters: string): void => {
  for (const letter of letters)
    delete texts[named(letter)];
};

/** Nothing is written but into memory unless it may be kept. */
export const keep = guard((isKept: boolean): void => {
  texts = memory;
  // Where the browser forbids it this throws.
  if (isKept && !config.storage)
    texts = localStorage;
});
