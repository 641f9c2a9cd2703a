/**
 * mergekit's configuration file: what of it we read. Source: arcee-ai/mergekit, mergekit/config.py (0.1.4).
 *
 * Unknown keys are kept apart and reported with their lines: mergekit drops them in silence.
 */
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { AppError } from "../errors.ts";
import type { Finding } from "./finding.ts";

/** Longer texts are no configuration. */
const MAX_CHARACTERS = 4_000_000;

/** Aliases may stand for this many nodes each: enough to share a list of filters, too few to fill the memory. */
const MAX_ALIASES = 100;

const scalar = z.union([z.number(), z.boolean()]);
const gradient = z.array(z.number()).min(1).max(1000);
/** A number, a gradient over depth, or a list of which the first entry whose filter is part of a tensor's name counts. */
const setting = z.union([
  scalar,
  gradient,
  z
    .array(
      z.object({
        filter: z.string().max(1000).nullish(),
        value: z.union([scalar, gradient]),
      }),
    )
    .min(1)
    .max(20_000),
]);
const parameters = z.record(z.string(), setting).nullish();
const modelName = z.union([
  z.string(),
  z.object({ model: z.object({ path: z.string() }) }).transform((m) => m.model.path),
]);
const source = z.object({ model: modelName, parameters });
const sliceSource = source.extend({ layer_range: z.tuple([z.int(), z.int()]) });

const schema = z.looseObject({
  merge_method: z.string(),
  base_model: modelName.nullish(),
  models: z.array(source).max(64).nullish(),
  slices: z
    .array(
      z.object({
        sources: z.array(sliceSource).min(1).max(64),
        base_model: modelName.nullish(),
        residual_weight: z.number().nullish(),
        parameters,
      }),
    )
    .nullish(),
  modules: z.unknown().optional(),
  parameters,
  dtype: z.string().nullish(),
  out_dtype: z.string().nullish(),
});

export type MergekitConfig = z.infer<typeof schema>;
export type Setting = z.infer<typeof setting>;
export type Source = z.infer<typeof source>;

/** The key that our provenance travels under. */
export const PROVENANCE_KEY = "x_kintsugi";

/** Keys that change no tensor that we merge. */
const HARMLESS = ["tokenizer_source", "tokenizer", "chat_template", PROVENANCE_KEY];

/** A configuration with the lines that its parts stand on. */
export interface ParsedConfig {
  readonly config: MergekitConfig;
  readonly findings: readonly Finding[];
  /** Line of a path such as ["models", 1, "parameters"], or undefined where there is none. */
  line(path: readonly (string | number)[]): number | undefined;
}

/** Reads mergekit YAML. @throws AppError recipe/malformed with line and path */
export function parseConfig(text: string): ParsedConfig {
  const { value, line } = parseYaml(text);
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = (issue?.path ?? []).map((part) => (typeof part === "symbol" ? String(part) : part));
    const at = line(path);
    throw malformed(
      `${at === undefined ? "" : `Line ${at}: `}${path.join(".") || "the file"}: ${issue?.message ?? "does not fit"}`,
      { path: path.join("."), ...(at !== undefined && { line: at }) },
    );
  }
  return { config: result.data, findings: unknownKeys(result.data, line), line };
}

/** YAML 1.1 with merge keys, which is what mergekit's reader takes. */
function parseYaml(text: string): { readonly value: unknown; readonly line: ParsedConfig["line"] } {
  if (text.length > MAX_CHARACTERS) throw malformed("The text is too long for a configuration.", {});
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, version: "1.1", merge: true });
    const [first] = document.errors;
    if (first) {
      const at = first.linePos?.[0].line ?? 1;
      throw malformed(`Line ${at}: ${first.message.split("\n")[0]}`, { line: at });
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return {
      value,
      line(path) {
        const range = rangeOf(document.getIn(path, true));
        return range === undefined ? undefined : lines.linePos(range).line;
      },
    };
  } catch (error) {
    // The reader speaks of aliases that multiply and of nesting without end in errors of its own.
    if (error instanceof ReferenceError)
      throw malformed(`Its aliases cannot be followed. ${error.message}.`, {});
    if (error instanceof RangeError) throw malformed("It is nested too deeply.", {});
    throw error;
  }
}

function unknownKeys(config: MergekitConfig, line: ParsedConfig["line"]): readonly Finding[] {
  const known = Object.keys(schema.shape);
  return Object.keys(config)
    .filter((key) => !known.includes(key))
    .map((key): Finding => {
      const at = line([key]);
      return {
        severity: "ignored",
        path: key,
        message: HARMLESS.includes(key)
          ? `${key} does not concern the weights that are merged here.`
          : `${key} is no key of mergekit's that we know; mergekit drops unknown keys too.`,
        ...(at !== undefined && { line: at }),
      };
    });
}

function rangeOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range))
    return undefined;
  const [begin]: unknown[] = node.range;
  return typeof begin === "number" ? begin : undefined;
}

function malformed(message: string, details: Readonly<Record<string, string | number>>): AppError {
  return new AppError("recipe/malformed", `This is no mergekit configuration that can be read. ${message}`, {
    path: "",
    ...details,
  });
}
