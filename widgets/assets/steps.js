// Steps in time, in both directions: their names, keys and icons.

/** Each step: what the kernel calls it, what it does, its key as it is written, the key itself, with Shift, an icon. */
export const STEPS = [
  ["previous", "Previous event", ",", ",", false, "M4 3.5v9M12 3.5 6.5 8l5.5 4.5z"],
  ["next", "Next event", ".", ".", false, "M12 3.5v9M4 3.5 9.5 8 4 12.5z"],
  ["previous-line", "Previous line", "p", "p", false, "M3 3h10M8 13.5V6.5M5 9.3 8 6.3l3 3"],
  ["next-line", "Next line", "n", "n", false, "M3 13h10M8 2.5v7M5 6.7l3 3 3-3"],
  ["over-back", "Step back over calls", "Shift+P", "p", true,
    "M12.7 9.5a4.8 4.8 0 0 0-9-1.8M3 3.8v4.2h4.2M8 12.6v.1"],
  ["over", "Step over calls", "Shift+N", "n", true, "M3.3 9.5a4.8 4.8 0 0 1 9-1.8M13 3.8v4.2H8.8M8 12.6v.1"],
  ["out-back", "Step back out of the call", "Shift+U", "u", true,
    "M13 12.5H7.5a3 3 0 0 1-3-3V3.8M1.8 6.5 4.5 3.5l2.7 3"],
  ["out", "Step out of the call", "u", "u", false, "M3 12.5h5.5a3 3 0 0 0 3-3V3.8M8.8 6.5l2.7-3 2.7 3"],
];

/** The step that a pressed key stands for, or undefined. Caps Lock does not matter. */
export function stepOf({ key, shiftKey }) {
  const found = STEPS.find(([, , , letter, shift]) =>
    letter === key.toLowerCase() && (isPunctuation(letter) || shift === shiftKey));
  return found?.[0];
}

/** Punctuation needs Shift on some keyboards. */
function isPunctuation(letter) {
  return letter === "," || letter === ".";
}
