/** What a path says of a checkpoint: whose it is, and at which step it was saved. */

/** Words before a step number, strongest first: where a name has both, "epoch=3-step=1000" is step 1000. */
const stepWords = ["global_?step|steps?", "check_?point|ckpt", "iter(?:ation)?s?", "epochs?|ep"];
const stepPatterns = stepWords.map(
  (words) => new RegExp(`(?:^|[^a-z])(?:${words})[-_=. ]?0*(\\d{1,12})(?!\\d)`, "i"),
);

/** Ends of file names that say how, not what. */
const EXTENSION = /\.(safetensors(\.index\.json)?|onnx)$/i;
/** File names that training tools give to every model alike. */
const GENERIC =
  /^(model(-\d+-of-\d+)?|pytorch_model|adapter_model|weights?|checkpoint|ckpt|expert|final|best|last)?$/i;

/**
 * The step in a path such as "digits/checkpoint-500/model.safetensors", "digits_step_1000.safetensors" or
 * "epoch=3.ckpt"; undefined if it names none. The file's own name is asked before its folders'.
 */
export function stepFromName(path: string): number | undefined {
  for (const part of partsOf(path).reverse()) {
    for (const pattern of stepPatterns) {
      const digits = pattern.exec(part)?.[1];
      if (digits !== undefined) return Number(digits);
    }
  }
  return undefined;
}

/** An expert's id and label, as a path suggests them. */
export interface SuggestedExpert {
  /** Valid as an ExpertId; the same for all checkpoints of one expert. */
  readonly slug: string;
  readonly label: string;
}

/**
 * The expert that a path belongs to: its last part that is more than a step or a name given to every model.
 * "digits_step-160.safetensors" and "digits/checkpoint-500/model.safetensors" are both of "digits".
 */
export function expertFromName(path: string): SuggestedExpert {
  const parts = partsOf(path);
  const named = parts.map(withoutStep).findLast((part) => !GENERIC.test(part));
  const label = (named ?? parts.at(-1) ?? "expert").replace(/[_\s]+/g, " ").trim() || "expert";
  return { slug: slugOf(label), label };
}

function partsOf(path: string): string[] {
  return path
    .split(/[/\\]/)
    .map((part) => part.replace(EXTENSION, ""))
    .filter((part) => part !== "" && part !== "." && part !== "..");
}

/** The part without its step words and numbers, and without what joined them. */
function withoutStep(part: string): string {
  const bare = stepPatterns.reduce((text, pattern) => text.replace(pattern, " "), part);
  return bare === part ? part : bare.replace(/^[-_=. ]+|[-_=. ]+$/g, "");
}

/** Recipes say "base" where a tensor stays as it is in the base; no expert may have that id. */
const RESERVED = "base";

/** Lower-case ASCII; a name with no ASCII letter at all gets a number of its own. */
function slugOf(label: string): string {
  const ascii = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{Mark}/gu, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 64);
  if (ascii === RESERVED) return `${RESERVED}-expert`;
  return ascii || `expert-${hash(label).toString(36)}`;
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
