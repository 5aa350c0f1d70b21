// Runs before the page's own scripts: notes when messages of the kernel arrive, how large they are, and when the first
// bars have been painted after `meter.watch()`.
window.meter = {
  arrivals: [], // {at, type, kind, bytes}
  painted: 0,
  watching: false,

  watch() {
    this.arrivals = [];
    this.painted = 0;
    this.watching = true;
  },

  /** Bars have been drawn: a message posted in the next frame's callback is delivered when that frame has been painted. */
  drew() {
    this.watching = false;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { this.painted = performance.now(); };
      channel.port2.postMessage(null);
    });
  },

  /** A message of protocol v1.kernel.websocket.jupyter.org: offsets, then the parts in JSON, then buffers. */
  arrived(data) {
    const at = performance.now();
    const bytes = data.byteLength ?? data.length;
    const text = typeof data === "string" ? data : new TextDecoder("latin1").decode(new Uint8Array(data, 0, Math.min(bytes, 4096)));
    const type = /"msg_type": ?"(\w+)"/.exec(text)?.[1];
    this.arrivals.push({ at, bytes, type, kind: /"kind": ?"(\w+)"/.exec(text)?.[1] });
  },
};

window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    this.addEventListener("message", (event) => window.meter.arrived(event.data));
  }
};

const fillRect = CanvasRenderingContext2D.prototype.fillRect;
CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
  // A bar, not the ground: it is a row high.
  if (window.meter.watching && height < 30 && this.canvas.isConnected) window.meter.drew();
  return fillRect.call(this, x, y, width, height);
};

document.addEventListener("DOMContentLoaded", () => {
  const plotted = () => window.meter.watching && document.querySelector(".js-plotly-plot .barlayer .point") && window.meter.drew();
  new MutationObserver(plotted).observe(document.body, { childList: true, subtree: true });
});
