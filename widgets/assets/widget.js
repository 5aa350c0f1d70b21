// The widget: a chart whose pictures come from the kernel.

import { mount } from "./chart.js";
import { KernelSource } from "./kernel_source.js";
import { modelState } from "./state.js";

const TALLEST = 460;
const GONE_AFTER_MS = 1000;

/** Show the chart of a model in an element; returns what takes it away again. */
function render({ model, el }) {
  const source = new KernelSource(model, el);
  const chart = mount(el, source, modelState(model, source), { scene: model.get("scene"), tallest: TALLEST });
  return () => {
    chart.destroy();
    setTimeout(() => {
      if (!el.isConnected) source.close();
    }, GONE_AFTER_MS);
  };
}

export default { render };
