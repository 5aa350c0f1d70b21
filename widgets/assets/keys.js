// What the keyboard does.

const ZOOM = 0.7;
const PAN_SHARE = 0.2;

/**
 * Listen to the keys of a chart that has the focus.
 *
 * @returns a function that ends it
 */
export function listenToKeys(chart) {
  const pressed = (event) => {
    if (isHeld(event) || isTextBox(event.target)) return;
    const action = ACTIONS[event.key] ?? ACTIONS[event.key.toLowerCase()];
    if (!action || (event.target.tagName === "BUTTON" && event.key === "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    action(chart, event.repeat);
  };
  // JupyterLab would take the keys first; with this mark it leaves them to the chart, but for its own, such as Ctrl+S.
  const claim = (event) => chart.root.toggleAttribute("data-lm-suppress-shortcuts", !isHeld(event));
  window.addEventListener("keydown", claim, true);
  chart.root.addEventListener("keydown", pressed);
  return () => {
    window.removeEventListener("keydown", claim, true);
    chart.root.removeEventListener("keydown", pressed);
  };
}

/** Whether a key is pressed together with one that makes it a shortcut of the page's or the browser's. */
function isHeld(event) {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** Whether an element takes letters for itself. */
function isTextBox(target) {
  return target.closest("input, textarea, select") !== null;
}

const zoomIn = (chart) => chart.zoom(ZOOM);
const zoomOut = (chart) => chart.zoom(1 / ZOOM);
const panBy = (share) => (chart) => chart.pan(chart.camera.width * share);
const step = (to) => (chart, repeated) => chart.step(to, repeated);

const ACTIONS = {
  w: zoomIn, "+": zoomIn, "=": zoomIn,
  s: zoomOut, "-": zoomOut, _: zoomOut,
  a: panBy(-PAN_SHARE), d: panBy(PAN_SHARE),
  0: (chart) => chart.fit(),
  ArrowLeft: step("left"), ArrowRight: step("right"), ArrowUp: step("parent"), ArrowDown: step("child"),
  ",": step("previous"), ".": step("next"),
  Home: (chart) => chart.moveCursor(0),
  End: (chart) => chart.moveCursor(chart.camera.durationNs),
  PageUp: (chart) => chart.scrollBy(-chart.camera.height * 0.9),
  PageDown: (chart) => chart.scrollBy(chart.camera.height * 0.9),
  Enter: (chart) => chart.zoomToSelection(),
  Escape: (chart) => chart.clear(),
  t: (chart) => chart.toggleTable(),
  "?": (chart) => chart.toggleHelp(), h: (chart) => chart.toggleHelp(),
};
