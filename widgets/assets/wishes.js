// Which picture to ask for: when what is loaded no longer covers what is in sight, or is too coarse for it.

const MOST_COLUMNS = 8192;
const SLACK = 1.05;

/** What a picture was asked for: a stretch of time, a grain, and a stretch of all tracks' rows. */
export function coverage(viewport, layout) {
  const { start_ns: startNs, end_ns: endNs, columns, rows } = viewport;
  const [firstRow, endRow] = layout.stretch(rows);
  return { startNs, endNs, grainNs: (endNs - startNs) / columns, firstRow, endRow };
}

/** Whether what is in sight is covered, finely enough. */
export function covers(asked, camera, layout) {
  const { startNs, endNs } = sight(camera);
  const [firstRow, endRow] = layout.stretch(layout.between(camera.scroll, camera.scroll + camera.height));
  return startNs >= asked.startNs - 1 && endNs <= asked.endNs + 1 && asked.grainNs <= camera.nsPerPixel * SLACK
    && firstRow >= asked.firstRow && endRow <= asked.endRow;
}

/** Whether the overview alone shows what is in sight as finely as the screen can. */
export function overviewCovers(overview, camera, layout) {
  if (!overview || overview.grainNs > camera.nsPerPixel * SLACK) return false;
  const rows = layout.between(camera.scroll, camera.scroll + camera.height);
  return rows.every(([track, first, end]) => overview.rowOf(track, first) >= 0 && overview.rowOf(track, end - 1) >= 0);
}

/** The viewport to ask for: what is in sight, and half as much again on each side. */
export function viewportFor(camera, layout) {
  const { startNs, endNs } = sight(camera);
  const half = (endNs - startNs) / 2;
  const from = Math.max(0, startNs - half);
  const to = Math.min(camera.durationNs, endNs + half);
  const columns = Math.min(MOST_COLUMNS, Math.max(1, Math.ceil((to - from) / camera.nsPerPixel)));
  const rows = layout.between(camera.scroll - camera.height / 2, camera.scroll + camera.height * 1.5);
  return { start_ns: from, end_ns: to, columns, rows };
}

function sight(camera) {
  const startNs = Math.max(0, camera.startNs);
  return { startNs, endNs: Math.max(Math.min(camera.durationNs, camera.endNs), startNs + 1) };
}
