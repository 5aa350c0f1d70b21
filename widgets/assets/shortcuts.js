// Keys that belong to a view while it has the focus.

/**
 * Give the keys that are pressed in a view to it, ahead of JupyterLab.
 *
 * @param {HTMLElement} root the view
 * @param {function} pressed called with an event; returns whether the key was one of the view's
 * @returns a function that ends it
 */
export function listenTo(root, pressed) {
  const press = (event) => {
    if (isHeld(event) || !pressed(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  // JupyterLab would take the keys first; with this mark on what has the focus it leaves them to the view, but for its
  // own, such as Ctrl+S.
  const claim = (event) => {
    if (root.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !isHeld(event));
  };
  window.addEventListener("keydown", claim, true);
  root.addEventListener("keydown", press);
  return () => {
    window.removeEventListener("keydown", claim, true);
    root.removeEventListener("keydown", press);
  };
}

/** Whether a key is pressed together with one that makes it a shortcut of the page's or the browser's. */
function isHeld(event) {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** Whether an element takes letters for itself. */
export function isTextBox(target) {
  return target.closest("input, textarea") !== null;
}
