// What the page may call.
import { consent, isAllowed, type Consent } from "./consent.js";
import { send } from "./deliver.js";
import { leave } from "./leave.js";
import { recognize, tell, viewBegin } from "./page.js";
import { drop, get, keep, set } from "./store.js";
import { viewDrop, who, type Properties } from "./view.js";

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

export const track: Tracker["track"] = (event, properties) => tell({ type: "track", event, properties });

export const page: Tracker["page"] = (properties) => {
  if (isAllowed())
    viewBegin(properties);
};

export const identify: Tracker["identify"] = (userId, signature, traits) => {
  if (isAllowed()) {
    set("u", JSON.stringify({ userId, signature }));
    tell({ type: "identify", traits });
    recognize(who);
  }
};

export const reset: Tracker["reset"] = () => {
  leave();
  viewDrop();
  drop("asu");
};

export const consents: Tracker["consent"] = (said) => {
  Object.assign(consent, said);
  const is = isAllowed();
  const text = JSON.stringify(consent);
  const isNew = text != get("c");
  if (!is)
    drop("astuoqr");
  // Where a no was kept until now it is replaced, where a yes may be kept from now on it is.
  set("c", text);
  keep(is);
  set("c", text);
  if (isNew)
    tell({ type: "consent", ...consent });
  if (!is) {
    void send();
    viewDrop();
  }
};
