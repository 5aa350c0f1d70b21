// What the keyboard does in the chart.

import { isTextBox, listenTo } from "./shortcuts.js";
import { stepOf } from "./steps.js";

const ZOOM = 0.7;
const PAN_SHARE = 0.2;

/**
 * Listen to the keys of a chart that has the focus.
 *
 * @returns a function that ends it
 */
export function listenToKeys(chart) {
  return listenTo(chart.root, (event) => {
    if (isTextBox(event.target) || (event.target.tagName === "BUTTON" && event.key === "Enter")) return false;
    const to = stepOf(event);
    const action = to ? step(to) : ACTIONS[event.key] ?? ACTIONS[event.key.toLowerCase()];
    action?.(chart, event.repeat);
    return action !== undefined;
  });
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
  Home: (chart) => chart.moveCursor(0),
  End: (chart) => chart.moveCursor(chart.camera.durationNs),
  PageUp: (chart) => chart.scrollBy(-chart.camera.height * 0.9),
  PageDown: (chart) => chart.scrollBy(chart.camera.height * 0.9),
  Enter: (chart) => chart.zoomToSelection(),
  Escape: (chart) => chart.clear(),
  t: (chart) => chart.toggleTable(),
  "?": (chart) => chart.toggleHelp(), h: (chart) => chart.toggleHelp(),
};
