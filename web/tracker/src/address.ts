// Addresses, without what must not leave the browser.
import { config } from "./config.js";

/** Without hash, and without the query parameters that are denied. (What browsers give us holds no password.) */
export const clean = (href: string): string => {
  const url = new URL(href);
  const denied = new RegExp(`^(${config.deny})$`, "i");
  for (const [name] of [...url.searchParams])
    if (denied.test(name))
      url.searchParams.delete(name);
  url.hash = "";
  return url.href;
};

const isAsked = (option: unknown): boolean => option != null && option !== false;

/** Of the page. A hash that routes is a part of path and query: /app?a=1#/finder?b=2 is /app/finder?b=2&a=1. */
export const here = (): string => clean(EXTRAS && isAsked(config.hash)
  ? location.origin + ((location.pathname + location.hash).replace(/\/*#\/*/, "/") + location.search).replace(/\?(.*)\?/, "?$1&")
  : location.href);

/** The name that the page gives itself, where that is asked for. */
export const canonical = (): string | undefined =>
  isAsked(config.canonical) ? document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href : undefined;

/** Two addresses with the same place are one page view. */
export const place = (): string => EXTRAS
  ? location.pathname + (isAsked(config.hash) ? location.hash.split("?")[0] : "") + (isAsked(config.search) ? location.search : "")
  : location.pathname;
