// Not yet in the library's types.
declare const Temporal: { Now: { timeZoneId(): string } };
interface Window {
  Temporal?: typeof Temporal;
}

// What the build says of a variant; what it leaves out costs nothing.
declare const INTERACTIONS: boolean;
declare const VITALS: boolean;
/** Hash routing, views by query, rel=canonical, category by the body. */
declare const EXTRAS: boolean;
