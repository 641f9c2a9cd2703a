/**
 * Runs inside the browser page: draws the characters of one font file.
 *
 * Each glyph is drawn large, cut to its ink and averaged down to fit a 22-pixel box in the middle of 28 × 28,
 * white on black, as MNIST's digits are.
 *
 * @returns {Promise<{ drawn: number[], pixels: string }>} indices of the drawn characters and their pixels, base64
 */
export async function drawInPage({ url, characters }) {
  const SIDE = 28;
  const BOX = 22;
  const CANVAS = 320;
  const face = new FontFace("zoo", `url(${url})`);
  await face.load();
  document.fonts.clear();
  document.fonts.add(face);
  const canvas = new OffscreenCanvas(CANVAS, CANVAS);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "#fff";
  const drawn = [];
  const images = [];
  for (let i = 0; i < characters.length; i++) {
    const ink = drawLarge(characters[i]);
    if (!ink) continue;
    drawn.push(i);
    images.push(fit(ink));
  }
  const all = new Uint8Array(images.length * SIDE * SIDE);
  for (const [i, image] of images.entries()) all.set(image, i * SIDE * SIDE);
  let binary = "";
  for (let i = 0; i < all.length; i += 8192) binary += String.fromCharCode(...all.subarray(i, i + 8192));
  return { drawn, pixels: btoa(binary) };

  /** Draws at falling sizes until the ink does not touch the canvas' edge. */
  function drawLarge(character) {
    for (const size of [144, 96, 56]) {
      pen.clearRect(0, 0, CANVAS, CANVAS);
      pen.font = `${size}px zoo`;
      pen.textAlign = "center";
      pen.textBaseline = "alphabetic";
      pen.fillText(character, CANVAS / 2, CANVAS / 2 + size * 0.35);
      const { data } = pen.getImageData(0, 0, CANVAS, CANVAS);
      let left = CANVAS;
      let right = -1;
      let top = CANVAS;
      let bottom = -1;
      for (let y = 0; y < CANVAS; y++) {
        for (let x = 0; x < CANVAS; x++) {
          if (data[(y * CANVAS + x) * 4 + 3] < 24) continue;
          if (x < left) left = x;
          if (x > right) right = x;
          if (y < top) top = y;
          if (y > bottom) bottom = y;
        }
      }
      if (right < 0) return undefined;
      if (left > 0 && top > 0 && right < CANVAS - 1 && bottom < CANVAS - 1)
        return { data, left, top, width: right - left + 1, height: bottom - top + 1 };
    }
    return undefined;
  }

  function fit({ data, left, top, width, height }) {
    const scale = BOX / Math.max(width, height);
    const xs = spans(width, scale);
    const ys = spans(height, scale);
    const image = new Uint8Array(SIDE * SIDE);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        let sum = 0;
        for (const [sy, wy] of ys[y]) {
          for (const [sx, wx] of xs[x]) sum += wy * wx * data[((top + sy) * CANVAS + left + sx) * 4 + 3];
        }
        image[y * SIDE + x] = Math.round(Math.min(255, sum * scale * scale));
      }
    }
    return image;
  }

  /** For each target pixel the source pixels under it and how much of each. */
  function spans(length, scale) {
    const start = (SIDE - length * scale) / 2;
    return Array.from({ length: SIDE }, (_, pixel) => {
      const from = Math.max(0, (pixel - start) / scale);
      const to = Math.min(length, (pixel + 1 - start) / scale);
      const parts = [];
      for (let s = Math.floor(from); s < to; s++) {
        const weight = Math.min(s + 1, to) - Math.max(s, from);
        if (weight > 1e-9) parts.push([s, weight]);
      }
      return parts;
    });
  }
}
