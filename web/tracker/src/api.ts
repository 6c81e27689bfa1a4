// What the page may call.
import { config } from "./config.js";
import { consent, consentSay, isAllowed, type Consent } from "./consent.js";
import { forget, push, send } from "./deliver.js";
import { leave } from "./leave.js";
import { person, tell, viewBegin, viewCheck } from "./page.js";
import { settle } from "./session.js";
import { drop, keep, set } from "./store.js";
import { view, viewSet, type Properties } from "./view.js";

export interface Tracker {
  track(event: string, properties?: Properties): void;
  page(properties?: Properties): void;
  identify(userId: string | number, signature?: string, traits?: Properties): void;
  reset(): void;
  consent(said: Consent): void;
}

/** Something the person did. `type`, `category`, `label` and `value` have columns of their own; the rest is kept beside. */
export const track = (event: string, properties?: Properties): void => tell({ type: "track", event, properties });

/** A page view that the address does not tell. */
export const page = (properties?: Properties): void => {
  if (isAllowed())
    viewBegin(properties);
};

// Who signed in before anything may be measured is so from the moment it may.
let signedIn: Parameters<Tracker["identify"]> | undefined;

/** From now on the browser is that person's; the signature is the product's server's. */
export const identify = (userId: string | number, signature?: string, traits?: Properties): void => {
  signedIn = [userId, signature, traits];
  viewCheck();
  if (view) {
    set("u", JSON.stringify({ userId, signature }));
    view.who = person();
    tell({ type: "identify", traits });
  }
};

/** Signed out: as if it were another browser, in another session. */
export const reset = (): void => {
  signedIn = undefined;
  leave();
  viewSet();
  drop("asu");
};

/** What the person says about being measured; what is not said stays as it was. */
export const consents = (said: Consent): void => {
  const was = isAllowed();
  const before = JSON.stringify(consent);
  consentSay(said);
  const now = JSON.stringify(consent);
  if (now == before)
    return;
  const is = isAllowed();
  if (is) {
    keep(true);
    set("c", now);
    if (!was && signedIn)
      identify(...signedIn);
    tell({ type: "consent", ...consent });
  } else if (was) {
    // Only the no goes out, and only the no stays; in opt-in mode nothing does.
    settle();
    forget();
    if (view)
      push({ type: "consent", ...consent }, view);
    send(true);
    viewSet();
    drop("asutokqrc");
    if (config.consent != "opt-in")
      set("c", now);
    keep(false);
  }
};
