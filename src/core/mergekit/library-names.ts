/** Which of a library's models a name in a configuration means. */
import { expertFromName, stepFromName } from "../model/step-from-name.ts";
import type { LibraryCard } from "../summary.ts";
import type { ImportContext } from "./import.ts";

/**
 * Finds models by id, by the file that a checkpoint was read from, or by the name that such a path would give an expert;
 * the base by "base", the family's id, or the name of its file.
 */
export function modelsOf(
  { suite, experts }: Pick<LibraryCard, "suite" | "experts">,
  baseFile = "base",
): ImportContext["expert"] {
  const baseNames = new Set(["base", suite, plain(baseFile), expertFromName(baseFile).slug]);
  return (model) => {
    const path = plain(model);
    if (experts.some(({ id }) => id === path)) return { id: path };
    for (const { id, checkpoints } of experts) {
      const found = checkpoints.find(({ file }) => file === path || path.endsWith(`/${file}`));
      if (found) return { id, step: found.step };
    }
    if (baseNames.has(path) || path.endsWith(`/${plain(baseFile)}`)) return "base";
    const { slug } = expertFromName(path);
    const expert = experts.find(({ id }) => id === slug);
    if (!expert) return baseNames.has(slug) || slug === "base-expert" ? "base" : undefined;
    const step = stepFromName(path);
    const hasStep = expert.checkpoints.some((checkpoint) => checkpoint.step === step);
    return { id: slug, ...(step !== undefined && hasStep && { step }) };
  };
}

function plain(path: string): string {
  return path.replace(/^\.\//, "").replace(/\/$/, "");
}
