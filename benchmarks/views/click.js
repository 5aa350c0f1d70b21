// Waits for a click on the chart; returns the time from the button's release until the call that it selected is told and painted.
async (chart) => {
  const after = (wait) => new Promise(wait);
  const began = await after((done) => chart.addEventListener("pointerup", () => done(performance.now()), { once: true, capture: true }));
  const told = { childList: true, subtree: true, characterData: true };
  await after((done) => new MutationObserver(done).observe(chart.querySelector(".scope-strip"), told));
  await after(requestAnimationFrame);
  await after((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  });
  return performance.now() - began;
}
