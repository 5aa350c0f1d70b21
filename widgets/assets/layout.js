// Where each track's rows stand, one below the other, from the top of the first track.

export const ROW = 18;
const GAP = 6;
const NAME = 15;

export class Layout {
  /**
   * @param {object[]} tracks the scene's tracks
   * @param {boolean} narrow whether names stand above the rows instead of beside them
   */
  constructor(tracks, narrow) {
    this.tracks = tracks;
    this.head = narrow ? NAME : 0;
    this.tops = new Float64Array(tracks.length + 1);
    this.ordinals = new Float64Array(tracks.length + 1);
    tracks.forEach((track, i) => {
      this.tops[i + 1] = this.tops[i] + this.head + Math.max(1, track.rows) * ROW + GAP;
      this.ordinals[i + 1] = this.ordinals[i] + track.rows;
    });
    this.height = this.tops[tracks.length];
  }

  /** The track at a height: the last that begins above it. */
  trackAt(y) {
    let low = 0;
    let high = this.tracks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  rowsTop(track) {
    return this.tops[track] + this.head;
  }

  top(track, depth) {
    return this.rowsTop(track) + depth * ROW;
  }

  /** The row at a height, as [track, depth]; null between tracks. */
  at(y) {
    if (!this.tracks.length || y < 0 || y >= this.height) return null;
    const track = this.trackAt(y);
    const depth = Math.floor((y - this.rowsTop(track)) / ROW);
    return depth >= 0 && depth < this.tracks[track].rows ? [track, depth] : null;
  }

  /** The rows between two heights, as [track, first depth, end depth]. */
  between(from, to) {
    const rows = [];
    if (!this.tracks.length) return rows;
    for (let track = this.trackAt(Math.max(from, 0)); track < this.tracks.length && this.tops[track] < to; track++) {
      const top = this.rowsTop(track);
      const first = Math.max(0, Math.floor((from - top) / ROW));
      const end = Math.min(this.tracks[track].rows, Math.ceil((to - top) / ROW));
      if (first < end) rows.push([track, first, end]);
    }
    return rows;
  }

  /** The rows of `between`, as one stretch of all tracks' rows counted through. */
  stretch(rows) {
    if (!rows.length) return [0, 0];
    const last = rows[rows.length - 1];
    return [this.ordinals[rows[0][0]] + rows[0][1], this.ordinals[last[0]] + last[2]];
  }
}
