// The package: the same tracker for those who bundle their own scripts.
import type { Tracker } from "./api.js";
import { config, type Options } from "./config.js";
import { guard } from "./guard.js";
import { start } from "./start.js";

export type { Consent } from "./consent.js";
export type { Options, Tracker };

/** Calls made before the tracker can take them: ["track", ["Signed up", {…}]]. */
export type Early = [keyof Tracker, unknown[]][];

const TIMEOUT_MS = 18e5;

let tracker: Tracker | undefined;

/** Starts the tracker of this page; a second call gives the same one. */
export const init = (options: Options): Tracker => {
  if (tracker)
    return tracker;
  const early: Early = [];
  let started: Tracker | undefined;
  const call = (name: keyof Tracker) => (...given: unknown[]): void => {
    if (started)
      (started[name] as (...given: unknown[]) => void)(...given);
    else
      early.push([name, given]);
  };
  const begin = guard(() => {
    Object.assign(config, { global: "sojourn", timeout: TIMEOUT_MS, deny: "" }, options);
    config.endpoint = new URL(options.endpoint || "/v1/batch", location.href).href;
    started = start();
    for (const [name, given] of early)
      call(name)(...given);
  });
  // A page made in advance has not been seen, and perhaps never will be.
  if ((document as { prerendering?: boolean }).prerendering)
    document.addEventListener("prerenderingchange", begin, { once: true });
  else
    begin();
  return tracker = { track: call("track"), page: call("page"), identify: call("identify"), reset: call("reset"), consent: call("consent") };
};
