// The pages that a first load does without.
export { default as Pages } from "./Pages.svelte";
export { default as Sources } from "./Sources.svelte";
export { default as Journeys } from "./Journeys.svelte";
export { default as Retention } from "./Retention.svelte";
export { default as Events } from "./Events.svelte";
export { default as Live } from "./Live.svelte";
export { default as Sessions } from "./Sessions.svelte";
export { default as Session } from "./Session.svelte";
