/** Where the command speaks: results on standard output, everything else on standard error. */
import { setImmediate } from "node:timers/promises";
import type { Context } from "#core/context.ts";

export interface Terminal {
  /** A line of the result. */
  print(line: string): void;
  /** A line for people. */
  say(line: string): void;
  /** Replaces the line of progress; nothing where nobody watches. */
  progress(line: string): void;
}

/** A terminal on this process's streams. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  let shown = 0;
  const clear = () => {
    if (shown > 0) stderr.write(`\r${" ".repeat(shown)}\r`);
    shown = 0;
  };
  return {
    print(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    say(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!stderr.isTTY) return;
      stderr.write(`\r${line.padEnd(shown)}`);
      shown = line.length;
    },
  };
}

/** A context that a signal stops, and whose progress is a percentage after a word. */
export function contextOf(word: string, terminal: Terminal, signal: AbortSignal): Context {
  return {
    signal,
    async breathe() {
      freeArrays();
      await setImmediate();
    },
    progress: (done, total) =>
      terminal.progress(`${word} ${Math.floor((100 * done) / Math.max(1, total))} %`),
  };
}

/** Bytes of arrays that may pile up before somebody looks which are still needed. */
const PILE = 32e6;
let needed = 0;

/** Frees arrays that nobody needs. Node does it by itself (with --expose-gc it can be asked), but late: memory would double. */
function freeArrays(): void {
  const { gc } = globalThis;
  if (!gc || process.memoryUsage().arrayBuffers < needed + PILE) return;
  gc();
  needed = process.memoryUsage().arrayBuffers;
}

/** "1.2 GB"; decimal, as disks are sold. */
export function megabytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;
}

/** "3.2 s", "2 min 5 s". */
export function seconds(value: number): string {
  if (value < 60) return `${value.toFixed(1)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}
