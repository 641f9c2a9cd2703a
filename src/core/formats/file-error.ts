/** Wording shared by the readers: every message says what is wrong, in which file, and what to do. */
import { AppError, type ErrorCode, type ErrorDetails } from "../errors.ts";

/** A name from a file, short enough for a sentence. */
export function clip(name: string, limit = 80): string {
  return name.length > limit ? `${name.slice(0, limit - 1)}…` : name;
}

/** "4,194,304": a count of bytes as the messages show it. */
export function count(n: number | bigint): string {
  return n.toLocaleString("en-US");
}

/** "[10, 64]", or "a scalar". */
export function showShape(shape: readonly (number | bigint)[]): string {
  return shape.length === 0 ? "a scalar" : clip(`[${shape.slice(0, 12).join(", ")}]`);
}

/** An error about one file; `file` joins the details. */
export function fileError(
  code: ErrorCode,
  file: string,
  message: string,
  details: ErrorDetails = {},
): AppError {
  return new AppError(code, `“${clip(file)}” ${message}`, { file: clip(file, 300), ...details });
}

/** The file ends before what it promises; both counts are bytes of the whole file. */
export function truncated(file: string, promised: number | bigint, size: number): AppError {
  return fileError(
    "file/truncated",
    file,
    `is cut short: it promises ${count(promised)} bytes and has ${count(size)}. Download or copy it again.`,
    { promised: Number(promised), size },
  );
}
