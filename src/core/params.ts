/**
 * Parameters as data: a zod object with `.meta()` is validator, default, range, words and control at once.
 */
import { z } from "zod";

/** What `.meta()` of a parameter carries; the compiler checks it wherever a schema says it. */
interface ParamMeta {
  readonly label?: string;
  /** One or two plain sentences for the tooltip and the docs. */
  readonly help?: string;
  readonly step?: number;
  /** Key in a mergekit YAML, where there is one. */
  readonly mergekit?: string;
  /** Words for the options of an enum. */
  readonly options?: Readonly<Record<string, string>>;
  /** Shown only under "more". */
  readonly advanced?: boolean;
}

declare module "zod" {
  interface GlobalMeta extends ParamMeta {}
}

/** A form control derived from a schema; also a sweep axis. */
export type ControlSpec = {
  readonly key: string;
  readonly label: string;
  readonly help?: string;
  readonly advanced: boolean;
} & (
  | {
      readonly kind: "number";
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly initial: number;
    }
  | { readonly kind: "switch"; readonly initial: boolean }
  | {
      readonly kind: "choice";
      readonly options: readonly { readonly value: string; readonly label: string }[];
      readonly initial: string;
    }
);

/** What of a property's JSON schema makes a control; `.meta()` passes through. */
const jsonProperty = z.object({
  type: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  enum: z.array(z.string()).optional(),
  default: z.union([z.number(), z.boolean(), z.string()]).optional(),
  label: z.string().optional(),
  help: z.string().optional(),
  step: z.number().optional(),
  options: z.record(z.string(), z.string()).optional(),
  advanced: z.boolean().optional(),
});
type JsonProperty = z.infer<typeof jsonProperty>;

/** Derives one control per property of a params schema, in declaration order. @throws Error on a property with no default or no bounds */
export function controlsOf(schema: z.ZodObject): readonly ControlSpec[] {
  const json = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(json.properties ?? {}).map(([key, property]) =>
    control(key, jsonProperty.parse(property)),
  );
}

/** Gives the value that each control starts with, by key. */
export function defaultsOf(
  controls: readonly ControlSpec[],
): Readonly<Record<string, number | boolean | string>> {
  return Object.fromEntries(controls.map(({ key, initial }) => [key, initial]));
}

function control(key: string, property: JsonProperty): ControlSpec {
  const words = {
    key,
    label: property.label ?? key,
    advanced: property.advanced ?? false,
    ...(property.help === undefined ? {} : { help: property.help }),
  };
  const { default: initial, minimum, maximum } = property;
  if (typeof initial === "boolean") return { ...words, kind: "switch", initial };
  if (typeof initial === "string" && property.enum) {
    const options = property.enum.map((value) => ({ value, label: property.options?.[value] ?? value }));
    return { ...words, kind: "choice", options, initial };
  }
  if (typeof initial === "number" && minimum !== undefined && maximum !== undefined) {
    const step = property.step ?? (property.type === "integer" ? 1 : 0.01);
    return { ...words, kind: "number", min: minimum, max: maximum, step, initial };
  }
  throw new Error(`parameter ${key} needs a default, and bounds if it is a number`);
}
