// The keys, as a panel and as one sentence for a screen reader.

import { make } from "./dom.js";

const KEYS = [
  ["w s + -", "zoom in, out"],
  ["a d", "move to earlier, later"],
  ["0", "the whole recording"],
  ["← →", "previous, next call beside the selected one"],
  ["↑ ↓", "its caller, its first callee"],
  [", .", "cursor to the previous, next event"],
  ["p n", "to the previous, next line, into calls"],
  ["Shift+P Shift+N", "to the previous, next line of the function, over calls"],
  ["Shift+U u", "out of the call: to where it was called, to where it returned"],
  ["Home End", "cursor to the start, the end"],
  ["PageUp PageDown", "scroll the rows"],
  ["Enter", "zoom to the selected call"],
  ["Esc", "clear the selection"],
  ["t", "table of the calls in sight"],
  ["? h", "this help"],
];

const MOUSE = [
  ["click", "select a call; the cursor goes there"],
  ["double click", "zoom to a call"],
  ["drag", "move; in the ruler or at the cursor's line: drag the cursor"],
  ["wheel", "zoom, once the chart was clicked or with Ctrl"],
  ["Shift + wheel", "move to earlier, later"],
  ["wheel over the names", "scroll the rows"],
];

export const KEYS_SENTENCE = `Keys: ${KEYS.map(([keys, what]) => `${keys} ${what}`).join("; ")}.`;

export function helpPanel() {
  const keyed = (names) => names.split(" ").map((name) => make("kbd", {}, name));
  const keys = KEYS.flatMap(([names, what]) => [make("dt", {}, ...keyed(names)), make("dd", {}, what)]);
  const mouse = MOUSE.flatMap(([how, what]) => [make("dt", {}, how), make("dd", {}, what)]);
  return make("div", { class: "scope-help", role: "region", "aria-label": "Keys and mouse", hidden: "" },
    make("dl", {}, ...keys), make("dl", {}, ...mouse));
}
