// Pictures and answers from what is embedded in a page, in place of a kernel.

import { CUT, OPEN, PART, Picture, RAISED } from "./picture.js";
import { STEPS } from "./steps.js";

export class FileSource {
  /**
   * @param {object} data what the page holds: scene, pictures (coarse to fine) and details
   * @param {object} state the page's cursor and selection
   */
  constructor(data, state) {
    this.embedded = data.pictures;
    this.state = state;
    this.details = new Map(data.details.map((details) => [details.call, details]));
    this.names = new Map();
    for (const { header } of this.embedded) {
      for (const [code, name, module] of header.names) this.names.set(code, [name, module]);
    }
    this.pictures = [];
    this.overview = null;
    this.detail = null;
    this.status = "";
    this.changed = () => {};
    this.whenReady = new Promise((resolve) => {
      this.ready = resolve;
    });
  }

  /** Unpack the coarsest picture, and then the finest, in which clicks and steps are looked up. */
  async start(changed) {
    this.changed = changed;
    if (!this.embedded.length) return;
    this.overview = await this.load(0);
    this.changed();
    this.finest = await this.load(this.embedded.length - 1);
    this.changed();
    this.ready();
  }

  stop() {
    this.changed = () => {};
  }

  load(index) {
    this.pictures[index] ??= inflate(this.embedded[index].data).then(
      (buffer) => new Picture(this.embedded[index].header, buffer));
    return this.pictures[index];
  }

  name(code) {
    return this.names.get(code);
  }

  /** Show the coarsest picture that is fine enough for a viewport, or the finest. */
  async want({ start_ns: startNs, end_ns: endNs, columns }) {
    if (!this.embedded.length) return;
    const grain = (endNs - startNs) / columns;
    const found = this.embedded.findIndex(({ header }) => header.grain_ns <= grain * 1.05);
    const index = found < 0 ? this.embedded.length - 1 : found;
    this.latest = index;
    const picture = await this.load(index);
    if (this.latest !== index || this.detail === picture) return;
    this.detail = picture;
    this.changed();
  }

  /** Select a call, or the longest that is whole here in a merged bar; null if none is. */
  async pick(target) {
    const picture = this.finest;
    const row = picture?.rowOf(target.track, target.depth) ?? -1;
    const place = row < 0 ? -1 : placeOf(picture, row, target);
    if (place < 0) return null;
    this.state.moveTo(target.time_ns);
    this.state.select(this.describe(picture, place, target.track, target.depth));
    return {};
  }

  /** Why nothing was selected. */
  lack({ call }) {
    return !this.finest ? "this file is still being read" : call === undefined ? "only merged in this file" : "";
  }

  async unpick() {
    this.state.select({});
    return {};
  }

  /** Go to the next or previous edge of a call, or from the selected call to one beside, above or below it. */
  async step(to) {
    const picture = this.finest;
    if (!picture) return null;
    if (to === "next" || to === "previous") this.stepCursor(picture, to === "next");
    else if (STEPS.some(([step]) => step === to)) return { refusal: "lines are not kept in this file" };
    else if (!this.stepSelection(picture, to) && to === "parent" && this.state.selection.depth > 0) {
      return { refusal: "its caller is not kept in this file" };
    }
    return {};
  }

  stepCursor(picture, forward) {
    const from = this.state.cursorNs;
    let best = forward ? Infinity : -Infinity;
    for (let i = 0; i < picture.count; i++) {
      for (const x of [picture.x0[i], picture.x1[i]]) {
        const ns = Math.round(picture.timeOf(x));
        if (forward ? ns > from && ns < best : ns < from && ns > best) best = ns;
      }
    }
    if (Number.isFinite(best)) this.state.moveTo(best);
  }

  /** Select a call beside the selected one; returns whether there is one. */
  stepSelection(picture, to) {
    const { track, depth } = this.state.selection;
    const target = depth + ({ parent: -1, child: 1 }[to] ?? 0);
    const row = picture.rowOf(track, target);
    const best = row < 0 ? -1 : beside(picture, row, to, this.state.selection);
    if (best < 0) return false;
    const details = this.describe(picture, best, track, target);
    this.state.moveTo(details.from_ns);
    this.state.select(details);
    return true;
  }

