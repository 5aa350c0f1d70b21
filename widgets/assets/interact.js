// What the mouse, the wheel and touch do on the canvas.

const SLOP = 4; // pixels a press may wander and still be a click
const NEAR = 5; // pixels from the cursor's line at which it is taken hold of
const LINE = 16; // pixels of a wheel's line
const HINT = "Click the chart first, or hold Ctrl, to zoom";

export class Pointing {
  constructor(chart) {
    this.chart = chart;
    this.pointers = new Map(); // pointer id -> { x, y }
    this.drag = null; // "cursor", "pan", "press" or "pinch"
    this.listeners = new AbortController();
    const { canvas } = chart;
    const on = (name, handler, passive) =>
      canvas.addEventListener(name, handler.bind(this), { signal: this.listeners.signal, passive });
    on("pointerdown", this.down);
    on("pointermove", this.move);
    on("pointerup", this.up);
    on("pointercancel", this.cancel);
    on("pointerleave", this.leave);
    on("dblclick", this.double);
    on("wheel", this.wheel, false);
  }

  stop() {
    this.listeners.abort();
  }

  place(event) {
    const box = this.chart.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  overCursor({ x, y }) {
    const { camera, cursorNs, top } = this.chart;
    if (x < camera.left) return false;
    return y < top || Math.abs(camera.x(cursorNs) - x) <= NEAR;
  }

  down(event) {
    if (event.button !== 0) return;
    this.chart.focus();
    this.chart.unhover();
    const place = this.place(event);
    this.pointers.set(event.pointerId, place);
    this.chart.canvas.setPointerCapture(event.pointerId);
    if (this.pointers.size === 2) {
      this.drag = "pinch";
      return;
    }
    this.from = this.last = place;
    this.drag = this.overCursor(place) ? "cursor" : "press";
    if (this.drag === "cursor" && place.y < this.chart.top) this.chart.dragCursor(place.x);
  }

  move(event) {
    const place = this.place(event);
    const held = this.pointers.get(event.pointerId);
    if (!held) {
      this.hover(place);
      return;
    }
    if (this.drag === "press" && Math.hypot(place.x - this.from.x, place.y - this.from.y) > SLOP) this.drag = "pan";
    if (this.drag === "cursor") this.dragCursor(place);
    if (this.drag === "pan") {
      this.chart.pan(this.last.x - place.x);
      this.chart.scrollBy(this.last.y - place.y);
    }
    if (this.drag === "pinch") this.pinch(event.pointerId, place);
    this.last = place;
    this.pointers.set(event.pointerId, place);
  }

  dragCursor(place) {
    if (this.from && Math.abs(place.x - this.from.x) < SLOP && this.from.y >= this.chart.top) return;
    this.from = null;
    this.chart.dragCursor(place.x);
  }

  pinch(id, place) {
    const [other] = [...this.pointers].filter(([otherId]) => otherId !== id).map(([, point]) => point);
    const before = this.pointers.get(id);
    const [wide, wider] = [before, place].map(({ x, y }) => Math.max(Math.hypot(x - other.x, y - other.y), 10));
    this.chart.zoom(wide / wider, (place.x + other.x) / 2);
    this.chart.pan((before.x - place.x) / 2);
  }

  up(event) {
    const place = this.place(event);
    const clicked = this.drag === "press" || (this.drag === "cursor" && this.from && this.from.y >= this.chart.top);
    if (this.pointers.size === 1 && clicked) this.chart.click(place.x, place.y);
    this.cancel(event);
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    if (this.drag === "cursor") this.chart.dropCursor();
    this.drag = this.pointers.size ? "pan" : null;
    this.last = [...this.pointers.values()][0];
  }

  hover(place) {
    const { canvas, camera } = this.chart;
    const over = this.overCursor(place);
    canvas.style.cursor = over ? "ew-resize" : place.x < camera.left ? "default" : "crosshair";
    if (over) this.chart.unhover();
    else this.chart.hoverAt(place.x, place.y);
  }

  leave() {
    this.chart.unhover();
  }

  double(event) {
    const { x, y } = this.place(event);
    const hit = this.chart.hitAt(x, y);
    if (hit) this.chart.zoomTo(hit.startNs, hit.endNs);
  }

  wheel(event) {
    const { chart } = this;
    const { x } = this.place(event);
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? chart.camera.height : 1;
    const sideways = event.shiftKey && !event.deltaX ? event.deltaY : event.deltaX;
    const held = event.ctrlKey || event.metaKey;
    if (!held && Math.abs(sideways) >= Math.abs(event.deltaY)) chart.pan(sideways * unit);
    else if (!held && event.shiftKey) chart.pan(event.deltaY * unit);
    else if (held) chart.zoom(wheelZoom(event.deltaY * unit), x);
    else if (!chart.focused) {
      chart.hint(HINT);
      return;
    } else if (x < chart.camera.left) {
      if (!chart.scrollBy(event.deltaY * unit)) return;
    } else chart.zoom(wheelZoom(event.deltaY * unit), x);
    event.preventDefault();
    chart.unhover();
  }
}

function wheelZoom(pixels) {
  return Math.exp(Math.min(Math.max(pixels, -240), 240) * 0.0022);
}
