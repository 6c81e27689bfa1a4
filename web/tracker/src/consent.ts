// What the person has said, and whether anything may be measured.
import { config } from "./config.js";
import { get } from "./store.js";

export interface Consent {
  analytics?: boolean;
  marketing?: boolean;
}

export let consent: Consent | undefined;

export const consentRead = (): void => {
  consent = JSON.parse(get("c") || "null") || undefined;
};

export const consentSay = (said: Consent): void => {
  consent = { ...consent, ...said };
};

const isForbidden = (): unknown =>
  config.dnt && ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl || navigator.doNotTrack == "1");

export const isAllowed = (): boolean => !isForbidden() && (consent?.analytics ?? config.consent != "opt-in");
