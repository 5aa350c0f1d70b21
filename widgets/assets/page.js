// The page that stands by itself: the same chart, from embedded pictures, with the stack at the cursor below.

import { mount } from "./chart.js";
import { make } from "./dom.js";
import { countText, durationText, outcomeText, timeText } from "./format.js";
import { FileSource } from "./file_source.js";
import { localState } from "./state.js";

const MOST_FRAMES = 60;
const TALLEST_SHARE = 0.62;

/** Show what the page holds, in its element `scope-page` or at its end. */
export default function openPage() {
  const data = JSON.parse(document.getElementById("scope-data").textContent);
  const state = localState(Math.max(data.scene.horizon_ns, 0));
  const source = new FileSource(data, state);
  const place = document.getElementById("scope-page") ?? document.body;
  const tallest = Math.max(240, Math.round(window.innerHeight * TALLEST_SHARE));
  const chart = mount(place, source, state, { scene: data.scene, tallest });
  const stack = make("section", { class: "scope-stack", "aria-label": "Stack at the cursor" });
  const call = make("section", { class: "scope-details", "aria-label": "Selected call" });
  chart.root.insertAdjacentElement("afterend", make("div", { class: "scope-page" }, stack, call));
  const show = () => {
    showStack(stack, data.scene, source, state, chart);
    showCall(call, state.selection);
  };
  state.onChange(show);
  source.whenReady.then(show);
  return chart;
}

function showStack(place, scene, source, state, chart) {
  const parts = [];
  let room = MOST_FRAMES;
  scene.tracks.forEach((track, number) => {
    const frames = room > 0 ? framesAt(source, number, state.cursorNs, room) : [];
    room -= frames.length;
    const elements = frames.map((frame) => frameElement(frame, chart, state));
    if (frames.length) parts.push(make("h3", {}, track.name), make("ol", {}, ...elements));
  });
  if (room <= 0) parts.push(muted("p", `the first ${MOST_FRAMES} frames`));
  if (!parts.length) parts.push(muted("p", "No call was running."));
  place.replaceChildren(make("h2", {}, `At ${timeText(state.cursorNs, scene.duration_ns / 100000)}`), ...parts);
}

/** What stands at a time in the rows of a track, outermost first, in the finest picture there is. */
function framesAt(source, track, ns, most) {
  const picture = source.finest ?? source.overview;
  const frames = [];
  for (let depth = 0; picture && frames.length < most; depth++) {
    const row = picture.rowOf(track, depth);
    const index = row < 0 ? -1 : picture.at(row, picture.columnOf(ns), 0);
    if (index < 0) break;
    frames.push({ picture, index, track, depth, source });
  }
  return frames;
}

function frameElement({ picture, index, track, depth, source }, chart, state) {
  const [name, module] = source.name(picture.codeNumber(index)) ?? ["a call", ""];
  const startNs = picture.timeOf(picture.x0[index]);
  const endNs = picture.timeOf(picture.x1[index]);
  const exact = picture.isExact(index);
  const call = exact ? picture.number[index] : undefined;
  const choose = () => chart.pick({ track, depth, startNs, endNs, call }, state.cursorNs);
  const selected = exact && state.selection.call === call;
  const text = exact ? name : `one of ${countText(picture.number[index])} calls, the longest: ${name}`;
  const button = make("button", { type: "button", "aria-pressed": String(selected), onclick: choose }, text);
  return make("li", {}, button, " ", muted("span", module, exact ? durationText(endNs - startNs) : ""));
}

function showCall(place, selection) {
  if (selection.call === undefined) {
    place.replaceChildren(make("h2", {}, "Selected call"), muted("p", "None. Click one in the chart."));
    return;
  }
  const { name, module, title, line, source, outcome, exception, result, duration_ns: duration } = selection;
  const rows = selection.arguments.map(([argument, text, standing]) => valueRow(argument, text, standing));
  if (!rows.length) rows.push(valueRow("arguments", "", selection.arguments_standing));
  rows.push(exception ? valueRow("raised", exception, "") : valueRow("result", result?.[0] ?? "", result?.[1] ?? ""));
  const where = title ? `${title}${line ? `:${line}` : ""}` : "";
  place.replaceChildren(make("h2", {}, name),
    muted("p", module, where, durationText(duration), outcomeText(outcome)),
    ...(source ? [make("pre", {}, source.trim())] : []), make("table", {}, make("tbody", {}, ...rows)));
}

function valueRow(name, text, standing) {
  const doubt = standing && standing !== "exact" ? standing : "";
  return make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, text), muted("td", doubt));
}

/** An element with what is to be said in passing. */
function muted(tag, ...texts) {
  return make(tag, { class: "scope-muted" }, texts.filter(Boolean).join(" · "));
}

openPage();
