// Asks what the first page shows while the script that shows it is still being made ready; a link that signs in does that first.
import { askAhead } from "./api";
import { PANELS, figuresAsked, notesAsked, panelAsked } from "./overview";
import { place } from "./place.svelte";

if (place.view === "overview" && location.hash === "")
  [figuresAsked(), notesAsked(), ...PANELS.map(panelAsked)].forEach(askAhead);
