/** Reads CSV and TSV (RFC 4180): quoted fields, doubled quotes, line ends inside quotes. */
import { dataError } from "./data-error.ts";

/** A row and the line (from 1) on which it begins. */
export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

const SEPARATORS = [",", "\t", ";"];

/** Returns the rows without empty ones; the separator is the one that the first line has most of. @throws AppError data/malformed */
export function readCsv(text: string, file: string): readonly Row[] {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  const separator = separatorOf(source);
  const rows: Row[] = [];
  let fields: string[] = [];
  let line = 1;
  let rowLine = 1;
  let at = 0;
  const endRow = () => {
    if (fields.length > 1 || fields[0] !== "") rows.push({ line: rowLine, fields });
    fields = [];
    rowLine = line;
  };
  while (at < source.length) {
    const quoted = source[at] === '"';
    const end = quoted ? closing(source, at, file, line) : plainEnd(source, at, separator);
    const raw = source.slice(at, end);
    line += raw.split("\n").length - 1;
    fields.push(quoted ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    at = end;
    if (at >= source.length) break;
    if (source[at] === separator) {
      at++;
      if (at >= source.length) fields.push("");
      continue;
    }
    const skip = source.startsWith("\r\n", at) ? 2 : source[at] === "\n" || source[at] === "\r" ? 1 : 0;
    if (skip === 0)
      throw dataError(
        file,
        `has text after a closing quote on line ${line}. Double the quotes inside a field.`,
        {
          line,
        },
      );
    at += skip;
    line++;
    endRow();
  }
  if (fields.length > 0) endRow();
  return rows;
}

function plainEnd(text: string, at: number, separator: string): number {
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
  return end;
}

/** The index after the quote that closes the field opened at `open`. */
function closing(text: string, open: number, file: string, line: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at + 1;
  }
  throw dataError(file, `has a quote on line ${line} that is never closed.`, { line });
}

function separatorOf(text: string): string {
  const first = text.slice(0, text.search(/[\r\n]|$/)).replaceAll(/"[^"]*"/g, "");
  const count = (separator: string) => first.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}
