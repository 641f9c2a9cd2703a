/** Which models of a configuration take part, and in which order. */
import type { Source } from "./config.ts";
import type { ImportContext } from "./import.ts";
import type { Member, Path, Reading } from "./reading.ts";

/** The experts in order. The base among the models counts for nothing where the method starts from it. */
export function membersOf(reading: Reading, expert: ImportContext["expert"]): readonly Member[] {
  const { config, method, say } = reading;
  const { sources, path } = sourcesOf(reading);
  checkBase(reading, expert);
  const members = sources.flatMap((source, i): Member[] => {
    const found = expert(source.model);
    const at = [...path, i];
    if (found === undefined) {
      say("error", [...at, "model"], `No expert of the library is called ${source.model}.`);
      return [];
    }
    if (found !== "base") return [{ ...found, source, path: at }];
    if (!method.needsBase) {
      const message = `${method.id} takes the base as an expert; here the base takes no part.`;
      say("error", [...at, "model"], message);
    }
    return [];
  });
  if (!method.startsAtModel) return members;
  if (members.length !== 2) say("error", path, `${method.id} takes exactly two models.`);
  const isFirst = ({ source }: Member) => Number(source.model === config.base_model);
  return members.toSorted((a, b) => isFirst(b) - isFirst(a));
}

function checkBase({ config, method, say }: Reading, expert: ImportContext["expert"]): void {
  if (config.base_model && !method.startsAtModel) {
    const isOpen = expert(config.base_model) === "base";
    if (!isOpen) say("error", ["base_model"], `${config.base_model} is not the base that is open.`);
  } else if (method.needsBase) say("error", ["base_model"], `${method.id} needs base_model.`);
}

/** The models, given as such or as one slice that covers them whole. */
function sourcesOf({ config, places, say }: Reading): {
  readonly sources: readonly Source[];
  readonly path: Path;
} {
  if (config.modules !== undefined) say("error", ["modules"], "modules cannot be translated.");
  if (config.models) return { sources: config.models, path: ["models"] };
  const [slice, ...more] = config.slices ?? [];
  if (!slice) {
    say("error", ["models"], "There are no models.");
    return { sources: [], path: ["models"] };
  }
  const ranges = new Set(slice.sources.map(({ layer_range }) => layer_range.join("–")));
  const layers = new Set(places.map(({ t }) => t).filter((t) => t > 0 && t < 1)).size + 2;
  const isWhole = slice.sources.every(({ layer_range: [from, to] }) => from === 0 && to >= layers - 1);
  if (more.length > 0 || ranges.size > 1 || !isWhole) {
    say("error", ["slices"], "Slices that change a model's depth cannot be merged here.");
  }
  return { sources: slice.sources, path: ["slices", 0, "sources"] };
}
