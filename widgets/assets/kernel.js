// Questions to the kernel and its answers, by a widget's custom messages.

const BUSY_AFTER_MS = 1000;
const GIVE_UP_AFTER_MS = 30000;
const BUSY = "kernel is busy, showing what is here";

export class Kernel {
  /**
   * @param {object} model anywidget's model
   * @param {HTMLElement} element the view's element; ipywidgets marks it when the kernel is gone
   * @param {string} gone what the status says without a kernel
   */
  constructor(model, element, gone) {
    Object.assign(this, { model, element, gone });
    this.view = Math.random().toString(36).slice(2);
    this.sequence = 0;
    this.status = "";
    this.refused = false;
    this.waiting = new Map(); // sequence -> { resolve, since }
    this.receive = this.receive.bind(this);
    this.check = this.check.bind(this);
    this.relive = this.relive.bind(this);
  }

  /**
   * Begin to listen.
   *
   * @param {function} changed called when an answer has come, or the status has changed
   * @param {function} heard called first with each message for this view, and its buffers
   */
  start(changed, heard = () => {}) {
    this.changed = changed;
    this.heard = heard;
    this.model.on("msg:custom", this.receive);
    this.model.on("comm_live_update", this.relive);
    this.tell({ kind: "opened" });
  }

  stop() {
    this.model.off("msg:custom", this.receive);
    this.model.off("comm_live_update", this.relive);
    clearTimeout(this.timer);
    this.changed = () => {};
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

  /** Send a message that needs no answer; returns whether it was sent. */
  tell(message) {
    if (!this.alive) return false;
    try {
      this.model.send({ ...message, view: this.view });
      return true;
    } catch { // the connection to the kernel was given up
      this.refused = true;
      return false;
    }
  }

  /** Send a question: a promise of its answer, or of null where none comes. */
  ask(message) {
    return new Promise((resolve) => {
      const sequence = ++this.sequence;
      if (!this.tell({ ...message, seq: sequence })) {
        this.check();
        resolve(null);
        return;
      }
      this.waiting.set(sequence, { resolve, since: performance.now() });
      this.watch();
    });
  }

  receive(message, buffers) {
    if (message.kind === "anyone") this.tell({ kind: "opened" }); // the kernel wonders who is still there
    if (message.view !== this.view) return;
    const waiting = this.waiting.get(message.seq);
    this.waiting.delete(message.seq);
    this.heard(message, buffers);
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
    this.show(!this.alive ? this.gone : late ? BUSY : "");
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
