// What a tracker is told: by the collector that serves it, by the attributes of its script tag, or by init().

/** Options of init(). The script tag takes the same names as `data-…` attributes. */
export interface Options {
  /** The write key of a browser. */
  key: string;
  /** Where messages go: a URL, relative ones to the script (or else to the page). */
  endpoint?: string;
  /** Name of the global object; it also begins the names in local storage. */
  global?: string;
  /** `opt-in`: nothing is stored, kept or sent before a yes. `opt-out`, `off`: until a no. */
  consent?: "opt-in" | "opt-out" | "off";
  /** Whether Do Not Track and Global Privacy Control count as a no. */
  dnt?: boolean;
  /** A session ends after this many milliseconds without activity. */
  timeout?: number | string;
  /** Names of query parameters that never leave the browser: an expression that the whole name matches, in any case. */
  deny?: string;
  /** `memory`: no local storage; every load of a page is a visitor of its own. */
  storage?: "memory";
  /** The hash is a part of the path, as with hash routing. */
  hash?: boolean;
  /** A changed query makes a page view, as a changed path does. */
  search?: boolean;
  /** The page's rel=canonical stands for its URL. */
  canonical?: boolean;
  /** Category of the page, where `data-sojourn-category` of the body names none. */
  category?: string;
}

export type Config = Omit<Options, "endpoint"> & Required<Pick<Options, "global" | "timeout" | "deny">> & { endpoint: string | URL };

export const config = {} as Config;
