import { CurvePlot, type CurvePlotProps } from "../charts/CurvePlot.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { arithmeticWords } from "./arithmetic-words.ts";
import { alphaAxis } from "./measured.ts";

interface AlphaPlotProps extends Pick<CurvePlotProps, "curves" | "y" | "width" | "levels"> {
  /** α that validation chose. */
  readonly chosen: number | undefined;
}

/** Shares over α from 0 to 1. */
export function AlphaPlot({ chosen, ...rest }: AlphaPlotProps) {
  const words = useWords(arithmeticWords);
  const format = useFormats();
  return (
    <CurvePlot
      {...rest}
      x={alphaAxis}
      xName={words.axis}
      chosen={chosen === undefined ? undefined : { x: chosen, name: words.chosen(format.at(0.05, chosen)) }}
      cursorName={words.cursor}
      formatX={(x) => format.number(x)}
      titleOf={(x) => words.alpha(format.at(0.05, x))}
      formatY={(y) => format.percent(y)}
      formatTick={(y) => format.count(100 * y)}
    />
  );
}
