/**
 * A chart as a file of its own: tokens resolved to colours, a background, a heading, and its origin below.
 *
 * `fill="var(--ink)"` and style sheets mean nothing outside the page, so every presentational property that counts is
 * written into the elements as it is computed here and now, in the theme on screen.
 */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "display",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "font-variant-numeric",
  "text-anchor",
  "dominant-baseline",
  "paint-order",
] as const;

const MARGIN = 16;
const HEADING = 52;
const ORIGIN_LINE = 14;
/** Marks of the page's own state, as what the pointer is on, say nothing in a file. */
const OF_THE_PAGE = "[data-page-only]";

export interface FileWords {
  readonly title: string;
  readonly unit: string;
  /** Which recipe, when, on what: lines below the chart. */
  readonly origin: readonly string[];
}

export interface StandaloneSvg {
  readonly text: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Returns the chart as a self-contained SVG document. The element must be in the page; it is not changed. */
export function standaloneSvg(chart: SVGSVGElement, { title, unit, origin }: FileWords): StandaloneSvg {
  const inner = { width: sizeOf(chart, "width"), height: sizeOf(chart, "height") };
  const width = inner.width + 2 * MARGIN;
  const height = HEADING + inner.height + (origin.length + 1) * ORIGIN_LINE;
  const { ink, muted, surface, font } = look(chart);

  const copy = resolved(chart);
  copy.setAttribute("x", String(MARGIN));
  copy.setAttribute("y", String(HEADING));
  copy.setAttribute("width", String(inner.width));
  copy.setAttribute("height", String(inner.height));
  copy.setAttribute("overflow", "visible");

  const root = make("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  const text = { "font-family": font, x: MARGIN };
  root.append(
    make("title", {}, title),
    make("desc", {}, [unit, ...origin].join(". ")),
    make("rect", { width, height, fill: surface }),
    make("text", { ...text, y: 24, "font-size": 14, "font-weight": 600, fill: ink }, title),
    make("text", { ...text, y: 40, "font-size": 12, fill: muted }, unit),
    copy,
    ...origin.map((line, i) => {
      const y = HEADING + inner.height + (i + 1) * ORIGIN_LINE;
      return make("text", { ...text, y, "font-size": 10, fill: muted }, line);
    }),
  );
  return { text: new XMLSerializer().serializeToString(root), width, height };
}

/** Draws an SVG document into a PNG at a multiple of its size. @throws Error when the browser cannot draw it */
export async function pngOf({ text, width, height }: StandaloneSvg, scale = 2): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no PNG was made"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

function resolved(chart: SVGSVGElement): Element {
  const copy = make("svg", {});
  copyInto(copy, chart);
  return copy;
}

/** Copies attributes and children, with presentation as computed and without what only the page can use. */
function copyInto(copy: Element, original: Element): void {
  for (const { name, value } of original.attributes) {
    if (!/^(class|style|tabindex|role|aria-.*|data-.*|id|xmlns)$/.test(name)) copy.setAttribute(name, value);
  }
  if (original.id && /^(clipPath|linearGradient|pattern|marker)$/.test(original.tagName))
    copy.id = original.id;
  const style = getComputedStyle(original);
  for (const property of PROPERTIES) copy.setAttribute(property, style.getPropertyValue(property));
  for (const child of original.childNodes) {
    if (child instanceof SVGElement) {
      if (child.matches(OF_THE_PAGE)) continue;
      const twin = make(child.tagName, {});
      copyInto(twin, child);
      copy.append(twin);
    } else if (child instanceof Text) {
      copy.append(child.data);
    }
  }
}

function make(tag: string, attributes: Readonly<Record<string, string | number>>, text?: string): Element {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== "xmlns") element.setAttribute(name, String(value));
  }
  if (text !== undefined) element.textContent = text;
  return element;
}

/** The attribute rather than the box: a chart may be hidden behind its table while it is saved. */
function sizeOf(chart: SVGSVGElement, side: "width" | "height"): number {
  const given = Number(chart.getAttribute(side));
  return given > 0 ? given : chart.getBoundingClientRect()[side];
}

/** The page's colours as plain ones: a probe resolves tokens and light-dark(). */
function look(chart: SVGSVGElement) {
  const probe = document.createElement("span");
  chart.parentElement?.append(probe);
  const resolve = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = { ink: resolve("--ink"), muted: resolve("--muted"), surface: resolve("--surface") };
  const font = getComputedStyle(probe).fontFamily;
  probe.remove();
  return { ...colours, font };
}
