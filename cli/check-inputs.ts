/** Whether the models at hand are those that a recipe was saved with. */

import type { Finding } from "#core/mergekit/finding.ts";
import type { ModelLibrary } from "#core/model/library.ts";
import type { RecipeFile } from "#core/recipe/share.ts";

/** One error per input that has another content. Missing ones are told when the recipe is planned. */
export async function checkInputs(
  { inputs }: Pick<RecipeFile, "inputs">,
  library: ModelLibrary,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const check = (path: string, what: string, wanted: string, found: string) => {
    if (wanted === found) return;
    const message = `${what} is not the one that the recipe was saved with: ${found}, not ${wanted}.`;
    findings.push({ severity: "error", path, message });
  };
  check("base", "The base", inputs.base, library.base.id);
  for (const [id, { step, id: wanted }] of Object.entries(inputs.experts)) {
    const model = library.expert(id);
    const at = model?.steps.includes(step) ? step : model?.steps.at(-1); // a path is one checkpoint, whatever its step
    if (!model || at === undefined) continue;
    check(`experts.${id}`, `The expert “${id}”`, wanted, (await model.checkpoint(at)).id);
  }
  return findings;
}
