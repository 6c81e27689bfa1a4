// The page's address, without what must not leave the browser.
import { config } from "./config.js";

let denied: RegExp;

/** Globs → one expression; case does not matter. */
export const globs = (list: readonly string[] | string): RegExp =>
  new RegExp(`^(${String(list).replace(/,\s*/g, "|").replace(/[^\w|*?]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")})$`, "i");

/** Without hash, name and password, and without the query parameters that are denied. */
export const clean = (href: string): URL => {
  const url = new URL(href);
  denied ??= globs(config.deny);
  for (const name of [...url.searchParams.keys()])
    if (denied.test(name))
      url.searchParams.delete(name);
  url.hash = url.username = url.password = "";
  return url;
};

/** A hash that routes becomes a part of path and query: /app#/finder?a=1 is /app/finder?a=1. */
export const routed = (href: string): string => {
  const url = new URL(href);
  const [path, query] = url.hash.slice(1).split("?");
  url.pathname = `${url.pathname}/${path}`.replace(/\/+/g, "/");
  if (query)
    url.search += `&${query}`;
  return url.href;
};

export const here = (): URL => clean(config.hash && location.hash ? routed(location.href) : location.href);

/** What makes two addresses the same page view. */
export const place = (url: URL): string => url.pathname + (config.search ? url.search : "");
