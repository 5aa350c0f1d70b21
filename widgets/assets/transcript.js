// What the program had put out, as text.

import { make } from "./dom.js";

export class Transcript {
  constructor() {
    this.note = make("div", { class: "scope-note", hidden: "" });
    this.text = make("pre", { tabindex: "0", role: "group", "aria-label": "Output" });
    this.element = make("div", { class: "scope-transcript" }, this.note, this.text);
  }

  /** Show pieces of text, each with the stream that it went to, scrolled to the newest. */
  show(pieces, note) {
    this.note.textContent = note;
    this.note.hidden = !note;
    this.text.hidden = !pieces.length;
    this.text.replaceChildren(...pieces.map(({ stream, text }) =>
      make("span", { "data-stream": stream, title: stream }, text)));
    this.text.scrollTop = this.text.scrollHeight;
  }
}
