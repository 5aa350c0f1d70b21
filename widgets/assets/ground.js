// What stands behind and around the spans: the tracks' names, what is not known, and where cells began.

import { countText, pluralText } from "./format.js";
import { ROW } from "./layout.js";

const PAD = 8;

/** Paint the ground, with the time before the start and after the end set apart. */
export function paintGround(context, { theme, camera, top, width, height }) {
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  const begin = Math.max(camera.x(0), camera.left);
  const end = Math.min(camera.x(camera.durationNs), camera.left + camera.width);
  context.fillStyle = theme.outside;
  context.fillRect(camera.left, top, Math.round(begin) - camera.left, height - top);
  context.fillRect(Math.round(end), top, camera.left + camera.width - Math.round(end), height - top);
}

/** Paint a line where each cell run began. */
export function paintCellLines(context, { theme, camera, scene, top, height }) {
  context.fillStyle = theme.line;
  for (const cell of scene.cells) {
    const x = Math.round(camera.x(cell.start_ns));
    if (x >= camera.left && x < camera.left + camera.width) context.fillRect(x, top, 1, height - top);
  }
}

/** Hatch the time of which nothing is known: before the horizon, and on a track after the last event that was kept. */
export function paintUnknown(context, view) {
  const { camera, layout, scene, top, height } = view;
  const told = scene.horizon_ns > 0 && hatch(context, view, 0, scene.horizon_ns, top, height);
  if (told) tell(context, view, `${pluralText(scene.dropped, "event")} dropped`, told, height - ROW / 2 - 2);
  for (const track of tracksInSight(view)) {
    const { known_ns: known, dropped } = scene.tracks[track];
    if (known < 0 || known >= scene.duration_ns) continue;
    const y = top + layout.rowsTop(track) - camera.scroll;
    const bottom = top + layout.tops[track + 1] - camera.scroll - 4;
    const place = hatch(context, view, Math.max(known, scene.horizon_ns), scene.duration_ns, y, bottom);
    if (place && dropped) tell(context, view, `${pluralText(dropped, "event")} dropped`, place, y + ROW / 2);
  }
}

function hatch(context, { theme, camera }, startNs, endNs, top, bottom) {
  const left = Math.max(camera.x(startNs), camera.left);
  const right = Math.min(camera.x(endNs), camera.left + camera.width);
  if (right - left < 1) return null;
  context.fillStyle = theme.hatch;
  context.fillRect(Math.round(left), top, Math.round(right) - Math.round(left), bottom - top);
  return [left, right];
}

function tell(context, { theme }, text, [left, right], y) {
  context.font = `11px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const wide = context.measureText(text).width;
  if (wide + 2 * PAD > right - left) return;
  context.fillStyle = theme.ground;
  context.fillRect(Math.round(left) + PAD - 4, y - 8, wide + 8, 16);
  context.fillStyle = theme.muted;
  context.fillText(text, Math.round(left) + PAD, y);
}

/** Paint the tracks' names: beside their rows, or above them where there is no room beside. */
export function paintNames(context, view) {
  const { theme, camera, layout, scene, top, height } = view;
  if (!layout.head) {
    context.fillStyle = theme.outside;
    context.fillRect(0, top, camera.left, height - top);
    context.fillStyle = theme.line;
    context.fillRect(camera.left - 1, 0, 1, height);
  }
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const track of tracksInSight(view)) {
    const begin = layout.tops[track] - camera.scroll;
    const end = layout.tops[track + 1] - camera.scroll;
    context.fillStyle = theme.line;
    if (begin > 0) context.fillRect(0, Math.round(top + begin) - 3, camera.left + camera.width, 1);
    const sticky = Math.min(Math.max(begin, 0), end - (layout.head || ROW) - 6);
    name(context, view, scene.tracks[track], track, Math.round(top + sticky), end - sticky - 6);
  }
}

function name(context, { theme, camera, layout, scene }, track, number, y, room) {
  const wide = layout.head ? camera.width : camera.left;
  const middle = y + (layout.head || ROW) / 2;
  context.font = `${scene.tracks.length > 1 ? 600 : 500} 11px ${theme.font}`;
  context.fillStyle = theme.ink;
  const text = fitted(context, track.name, wide - 2 * PAD);
  context.fillText(text, PAD, middle);
  const hidden = Math.floor((camera.scroll - layout.rowsTop(number)) / ROW);
  const note = hidden > 0 ? `depth ${countText(hidden)}` : track.rows ? "" : track.dropped ? "all dropped" : "no calls";
  if (!note) return;
  const beside = context.measureText(text).width + 2 * PAD;
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.muted;
  if (!layout.head && room >= 2 * ROW) context.fillText(note, PAD, middle + 15);
  else if (beside + context.measureText(note).width < wide) context.fillText(note, beside, middle);
}

/** A text, cut short to a width. */
function fitted(context, text, room) {
  const wide = context.measureText(text).width;
  if (wide <= room) return text;
  const letters = Math.floor((room / wide) * text.length) - 1;
  return letters > 0 ? `${text.slice(0, letters)}…` : "";
}

function* tracksInSight({ camera, layout, scene }) {
  if (!scene.tracks.length) return;
  for (let track = layout.trackAt(camera.scroll); track < scene.tracks.length; track++) {
    if (layout.tops[track] >= camera.scroll + camera.height) return;
    yield track;
  }
}
