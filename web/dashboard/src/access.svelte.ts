// Who is signed in, as far as the page knows: the cookie itself it cannot read.
import { Problem, ask, askJson } from "./api";

export const access = $state({ isAsked: false, reason: "" });

// Signed out, by the server's word.
export function accessLost(): void {
  access.reason = wasIn ? "The sign-in has ended." : "The figures of this installation are shown to who has access to it.";
  access.isAsked = true;
}

let wasIn = false;
export function accessKnown(): void {
  wasIn = true;
}

export async function signIn(secret: { token: string } | { name: string; password: string }): Promise<void> {
  try {
    await ask("/api/v1/sign-in", { method: "POST", body: JSON.stringify(secret) });
    access.isAsked = false;
  } catch (problem) {
    access.reason = `Not signed in: ${(problem as Problem).message}.`;
    access.isAsked = true;
  }
}

export async function signOut(): Promise<void> {
  const { csrf } = await askJson<{ csrf: string }>("/api/v1/sign-in");
  await ask("/api/v1/sign-in", { method: "DELETE", headers: { "X-CSRF-Token": csrf } });
  location.assign("/"); // nothing that was shown stays
}

// A link's token, out of the address at once, so that it stays in no history, bookmark or screenshot.
export function linkTake(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  if (given !== null)
    history.replaceState(null, "", location.pathname + location.search);
  return given;
}
