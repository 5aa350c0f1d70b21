// The stack as a list, and the track that it is of.

import { make } from "./dom.js";

const WIDE = "\u00a0\u00a0"; // of plain spaces an option keeps one

export class StackView {
  /**
   * @param {function} chooseFrame called with how many frames outwards of the innermost one the chosen one is
   * @param {function} chooseTrack called with the number of the chosen track
   */
  constructor(chooseFrame, chooseTrack) {
    this.frames = make("select", { class: "scope-stack", size: "5", "aria-label": "Stack, innermost first" });
    this.frames.addEventListener("change", () => chooseFrame(this.first + this.frames.selectedIndex));
    this.tracks = make("select", { "aria-label": "Track" });
    this.tracks.addEventListener("change", () => chooseTrack(Number(this.tracks.value)));
    this.track = make("label", { class: "scope-track" }, "Track ", this.tracks);
    this.known = make("span", { class: "scope-known" });
    this.element = make("section", { "aria-label": "Stack" },
      make("div", { class: "scope-place" }, make("span", { class: "scope-heading" }, "Stack"), this.known, this.track),
      this.frames);
  }

  showTracks(names) {
    const options = names.map((name, number) => make("option", { value: number }, `${number}: ${name}`));
    this.tracks.replaceChildren(...options);
    this.track.hidden = names.length < 2;
  }

  /** Show { first, frames, selected, known }: the number of the first one, their texts, and which is selected. */
  show({ first, frames, selected, known }, track) {
    this.first = first;
    const texts = frames.map((text) => text.replaceAll("  ", WIDE));
    const there = [...this.frames.options].map((option) => option.textContent);
    if (there.length !== texts.length || there.some((text, i) => text !== texts[i])) {
      this.frames.replaceChildren(...texts.map((text) => make("option", { title: text }, text)));
    }
    this.frames.disabled = selected < 0;
    this.frames.selectedIndex = selected < 0 ? -1 : selected - first;
    this.known.textContent = known;
    this.tracks.value = String(track);
  }
}
