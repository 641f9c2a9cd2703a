/** Reads the command line. */
import { parseArgs } from "node:util";
import { type NonFinitePolicy, nonFinitePolicies } from "#core/library/repair.ts";
import { UsageError } from "./exit.ts";

export const commands = ["plan", "merge", "eval"] as const;
export type Command = (typeof commands)[number];

export interface Options {
  readonly command: Command;
  readonly recipe: string;
  readonly zoo: string | undefined;
  readonly base: string | undefined;
  /** Paths by id, in the order given. */
  readonly experts: ReadonlyMap<string, string>;
  readonly evidence: readonly string[];
  /** Unless told, what the saved recipe says of each input, else "error". */
  readonly nonFinite: NonFinitePolicy | undefined;
  readonly out: string | undefined;
  readonly as: "safetensors" | "onnx";
  readonly tasks: readonly string[];
  readonly split: "validation" | "test";
  readonly hideNames: boolean;
  readonly force: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

const flags = {
  zoo: { type: "string" },
  base: { type: "string" },
  expert: { type: "string", multiple: true },
  evidence: { type: "string", multiple: true },
  "non-finite": { type: "string" },
  out: { type: "string", short: "o" },
  as: { type: "string", default: "safetensors" },
  task: { type: "string", multiple: true },
  split: { type: "string", default: "validation" },
  "hide-names": { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Returns "help" when it is asked for. @throws UsageError */
export function readOptions(args: readonly string[]): Options | "help" {
  const { values, positionals } = parsed(args);
  if (values.help) return "help";
  const [name, recipe, ...more] = positionals;
  const command = commands.find((known) => known === name);
  if (!command) throw new UsageError(name ? `There is no command “${name}”.` : "Say what to do.");
  if (!recipe || more.length > 0) throw new UsageError(`${command} takes one recipe.`);
  if (command === "merge" && !values.out) throw new UsageError("merge needs --out FILE.");
  if (command === "eval" && !values.zoo)
    throw new UsageError("eval needs --zoo FOLDER: it has the examples.");
  if (values.zoo && (values.base || values.expert)) {
    throw new UsageError("--zoo brings its own base and experts: leave --base and --expert out.");
  }
  const options: Options = {
    command,
    recipe,
    zoo: values.zoo,
    base: values.base,
    experts: pairs(values.expert ?? []),
    evidence: values.evidence ?? [],
    nonFinite:
      values["non-finite"] === undefined
        ? undefined
        : oneOf("non-finite", values["non-finite"], nonFinitePolicies),
    out: values.out,
    as: oneOf("as", values.as, ["safetensors", "onnx"]),
    tasks: values.task ?? [],
    split: oneOf("split", values.split, ["validation", "test"]),
    hideNames: values["hide-names"],
    force: values.force,
    json: values.json,
    quiet: values.quiet,
  };
  return options;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function pairs(given: readonly string[]): ReadonlyMap<string, string> {
  const experts = new Map<string, string>();
  for (const pair of given) {
    const at = pair.indexOf("=");
    const id = pair.slice(0, Math.max(0, at));
    if (at < 1 || at === pair.length - 1) throw new UsageError(`--expert takes ID=PATH, not “${pair}”.`);
    if (experts.has(id)) throw new UsageError(`--expert names “${id}” twice.`);
    experts.set(id, pair.slice(at + 1));
  }
  return experts;
}

function oneOf<T extends string>(flag: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${flag} is ${known.join(" or ")}, not “${value}”.`);
  return found;
}
