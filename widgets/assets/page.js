// The page that stands by itself: the same chart, from embedded pictures, with the stack at the cursor below.

import { mount } from "./chart.js";
import { lengthText } from "./details.js";
import { make } from "./dom.js";
import { countText, outcomeText, timeText } from "./format.js";
import { FileSource } from "./file_source.js";
import { hitOf } from "./hits.js";
import { PART } from "./picture.js";
import { localState } from "./state.js";

const MOST_LINES = 60;
const MOST_NAMES = 5;
const NONE = "No call was running";
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
  const step = scene.duration_ns / 100000;
  const parts = [];
  const unknown = [];
  const leftOut = [];
  let room = MOST_LINES;
  scene.tracks.forEach((track, number) => {
    const ns = Math.min(state.cursorNs, track.known_ns);
    if (ns < scene.horizon_ns) unknown.push(track.name);
    else if (track.rows === 0 && track.depth > 0) leftOut.push(track.name);
    else if (room > 0) {
      const frames = framesAt(source, number, ns, room);
      const notes = notesOn(track, frames, ns < state.cursorNs ? timeText(ns, step) : "");
      if (!frames.length && !notes.length) return;
      room -= Math.max(frames.length, 1);
      const elements = frames.map((frame) => frameElement(frame, chart, state));
      parts.push(make("h3", {}, track.name), make("ol", {}, ...elements), ...notes.map((note) => muted("p", note)));
    }
  });
  if (room <= 0) parts.push(muted("p", `the first ${MOST_LINES} lines`));
  parts.push(...listed("Not known, for older events were dropped", unknown, unknown.length));
  parts.push(...listed("Not kept in this file", leftOut, leftOut.length + scene.track_count - scene.tracks.length));
  if (!parts.length) parts.push(muted("p", "No call was running."));
  place.replaceChildren(make("h2", {}, `At ${timeText(state.cursorNs, step)}`), ...parts);
}

/** What has to be said of the frames of a track: that they are the last known ones, and that there may be more. */
function notesOn(track, frames, lastKnown) {
  const running = frames.length ? "" : "no call was running, ";
  return [
    lastKnown && `${running}last known at ${lastKnown}`,
    track.rows < track.depth && frames.length === track.rows && "the calls below are not kept in this file",
  ].filter(Boolean);
}

/** A sentence about some tracks, of which the first are named; nothing if there are none. */
function listed(what, names, count) {
  if (!count) return [];
  const named = names.slice(0, MOST_NAMES);
  const rest = count - named.length;
  const more = rest ? [`${countText(rest)}${named.length ? " more" : ""} of the tracks`] : [];
  return [muted("p", `${what}: ${[...named, ...more].join(", ")}`)];
}

/** What stands at a time in the rows of a track, outermost first, in the finest picture there is. */
function framesAt(source, track, ns, most) {
  const picture = source.finest ?? source.overview;
  const frames = [];
  for (let depth = 0; picture && frames.length < most; depth++) {
    const row = picture.rowOf(track, depth);
    const index = row < 0 ? -1 : picture.runningAt(row, ns);
    if (index < 0) break;
    frames.push({ ...hitOf(picture, index, track, depth), source });
  }
  return frames;
}

function frameElement({ source, ...hit }, chart, state) {
  const { picture, index, call } = hit;
  const [name, module] = source.name(picture.codeNumber(index)) ?? ["a call", ""];
  const exact = call !== undefined;
  const choose = () => chart.pick(hit, state.cursorNs);
  const selected = exact && state.selection.call === call;
  const text = exact ? name : `${countText(picture.number[index])} calls around here, the longest: ${name}`;
  const button = make("button", { type: "button", "aria-pressed": String(selected), onclick: choose }, text);
  const part = (picture.flags[index] & PART) !== 0;
  const length = exact ? lengthText({ duration_ns: picture.durationOf(index), part }) : "";
  return make("li", {}, button, " ", muted("span", module, length));
}

function showCall(place, selection) {
  if (selection.call === undefined) {
    place.replaceChildren(make("h2", {}, "Selected call"), muted("p", "None. Click one in the chart."));
    return;
  }
  const { name, module, title, line, source, outcome, exception, result } = selection;
  const rows = selection.arguments.map(([argument, text, standing]) => valueRow(argument, text, standing));
  if (!rows.length) {
    const standing = selection.arguments_standing;
    rows.push(valueRow("arguments", !standing || standing === "exact" ? "none" : "", standing));
  }
  rows.push(exception ? valueRow("raised", exception, "") : valueRow("result", result?.[0] ?? "", result?.[1] ?? ""));
  const where = title ? `${title}${line ? `:${line}` : ""}` : "";
  place.replaceChildren(make("h2", {}, name),
    muted("p", module, where, lengthText(selection), outcomeText(outcome)),
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
