// Nothing of ours is ever thrown into the page.

export const guard = <A extends unknown[]>(work: (...given: A) => void) => (...given: A): void => {
  try {
    work(...given);
  } catch {
    // what cannot be measured is not worth a page's error
  }
};

/** Listens where nobody can stop an event before, and never holds one up. */
export const on = (types: string, work: (event: Event) => void): void => {
  for (const type of types.split(" "))
    addEventListener(type, guard(work), true);
};
