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
  return hitIn(detail, place, ns, reachNs) ?? hitIn(overview, place, ns, overviewReachNs);
}

function hitIn(picture, [track, depth], ns, reachNs) {
  const row = picture?.rowOf(track, depth) ?? -1;
  if (row < 0 || ns < picture.startNs - reachNs || ns > picture.endNs + reachNs) return null;
  const index = picture.at(row, picture.columnOf(ns), reachNs / picture.grainNs);
  return index < 0 ? null : hitOf(picture, index, track, depth);
}

/** A rectangle, as what is clicked or pointed at; `call` is its call's number where it is the span of one. */
export function hitOf(picture, index, track, depth) {
  const [startNs, endNs] = [picture.timeOf(picture.x0[index]), picture.timeOf(picture.x1[index])];
  const call = picture.isExact(index) ? picture.number[index] : undefined;
  return { picture, index, track, depth, startNs, endNs, call };
}
