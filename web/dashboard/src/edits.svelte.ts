// What people change: why the last change failed, and a number that grows with each, so that what is listed is asked anew.
import { change, type Problem } from "./api";

export class Edits {
  problem = $state("");
  version = $state(0);

  /** Whether it was done. */
  async tried(work: () => Promise<unknown>): Promise<boolean> {
    this.problem = "";
    try {
      await work();
    } catch (error) {
      this.problem = (error as Problem).message;
    }
    this.version++;
    return this.problem === "";
  }

  send(path: string, method: string, body?: unknown): Promise<boolean> {
    return this.tried(() => change(path, method, body));
  }
}
