// Small texts by short names, shared by the tabs of an origin: local storage, or memory where that is not wanted, not allowed
// or not there. Each name is a value of its own, so that two tabs never write over each other's.
//
//   a  anonymous id               s  session: id, space, number of its last page view
//   u  user: userId, signature    t  time of the last activity
//   c  consent                    o  the server's clock minus this one, k  session in which that was found
//   q  messages not yet sent      r  not to send before
//
// Times and ids are those of this machine's clock; what is sent is corrected (clock.ts).
import { config } from "./config.js";

type Texts = Record<string, string | undefined>;

let kept: Texts = {};
let texts: Texts = {};

const named = (name: string): string => `${config.global}.${name}`;

export const get = (name: string): string | undefined => texts[named(name)];

export const set = (name: string, text: string | number): void => {
  try {
    texts[named(name)] = text as string;
  } catch {
    // Full: this page goes on in memory.
    texts = { ...texts, [named(name)]: text as string };
  }
};

export const drop = (names: string): void => {
  for (const name of names)
    delete texts[named(name)];
};

/** Finds out what this page may use. Until keep(true) nothing is written but into memory. */
export const open = (): void => {
  try {
    if (config.storage != "memory")
      kept = localStorage as unknown as Texts;
  } catch {
    // forbidden by the browser
  }
  texts = kept;
};

export const keep = (isKept: boolean): void => {
  texts = isKept ? kept : {};
};
