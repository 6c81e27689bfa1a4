// What the page may call.
import { consent, isAllowed, type Consent } from "./consent.js";
import { CONSENT, IDENTIFY, send, TRACK } from "./deliver.js";
import { leave } from "./leave.js";
import { tell, viewBegin } from "./page.js";
import { drop, get, keep, set } from "./store.js";
import { recognize, view, viewSet, type Properties } from "./view.js";

export interface Tracker {
  /** Something the person did. `type`, `category`, `label` and `value` have columns of their own; the rest is kept beside. */
  track(action: string, properties?: Properties): void;
  /** A page view that the address does not tell. */
  page(properties?: Properties): void;
  /** From now on the browser is that person's. The signature is made by the product's server. */
  identify(userId: string | number, signature?: string, traits?: Properties): void;
  /** Signed out: as if it were another browser, in another session. */
  reset(): void;
  /** What the person says about being measured; what is not said stays as it was. */
  consent(said: Consent): void;
}

export const track: Tracker["track"] = (event, properties) => tell(TRACK, event, properties);

export const page: Tracker["page"] = (properties) => {
  if (isAllowed())
    viewBegin(properties);
};

export const identify: Tracker["identify"] = (userId, signature, traits) => {
  tell(IDENTIFY, traits);
  if (view) {
    set("u", [userId, signature]);
    recognize(view);
  }
};

export const reset: Tracker["reset"] = () => {
  leave();
  viewSet();
  drop("asu");
};

export const consents: Tracker["consent"] = (said) => {
  Object.assign(consent, said);
  const is = isAllowed();
  const isNew = JSON.stringify(consent) != JSON.stringify(get("c"));
  if (!is)
    drop("astuoqr");
  // Where a no was kept until now it is replaced, where a yes may be kept from now on it is.
  set("c", consent);
  keep(is);
  set("c", consent);
  if (isNew)
    tell(CONSENT);
  if (!is) {
    void send();
    viewSet();
  }
};
