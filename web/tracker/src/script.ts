// The script as the collector serves it: the collector's settings are in it, the attributes of its tag go above them.
import type { Config } from "./config.js";
import { replay, type Early } from "./early.js";
import { guard } from "./guard.js";
import { start } from "./start.js";

declare const __SOJOURN_CONFIG__: Config;

guard(() => {
  const config = __SOJOURN_CONFIG__;
  const script = document.currentScript as HTMLScriptElement;
  const { dataset } = script;
  for (const name in dataset)
    (config as unknown as Record<string, unknown>)[name] = dataset[name] != "false" && (dataset[name] || true);
  config.endpoint = new URL(config.endpoint, script.src || location.href).href;
  const page = window as unknown as Record<string, unknown>;
  const early = page[config.global];
  // Anything but the calls of the stub is a tracker that runs already.
  if (early && !Array.isArray(early))
    return;
  // A page made in advance has not been seen, and perhaps never will be.
  const begin = guard(() => replay(page[config.global] = start(config), early as Early || []));
  if ((document as { prerendering?: boolean }).prerendering)
    addEventListener("prerenderingchange", begin, true);
  else
    begin();
})();
