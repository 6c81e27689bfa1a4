// The pages that a first load does without, with their style.
import css from "../others.css?inline";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets.push(sheet);

export { default as Empty } from "../Empty.svelte";
export { default as Notes } from "../Notes.svelte";
export { default as Share } from "../Share.svelte";
export { default as Views } from "../Views.svelte";
export { default as Pages } from "./Pages.svelte";
export { default as Sources } from "./Sources.svelte";
export { default as Journeys } from "./Journeys.svelte";
export { default as Funnels } from "./Funnels.svelte";
export { default as Heatmap } from "./Heatmap.svelte";
export { default as Retention } from "./Retention.svelte";
export { default as Events } from "./Events.svelte";
export { default as Live } from "./Live.svelte";
export { default as Sessions } from "./Sessions.svelte";
export { default as Data } from "./Data.svelte";
export { default as Person } from "./Person.svelte";
export { default as Session } from "./Session.svelte";
