// What the person has said, and whether anything may be measured.
import { config } from "./config.js";

export interface Consent {
  analytics?: boolean;
  marketing?: boolean;
}

export const consent: Consent = {};

export const isAllowed = (): boolean =>
  !(config.dnt && ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl || navigator.doNotTrack as unknown == 1))
  && (consent.analytics ?? config.consent != "opt-in");
