// Who is signed in, as far as the page knows: the cookie itself it cannot read.
import { Problem, ask, askJson, change } from "./api";
import { share } from "./share.svelte";

export const access = $state({ isAsked: false, reason: "", role: "" });

// Which role it is, for pages that show some more; the server decides in any case.
export async function roleLearn(): Promise<void> {
  const { role } = await askJson<{ role: string }>("/api/v1/sign-in");
  access.role = role;
}

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
  await change("sign-in", "DELETE");
  location.assign("/"); // nothing that was shown stays
}

// Signs in with a link's token, which is taken out of the address at once, so that it stays in no history, bookmark or
// screenshot. Who is signed in already needs no share, and would lose by it.
export async function linkFollow(): Promise<void> {
  const given = new URLSearchParams(location.hash.slice(1));
  const shared = given.get("share");
  const token = given.get("sign-in") ?? shared;
  if (token === null)
    return;
  history.replaceState(null, "", location.pathname + location.search);
  if (shared === null || share.isOne || !await ask("/api/v1/sign-in").then(() => !share.isOne, () => false))
    await signIn({ token });
}
