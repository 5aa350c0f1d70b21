// Tabs: one of several sections is shown.

import { make } from "./dom.js";

export class Tabs {
  /**
   * @param {Array} tabs pairs of a name and a title
   * @param {HTMLElement} panel what the chosen tab's content stands in
   * @param {function} choose called with the name of the tab that is chosen
   */
  constructor(tabs, panel, choose) {
    this.choose = choose;
    const base = `scope-tab-${Math.random().toString(36).slice(2)}`;
    panel.id = `${base}-panel`;
    panel.setAttribute("role", "tabpanel");
    this.panel = panel;
    this.buttons = tabs.map(([name, title]) => make("button", {
      type: "button", role: "tab", id: `${base}-${name}`, "data-name": name, "aria-controls": panel.id,
      onclick: () => choose(name),
    }, title));
    this.element = make("div", { class: "scope-tabs", role: "tablist", "aria-label": "State" }, ...this.buttons);
  }

  /** Mark the tab that is chosen. */
  show(chosen) {
    for (const button of this.buttons) {
      const selected = button.dataset.name === chosen;
      button.setAttribute("aria-selected", String(selected));
      button.setAttribute("tabindex", selected ? "0" : "-1");
      if (selected) this.panel.setAttribute("aria-labelledby", button.id);
    }
  }

  /** Go to another tab where a key means that; returns whether it does. */
  press({ key, target }) {
    const at = this.buttons.indexOf(target);
    const last = this.buttons.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[key];
    if (at < 0 || to === undefined) return false;
    const button = this.buttons[(to + last + 1) % (last + 1)];
    button.focus();
    this.choose(button.dataset.name);
    return true;
  }
}
