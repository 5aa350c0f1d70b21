// The source of a frame, with the line that runs and the values that its lines wrote.

import { isSelecting, make } from "./dom.js";

const CENTRE = 0.4; // of the panel's height: where the current line is put

export class SourceView {
  /**
   * @param {function} jump called with the id of a value that is clicked
   * @param {function} go called with the time of a former value that is clicked
   */
  constructor(jump, go) {
    this.file = make("span", { class: "scope-heading" });
    this.known = make("span", { class: "scope-known" });
    this.lines = make("pre", { tabindex: "0", role: "group", "aria-label": "Source" });
    this.element = make("section", { class: "scope-source", "aria-label": "Source of the selected frame" },
      make("div", { class: "scope-place" }, this.file, this.known), this.lines);
    this.lines.addEventListener("click", (event) => {
      const { id, timeNs } = (!isSelecting() && event.target.closest(".scope-wrote")?.dataset) || {};
      if (id) jump(id);
      else if (timeNs) go(Number(timeNs));
    });
  }

  /** Show { place, file, line, first, lines, values, known, exact }, or nothing. */
  show(source) {
    this.file.textContent = source?.place ?? "";
    this.file.title = source?.file ?? "";
    this.known.textContent = source?.known ?? "";
    this.known.title = this.known.textContent;
    const doubtful = source && !source.exact;
    this.known.classList.toggle("scope-warning", Boolean(doubtful));
    this.lines.classList.toggle("scope-unconfirmed", Boolean(doubtful));
    this.lines.hidden = !source?.lines.length;
    if (this.lines.hidden) {
      this.lines.replaceChildren();
      return;
    }
    const { first, lines, line, values } = source;
    const width = String(first + lines.length).length;
    const moved = this.shown?.file === source.file ? this.shown.first - first : 0;
    const top = this.lines.scrollTop + moved * (this.lines.firstElementChild?.offsetHeight ?? 0);
    this.lines.replaceChildren(...lines.map((text, i) =>
      lineElement(first + i, text, width, first + i === line, values[first + i])));
    this.shown = source;
    this.lines.scrollTop = top;
    this.reveal();
  }

  /** Scroll to the current line, unless it is well in sight, and to the line that has just written, if both have room. */
  reveal() {
    const current = this.lines.querySelector("[aria-current]");
    if (!current) return;
    const { scrollTop, clientHeight } = this.lines;
    const height = current.offsetHeight;
    const tops = [current.offsetTop];
    const wrote = this.lines.querySelector(".scope-changed")?.parentElement.offsetTop ?? tops[0];
    if (Math.abs(wrote - tops[0]) + 3 * height < clientHeight) tops.push(wrote);
    const [first, last] = [Math.min(...tops), Math.max(...tops)];
    if (first < scrollTop + height || last + 2 * height > scrollTop + clientHeight) {
      const middle = (first + last) / 2 - clientHeight * CENTRE;
      this.lines.scrollTop = Math.min(Math.max(middle, last + 2 * height - clientHeight), first - height);
    }
  }
}

function lineElement(number, text, width, current, values = []) {
  const attributes = current ? { class: "scope-code scope-current", "aria-current": "true" } : { class: "scope-code" };
  const mark = `${current ? "▶" : " "} ${String(number).padStart(width)}`;
  const beside = values.length ? [make("span", { class: "scope-beside" }, ...values.map(valueElement))] : [];
  return make("span", attributes, make("span", { class: "scope-number" }, mark), make("span", {}, text), ...beside, "\n");
}

function valueElement({ id, time_ns: timeNs, name, text, changed, written }) {
  const kind = ["scope-wrote", changed ? "scope-changed" : "", id ? "" : "scope-former"].filter(Boolean).join(" ");
  const title = `${name} = ${text}\n${id ? "Click to go to its last write" : "Click to go there"}: ${written}`;
  return make("span", { class: kind, "data-id": id, "data-time-ns": timeNs, title }, `${name} = ${text}`);
}
