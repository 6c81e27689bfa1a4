// Calls made before the tracker can take them: ["track", ["Signed up", {…}]].
import type { Tracker } from "./api.js";

export type Early = [keyof Tracker, unknown[]][];

export const replay = (tracker: Tracker, early: Early): void => {
  for (const [name, given] of early)
    (tracker[name] as (...given: unknown[]) => void)(...given);
};
