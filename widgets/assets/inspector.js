// The inspector: what was true at a moment, its parts put together, and what can be done with it.

import { icon, make } from "./dom.js";
import { Kernel } from "./kernel.js";
import { isTextBox, listenTo } from "./shortcuts.js";
import { SourceView } from "./source_view.js";
import { StackView } from "./stack_view.js";
import { STEPS, stepOf } from "./steps.js";
import { Tabs } from "./tabs.js";
import { followTheme } from "./theme.js";
import { Transcript } from "./transcript.js";
import { Tree } from "./tree.js";

const GONE = "no kernel: showing the last moment";
const SECTIONS = [["locals", "Locals"], ["objects", "Objects"], ["namespace", "Notebook"], ["output", "Output"]];
const KEYS = `Keys: ${STEPS.map(([, what, key]) => `${key} ${what}`).join("; ")}. In the tree of values: arrows move, `
  + "Right opens, Left closes, Enter goes to the last write.";

export class Inspector {
  /**
   * @param {object} model anywidget's model, with tracks, shown and section
   * @param {HTMLElement} element where it goes
   */
  constructor(model, element) {
    this.model = model;
    this.kernel = new Kernel(model, element, GONE);
    this.build();
    element.append(this.root);
    const listeners = { "change:shown": () => this.show(), "change:tracks": () => this.showTracks() };
    for (const [name, listener] of Object.entries(listeners)) model.on(name, listener);
    this.endings = [
      () => Object.entries(listeners).forEach(([name, listener]) => model.off(name, listener)),
      listenTo(this.root, (event) => this.press(event)),
      followTheme(this.root),
    ];
    this.kernel.start(() => this.say());
    this.showTracks();
    this.show();
  }

  build() {
    const id = `scope-keys-${Math.random().toString(36).slice(2)}`;
    const ask = (kind, content) => this.kernel.ask({ kind, ...content });
    this.buttons = STEPS.map(([to, what, key, , , path]) => make("button", {
      type: "button", title: `${what} (${key})`, "aria-label": what, "data-to": to, onclick: () => this.step(to),
    }, icon(path)));
    this.time = make("span", {});
    this.place = make("span", { class: "scope-unseen" });
    this.message = make("div", { class: "scope-message", role: "status" });
    this.stack = new StackView((frame) => ask("frame", { frame }), (track) => ask("track", { track }));
    const jump = (id) => ask("jump", { id });
    this.source = new SourceView(jump, (ns) => ask("time", { time_ns: ns }));
    const open = (id, count) => ask("open", { id, count });
    this.tree = new Tree({ open, close: (id) => ask("close", { id }), jump });
    this.transcript = new Transcript();
    this.panel = make("div", { class: "scope-panel" }, this.tree.element, this.transcript.element);
    this.tabs = new Tabs(SECTIONS, this.panel, (name) => ask("section", { name }));
    this.root = make("div", {
      class: "scope-inspector", role: "region", "aria-label": "State at the cursor", "aria-describedby": id,
    },
    make("div", { class: "scope-bar", role: "toolbar", "aria-label": "Steps" }, ...this.buttons,
      make("span", { class: "scope-time", role: "status" }, make("span", { class: "scope-unseen" }, "at "), this.time,
        this.place)),
    this.message,
    make("div", { class: "scope-parts" }, this.stack.element, this.source.element,
      make("section", { class: "scope-state", "aria-label": "State" }, this.tabs.element, this.panel)),
    make("div", { id, class: "scope-unseen" }, KEYS));
  }

  destroy() {
    this.kernel.stop();
    this.endings.forEach((end) => end());
    this.root.remove();
  }

  // ---- what is shown ----

  showTracks() {
    this.stack.showTracks(this.model.get("tracks") ?? []);
  }

  show() {
    const shown = this.model.get("shown");
    const { time, stack, track, source, section } = shown;
    this.time.textContent = time;
    this.place.textContent = source.place && `, ${source.place}`;
    for (const button of this.buttons) { // none is disabled: the one with the focus would lose it
      button.setAttribute("aria-disabled", String(!shown.steps.includes(button.dataset.to)));
    }
    this.stack.show(stack, track);
    this.source.show(source);
    const title = SECTIONS.find(([name]) => name === section.name)[1];
    this.tabs.show(section.name);
    this.tree.element.hidden = section.name === "output";
    this.transcript.element.hidden = section.name !== "output";
    if (section.name === "output") this.transcript.show(section.pieces, section.note);
    else this.tree.show(section.rows, section.note, title);
    this.kernel.check(); // what was refused before is past
    this.say();
  }

  /** Say what went wrong, or that there is no kernel. */
  say() {
    const text = this.kernel.status || this.model.get("shown").message;
    if (this.message.textContent !== text) this.message.textContent = text;
    this.message.hidden = !text;
  }

  // ---- what the user does ----

  async step(to, repeated = false) {
    if (repeated && this.stepping) return;
    this.stepping = true;
    await this.kernel.ask({ kind: "step", to });
    this.stepping = false;
  }

  press(event) {
    if (isTextBox(event.target)) return false;
    const to = stepOf(event);
    if (to) this.step(to, event.repeat);
    return to !== undefined || this.tree.press(event) || this.tabs.press(event);
  }
}
