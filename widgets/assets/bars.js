// The spans of the rows in sight: gathered into plain arrays, then painted colour by colour.

import { countText, shortName } from "./format.js";
import { ROW } from "./layout.js";
import { CUT, KIND_SHIFT, OPEN, RAISED } from "./picture.js";
import { TONES } from "./theme.js";

const BAR = ROW - 1;
const MOST_LABELS = 400;
const LEAST_LABEL = 22;
const LEAST_EDGE = 7;
const LEAST_LETTERS = 3;
const ELLIPSIS = 10;
/** How strong the colour is of calls into Python code, into libraries and into C; as _COLOURED in export/bars.py. */
const STRENGTH = [1, 0.55, 0.4];

export class Bars {
  constructor() {
    this.widths = new Map(); // label -> its width
    this.font = "";
    this.reserve(4096);
  }

  reserve(size) {
    this.size = size;
    this.left = new Float32Array(size);
    this.right = new Float32Array(size);
    this.top = new Float32Array(size);
    this.style = new Uint16Array(size);
    this.index = new Uint32Array(size);
    this.fine = new Uint8Array(size);
    this.cut = new Uint8Array(size); // 1: its start is out of sight, 2: its end is
    this.order = new Uint32Array(size);
  }

  /** Paint the rows that are in sight from the overview and, where there is one, from the finer picture. */
  paint(context, view) {
    this.gather(view);
    this.sort(view.theme.fills.length);
    this.fill(context, view);
    this.decorate(context, view);
    this.label(context, view);
  }

  gather(view) {
    const { camera, layout, top } = view;
    this.count = 0;
    const [from, to] = [camera.left, camera.left + camera.width];
    const { overview } = view.source;
    const detail = usable(view.source.detail, overview, camera.nsPerPixel) ? view.source.detail : null;
    this.pictures = [overview, detail];
    for (const [track, first, end] of layout.between(camera.scroll, camera.scroll + camera.height)) {
      for (let depth = first; depth < end; depth++) {
        const y = top + layout.top(track, depth) - camera.scroll;
        const row = detail ? detail.rowOf(track, depth) : -1;
        const begin = row < 0 ? to : Math.min(Math.max(camera.x(detail.startNs), from), to);
        const stop = row < 0 ? to : Math.max(Math.min(camera.x(detail.endNs), to), from);
        const coarse = overview && (begin > from || stop < to) ? overview.rowOf(track, depth) : -1;
        if (coarse >= 0 && begin > from) this.gatherRow(overview, 0, coarse, y, from, begin, camera);
        if (coarse >= 0 && stop < to) this.gatherRow(overview, 0, coarse, y, stop, to, camera);
        if (row >= 0 && begin < stop) this.gatherRow(detail, 1, row, y, begin, stop, camera);
      }
    }
  }

  gatherRow(picture, fine, row, y, from, to, camera) {
    const scale = picture.grainNs / camera.nsPerPixel;
    const origin = camera.x(picture.startNs);
    const end = picture.begins[row + 1];
    let painted = -1;
    for (let i = picture.seek(row, (from - origin) / scale); i < end; i++) {
      const left = Math.round(origin + picture.x0[i] * scale);
      if (left >= to) break;
      const right = Math.max(Math.round(origin + picture.x1[i] * scale), left + 1);
      if (right <= from || right <= painted) continue;
      painted = right;
      if (this.count === this.size) this.grow();
      const at = this.count++;
      this.left[at] = left < from ? from : left;
      this.right[at] = right > to ? to : right;
      this.top[at] = y;
      this.index[at] = i;
      this.fine[at] = fine;
      this.cut[at] = (left < from ? 1 : 0) | (right > to ? 2 : 0);
      this.style[at] = styleOf(picture, i);
    }
  }

  grow() {
    const { left, right, top, style, index, fine, cut } = this;
    this.reserve(this.size * 2);
    this.left.set(left);
    this.right.set(right);
    this.top.set(top);
    this.style.set(style);
    this.index.set(index);
    this.fine.set(fine);
    this.cut.set(cut);
  }

  /** Order what was gathered by its colour, counting. */
  sort(styles) {
    if (this.starts?.length !== styles + 1) this.starts = new Uint32Array(styles + 1);
    const { starts, style, order, count } = this;
    starts.fill(0);
    for (let at = 0; at < count; at++) starts[style[at] + 1]++;
    for (let i = 0; i < styles; i++) starts[i + 1] += starts[i];
    for (let at = 0; at < count; at++) order[starts[style[at]]++] = at;
  }

