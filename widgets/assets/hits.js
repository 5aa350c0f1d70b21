// Which rectangle is where.

const REACH = 3; // pixels from a thin rectangle at which the pointer is still on it
const FAR = 50; // pixels from the cursor at which a call is still beside it

/** The rectangle at a place on the canvas; null if there is none. */
export function hitAt({ camera, layout, source, top }, x, y) {
  const place = layout.at(y - top + camera.scroll);
  return place && nearest(source, place, camera.ns(x), REACH * camera.nsPerPixel, REACH * camera.nsPerPixel);
}

/** The outermost call at a time, or the nearest to it, on the first track in sight that has one. */
export function hitNear({ camera, layout, source }, ns) {
  for (const [track, first] of layout.between(camera.scroll, camera.scroll + camera.height)) {
    const hit = nearest(source, [track, first], ns, FAR * camera.nsPerPixel, camera.durationNs);
    if (hit) return hit;
  }
  return null;
}

/** The rectangle nearest to a time in a row: in the finer picture, else in the overview. */
function nearest({ detail, overview }, place, ns, reachNs, overviewReachNs) {
  return hitIn(detail, overview, place, ns, reachNs) ?? hitIn(overview, overview, place, ns, overviewReachNs);
}

function hitIn(picture, overview, [track, depth], ns, reachNs) {
  const row = picture?.rowOf(track, depth) ?? -1;
  if (row < 0 || ns < picture.startNs - reachNs || ns > picture.endNs + reachNs) return null;
  const index = picture.at(row, picture.columnOf(ns), reachNs / picture.grainNs);
  if (index < 0) return null;
  const [startNs, endNs] = [picture.timeOf(picture.x0[index]), picture.timeOf(picture.x1[index])];
  const hit = { picture, index, track, depth, startNs, endNs };
  if (!picture.isExact(index)) return hit;
  hit.call = picture.number[index];
  if (overview && picture !== overview) widen(hit, overview, ns);
  return hit;
}

/** Give a call that a picture cuts off at its side the start and the end that the overview has. */
function widen(hit, overview, ns) {
  const { picture, index } = hit;
  const [before, after] = [picture.x0[index] <= 0, picture.x1[index] >= picture.columns];
  const row = before || after ? overview.rowOf(hit.track, hit.depth) : -1;
  const other = row < 0 ? -1 : overview.at(row, overview.columnOf(ns), 1);
  if (other < 0 || overview.number[other] !== hit.call || !overview.isExact(other)) return;
  if (before) hit.startNs = overview.timeOf(overview.x0[other]);
  if (after) hit.endNs = overview.timeOf(overview.x1[other]);
}
