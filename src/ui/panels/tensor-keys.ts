/** Where the keyboard goes in the tensor table. Pure; line −1 is the header. */

export interface GridPlace {
  readonly line: number;
  readonly column: number;
}

export interface GridSize {
  readonly lines: number;
  readonly columns: number;
  /** Lines that Page Up and Page Down move by. */
  readonly page: number;
}

/** The place that a key leads to, or undefined for keys that do not move. */
export function movePlace(
  { key, ctrlKey, metaKey }: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean },
  { line, column }: GridPlace,
  { lines, columns, page }: GridSize,
): GridPlace | undefined {
  const far = ctrlKey || metaKey;
  const at = (toLine: number, toColumn: number): GridPlace => ({
    line: Math.min(lines - 1, Math.max(-1, toLine)),
    column: Math.min(columns - 1, Math.max(0, toColumn)),
  });
  switch (key) {
    case "ArrowDown":
      return at(far ? lines - 1 : line + 1, column);
    case "ArrowUp":
      return at(far ? 0 : line - 1, column);
    case "ArrowLeft":
      return at(line, column - 1);
    case "ArrowRight":
      return at(line, column + 1);
    case "PageDown":
      return at(line + page, column);
    case "PageUp":
      return at(Math.max(0, line - page), column);
    case "Home":
      return at(far ? 0 : line, 0);
    case "End":
      return at(far ? lines - 1 : line, columns - 1);
    default:
      return undefined;
  }
}