  /** The details of a rectangle: those that are embedded, else what the picture itself tells; and where it stands. */
  describe(picture, i, track, depth) {
    const call = picture.number[i];
    const fromNs = Math.max(0, Math.round(picture.timeOf(picture.x0[i])));
    const length = Math.round(picture.durationOf(i));
    const place = { track, depth, from_ns: fromNs, to_ns: fromNs + length };
    const known = this.details.get(call);
    if (known) return { ...known, ...place };
    const [name, module] = this.name(picture.codeNumber(i)) ?? ["a call", ""];
    const flags = picture.flags[i];
    const kind = ["python", "opaque", "c"][picture.kind(i)];
    return {
      ...place, call, name, module, kind, outcome: outcomeOf(flags),
      start_ns: fromNs, end_ns: fromNs + length, duration_ns: length, step_ns: picture.stepNs,
      part: (flags & PART) !== 0, start_known: !(flags & CUT), self_ns: null, file: "", line: 0, source: "",
      arguments: [], arguments_standing: "not kept in this file", result: [null, "not kept in this file"],
      exception: null,
    };
  }

  async rows({ start_ns: startNs, end_ns: endNs, filter, sort, descending, limit }) {
    const text = filter.toLowerCase();
    const rows = [...this.calls(startNs, endNs)].filter((row) => `${row[6]} ${row[7]}`.toLowerCase().includes(text));
    const column = { track: 1, start_ns: 3, duration_ns: 4, self_ns: 5, name: 6, module: 7, outcome: 8 }[sort];
    const sign = descending ? -1 : 1;
    rows.sort((a, b) => sign * (a[column] < b[column] ? -1 : a[column] > b[column] ? 1 : 0) || a[3] - b[3]);
    return { total: rows.length, rows: rows.slice(0, limit) };
  }

  *calls(startNs, endNs) {
    const picture = this.finest;
    if (!picture) return;
    const seen = new Set();
    for (const [track, groups] of picture.groups) {
      for (const { first, end, base } of groups) {
        for (let depth = first; depth < end; depth++) {
          for (let i = picture.begins[base + depth - first]; i < picture.begins[base + depth - first + 1]; i++) {
            if (!picture.isExact(i) || seen.has(picture.number[i])) continue;
            if (picture.timeOf(picture.x1[i]) < startNs || picture.timeOf(picture.x0[i]) > endNs) continue;
            seen.add(picture.number[i]);
            const d = this.describe(picture, i, track, depth);
            const duration = d.part ? null : d.duration_ns;
            yield [d.call, track, depth, d.start_ns, duration, d.self_ns, d.name, d.module, d.outcome, d.step_ns];
          }
        }
      }
    }
  }
}

/** The rectangle of a call in a row, at best the one at `time_ns`; or the longest call whose middle is in a stretch. */
function placeOf(picture, row, { call, start_ns: startNs, end_ns: endNs, time_ns: timeNs }) {
  const margin = picture.rounding * picture.grainNs; // so close to an end, a call may be a neighbour
  let best = -1;
  for (let i = picture.begins[row]; i < picture.begins[row + 1]; i++) {
    if (!picture.isExact(i)) continue;
    if (call !== undefined) {
      if (picture.number[i] === call && (best < 0 || picture.x0[i] <= picture.columnOf(timeNs))) best = i;
    } else if (isWithin(middleOf(picture, i), startNs + margin, endNs - margin)) {
      if (best < 0 || picture.width[i] > picture.width[best]) best = i;
    }
  }
  return best;
}

/** The rectangle of a row that stands beside, above or below a selection; -1 if there is none. */
function beside(picture, row, to, { from_ns: startNs, to_ns: endNs }) {
  let best = -1;
  for (let i = picture.begins[row]; i < picture.begins[row + 1]; i++) {
    if (!picture.isExact(i)) continue;
    const middle = middleOf(picture, i);
    if (to === "left" && middle < startNs) best = i;
    else if (to === "right" && middle > endNs && best < 0) best = i;
    else if (to === "child" && isWithin(middle, startNs, endNs) && best < 0) best = i;
    else if (to === "parent" && isWithin((startNs + endNs) / 2, ...extentOf(picture, i))) best = i;
  }
  return best;
}

function extentOf(picture, i) {
  return [picture.timeOf(picture.x0[i]), picture.timeOf(picture.x1[i])];
}

function middleOf(picture, i) {
  return picture.timeOf((picture.x0[i] + picture.x1[i]) / 2);
}

function isWithin(ns, startNs, endNs) {
  return ns >= startNs && ns <= endNs;
}

/** How a call ended, as far as the flags of a rectangle tell: they do not tell a return from a suspension. */
function outcomeOf(flags) {
  if (flags & RAISED) return "raise";
  if (flags & OPEN) return "unknown";
  return flags & PART ? "part" : "untold";
}

async function inflate(base64) {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}
