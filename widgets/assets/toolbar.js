// The buttons above the chart, and what it has to say at their right.

import { icon, make } from "./dom.js";

const BUTTONS = [
  ["zoomIn", "Zoom in (w or +)", "M3 8h10M8 3v10"],
  ["zoomOut", "Zoom out (s or -)", "M3 8h10"],
  ["fit", "Show the whole recording (0)", "M2.5 3v10M13.5 3v10M5 8h6M7 5.8 4.8 8 7 10.2M9 5.8 11.2 8 9 10.2"],
  ["previousEvent", "Previous event (,)", "M4 3.5v9M12 3.5 6.5 8l5.5 4.5z"],
  ["nextEvent", "Next event (.)", "M12 3.5v9M4 3.5 9.5 8 4 12.5z"],
  ["toggleTable", "Table of the calls in sight (t)", "M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 3.5v9"],
  ["toggleHelp", "Keys and mouse (?)", "M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.7M8 12.3v.4"],
];

export class Toolbar {
  /** @param {object} actions a function for each button */
  constructor(actions) {
    this.buttons = {};
    this.element = make("div", { class: "scope-bar", role: "toolbar", "aria-label": "Timeline" });
    for (const [name, title, path] of BUTTONS) {
      const attributes = { type: "button", title, "aria-label": title, onclick: () => actions[name]() };
      const button = make("button", attributes, icon(path));
      this.buttons[name] = button;
      this.element.append(button);
    }
    this.drops = make("span", { class: "scope-drops" });
    this.status = make("span", { class: "scope-status", role: "status" });
    this.element.append(make("span", { class: "scope-space" }), this.drops, this.status);
  }

  press(name, pressed) {
    this.buttons[name].setAttribute("aria-pressed", String(pressed));
  }

  say(drops, status) {
    for (const [element, text] of [[this.drops, drops], [this.status, status]]) {
      if (element.textContent === text) continue;
      element.textContent = text;
      element.title = text;
    }
  }
}
