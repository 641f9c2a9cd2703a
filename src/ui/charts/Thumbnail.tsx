import { useLayoutEffect, useRef } from "react";
import styles from "./flips.module.css";

/** Longer side on the screen in CSS pixels; small pictures are doubled at most. */
const SIDE = 56;
const MAX_SCALE = 2;

interface ThumbnailProps {
  /** u8, one channel after another (grey, or red green blue), each row-major height × width. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** An example as the model sees it. Decorative: the words beside it name it. */
export function Thumbnail({ pixels, width, height }: ThumbnailProps) {
  const scale = Math.min(MAX_SCALE, SIDE / Math.max(width, height));
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(width, height);
    const count = width * height;
    const plane = pixels.length > count ? count : 0;
    for (let i = 0; i < count; i++) {
      for (let channel = 0; channel < 3; channel++)
        image.data[4 * i + channel] = pixels[channel * plane + i] ?? 0;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, width, height]);

  return (
    <span aria-hidden="true">
      <canvas
        ref={canvas}
        width={width}
        height={height}
        style={{ inlineSize: width * scale, blockSize: height * scale }}
        className={styles.picture}
      />
    </span>
  );
}
