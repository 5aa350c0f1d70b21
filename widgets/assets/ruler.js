// The ruler above the rows: times, cell runs and the cursor's handle.

import { decimalsFor, niceStep, timeText, unitSize } from "./format.js";

export const TICKS = 20;
export const CELLS = 16;
const MOST_DECIMALS = 4;
const HANDLE = 16;
const ARROW = 7;

/** Paint the ruler; its cell runs stand above its times. */
export function paintRuler(context, view) {
  const { theme, camera, top, width } = view;
  context.fillStyle = theme.outside;
  context.fillRect(0, 0, width, top);
  context.font = `10.5px ${theme.font}`;
  context.textBaseline = "middle";
  context.save();
  context.beginPath();
  context.rect(camera.left, 0, camera.width, top);
  context.clip();
  const step = niceStep(camera.nsPerPixel * 84);
  const base = baseOf(camera, step);
  paintTicks(context, view, step, base);
  if (top > TICKS) paintCells(context, view);
  context.restore();
  if (base) paintBase(context, view, base, step);
  context.fillStyle = theme.line;
  context.fillRect(0, top - 1, width, 1);
}

function paintTicks(context, view, step, base) {
  const { theme, camera, top } = view;
  context.textAlign = "left";
  const first = Math.ceil(camera.startNs / step) * step;
  const [busyFrom, busyTo] = handle(context, view);
  for (let ns = first; ns <= camera.endNs; ns += step) {
    if (ns < 0 || ns > camera.durationNs) continue;
    const x = Math.round(camera.x(ns));
    context.fillStyle = theme.line;
    context.fillRect(x, top - TICKS + 12, 1, TICKS - 12);
    context.fillStyle = theme.muted;
    const text = (base ? "+" : "") + timeText(Math.max(ns - base, 0), step);
    const end = x + 4 + context.measureText(text).width;
    const fits = end <= camera.left + camera.width - ARROW - 4 && (x + 4 > busyTo || end < busyFrom);
    if (fits) context.fillText(text, x + 4, top - TICKS / 2);
  }
}

/** What all times in sight have in common, when they would be long to read in full; else 0. */
function baseOf(camera, step) {
  if (decimalsFor(unitSize(camera.endNs), step) <= MOST_DECIMALS) return 0;
  const coarse = 10 ** Math.ceil(Math.log10(camera.spanNs));
  return Math.max(0, Math.floor(camera.startNs / coarse) * coarse);
}

/** Tell at the left what the times in sight are counted from. */
function paintBase(context, { theme, camera, top }, base, step) {
  const text = `${timeText(base, 10 ** Math.ceil(Math.log10(Math.max(step * 8, camera.spanNs))))} +`;
  const wide = context.measureText(text).width + 8;
  const left = camera.left > wide ? camera.left - wide : camera.left;
  context.fillStyle = theme.outside;
  context.fillRect(left, top - TICKS, wide, TICKS - 1);
  context.fillStyle = theme.ink;
  context.fillText(text, left + 4, top - TICKS / 2);
}

function paintCells(context, { theme, camera, scene }) {
  let free = -Infinity;
  context.textAlign = "left";
  for (const cell of scene.cells) {
    const endNs = cell.end_ns < 0 ? camera.durationNs : cell.end_ns;
    const left = Math.max(Math.round(camera.x(cell.start_ns)), camera.left);
    const right = Math.min(Math.round(camera.x(endNs)), camera.left + camera.width);
    if (right < left || left > camera.left + camera.width) continue;
    context.fillStyle = theme.line;
    context.fillRect(left, 2, Math.max(right - left - 1, 1), CELLS - 4);
    const text = `[${cell.number ?? " "}]`;
    const wide = context.measureText(text).width;
    if (left < free || (right - left < wide + 4 && right - left < 12)) continue;
    context.fillStyle = theme.ink;
    context.fillText(text, left + 3, CELLS / 2 + 0.5);
    free = left + wide + 6;
  }
}

/** From where to where the cursor's handle goes, and its text. */
function handle(context, { theme, camera, cursorNs }) {
  const x = Math.round(camera.x(cursorNs));
  context.font = `600 10.5px ${theme.font}`;
  const text = timeText(cursorNs, niceStep(camera.nsPerPixel));
  const wide = Math.ceil(context.measureText(text).width) + 12;
  context.font = `10.5px ${theme.font}`;
  const left = Math.round(Math.min(Math.max(x - wide / 2, camera.left), camera.left + camera.width - wide));
  return inSight(camera, x) ? [left, left + wide, text] : [0, 0, ""];
}

function inSight(camera, x) {
  return x >= camera.left - 1 && x <= camera.left + camera.width + 1;
}

/** Paint the time cursor: a line with a handle that tells its time, or an arrow at the side when it is out of sight. */
export function paintCursor(context, view) {
  const { theme, camera, cursorNs, top, height } = view;
  const x = Math.round(camera.x(cursorNs));
  context.fillStyle = theme.accent;
  if (!inSight(camera, x)) {
    if (x < camera.left) paintArrow(context, camera.left + 2, -1, top);
    else paintArrow(context, camera.left + camera.width - 2, 1, top);
    return;
  }
  const [left, right, text] = handle(context, view);
  context.fillRect(x - 1, top - 4, 2, height - top + 4);
  context.beginPath();
  context.roundRect(left, top - 2 - HANDLE, right - left, HANDLE, 3);
  context.moveTo(x - 5, top - 3);
  context.lineTo(x + 5, top - 3);
  context.lineTo(x, top + 3);
  context.fill();
  context.fillStyle = theme["accent-ink"];
  context.font = `600 10.5px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(text, left + 6, top - 2 - HANDLE / 2);
}

function paintArrow(context, x, direction, top) {
  context.beginPath();
  context.moveTo(x, top - TICKS / 2);
  context.lineTo(x - direction * ARROW, top - TICKS / 2 - 5);
  context.lineTo(x - direction * ARROW, top - TICKS / 2 + 5);
  context.fill();
}
