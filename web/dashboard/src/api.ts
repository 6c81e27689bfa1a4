// What the API says, and how it is asked.
import { send } from "./question";
import { shareLearn } from "./share.svelte";

export { address, type Query, type Question } from "./question";

export interface Column { name: string; heading: string; type: string; unit: string | null; meaning: string }
export type Value = string | number | boolean | null | string[] | Record<string, unknown>;
export type Row = Record<string, Value>;
export interface Range { from: string; to: string; from_date: string; to_date: string; tz: string }
export interface Figures { range: Range; rows: Row[]; total: Row | null }
export interface Report extends Figures { report: string; columns: Column[]; next?: string | null; previous?: Figures }
export interface System { version: string; tz: string; collect_url: string | null; browser_key: string | null }
export class Problem extends Error {
  constructor(readonly status: number, detail: string, readonly retryAfterSeconds: number) {
    super(detail);
  }

  // It may be well again without anybody doing something.
  get isPassing() {
    return this.status === 0 || this.status === 503;
  }
}

// Asked already by early.ts, for whoever is next to ask the same.
function aheadTake(url: string): Promise<Response> | undefined {
  const answer = globalThis.asked?.get(url);
  globalThis.asked?.delete(url);
  return answer;
}

export async function ask(url: string, options: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await (aheadTake(url) ?? send(url, options));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError")
      throw error;
    throw new Problem(0, "the server does not answer", 5);
  }
  shareLearn(answer.headers);
  if (answer.ok)
    return answer;
  const problem = await answer.json().catch(() => ({})) as { detail?: string };
  throw new Problem(answer.status, problem.detail ?? `the server answered ${answer.status}`, Number(answer.headers.get("Retry-After")));
}

export const askJson = async <T>(url: string, options?: RequestInit) => await (await ask(url, options)).json() as T;

// What changes something must show that this page asks for it.
export async function change(path: string, method: string, body?: unknown): Promise<Response> {
  const { csrf } = await askJson<{ csrf: string }>("/api/v1/sign-in");
  return ask(`/api/v1/${path}`, { method, body: body === undefined ? null : JSON.stringify(body), headers: { "X-CSRF-Token": csrf } });
}

export const columnOf = (report: Report, name: string) => report.columns.find((column) => column.name === name)!;
