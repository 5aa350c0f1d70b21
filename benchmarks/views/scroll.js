// Zooms in, pans and zooms out with the wheel over the chart, one turn a frame; returns the time of every frame.
async ([canvas, frames]) => {
  const box = canvas.getBoundingClientRect();
  const turn = (options) => canvas.dispatchEvent(new WheelEvent("wheel", {
    bubbles: true, cancelable: true, clientX: box.left + box.width * 0.6, clientY: box.top + box.height / 2, ...options,
  }));
  const times = [];
  for (let frame = 0; frame < frames; frame++) {
    times.push(await new Promise(requestAnimationFrame));
    const part = (frame * 4) / frames;
    if (part < 1) turn({ deltaY: -40, ctrlKey: true });
    else if (part < 2) turn({ deltaX: 30 });
    else if (part < 3) turn({ deltaX: -30 });
    else turn({ deltaY: 40, ctrlKey: true });
  }
  return times;
}
