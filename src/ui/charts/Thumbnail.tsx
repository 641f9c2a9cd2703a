import { useLayoutEffect, useRef } from "react";
import styles from "./flips.module.css";

/** Screen pixels per image pixel. */
const SCALE = 2;

interface ThumbnailProps {
  /** Grey u8, row-major height × width. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** An example as the model sees it. Decorative: the words beside it name it. */
export function Thumbnail({ pixels, width, height }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      image.data.fill(pixels[i] ?? 0, 4 * i, 4 * i + 3);
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
        style={{ inlineSize: width * SCALE, blockSize: height * SCALE }}
        className={styles.picture}
      />
    </span>
  );
}
