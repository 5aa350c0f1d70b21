// Runs before the page's own scripts: keeps what each canvas shows, as texts and filled rectangles. A rectangle that covers
// the whole canvas hides what was there.
(() => {
  const drawing = CanvasRenderingContext2D.prototype;
  const { fillRect, fillText } = drawing;

  drawing.fillRect = function (x, y, width, height) {
    const { canvas } = this;
    canvas.shown ??= { texts: [], rects: [], ground: "" };
    if (x <= 0 && y <= 0 && width >= canvas.clientWidth && height >= canvas.clientHeight) {
      canvas.shown = { texts: [], rects: [], ground: this.fillStyle };
    } else canvas.shown.rects.push({ x, y, width, height, colour: this.fillStyle });
    return fillRect.call(this, x, y, width, height);
  };

  drawing.fillText = function (text, x, y, ...rest) {
    this.canvas.shown?.texts.push({ text, x, y, colour: this.fillStyle });
    return fillText.call(this, text, x, y, ...rest);
  };
})();
