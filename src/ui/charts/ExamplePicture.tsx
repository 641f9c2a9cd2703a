import type { ShownExample } from "#core/eval/report.ts";
import { useFormats } from "../format.ts";
import styles from "./flips.module.css";
import { Thumbnail } from "./Thumbnail.tsx";

/** An example as a person sees it: a picture, its text, or its first numbers. */
export function ExamplePicture({ example }: { readonly example: ShownExample }) {
  const format = useFormats();
  if (example.kind === "image") {
    const [, height, width] = example.shape;
    return <Thumbnail pixels={example.pixels} width={width} height={height} />;
  }
  const text =
    example.kind === "text" ? example.text : example.values.map((value) => format.number(value)).join(" ");
  return (
    <bdi className={styles.text} title={text}>
      {text}
    </bdi>
  );
}
