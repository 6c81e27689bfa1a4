// The script as the collector serves it: the collector's settings are in it, the attributes of its tag go above them.
import type { Tracker } from "./api.js";
import { config, type Config } from "./config.js";
import type { Early } from "./index.js";
import { guard, on } from "./guard.js";
import { start } from "./start.js";

declare const __SOJOURN_CONFIG__: Config;

guard(() => {
  const script = document.currentScript as HTMLScriptElement;
  Object.assign(config, __SOJOURN_CONFIG__, script.dataset);
  config.endpoint = new URL(config.endpoint, script.src);
  const page = self as unknown as Record<string, Early & Tracker>;
  const early = page[config.global] || [] as unknown as Early;
  const begin = (): void => {
    const tracker = page[config.global] = start() as Early & Tracker;
    for (const [name, given] of early)
      (tracker[name] as (...given: unknown[]) => void)(...given);
  };
  // Anything but the calls that the stub has kept is a tracker that runs already.
  if ("pop" in early)
    // A page made in advance has not been seen, and perhaps never will be.
    if ((document as { prerendering?: boolean }).prerendering)
      on("prerenderingchange", begin);
    else
      begin();
})();
