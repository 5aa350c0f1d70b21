// The cursor and the selection: what all views of one recording share.

/**
 * The state held by a widget's model, so that the kernel and every display of the model have the same.
 *
 * @param {object} model anywidget's model
 * @param {object} source knows whether there is a kernel; without one the cursor moves on this page alone
 */
export function modelState(model, source) {
  return {
    get cursorNs() {
      return model.get("cursor_ns") ?? 0;
    },
    get selection() {
      return model.get("selection") ?? {};
    },
    moveTo(ns) {
      if (ns === model.get("cursor_ns")) return;
      model.set("cursor_ns", ns);
      if (source.alive) model.save_changes();
    },
    onChange(changed) {
      model.on("change:cursor_ns", changed);
      model.on("change:selection", changed);
      return () => {
        model.off("change:cursor_ns", changed);
        model.off("change:selection", changed);
      };
    },
  };
}

/**
 * The state of a page that stands by itself.
 *
 * @param {number} firstNs where the cursor stands at first; nothing is known before
 */
export function localState(firstNs) {
  const listeners = new Set();
  const tell = () => listeners.forEach((changed) => changed());
  return {
    cursorNs: firstNs,
    selection: {},
    moveTo(ns) {
      this.cursorNs = Math.max(ns, firstNs);
      tell();
    },
    select(selection) {
      this.selection = selection;
      tell();
    },
    onChange(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
