/** What the name of a dropped file says: whose checkpoint it is, and of which step. */

export interface NamedCheckpoint {
  /** A slug, good as an expert's id: "digits-lora" of "Digits LoRA_step640.safetensors". */
  readonly slug: string;
  /** Absent when the name has no step. */
  readonly step?: number;
}

/** A step has a word before it, or is the whole name: a bare "-18" is as likely a size. */
const STEP = /(?:^|[^a-z0-9])(?:step|steps|iter|ckpt|checkpoint)[^a-z0-9]?0*(\d{1,9})(?=$|[^0-9])/i;
const ONLY_DIGITS = /^0*(\d{1,9})$/;
const EXTENSIONS = /\.(?:safetensors|onnx|bin|pt|pth)$/i;
/** Slugs end here, so that "-2" and the like still fit into an id of 64. */
const MAX_SLUG = 56;

/**
 * Reads a file's name or path; where the name is nothing but a step ("digits/step-640.safetensors"), the folder names
 * the expert.
 */
export function parseFileName(path: string): NamedCheckpoint {
  const [name = "", folder = ""] = path.split("/").reverse();
  const stem = name.replace(EXTENSIONS, "");
  const match = STEP.exec(stem) ?? ONLY_DIGITS.exec(stem);
  const rest = match ? `${stem.slice(0, match.index)}-${stem.slice(match.index + match[0].length)}` : stem;
  const slug = slugOf(rest) || slugOf(folder) || "expert";
  return match ? { slug, step: Number(match[1]) } : { slug };
}

/** Returns the id itself, or with the first number from 2 on that nobody has. */
export function freshId(slug: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(slug)) return slug;
  for (let number = 2; ; number++) {
    const id = `${slug}-${number}`;
    if (!isTaken(id)) return id;
  }
}

/** Returns the task whose id stands as a word in the slug, if any does. */
export function taskInSlug(slug: string, tasks: readonly string[]): string | undefined {
  return tasks.find((task) => `-${slug}-`.replaceAll(/[._]/g, "-").includes(`-${task}-`));
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/-{2,}/g, "-")
    .replaceAll(/^[._-]+|[._-]+$/g, "")
    .slice(0, MAX_SLUG)
    .replace(/[._-]+$/, "");
}
