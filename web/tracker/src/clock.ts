// Ids are UUIDv7, written as their three fields: time by this machine's clock, a counter that keeps the order within a
// millisecond, random bits. The server writes them as others do, with the time by its own clock.

export type Id = string;

// Reading ends at the dash.
export const timeOf = (id: Id): number => parseInt(id);

let count = 0;

export const id = (ms = Date.now()): Id => `${ms}-${count++}-${crypto.getRandomValues(new Uint32Array(2))}`;