  fill(context, { theme }) {
    const { starts, order, left, right, top } = this;
    for (let style = 0, k = 0; style < theme.fills.length; style++) {
      const begin = k;
      if (k === starts[style]) continue;
      context.fillStyle = theme.fills[style];
      for (; k < starts[style]; k++) {
        const at = order[k];
        const width = right[at] - left[at];
        context.fillRect(left[at], top[at], width >= 4 ? width - 1 : width, BAR);
      }
      context.fillStyle = theme.edges[(style / TONES) | 0];
      for (let e = begin; e < k; e++) {
        const at = order[e];
        const edged = right[at] - left[at] >= LEAST_EDGE && !(this.cut[at] & 1) && this.isExact(at);
        if (edged) context.fillRect(left[at], top[at], 1, BAR);
      }
    }
  }

  isExact(at) {
    return this.pictures[this.fine[at]].isExact(this.index[at]);
  }

  /** Mark the calls that raised, and fray the ends that were not seen. */
  decorate(context, { theme }) {
    for (let at = 0; at < this.count; at++) {
      const flags = this.pictures[this.fine[at]].flags[this.index[at]];
      if (!(flags & (RAISED | OPEN | CUT))) continue;
      const [left, right, top] = [this.left[at], this.right[at], this.top[at]];
      const [startSeen, endSeen, wide] = [!(this.cut[at] & 1), !(this.cut[at] & 2), right - left >= 8];
      if (flags & RAISED && endSeen) {
        context.fillStyle = theme.danger;
        if (wide) context.fillRect(right - 4, top, 3, BAR);
        else context.fillRect(left, top + BAR - 4, Math.max(right - left - 1, 1), 4);
      }
      context.fillStyle = theme.ground;
      if (flags & OPEN && endSeen && wide) for (let y = 1; y < BAR; y += 5) context.fillRect(right - 4, top + y, 3, 2);
      if (flags & CUT && startSeen && wide) for (let y = 1; y < BAR; y += 5) context.fillRect(left, top + y, 3, 2);
    }
  }

  label(context, view) {
    const { theme, source } = view;
    this.useFont(context, theme.font);
    context.fillStyle = theme.label;
    let labels = 0;
    for (let at = 0; at < this.count && labels < MOST_LABELS; at++) {
      const room = this.right[at] - this.left[at] - 8;
      if (room < LEAST_LABEL - 8) continue;
      const text = this.textFor(context, at, room, source);
      if (!text) continue;
      context.fillText(text, this.left[at] + 5, this.top[at] + BAR / 2 + 0.5);
      labels++;
    }
  }

  useFont(context, family) {
    context.font = `11px ${family}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    if (this.font === context.font) return;
    this.font = context.font;
    this.widths.clear();
  }

  textFor(context, at, room, source) {
    const picture = this.pictures[this.fine[at]];
    const i = this.index[at];
    if (!picture.isExact(i)) {
      const text = `${countText(picture.number[i])} calls`;
      return this.width(context, text) <= room ? text : "";
    }
    const name = source.name(picture.codeNumber(i))?.[0];
    if (!name) return "";
    if (this.width(context, name) <= room) return name;
    const short = shortName(name);
    const width = this.width(context, short);
    if (width <= room) return short;
    const letters = Math.floor(((room - ELLIPSIS) / width) * short.length);
    return letters >= LEAST_LETTERS ? `${short.slice(0, letters)}…` : "";
  }

  width(context, text) {
    let width = this.widths.get(text);
    if (width === undefined) {
      if (this.widths.size > 5000) this.widths.clear();
      width = context.measureText(text).width;
      this.widths.set(text, width);
    }
    return width;
  }
}

/** The colour of a rectangle, as a position in the theme's fills. */
function styleOf(picture, i) {
  const flags = picture.flags[i];
  const share = flags & 1 ? 1 : 0.15 + 0.75 * (picture.shade[i] / 255);
  const strength = share * STRENGTH[(flags >> KIND_SHIFT) & 3];
  return picture.colours[picture.code[i]] * TONES + Math.round(strength * (TONES - 1));
}

/** Whether the finer picture is worth drawing: not when the overview alone is as fine as the screen. */
function usable(detail, overview, nsPerPixel) {
  return Boolean(detail) && (!overview || overview.grainNs > nsPerPixel || detail.grainNs >= nsPerPixel / 4);
}
