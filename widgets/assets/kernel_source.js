// Pictures and answers from the kernel.
//
// A source has: overview (a Picture or null), detail (a Picture or null), name(code) -> [name, module] or undefined,
// want(viewport), pick(target), unpick(), step(to), rows(query) -> Promise, start(changed), stop(), status (text).
// pick answers null where nothing was selected, lack(hit) may then say why, and step may answer with a refusal (text).

import { Kernel } from "./kernel.js";
import { Picture } from "./picture.js";

const GONE = "no kernel: showing the last picture";

export class KernelSource {
  /**
   * @param {object} model anywidget's model
   * @param {HTMLElement} element the view's element
   */
  constructor(model, element) {
    this.model = model;
    this.kernel = new Kernel(model, element, GONE);
    this.names = new Map();
    this.detail = null;
    this.wanted = null;
    this.readOverview = this.readOverview.bind(this);
    this.readOverview();
  }

  start(changed) {
    this.changed = changed;
    this.model.on("change:overview_data", this.readOverview);
    this.kernel.start(changed, (message, buffers) => {
      if (message.kind === "picture") this.detail = this.picture(message, buffers[0]);
    });
  }

  stop() {
    this.model.off("change:overview_data", this.readOverview);
    this.kernel.stop();
    this.changed = () => {};
  }

  /** Tell the kernel that this view is gone for good. */
  close() {
    this.kernel.tell({ kind: "closed" });
  }

  get alive() {
    return this.kernel.alive;
  }

  get status() {
    return this.kernel.status;
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
    if (!this.asking) this.ask();
  }

  async ask() {
    this.asking = true;
    while (this.wanted) {
      const viewport = this.wanted;
      this.wanted = null;
      await this.kernel.ask({ kind: "picture", ...viewport });
    }
    this.asking = false;
  }

  pick(target) {
    return this.kernel.ask({ kind: "pick", ...target });
  }

  unpick() {
    return this.kernel.ask({ kind: "unpick" });
  }

  step(to) {
    return this.kernel.ask({ kind: "step", to });
  }

  /** The spans of a stretch of time: a promise of { total, rows }, or of null without a kernel. */
  rows(query) {
    return this.kernel.ask({ kind: "rows", ...query });
  }
}
