// The chart: its parts put together, and what can be done with it.

import { Camera } from "./camera.js";
import { Strip, Tip, tipLines } from "./details.js";
import { make } from "./dom.js";
import { Painter } from "./draw.js";
import { durationText, niceStep, pluralText, timeText } from "./format.js";
import { helpPanel, KEYS_SENTENCE } from "./help.js";
import { hitAt, hitNear } from "./hits.js";
import { Pointing } from "./interact.js";
import { listenToKeys } from "./keys.js";
import { Layout, ROW } from "./layout.js";
import { CELLS, TICKS } from "./ruler.js";
import { Scrollbar } from "./scrollbar.js";
import { Table } from "./table.js";
import { readTheme, watchTheme } from "./theme.js";
import { Toolbar } from "./toolbar.js";
import { coverage, covers, overviewCovers, viewportFor } from "./wishes.js";

const NARROW = 480;
const CROWDED = 0.7; // of the whole time: calls in less of it are shown close by at first
const GUTTER = [64, 170];
const ANNOUNCE_MS = 600;
const HINT_MS = 1600;
const RELATIVES = ["left", "right", "parent", "child"];
const EMPTY = "Nothing was recorded: no call that is in scope began while the recorder was on. "
  + "Calls into libraries count only when all=True or include= takes them in.";

