import { mount } from "svelte";
import App from "./App.svelte";
import css from "./dashboard.css?inline";

// With the script, since each file is one more question that a first load waits for.
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];

mount(App, { target: document.getElementById("app")! });
