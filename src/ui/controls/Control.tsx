import type { ControlSpec } from "#core/params.ts";
import { Choice } from "./Choice.tsx";
import { NumberField } from "./NumberField.tsx";
import { isSeries } from "./number-series.ts";
import { Slider } from "./Slider.tsx";
import { Switch } from "./Switch.tsx";

interface ControlProps {
  readonly spec: ControlSpec;
  readonly value: number | boolean | string | undefined;
  readonly disabled?: boolean;
  onChange(value: number | boolean | string): void;
}

/** The control that a parameter's specification asks for. */
export function Control({ spec, value, disabled, onChange }: ControlProps) {
  const shared = { label: spec.label, help: spec.help, disabled, onChange };
  switch (spec.kind) {
    case "number": {
      const number = typeof value === "number" ? value : spec.initial;
      if (isSeries(spec)) {
        return <NumberField {...shared} min={spec.min} max={spec.max} step={spec.step} value={number} />;
      }
      return (
        <Slider
          {...shared}
          min={spec.min}
          max={spec.max}
          step={spec.step}
          initial={spec.initial}
          value={number}
        />
      );
    }
    case "switch":
      return <Switch {...shared} checked={typeof value === "boolean" ? value : spec.initial} />;
    case "choice":
      return (
        <Choice {...shared} options={spec.options} value={typeof value === "string" ? value : spec.initial} />
      );
    default:
      return spec satisfies never;
  }
}
