/** Examples out of tables: text and label, or features and label, in CSV, TSV or JSON lines. */
import { type Row, readCsv } from "./csv.ts";
import { dataError } from "./data-error.ts";
import { partOf, type RawExamples, type RawInputs } from "./raw-examples.ts";

const LABEL = /^(label|labels|class|target|category|y)$/i;
const TEXT = /^(text|sentence|content|document|review|question|title|utterance)$/i;
/** Columns that are no part of an example. */
const ASIDE = /^(|id|idx|index|split|unnamed: 0)$/i;
const SPLIT = /^split$/i;
const FEATURES = /^(x|features|values|inputs|pixels|embedding)$/i;

type Found = Omit<RawExamples, "name" | "part">;

/** One part for every value of a "split" column that says train or test. */
export interface TableExamples extends Found {
  readonly part: ReturnType<typeof partOf>;
}

/** @throws AppError data/malformed that names the line */
export function csvExamples(text: string, file: string): readonly TableExamples[] {
  const rows = readCsv(text, file);
  if (rows.length === 0) throw dataError(file, "holds no rows.");
  const header = headerOf(rows);
  const body = header ? rows.slice(1) : rows;
  const width = rows[0].fields.length;
  const odd = body.find(({ fields }) => fields.length !== width);
  if (odd) {
    throw dataError(
      file,
      `has ${odd.fields.length} fields on line ${odd.line}, and ${width} on the first. Quote fields with separators.`,
      { line: odd.line },
    );
  }
  if (body.length === 0) throw dataError(file, "holds a header and no rows.");
  const columns = Array.from({ length: width }, (_, column) => ({ column, name: header?.[column] ?? "" }));
  const label = columns.find(({ name }) => LABEL.test(name)) ?? columns[width - 1];
  const split = columns.find(({ name }) => SPLIT.test(name));
  const rest = columns.filter((one) => one !== label && (!header || !ASIDE.test(one.name)));
  if (rest.length === 0) throw dataError(file, "has one column. It needs a text or features, and a label.");
  const inputs = inputsOf(body, rest, file);
  const labels = body.map(({ fields, line }) => required(fields[label.column].trim(), line, file));
  return byPart(
    file,
    inputs,
    labels,
    body.map(({ fields }) => (split ? partOf(fields[split.column].trim()) : undefined)),
  );
}

/** The first row's names, if it has any: a known name, or words above numbers. */
function headerOf(rows: readonly Row[]): readonly string[] | undefined {
  const names = rows[0].fields.map((field) => field.trim());
  const isKnown = names.some((name) => LABEL.test(name) || TEXT.test(name));
  const isAbove = names.every((name) => !isNumber(name)) && (rows[1]?.fields.some(isNumber) ?? false);
  return isKnown || isAbove ? names : undefined;
}

function inputsOf(
  rows: readonly Row[],
  columns: readonly { readonly column: number; readonly name: string }[],
  file: string,
): RawInputs {
  const text =
    columns.find(({ name }) => TEXT.test(name)) ??
    (columns.length === 1 && rows.some(({ fields }) => !isNumber(fields[columns[0].column]))
      ? columns[0]
      : undefined);
  if (text) return { kind: "text", texts: rows.map(({ fields }) => fields[text.column]) };
  const values = new Float32Array(rows.length * columns.length);
  for (const [r, { fields, line }] of rows.entries()) {
    for (const [c, { column, name }] of columns.entries()) {
      if (!isNumber(fields[column])) {
        const where = `line ${line}, column ${name || column + 1}`;
        throw dataError(
          file,
          `has “${fields[column].slice(0, 40)}” on ${where}, where a number is expected. Remove the row, or fill it in.`,
          { line },
        );
      }
      values[r * columns.length + c] = Number(fields[column]);
    }
  }
  return { kind: "array", shape: [columns.length], values };
}

/** One JSON object a line: `label` (or `class`, `target`, `y`) and `text`, or `features` (or `x`, `values`), nested lists too. */
export function jsonlExamples(text: string, file: string): readonly TableExamples[] {
  const labels: string[] = [];
  const texts: string[] = [];
  const lists: number[] = [];
  const parts: ReturnType<typeof partOf>[] = [];
  let shape: readonly number[] | undefined;
  for (const [i, source] of text.split(/\r?\n/).entries()) {
    if (source.trim() === "") continue;
    const line = i + 1;
    const entries = objectOf(source, line, file);
    const of = (pattern: RegExp) => entries.find(([key]) => pattern.test(key))?.[1];
    labels.push(required(scalar(of(LABEL)), line, file));
    parts.push(partOf(scalar(of(SPLIT))));
    const words = of(TEXT);
    const list = of(FEATURES);
    if (typeof words === "string") texts.push(words);
    else if (Array.isArray(list)) {
      const own: number[] = [];
      const found = flatten(list, own);
      if (!found || (shape && found.join() !== shape.join())) {
        throw dataError(file, `has features on line ${line} that are no numbers, or not as many as before.`, {
          line,
        });
      }
      shape = found;
      for (const value of own) lists.push(value);
    } else throw dataError(file, `has neither “text” nor “features” on line ${line}.`, { line });
  }
  if (labels.length === 0) throw dataError(file, "holds no rows.");
  if (texts.length > 0 && shape) throw dataError(file, "mixes texts and features. Split it into two files.");
  const inputs: RawInputs = shape
    ? { kind: "array", shape, values: Float32Array.from(lists) }
    : { kind: "text", texts };
  return byPart(file, inputs, labels, parts);
}

function objectOf(source: string, line: number, file: string): readonly [string, unknown][] {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw dataError(file, `has no valid JSON on line ${line}.`, { line });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw dataError(file, `has no JSON object on line ${line}.`, { line });
  return Object.entries(value);
}

/** Appends the numbers of nested lists and returns their shape; undefined when they are ragged or no finite numbers. */
function flatten(list: readonly unknown[], into: number[]): readonly number[] | undefined {
  let inner: readonly number[] | undefined;
  for (const entry of list) {
    let own: readonly number[] | undefined;
    if (Array.isArray(entry)) own = flatten(entry, into);
    else if (typeof entry === "number" && Number.isFinite(entry)) {
      into.push(entry);
      own = [];
    }
    if (!own || (inner && inner.join() !== own.join())) return undefined;
    inner = own;
  }
  return inner && [list.length, ...inner];
}

function byPart(
  file: string,
  inputs: RawInputs,
  labels: readonly string[],
  parts: readonly ReturnType<typeof partOf>[],
): readonly TableExamples[] {
  const kinds = [...new Set(parts)];
  if (kinds.length === 1) return [{ file, inputs, labels, part: kinds[0] }];
  return kinds.map((part) => {
    const rows = parts.flatMap((own, row) => (own === part ? [row] : []));
    return { file, inputs: pick(inputs, rows), labels: rows.map((row) => labels[row]), part };
  });
}

function pick(inputs: RawInputs, rows: readonly number[]): RawInputs {
  if (inputs.kind === "text") return { kind: "text", texts: rows.map((row) => inputs.texts[row]) };
  if (inputs.kind === "pictures") throw new Error("tables hold no pictures");
  const size = inputs.shape.reduce((product, dimension) => product * dimension, 1);
  const values = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries())
    values.set(inputs.values.subarray(row * size, (row + 1) * size), i * size);
  return { ...inputs, values };
}

function required(label: string, line: number, file: string): string {
  if (label === "") throw dataError(file, `has no label on line ${line}.`, { line });
  return label;
}

function scalar(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value).trim()
    : "";
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
