// The widget of the inspector.

import { Inspector } from "./inspector.js";

/** Show the inspector of a model in an element; returns what takes it away again. */
function render({ model, el }) {
  const inspector = new Inspector(model, el);
  return () => inspector.destroy();
}

export default { render };
