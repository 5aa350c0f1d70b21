// One frame of the chart.

import { Bars } from "./bars.js";
import { paintCellLines, paintGround, paintNames, paintUnknown } from "./ground.js";
import { ROW } from "./layout.js";
import { paintCursor, paintRuler } from "./ruler.js";

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.bars = new Bars();
  }

  /** Give the canvas a size in CSS pixels, with as many pixels as the screen has there. */
  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  /**
   * @param {object} view scene, source, theme, camera, layout, cursorNs, mark, hover, top (of the rows), width, height
   */
  paint(view) {
    const { context } = this;
    const { camera, top, height } = view;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    paintGround(context, view);
    context.save();
    context.beginPath();
    context.rect(camera.left, top, camera.width, height - top);
    context.clip();
    paintCellLines(context, view);
    this.bars.paint(context, view);
    paintUnknown(context, view);
    if (view.hover) outline(context, view, view.hover, view.theme.ink, 1);
    if (view.mark) outline(context, view, view.mark, view.theme.focus, 2);
    context.restore();
    paintNames(context, view);
    paintRuler(context, view);
    paintCursor(context, view);
  }
}

function outline(context, { camera, layout, theme, top }, { track, depth, startNs, endNs }, colour, thick) {
  if (track >= layout.tracks.length) return;
  const left = Math.max(Math.round(camera.x(startNs)), camera.left - 4);
  const right = Math.min(Math.max(Math.round(camera.x(endNs)), left + 3), camera.left + camera.width + 4);
  if (right < left) return;
  const y = top + layout.top(track, depth) - camera.scroll;
  context.lineWidth = 1;
  if (thick > 1) {
    context.strokeStyle = theme.ground;
    context.strokeRect(left - 0.5, y - 0.5, right - left, ROW);
  }
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.strokeRect(left + thick / 2, y + thick / 2, Math.max(right - left - 1 - thick, 1), ROW - 1 - thick);
}
