// Which time and which rows are in sight, and where they are on the canvas.

const LEAST_NS = 50;

export class Camera {
  constructor(durationNs, firstNs = 0) {
    this.firstNs = firstNs; // nothing is known before it
    this.durationNs = Math.max(durationNs, 1000);
    this.startNs = 0;
    this.endNs = this.durationNs;
    this.left = 0; // where time begins, in pixels
    this.width = 1; // how many pixels show time
    this.scroll = 0; // how many pixels of rows are above the sight
    this.height = 0; // how many pixels show rows
    this.content = 0; // how many pixels all rows take
    this.fit();
  }

  get spanNs() {
    return this.endNs - this.startNs;
  }

  get nsPerPixel() {
    return this.spanNs / this.width;
  }

  x(ns) {
    return this.left + (ns - this.startNs) / this.nsPerPixel;
  }

  ns(x) {
    return this.startNs + (x - this.left) * this.nsPerPixel;
  }

  /** The time at a place, within what is known of the recording. */
  inside(x) {
    return this.known(this.ns(x));
  }

  known(ns) {
    return Math.round(Math.min(Math.max(ns, this.firstNs), this.durationNs));
  }

  fit() {
    this.show(0, this.durationNs, 0.008);
  }

  /** Bring a stretch of time into sight, with a share of its length around it. */
  show(startNs, endNs, margin) {
    const around = Math.max((endNs - startNs) * margin, (LEAST_NS - (endNs - startNs)) / 2);
    this.set(startNs - around, endNs + around);
  }

  zoom(factor, x) {
    const ns = this.ns(x);
    const most = this.durationNs * 1.016;
    const span = Math.min(Math.max(this.spanNs * factor, LEAST_NS), most);
    const scale = span / this.spanNs;
    this.set(ns - (ns - this.startNs) * scale, ns + (this.endNs - ns) * scale);
  }

  pan(pixels) {
    const ns = pixels * this.nsPerPixel;
    this.set(this.startNs + ns, this.endNs + ns);
  }

  set(startNs, endNs) {
    const beyond = this.durationNs * 0.008;
    const span = Math.min(endNs - startNs, this.durationNs + 2 * beyond);
    this.startNs = Math.min(Math.max(startNs, -beyond), this.durationNs + beyond - span);
    this.endNs = this.startNs + span;
  }

  scrollTo(pixels) {
    this.scroll = Math.round(Math.min(Math.max(pixels, 0), Math.max(0, this.content - this.height)));
  }

  /** Bring a time into sight, if it is not, without changing the scale. */
  reveal(ns) {
    if (ns >= this.startNs && ns <= this.endNs) return;
    const before = this.spanNs * (ns < this.startNs ? 0.3 : 0.7);
    this.set(ns - before, ns - before + this.spanNs);
  }
}
