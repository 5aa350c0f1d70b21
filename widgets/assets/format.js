// Times, durations and counts as text.

const UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

const unitFor = (ns) => UNITS.find(([size]) => Math.abs(ns) >= size) ?? UNITS[3];

/** A length of time in three figures: "1.25 ms". */
export function durationText(ns) {
  if (!(ns > 0)) return "0 ns";
  const [size, unit] = unitFor(ns * 1.0005);
  const value = ns / size;
  const decimals = size === 1 ? 0 : value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(decimals)} ${unit}`;
}

/** A time since the start, as fine as `stepNs`: "1.2503 s". */
export function timeText(ns, stepNs) {
  const [size, unit] = unitFor(Math.max(Math.abs(ns), stepNs));
  return `${(ns / size).toFixed(decimalsFor(size, stepNs))} ${unit}`;
}

/** How many decimals show a step in units of `size`. */
export function decimalsFor(size, stepNs) {
  return Math.max(0, Math.min(9, Math.ceil(Math.log10(size / Math.max(stepNs, 1)) - 1e-9)));
}

/** The size in ns of the unit that a time is told in. */
export function unitSize(ns) {
  return unitFor(ns)[0];
}

/** The least of 1, 2 or 5 times a power of ten that is not below `ns`. */
export function niceStep(ns) {
  const power = 10 ** Math.floor(Math.log10(Math.max(ns, 1)));
  return power * ([1, 2, 5].find((factor) => factor * power >= ns * 0.999) ?? 10);
}

export function countText(number) {
  return GROUPED.format(number);
}

export function pluralText(number, word) {
  return `${countText(number)} ${word}${number === 1 ? "" : "s"}`;
}

/** The last part of a qualified name. */
export function shortName(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

const OUTCOMES = {
  return: "returned",
  raise: "raised",
  open: "still running",
  suspended: "suspended",
  unknown: "end not seen",
  closed: "closed",
  part: "one part of the call",
  untold: "outcome not kept in this file",
};

export function outcomeText(outcome) {
  return OUTCOMES[outcome] ?? outcome;
}
