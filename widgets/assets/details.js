// What is said in words: about the selected call, and about what the pointer is over.

import { make } from "./dom.js";
import { countText, durationText, niceStep, outcomeText, timeText } from "./format.js";
import { CUT, OPEN, PART, RAISED } from "./picture.js";

const NOTHING = "Nothing selected. Click a call, or press Right.";

/** The strip below the canvas: the selected call in two lines, which a screen reader reads out. */
export class Strip {
  constructor() {
    this.element = make("div", { class: "scope-strip", role: "status", "aria-live": "polite" });
  }

  show(selection) {
    if (selection.call === undefined) {
      this.element.replaceChildren(make("span", { class: "scope-muted" }, NOTHING));
      this.element.title = "";
      return;
    }
    const [outcome, ended] = ending(selection);
    const first = make("div", {},
      make("b", {}, selection.name), make("span", {}, `(${argumentsText(selection)})`),
      make("span", { class: ended === "raise" ? "scope-raised" : "" }, ` → ${outcome}`));
    const second = make("div", { class: "scope-muted" }, make("span", {}, facts(selection)));
    if (selection.source) second.append(make("code", {}, selection.source.trim()));
    first.className = "scope-call";
    this.element.replaceChildren(first, second);
    this.element.title = `${first.textContent}\n${second.textContent}`;
  }

  /** Tell what little is known of a call without a kernel, in lines of which the first is a heading. */
  tell([heading, ...lines]) {
    const rest = lines.filter(Boolean).join(" · ");
    this.element.replaceChildren(make("b", {}, heading), make("div", { class: "scope-muted" }, rest));
    this.element.title = "";
  }
}

function argumentsText({ arguments: values, arguments_standing: standing }) {
  if (values.length) return values.map(([name, text]) => `${name}=${text}`).join(", ");
  return !standing || standing === "exact" ? "" : "…";
}

/** How a call ended: in words, and as an outcome. */
function ending({ outcome, exception, result }) {
  if (exception) return [exception, "raise"];
  if (result?.[0] != null) return [result[0], outcome];
  return [outcomeText(outcome), outcome];
}

function facts(selection) {
  const { duration_ns: duration, self_ns: self, start_ns: start, end_ns: end, title, line, module } = selection;
  const step = Math.max(niceStep(Math.max(duration, 1) / 100), selection.step_ns ?? 1);
  const began = `at ${timeText(start, step)}`;
  return [
    end >= start ? lengthText(selection) : "",
    self == null ? "" : `self ${durationText(self)}`,
    selection.start_known === false ? "begun before the recording" : began,
    title && line ? `${title}:${line}` : module,
    standingText(selection),
  ].filter(Boolean).join(" · ");
}

/** How long a call took, or the part of it that is kept. */
export function lengthText({ duration_ns: duration, part }) {
  return `${durationText(duration)}${part ? " in this part" : ""}`;
}

/** How the values are known, where that is not simply exactly. */
function standingText({ arguments: values, arguments_standing: whole, result }) {
  const standings = [...values.map(([, , standing]) => standing), values.length ? "" : whole, result?.[1]];
  const doubts = [...new Set(standings.filter((standing) => standing && standing !== "exact"))];
  return doubts.length ? `values: ${doubts.join("; ")}` : "";
}

/** What a rectangle under the pointer is, as lines of text; the first is its heading. */
export function tipLines(hit, source) {
  const { picture, index, startNs } = hit;
  const length = picture.durationOf(index);
  const [name, module] = source.name(picture.codeNumber(index)) ?? ["a call", ""];
  if (!picture.isExact(index)) {
    const share = Math.round((picture.shade[index] / 255) * 100);
    return [`${countText(picture.number[index])} calls here`, `the longest: ${name}`,
      `${share < 1 ? "less than 1" : share}% of these ${durationText(length)} covered`];
  }
  const flags = picture.flags[index];
  const kind = ["", "a call into a library", "a C function"][picture.kind(index)];
  const notes = [
    flags & RAISED ? "raised an exception" : "", flags & OPEN ? "its end was not seen" : "",
    flags & CUT ? "begun before the recording" : "", flags & PART ? "one part: it was suspended" : "",
  ].filter(Boolean);
  const began = timeText(startNs, Math.max(niceStep(length / 100), picture.stepNs));
  const place = [module, kind].filter(Boolean).join(" · ");
  return [name, place, `${durationText(length)} · at ${began}`, ...notes].filter(Boolean);
}

/** The small box that follows the pointer. */
export class Tip {
  constructor() {
    this.element = make("div", { class: "scope-tip", "aria-hidden": "true", hidden: "" });
  }

  /** Show lines beside a place: below it, or above it where they would not end within `height`. */
  show(lines, x, y, width, height) {
    this.element.replaceChildren(...lines.map((text, i) => make(i ? "div" : "b", {}, text)));
    this.element.hidden = false;
    const { offsetWidth: ownWidth, offsetHeight: ownHeight } = this.element;
    const top = y + 18 + ownHeight < height ? y + 18 : y - ownHeight - 10;
    this.element.style.left = `${Math.max(0, Math.min(x + 14, width - ownWidth - 4))}px`;
    this.element.style.top = `${Math.max(0, top)}px`;
  }

  hide() {
    this.element.hidden = true;
  }
}
