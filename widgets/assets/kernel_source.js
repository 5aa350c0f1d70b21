// Pictures and answers from the kernel, by the widget's custom messages.
//
// A source has: overview (a Picture or null), detail (a Picture or null), name(code) -> [name, module] or undefined,
// want(viewport), pick(target), unpick(), step(to), rows(query) -> Promise, start(changed), stop(), status (text).
// pick answers null where nothing was selected, lack(hit) may then say why, and step may answer with a refusal (text).

import { Picture } from "./picture.js";

const BUSY_AFTER_MS = 1000;
const GIVE_UP_AFTER_MS = 30000;
const BUSY = "kernel is busy, showing what is here";
const GONE = "no kernel: showing the last picture";

export class KernelSource {
  /**
   * @param {object} model anywidget's model
   * @param {HTMLElement} element the view's element; ipywidgets marks it when the kernel is gone
   */
  constructor(model, element) {
    this.model = model;
    this.element = element;
    this.view = Math.random().toString(36).slice(2);
    this.sequence = 0;
    this.names = new Map();
    this.detail = null;
    this.status = "";
    this.refused = false;
    this.waiting = new Map(); // sequence -> { resolve, since }
    this.inFlight = 0; // the sequence of the picture that is asked for, or 0
    this.wanted = null;
    this.receive = this.receive.bind(this);
    this.check = this.check.bind(this);
    this.relive = this.relive.bind(this);
    this.readOverview = this.readOverview.bind(this);
    this.readOverview();
  }

  start(changed) {
    this.changed = changed;
    this.model.on("msg:custom", this.receive);
    this.model.on("comm_live_update", this.relive);
    this.model.on("change:overview_data", this.readOverview);
    this.say({ kind: "opened" });
  }

  stop() {
    this.model.off("msg:custom", this.receive);
    this.model.off("comm_live_update", this.relive);
    this.model.off("change:overview_data", this.readOverview);
    clearTimeout(this.timer);
    this.changed = () => {};
  }

  /** Tell the kernel that this view is gone for good. */
  close() {
    this.say({ kind: "closed" });
  }

  /** Whether there is a kernel to speak to. */
  get alive() {
    if (this.refused || this.element.closest(".jupyter-widgets-disconnected")) return false;
    const kernel = this.model.widget_manager?.kernel; // undefined where the page does not tell
    return kernel !== null && !kernel?.isDisposed && !["dead", "terminating"].includes(kernel?.status);
  }

  relive() {
    this.refused = false;
    this.check();
  }

  readOverview() {
    const header = this.model.get("overview");
    const data = this.model.get("overview_data");
    this.overview = header?.count !== undefined && data ? this.picture(header, data) : null;
    this.changed?.();
  }

  picture(header, data) {
    for (const [code, name, module] of header.names ?? []) this.names.set(code, [name, module]);
    return new Picture(header, data);
  }

  name(code) {
    return this.names.get(code);
  }

  /** Ask for the picture of a viewport; while one is on its way, only the newest wish is kept. */
  want(viewport) {
    this.wanted = viewport;
    if (!this.inFlight) this.ask();
  }

  ask() {
    const viewport = this.wanted;
    this.wanted = null;
    const sent = this.request({ kind: "picture", ...viewport }, () => {
      this.inFlight = 0;
      if (this.wanted) this.ask();
    });
    this.inFlight = sent;
  }

  pick(target) {
    return this.answer({ kind: "pick", ...target });
  }

  unpick() {
    return this.answer({ kind: "unpick" });
  }

  step(to) {
    return this.answer({ kind: "step", to });
  }

  /** The spans of a stretch of time: a promise of { total, rows }, or of null without a kernel. */
  rows(query) {
    return this.answer({ kind: "rows", ...query });
  }

  answer(message) {
    return new Promise((resolve) => {
      if (!this.request(message, resolve)) resolve(null);
    });
  }

  request(message, resolve) {
    const sequence = ++this.sequence;
    if (!this.say({ ...message, seq: sequence })) {
      this.check();
      return 0;
    }
    this.waiting.set(sequence, { resolve, since: performance.now() });
    this.watch();
    return sequence;
  }

  say(message) {
    if (!this.alive) return false;
    try {
      this.model.send({ ...message, view: this.view });
      return true;
    } catch { // the connection to the kernel was given up
      this.refused = true;
      return false;
    }
  }

  receive(message, buffers) {
    if (message.kind === "anyone") this.say({ kind: "opened" }); // the kernel wonders who is still there
    if (message.view !== this.view) return;
    const waiting = this.waiting.get(message.seq);
    this.waiting.delete(message.seq);
    if (message.kind === "picture") this.detail = this.picture(message, buffers[0]);
    const failed = message.kind === "failed";
    waiting?.resolve(failed ? null : message);
    this.show(failed ? message.message : "");
    this.changed();
  }

  /** Say so when an answer does not come, or when there is no kernel to give one. */
  check() {
    if (!this.alive) this.forget(() => true);
    const now = performance.now();
    this.forget(({ since }) => now - since > GIVE_UP_AFTER_MS);
    const late = [...this.waiting.values()].some(({ since }) => now - since >= BUSY_AFTER_MS);
    this.show(!this.alive ? GONE : late ? BUSY : "");
    this.watch();
  }

  watch() {
    clearTimeout(this.timer);
    if (this.waiting.size) this.timer = setTimeout(this.check, BUSY_AFTER_MS);
  }

  forget(which) {
    for (const [sequence, waiting] of this.waiting) {
      if (!which(waiting)) continue;
      this.waiting.delete(sequence);
      waiting.resolve(null);
    }
  }

  show(status) {
    if (status === this.status) return;
    this.status = status;
    this.changed?.();
  }
}
