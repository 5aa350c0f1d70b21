// A picture: the rectangles of a viewport, unpacked from a header and one buffer.

const EXACT = 1;
export const RAISED = 2;
export const OPEN = 4;
export const CUT = 8;
export const PART = 16;
export const KIND_SHIFT = 5;

/** The arrays in the order in which they are packed; `k` marks those with an item for each code. */
const ARRAYS = [
  ["x0", Float32Array], ["width", Float32Array], ["number", Uint32Array], ["codes", Uint32Array, "k"],
  ["row", Uint16Array], ["code", Uint16Array],
  ["shade", Uint8Array], ["flags", Uint8Array], ["colours", Uint8Array, "k"],
];

export class Picture {
  /**
   * @param {object} header what the kernel sent along
   * @param {ArrayBuffer | DataView | Uint8Array} data the packed arrays, little endian
   */
  constructor(header, data) {
    this.startNs = header.start_ns;
    this.grainNs = header.grain_ns;
    this.columns = header.columns;
    this.endNs = this.startNs + this.grainNs * this.columns;
    this.count = header.count;
    this.unpack(aligned(data), header.count, header.code_count);
    this.x1 = Float64Array.from(this.x0, (x, i) => x + this.width[i]); // where each ends; too coarse for a duration
    this.groups = new Map();
    let rows = 0;
    for (const [track, first, end] of header.rows) {
      if (!this.groups.has(track)) this.groups.set(track, []);
      this.groups.get(track).push({ first, end, base: rows });
      rows += end - first;
    }
    this.begins = new Uint32Array(rows + 1);
    for (let i = 0; i < this.count; i++) this.begins[this.row[i] + 1]++;
    for (let i = 0; i < rows; i++) this.begins[i + 1] += this.begins[i];
  }

  unpack(buffer, count, codeCount) {
    let offset = 0;
    for (const [name, Type, perCode] of ARRAYS) {
      const length = perCode ? codeCount : count;
      this[name] = new Type(buffer, offset, length);
      offset += this[name].byteLength;
    }
  }

  /** The number of a row in this picture, or -1 if it is not in it. */
  rowOf(track, depth) {
    for (const { first, end, base } of this.groups.get(track) ?? []) {
      if (depth >= first && depth < end) return base + depth - first;
    }
    return -1;
  }

  /** The first rectangle of a row that may reach to the right of `x` (in columns). */
  seek(row, x) {
    let low = this.begins[row];
    let high = this.begins[row + 1];
    const first = low;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.x0[middle] <= x) low = middle + 1;
      else high = middle;
    }
    return Math.max(first, low - 2);
  }

  /** The rectangle of a row at `x`, or the nearest within `reach` columns; -1 if there is none. */
  at(row, x, reach) {
    let best = -1;
    let nearest = reach;
    for (let i = this.seek(row, x - reach); i < this.begins[row + 1] && this.x0[i] <= x + reach; i++) {
      const away = Math.max(this.x0[i] - x, x - this.x1[i], 0);
      if (away < nearest || (away === 0 && nearest === 0)) {
        best = i;
        nearest = away;
      }
    }
    return best;
  }

  /** The rectangle of a row that stands at a time, if its call did not end then; -1 if there is none. */
  runningAt(row, ns) {
    const x = this.columnOf(ns);
    const i = this.at(row, x, this.rounding);
    if (i < 0 || this.x0[i] > x) return -1;
    if (!this.isExact(i) || this.flags[i] & OPEN) return i;
    return this.x1[i] - x > Math.min(this.rounding, this.width[i] / 2) ? i : -1;
  }

  isExact(i) {
    return (this.flags[i] & EXACT) !== 0;
  }

  kind(i) {
    return (this.flags[i] >> KIND_SHIFT) & 3;
  }

  timeOf(x) {
    return this.startNs + x * this.grainNs;
  }

  /** How long a rectangle is, as finely as it is known. */
  durationOf(i) {
    return this.width[i] * this.grainNs;
  }

  /** How far apart two starts are at least, in columns, for x0 has 24 bits. */
  get rounding() {
    return this.columns * 2 ** -23;
  }

  /** How finely a start may be told: in a power of ten of ns. */
  get stepNs() {
    return 10 ** Math.max(0, Math.ceil(Math.log10((this.rounding / 2) * this.grainNs)));
  }

  /** Where a time is in columns, rounded as x0 is: a call has begun at its own start. */
  columnOf(ns) {
    return Math.fround((ns - this.startNs) / this.grainNs);
  }

  codeNumber(i) {
    return this.codes[this.code[i]];
  }
}

function aligned(data) {
  if (data instanceof ArrayBuffer) return data;
  if (data.byteOffset % 4 === 0 && data.byteLength + data.byteOffset <= data.buffer.byteLength) {
    if (data.byteOffset === 0) return data.buffer;
  }
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
}
