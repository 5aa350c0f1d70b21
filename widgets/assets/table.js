// The calls in sight as a table, for those who cannot or would rather not read a canvas.

import { make } from "./dom.js";
import { countText, durationText, niceStep, outcomeText, timeText } from "./format.js";

const LIMIT = 100;
const SETTLE_MS = 150;
const COLUMNS = [
  ["name", "Name"], ["module", "Module"], ["track", "Track"],
  ["start_ns", "Start"], ["duration_ns", "Duration"], ["self_ns", "Self"], ["outcome", "Outcome"],
];
const FILTER = "Filter by name or module";
const FALLING = new Set(["duration_ns", "self_ns"]);

export class Table {
  /**
   * @param {object} source where the rows come from
   * @param {object} scene the recording's scene, with the tracks' names
   * @param {function} pick called with [call, track, depth, start, duration] of a row that is chosen
   */
  constructor(source, scene, pick) {
    this.source = source;
    this.scene = scene;
    this.pick = pick;
    this.sort = "start_ns";
    this.descending = false;
    this.range = [0, 0];
    this.selected = undefined;
    this.build();
  }

  build() {
    this.filter = make("input", { type: "search", placeholder: FILTER, "aria-label": FILTER });
    this.filter.addEventListener("input", () => this.wish());
    this.filter.addEventListener("keydown", (event) => event.stopPropagation());
    this.caption = make("span", { role: "status" });
    this.place = make("span", { class: "scope-muted" });
    this.heads = COLUMNS.map(([key, title]) => {
      const button = make("button", { type: "button", onclick: () => this.sortBy(key) }, title);
      return make("th", { scope: "col", role: "columnheader" }, button);
    });
    this.body = make("tbody", { role: "rowgroup" });
    this.body.addEventListener("click", (event) => this.choose(event.target.closest("tr")));
    this.body.addEventListener("keydown", (event) => this.key(event));
    const head = make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...this.heads));
    const table = make("table", { role: "grid", "aria-label": "Calls in sight" }, head, this.body);
    this.element = make("div", { class: "scope-table", hidden: "" },
      make("div", { class: "scope-table-bar" }, this.filter, this.caption, this.place),
      make("div", { class: "scope-table-rows" }, table));
    this.markSort();
  }

  get open() {
    return !this.element.hidden;
  }

  toggle() {
    this.element.hidden = this.open;
    if (this.open) this.wish();
  }

  /** Tell the table which time is in sight, where the cursor is and which call is selected. */
  follow(startNs, endNs, cursorNs, selected) {
    const moved = startNs !== this.range[0] || endNs !== this.range[1];
    this.range = [startNs, endNs];
    this.step = niceStep((endNs - startNs) / 1000);
    if (!this.open) return;
    this.place.textContent = `cursor at ${timeText(cursorNs, this.step)}`;
    if (selected !== this.selected) {
      this.selected = selected;
      this.markSelected();
    }
    if (moved) this.wish();
  }

  sortBy(key) {
    this.descending = key === this.sort ? !this.descending : FALLING.has(key);
    this.sort = key;
    this.markSort();
    this.wish();
  }

  markSort() {
    COLUMNS.forEach(([key], i) => {
      const order = key === this.sort ? (this.descending ? "descending" : "ascending") : "none";
      this.heads[i].setAttribute("aria-sort", order);
    });
  }

  /** Ask for the rows once things have settled, one request at a time. */
  wish() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), SETTLE_MS);
  }

  async ask() {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    const [startNs, endNs] = this.range;
    const { sort, descending } = this;
    const answer = await this.source.rows(
      { start_ns: startNs, end_ns: endNs, filter: this.filter.value, sort, descending, limit: LIMIT });
    this.asking = false;
    if (answer) this.show(answer);
    else this.caption.textContent = "no answer: the rows are as they were";
    if (this.again) {
      this.again = false;
      this.ask();
    }
  }

  show({ total, rows }) {
    const held = this.body.contains(document.activeElement);
    const part = total > rows.length;
    this.caption.textContent = part ? `showing ${rows.length} of ${countText(total)}` : `${total} in sight`;
    this.rows = rows;
    this.body.replaceChildren(...rows.map((row) => this.rowElement(row)));
    this.markSelected();
    const target = this.body.querySelector("[aria-selected=true]") ?? this.body.firstElementChild;
    target?.setAttribute("tabindex", "0");
    if (held) target?.focus();
  }

  rowElement([call, track, , startNs, durationNs, selfNs, name, module, outcome, stepNs = 1]) {
    const known = (ns) => (ns == null || ns < 0 ? "" : durationText(ns));
    const texts = [
      name, module, this.scene.tracks[track]?.name ?? "",
      timeText(startNs, Math.max(this.step, stepNs)), known(durationNs), known(selfNs), outcomeText(outcome),
    ];
    const cells = texts.map((text, i) => make("td", { role: "gridcell", title: i < 3 ? text : undefined }, text));
    if (outcome === "raise") cells[6].className = "scope-raised";
    return make("tr", { role: "row", tabindex: "-1", "data-call": call }, ...cells);
  }

  markSelected() {
    for (const row of this.body.children) {
      row.setAttribute("aria-selected", String(Number(row.dataset.call) === this.selected));
    }
  }

  choose(element) {
    if (!element) return;
    this.pick(this.rows[[...this.body.children].indexOf(element)]);
    this.focus(element);
  }

  focus(element) {
    if (!element) return;
    this.body.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
    element.setAttribute("tabindex", "0");
    element.focus();
  }

  key(event) {
    const row = event.target.closest("tr");
    const moves = {
      ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling,
      Home: this.body.firstElementChild, End: this.body.lastElementChild,
    };
    if (event.key === "Enter" || event.key === " ") this.choose(row);
    else if (event.key in moves) this.focus(moves[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
