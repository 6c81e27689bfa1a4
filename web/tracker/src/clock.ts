// Ids are UUIDv7: 48 bits of time, a counter that keeps the order within a millisecond, and random bits.

let count = 0;

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");

/** The first 13 signs of an id. */
export const stamp = (ms: number): string => hex(ms, 12).replace(/.{8}/, "$&-");

export const uuid = (ms = Date.now()): string =>
  `${stamp(ms)}-7${hex(count++ & 4095, 3)}-8xxx-xxxxxxxxxxxx`.replace(/x/g, () =>
    hex(crypto.getRandomValues(new Uint8Array(1))[0]! & 15, 1));

// Reading ends at the second dash.
export const timeOf = (id: string): number => parseInt(id.replace("-", ""), 16);