class Chart {
  constructor(element, source, state, { scene, tallest }) {
    Object.assign(this, { source, state, scene, tallest });
    this.camera = new Camera(scene.duration_ns, scene.horizon_ns);
    const [firstNs, lastNs] = scene.calls_ns;
    if (lastNs - firstNs < CROWDED * scene.duration_ns) this.camera.show(firstNs, lastNs, 0.04);
    this.top = TICKS + (scene.cells.length ? CELLS : 0);
    this.width = 0;
    this.height = 0;
    this.hover = null;
    this.told = state.cursorNs;
    this.preview = null; // what was clicked, until the source has answered
    this.asked = null;
    this.empty = scene.tracks.every(({ rows }) => rows === 0);
    this.build(element);
    this.painter = new Painter(this.canvas);
    this.endings = [
      watchTheme(() => setTimeout(() => this.readTheme(), 50)), // the page's new style sheet may come a little later
      state.onChange(() => this.follow()),
      listenToKeys(this),
    ];
    this.pointing = new Pointing(this);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.stage);
    this.strip.show(state.selection);
    source.start(() => this.invalidate());
  }

  build(element) {
    const id = `scope-keys-${Math.random().toString(36).slice(2)}`;
    this.canvas = make("canvas", { role: "img", "aria-label": describe(this.scene) });
    this.toolbar = new Toolbar({
      zoomIn: () => this.zoom(0.7), zoomOut: () => this.zoom(1 / 0.7), fit: () => this.fit(),
      previousEvent: () => this.step("previous"), nextEvent: () => this.step("next"),
      toggleTable: () => this.toggleTable(), toggleHelp: () => this.toggleHelp(),
    });
    this.scrollbar = new Scrollbar((pixels) => this.scrollBy(pixels - this.camera.scroll));
    this.tip = new Tip();
    this.hintBox = make("div", { class: "scope-hint", hidden: "" });
    this.stage = make("div", { class: "scope-stage" }, this.canvas, this.scrollbar.element, this.hintBox);
    this.strip = new Strip();
    const below = this.empty ? make("p", { class: "scope-empty" }, whyEmpty(this.scene)) : this.strip.element;
    this.live = make("div", { class: "scope-unseen", role: "status", "aria-live": "polite" });
    this.table = new Table(this.source, this.scene, ([call, track, depth, startNs, durationNs]) =>
      this.pick({ call, track, depth, startNs, endNs: startNs + Math.max(durationNs, 0) }, startNs));
    this.help = helpPanel();
    this.root = make("div", {
      class: "scope-chart", role: "application", tabindex: "0", "aria-label": "Timeline of the recorded calls",
      "aria-describedby": id,
    }, this.toolbar.element, this.stage, this.tip.element, below, this.help, this.table.element, this.live,
    make("div", { id, class: "scope-unseen" }, KEYS_SENTENCE));
    element.append(this.root);
  }

  destroy() {
    this.source.stop();
    this.observer.disconnect();
    this.pointing.stop();
    this.endings.forEach((end) => end());
    cancelAnimationFrame(this.frame);
    this.root.remove();
  }

  // ---- size, theme and frames ----

  /** Read the page's colours; an element outside of a page has none. */
  readTheme() {
    if (!this.root.isConnected) return;
    this.theme = readTheme(this.root, this.scene.palette);
    this.invalidate();
  }

  resize() {
    const width = Math.floor(this.stage.clientWidth);
    if (width < 1) return;
    if (!this.theme) this.readTheme();
    const narrow = width < NARROW;
    if (!this.layout || narrow !== this.layout.head > 0) this.layout = new Layout(this.scene.tracks, narrow);
    const rows = this.empty ? 0 : Math.max(this.layout.height, 2 * ROW);
    this.stage.style.minHeight = `${Math.round(Math.min(this.top + rows, this.tallest))}px`;
    const height = this.stage.clientHeight; // more than that where what stands beside the chart is taller
    const { camera } = this;
    camera.content = rows;
    camera.height = height - this.top;
    const scrolls = camera.content > camera.height;
    camera.left = narrow ? 0 : this.gutter(width);
    camera.width = Math.max(width - camera.left - (scrolls ? this.scrollbar.width : 0), 1);
    camera.scrollTo(camera.scroll);
    if (width !== this.width || height !== this.height || this.painter.ratio !== (window.devicePixelRatio || 1)) {
      this.painter.resize(width, height);
    }
    [this.width, this.height] = [width, height];
    this.paint(); // at once: a canvas that changed its size is blank
  }

  gutter(width) {
    const { context } = this.painter;
    context.font = `600 11px ${this.theme.font}`;
    const widths = this.scene.tracks.slice(0, 1000).map(({ name }) => context.measureText(name).width);
    const widest = Math.max(0, ...widths);
    return Math.round(Math.min(Math.max(widest + 20, GUTTER[0]), GUTTER[1], width * 0.24));
  }

  invalidate() {
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.width || !this.layout) return;
    this.painter.paint(this);
    this.scrollbar.show(this.camera, this.top);
    const { dropped } = this.scene;
    this.toolbar.say(dropped ? `${pluralText(dropped, "event")} dropped` : "", this.source.status);
    this.table.follow(Math.max(this.camera.startNs, 0), this.camera.endNs, this.cursorNs, this.state.selection.call);
    this.ask();
  }

  /** Ask for a picture of what is in sight, unless what is there or on its way will do. */
  ask() {
    const { camera, layout } = this;
    if (this.empty || overviewCovers(this.source.overview, camera, layout)) return;
    if (this.asked && covers(this.asked, camera, layout)) return;
    const viewport = viewportFor(camera, layout);
    this.asked = coverage(viewport, layout);
    this.source.want(viewport);
  }

  // ---- cursor and selection ----

  get cursorNs() {
    return this.dragged ?? this.preview?.cursorNs ?? this.state.cursorNs;
  }

  /** What is outlined: what was clicked a moment ago, or the selected call. */
  get mark() {
    if (this.preview) return this.preview;
    const { selection } = this.state;
    if (selection.call === undefined) return null;
    const { track, depth, start_ns: start, end_ns: end, from_ns: startNs = start, to_ns: to = end } = selection;
    return { track, depth, startNs, endNs: to >= startNs ? to : this.scene.duration_ns };
  }

  /** Go along with a cursor or a selection that changed, here or elsewhere. */
  follow() {
    const { cursorNs, selection } = this.state;
    if (this.dragged === undefined && cursorNs !== this.told) this.camera.reveal(cursorNs);
    if (selection !== this.shown) {
      this.shown = selection;
      this.preview = null;
      this.strip.show(selection);
      if (selection.call !== undefined && this.layout) this.revealRow(selection.track, selection.depth);
    }
    if (cursorNs !== this.told) this.announce();
    this.invalidate();
  }

  announce() {
    this.told = this.state.cursorNs;
    this.announcing ??= setTimeout(() => {
      this.announcing = null;
      this.live.textContent = `cursor at ${timeText(this.state.cursorNs, niceStep(this.camera.nsPerPixel))}`;
    }, ANNOUNCE_MS);
  }

  revealRow(track, depth) {
    const { camera, layout } = this;
    const y = layout.top(track, depth);
    if (y < camera.scroll) camera.scrollTo(y - ROW);
    else if (y + ROW > camera.scroll + camera.height) camera.scrollTo(y + 2 * ROW - camera.height);
  }

  moveCursor(ns) {
    this.state.moveTo(this.camera.known(ns));
    this.invalidate();
  }

  /** Drag the cursor along; the state has it once a frame. */
  dragCursor(x) {
    this.dragged = this.camera.inside(x);
    this.saving ??= requestAnimationFrame(() => {
      this.saving = null;
      if (this.dragged !== undefined) this.state.moveTo(this.dragged);
    });
    this.invalidate();
  }

  dropCursor() {
    if (this.dragged === undefined) return;
    this.state.moveTo(this.dragged);
    this.dragged = undefined;
    this.invalidate();
  }

  click(x, y) {
    const hit = this.hitAt(x, y);
    const ns = this.camera.inside(x);
    if (hit) this.pick(hit, ns);
    else if (x >= this.camera.left) this.moveCursor(ns);
  }

  /** Select what was clicked: shown at once, and for good when the source has answered. */
  async pick(hit, cursorNs) {
    const { track, depth, startNs, endNs, call } = hit;
    const preview = { track, depth, startNs, endNs, cursorNs: Math.round(cursorNs) };
    this.preview = preview;
    this.invalidate();
    const target = call === undefined ? { start_ns: startNs, end_ns: endNs } : { call };
    const answer = await this.source.pick({ ...target, track, depth, time_ns: preview.cursorNs });
    if (this.preview !== preview) return;
    if (answer) this.preview = this.shown = null; // the strip may tell of something else
    else {
      this.preview = { track, depth, startNs, endNs };
      this.state.moveTo(Math.round(cursorNs));
      if (hit.picture) this.strip.tell([...tipLines(hit, this.source), this.source.lack?.(hit)]);
    }
    this.follow();
  }

  async step(to, repeated = false) {
    if (repeated && this.stepping) return;
    if (RELATIVES.includes(to) && this.state.selection.call === undefined) {
      this.pickAtCursor();
      return;
    }
    this.stepping = true;
    const answer = await this.source.step(to);
    this.stepping = false;
    if (answer?.refusal) this.refuse(answer.refusal);
  }

  /** Select the outermost call at the cursor, or the nearest to it, on the first track in sight that has one. */
  pickAtCursor() {
    const { cursorNs } = this;
    const hit = hitNear(this, cursorNs);
    if (hit) this.pick(hit, Math.min(Math.max(cursorNs, hit.startNs), hit.endNs));
  }

  clear() {
    if (!this.help.hidden) this.toggleHelp();
    else {
      this.preview = null;
      this.source.unpick();
      this.invalidate();
    }
  }

  // ---- what is under the pointer ----

  hitAt(x, y) {
    return this.layout && x >= this.camera.left && y >= this.top ? hitAt(this, x, y) : null;
  }

  hoverAt(x, y) {
    const hit = this.hitAt(x, y);
    if (hit) {
      const y0 = this.stage.offsetTop;
      this.tip.show(tipLines(hit, this.source), x, y + y0, this.width, this.root.clientHeight);
    } else this.tip.hide();
    if (hit?.picture !== this.hover?.picture || hit?.index !== this.hover?.index) this.invalidate();
    this.hover = hit;
  }

  unhover() {
    this.tip.hide();
    if (this.hover) this.invalidate();
    this.hover = null;
  }

  // ---- moving about ----

  zoom(factor, x = this.camera.left + this.camera.width / 2) {
    this.camera.zoom(factor, Math.max(x, this.camera.left));
    this.invalidate();
  }

  pan(pixels) {
    this.camera.pan(pixels);
    this.invalidate();
  }

  /** Scroll the rows; returns whether they moved. */
  scrollBy(pixels) {
    const before = this.camera.scroll;
    this.camera.scrollTo(before + pixels);
    this.invalidate();
    return this.camera.scroll !== before;
  }

  fit() {
    this.camera.fit();
    this.invalidate();
  }

  zoomTo(startNs, endNs) {
    this.camera.show(startNs, endNs, 0.05);
    this.invalidate();
  }

  zoomToSelection() {
    const { mark } = this;
    if (mark) this.zoomTo(mark.startNs, mark.endNs);
  }

  // ---- panels and focus ----

  toggleTable() {
    if (this.table.element.contains(this.root.getRootNode().activeElement)) this.focus();
    this.table.toggle();
    this.toolbar.press("toggleTable", this.table.open);
    this.invalidate();
  }

  toggleHelp() {
    this.help.hidden = !this.help.hidden;
    this.toolbar.press("toggleHelp", !this.help.hidden);
  }

  get focused() {
    return this.root.contains(this.root.getRootNode().activeElement);
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  refuse(text) {
    this.hint(text);
    this.live.textContent = text;
  }

  hint(text) {
    this.hintBox.textContent = text;
    this.hintBox.hidden = false;
    clearTimeout(this.hinting);
    this.hinting = setTimeout(() => {
      this.hintBox.hidden = true;
    }, HINT_MS);
  }
}

/**
 * Put a chart into an element.
 *
 * @param {HTMLElement} element where it goes
 * @param {object} source where pictures and answers come from
 * @param {object} state the shared cursor and selection
 * @param {object} options scene, and tallest: how many pixels the canvas may be high
 * @returns {Chart} to be ended with destroy()
 */
export function mount(element, source, state, options) {
  return new Chart(element, source, state, options);
}

function describe({ text, tracks, duration_ns: duration }) {
  const rows = tracks.reduce((sum, track) => sum + track.rows, 0);
  const extent = `${pluralText(tracks.length, "track")}, ${pluralText(rows, "row")}, ${durationText(duration)}`;
  return `Timeline: ${text}. ${extent}. The table (t) has the same calls as rows.`;
}

function whyEmpty({ dropped, notes }) {
  const lost = `Nothing is left: ${pluralText(dropped, "event")} dropped. A larger buffer= keeps more.`;
  return [dropped ? lost : EMPTY, ...notes].join(" ");
}
