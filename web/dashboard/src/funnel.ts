// A funnel as the address has it: steps=KIND:PATTERN;KIND:PATTERN, with \ before a ; or \ that stands for itself, window and
// per. A step without a pattern is one that is still being written.
import { cut } from "./filter";

export const KINDS = { page: "Page", event: "Event", category: "Page category" };
export const WINDOWS: Record<string, string> = {
  1800: "30 minutes", 3600: "an hour", 86400: "a day", 604800: "7 days", 2592000: "30 days", 7776000: "90 days",
};
export const WINDOW_USUAL = "86400";
export const STEPS_LEAST = 2;
export const STEPS_MOST = 20;

export type Kind = keyof typeof KINDS;
export interface Step { kind: Kind; pattern: string }
export interface Definition { steps: Partial<Record<Kind, string>>[]; window_seconds: number; per: string }

const isKind = (text: string): text is Kind => text in KINDS;

export function stepsOf(text: string): Step[] {
  return cut(text, ";").map((part) => part.replace(/\\(.)/g, "$1")).flatMap((part) => {
    const colon = part.indexOf(":");
    const kind = part.slice(0, Math.max(colon, 0));
    return isKind(kind) ? [{ kind, pattern: part.slice(colon + 1) }] : [];
  });
}

export const textOf = (steps: Step[]) => steps.map(({ kind, pattern }) => `${kind}:${pattern}`.replace(/[;\\]/g, "\\$&")).join(";");

// Null as long as there is nothing to ask.
export function definitionOf(steps: Step[], window: string, per: string): Definition | null {
  if (steps.length < STEPS_LEAST || steps.some(({ pattern }) => pattern === ""))
    return null;
  return { steps: steps.map(({ kind, pattern }) => ({ [kind]: pattern })), window_seconds: Number(window), per };
}

// What a saved one puts into the address.
export function changesOf({ steps, window_seconds: window = Number(WINDOW_USUAL), per = "person" }: Partial<Definition>): Record<string, string | null> {
  const read = (steps ?? []).flatMap((step) => Object.entries(step).filter(([kind]) => isKind(kind)).map(([kind, pattern]) => ({ kind: kind as Kind, pattern })));
  return { steps: textOf(read), window: String(window) === WINDOW_USUAL ? null : String(window), per: per === "person" ? null : per, left: null, cursor: null };
}
