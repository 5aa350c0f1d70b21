// Values as a tree: names, values, and how they are known; what is in a value is asked for when somebody opens it.
//
// A row is { id, name, text, type, known, standing, changed, written, jumps, count, children, later }: count says how
// many there are in it, children are there while it is open, known is "exact", "last", "unknown", "cut" or "sampled", and
// later is set where a row tells what came after the moment.
// A row of kind "more" stands for those that are not shown yet, one of kind "missing" for those that are not known.

import { isSelecting, make } from "./dom.js";

const CHANGED = "●";
const INDENT = 14;
const HINT = "Click a value, or press Enter, to go to its last write. →\u00a0opens, ←\u00a0closes.";
const JUMP = "Click, or press Enter, to go to its last write:";

export class Tree {
  /** @param {object} actions open(id, count), close(id) and jump(id), each called with a row's id */
  constructor(actions) {
    this.actions = actions;
    this.rows = []; // [{ node, level, parent, element }] as they stand below each other
    this.active = "";
    this.body = make("div", { role: "tree" });
    this.note = make("div", { class: "scope-note", hidden: "" });
    this.facts = make("div", { class: "scope-facts scope-muted" });
    this.element = make("div", { class: "scope-tree" },
      make("div", { class: "scope-rows" }, this.note, this.body), this.facts);
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("focusin", (event) => this.activate(this.rowOf(event.target)));
    this.body.addEventListener("focusout", () => this.tell());
  }

  get focused() {
    return this.body.contains(this.body.getRootNode().activeElement);
  }

  /** Show rows, and a note above them; what had the focus keeps it. */
  show(nodes, note, label) {
    const held = this.focused;
    const before = this.rows.findIndex(({ node }) => node.id === this.active);
    this.rows = [];
    this.list(nodes, 1, null);
    this.note.textContent = note;
    this.note.hidden = !note;
    this.body.setAttribute("aria-label", label);
    this.body.hidden = !nodes.length;
    this.body.replaceChildren(...this.rows.map(({ element }) => element));
    const same = this.rows.find(({ node }) => node.id === this.active);
    this.activate(same ?? this.rows[Math.min(Math.max(before, 0), this.rows.length - 1)]);
    if (held) this.current?.element.focus({ preventScroll: true });
  }

  list(nodes, level, parent) {
    nodes.forEach((node, place) => {
      const row = { node, level, parent };
      row.element = rowElement(node, level, place + 1, nodes.length);
      this.rows.push(row);
      if (node.children) this.list(node.children, level + 1, row);
    });
  }

  // ---- which row is meant ----

  get current() {
    return this.rows.find(({ node }) => node.id === this.active);
  }

  rowOf(target) {
    const element = target.closest("[role=treeitem]");
    return this.rows.find((row) => row.element === element);
  }

  /** Let a row be the one that Tab goes to, and tell of it below. */
  activate(row) {
    this.current?.element.setAttribute("tabindex", "-1");
    this.active = row?.node.id ?? "";
    for (const { element } of this.rows) element.setAttribute("aria-selected", String(element === row?.element));
    row?.element.setAttribute("tabindex", "0");
    this.tell();
  }

  /** Tell of the row that has the focus, or what can be done with a row. */
  tell() {
    const text = this.focused && this.current ? factsOf(this.current.node) : HINT;
    this.facts.textContent = text;
    this.facts.title = text;
  }

  focus(row) {
    row?.element.focus();
  }

  // ---- what the user does ----

  click(event) {
    const row = this.rowOf(event.target);
    if (!row || isSelecting()) return;
    this.focus(row);
    if (row.node.kind === "more" || event.target.closest(".scope-twisty")) this.toggle(row);
    else if (event.target.closest(".scope-value")) this.jump(row);
  }

  toggle({ node }) {
    if (node.kind === "more") this.actions.open(node.of, node.next);
    else if (node.children) this.actions.close(node.id);
    else if (node.count) this.actions.open(node.id, 0);
  }

  jump({ node }) {
    if (node.jumps) this.actions.jump(node.id);
  }

  /** Do what a key means for the row that has the focus; returns whether it means something. */
  press(event) {
    const row = this.focused ? this.rowOf(event.target) : undefined;
    if (!row) return false;
    const at = this.rows.indexOf(row);
    const { node, parent } = row;
    const open = node.children !== undefined;
    const moves = {
      ArrowDown: () => this.focus(this.rows[at + 1]),
      ArrowUp: () => this.focus(this.rows[at - 1]),
      Home: () => this.focus(this.rows[0]),
      End: () => this.focus(this.rows[this.rows.length - 1]),
      ArrowRight: () => (open ? this.focus(this.rows[at + 1]) : this.toggle(row)),
      ArrowLeft: () => (open ? this.toggle(row) : this.focus(parent)),
      Enter: () => (node.kind === "more" ? this.toggle(row) : this.jump(row)),
      " ": () => this.toggle(row),
    };
    moves[event.key]?.();
    return event.key in moves;
  }
}

function rowElement(node, level, place, size) {
  const expanded = node.count ? String(node.children !== undefined) : undefined;
  const element = make("div", {
    role: "treeitem", tabindex: "-1", "aria-level": level, "aria-posinset": place, "aria-setsize": size,
    "aria-expanded": expanded, "data-id": node.id, "data-kind": node.kind, "data-known": node.known,
    class: ["scope-row", node.changed ? "scope-changed" : "", node.later ? "scope-later" : ""].filter(Boolean).join(" "),
  });
  element.style.paddingLeft = `${(level - 1) * INDENT}px`;
  element.append(make("span", { class: "scope-twisty", "aria-hidden": "true" }, expanded ? "▸" : ""));
  if (node.name) element.append(make("span", { class: "scope-name" }, node.name), unseen(": "));
  const title = node.jumps ? `${node.text}\n${JUMP} ${node.written}` : node.text;
  element.append(make("span", { class: node.jumps ? "scope-value scope-jumps" : "scope-value", title }, node.text));
  if (node.changed) {
    const mark = make("span", { class: "scope-mark", "aria-hidden": "true", title: "changed" }, CHANGED);
    element.append(mark, unseen(", changed"));
  }
  if (node.known) {
    element.append(unseen(", "), make("span", { class: "scope-known", title: node.standing }, node.standing));
  }
  return element;
}

/** What only a screen reader says. */
function unseen(text) {
  return make("span", { class: "scope-unseen" }, text);
}

/** A row in one line: its type, how it is known, and who wrote it. */
function factsOf({ kind, type, standing, written, changed }) {
  if (kind) return "";
  return [type, standing, changed ? "changed since the line before" : "", written].filter(Boolean).join(" · ");
}
