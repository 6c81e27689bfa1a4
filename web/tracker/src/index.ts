// The package: the same tracker for those who bundle their own scripts.
import type { Tracker } from "./api.js";
import type { Options } from "./config.js";
import { replay, type Early } from "./early.js";
import { guard } from "./guard.js";
import { start } from "./start.js";

export type { Consent } from "./consent.js";
export type { Options, Tracker };

let tracker: Tracker | undefined;

/** Starts the tracker of this page; a second call gives the same one. */
export const init = (options: Options): Tracker => {
  if (tracker)
    return tracker;
  const early: Early = [];
  let is: Tracker | undefined;
  const call = (name: keyof Tracker) => (...given: unknown[]): void =>
    is ? replay(is, [[name, given]]) : void early.push([name, given]);
  const begin = guard(() => {
    is = start({ global: "sojourn", timeout: 18e5, deny: [], ...options, endpoint: new URL(options.endpoint || "/v1/batch", location.href).href });
    replay(is, early);
  });
  // A page made in advance has not been seen, and perhaps never will be.
  if ((document as { prerendering?: boolean }).prerendering)
    document.addEventListener("prerenderingchange", begin, { once: true });
  else
    begin();
  return tracker = { track: call("track"), page: call("page"), identify: call("identify"), reset: call("reset"), consent: call("consent") };
};
