// The colours of the page around the chart: dark or light, as text for the canvas.

const THEME_COLOURS = ["ground", "outside", "ink", "muted", "line", "accent", "accent-ink", "danger", "focus"];
const THEME_ATTRIBUTES = ["class", "data-jp-theme-light", "data-jp-theme-name", "data-vscode-theme-kind"];
/** How many shades each colour of the palette has in a theme's `fills`; the last is the colour itself. */
export const TONES = 16;

/** Whether the page is dark: as JupyterLab or VS Code says, else as the system prefers. */
function isDark() {
  const { body } = document;
  const light = body.dataset.jpThemeLight;
  if (light !== undefined) return light === "false";
  const kind = body.dataset.vscodeThemeKind ?? body.className;
  if (/vscode-(dark|high-contrast(?!-light))/.test(kind)) return true;
  if (/vscode-(light|high-contrast-light)/.test(kind)) return false;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Call `changed` whenever the page's theme may have changed; returns a function that ends it. */
export function watchTheme(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: THEME_ATTRIBUTES });
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    query.removeEventListener("change", changed);
  };
}

/** Keep the class of a dark page on an element; returns a function that ends it. */
export function followTheme(root) {
  const follow = () => root.classList.toggle("scope-dark", isDark());
  follow();
  return watchTheme(follow);
}

/**
 * What the canvas is painted with.
 *
 * @param {HTMLElement} root the chart, whose style has the colours
 * @param {object} palette the scene's palette
 */
export function readTheme(root, palette) {
  const dark = isDark();
  root.classList.toggle("scope-dark", dark);
  const style = getComputedStyle(root);
  const theme = { dark, font: style.fontFamily };
  for (const name of THEME_COLOURS) theme[name] = style.getPropertyValue(`--scope-${name}`).trim();
  theme.ground = solid(theme.ground);
  const colours = (dark ? palette.dark : palette.light).map(parts);
  const ground = parts(theme.ground);
  theme.fills = colours.flatMap((colour) =>
    Array.from({ length: TONES }, (_, tone) => mixed(ground, colour, (tone + 1) / TONES)));
  theme.edges = colours.map((colour) => mixed(colour, dark ? [255, 255, 255] : [0, 0, 0], dark ? 0.25 : 0.28));
  theme.label = dark ? "#ffffff" : "#1b1b1b";
  theme.hatch = hatchPattern(theme.muted);
  return theme;
}

let probe;

function canvas2d() {
  probe ??= document.createElement("canvas").getContext("2d");
  return probe;
}

function solid(colour) {
  const context = canvas2d();
  context.fillStyle = "#ffffff";
  context.fillStyle = colour;
  return context.fillStyle.startsWith("#") ? context.fillStyle : "#ffffff";
}

function parts(hex) {
  const number = parseInt(solid(hex).slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

function mixed(from, to, share) {
  const [red, green, blue] = from.map((value, i) => Math.round(value + (to[i] - value) * share));
  return `rgb(${red},${green},${blue})`;
}

function hatchPattern(colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const context = tile.getContext("2d");
  context.strokeStyle = colour;
  context.globalAlpha = 0.32;
  context.beginPath();
  for (const shift of [-8, 0, 8]) {
    context.moveTo(shift - 1, 9);
    context.lineTo(shift + 9, -1);
  }
  context.stroke();
  return context.createPattern(tile, "repeat");
}
