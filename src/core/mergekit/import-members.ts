/** Which models of a configuration take part, in which order, and which parameters they share. */
import type { MergekitConfig, Source } from "./config.ts";
import type { ImportContext } from "./import.ts";
import type { Given, Member, Path, Reading } from "./reading.ts";

interface Sources {
  readonly sources: readonly Source[];
  readonly path: Path;
}

/** The experts in order. The base among the models counts for nothing where the method starts from it. */
export function membersOf(
  { sources, path }: Sources,
  reading: Reading,
  expert: ImportContext["expert"],
): readonly Member[] {
  const { config, method, say } = reading;
  checkBase(reading, expert);
  const startsAtBase = method.base === "needed" || (method.base === "optional" && config.base_model);
  const members = sources.flatMap(({ model, parameters }, i): Member[] => {
    const found = expert(model);
    const at = [...path, i];
    if (found === undefined) {
      say("error", [...at, "model"], `No expert of the library is called ${model}.`);
      return [];
    }
    if (found !== "base") return [{ ...found, model, parameters, path: at }];
    if (!startsAtBase) {
      const message = `${method.id} takes the base as an expert; here the base takes no part.`;
      say("error", [...at, "model"], message);
    }
    return [];
  });
  if (sources.every(({ model }) => expert(model) !== undefined)) checkNumber(members, path, reading);
  if (method.base !== "first") return members;
  const isFirst = ({ model }: Member) => Number(model === config.base_model);
  if (!members.some(isFirst))
    say("error", ["base_model"], `${method.id} starts at base_model, one of its models.`);
  return members.toSorted((a, b) => isFirst(b) - isFirst(a));
}

function checkNumber(members: readonly Member[], path: Path, { method, say }: Reading): void {
  members.forEach(({ id, model, path: at }, i) => {
    if (members.findIndex((other) => other.id === id) < i) {
      say("error", [...at, "model"], `${model} is an expert that stands in the list already.`);
    }
  });
  const [least, most] = method.takes ?? [1, Infinity];
  if (members.length >= least && members.length <= most) return;
  const number = least === most ? `exactly ${least}` : `at least ${least}`;
  say("error", path, `${method.id} takes ${number} ${least === 1 ? "model" : "models"} beside the base.`);
}

function checkBase({ config, method, say }: Reading, expert: ImportContext["expert"]): void {
  if (config.base_model && method.base !== "first") {
    const isOpen = expert(config.base_model) === "base";
    if (!isOpen) say("error", ["base_model"], `${config.base_model} is not the base that is open.`);
  } else if (method.base === "needed") say("error", ["base_model"], `${method.id} needs base_model.`);
}

/** The models, given as such or as one slice that covers all layers; and what parameters they share. */
export function sourcesOf(
  config: MergekitConfig,
  layers: number,
  say: Reading["say"],
): { readonly sources: Sources; readonly shared: readonly Given[] } {
  const whole = { parameters: config.parameters, path: [] };
  if (config.modules !== undefined && config.modules !== null)
    say("error", ["modules"], "modules cannot be translated.");
  if (config.models) return { sources: { sources: config.models, path: ["models"] }, shared: [whole] };
  const [slice, ...more] = config.slices ?? [];
  if (!slice) {
    say("error", ["models"], "There are no models.");
    return { sources: { sources: [], path: ["models"] }, shared: [whole] };
  }
  const isWhole = slice.sources.every(({ layer_range: [from, to] }) => from === 0 && to === layers);
  if (more.length > 0 || !isWhole) {
    const message = `Only one slice over all ${layers} layers can be merged here: others may change a model's depth.`;
    say("error", ["slices"], message);
  }
  for (const key of ["base_model", "residual_weight"] as const) {
    if (slice[key] === undefined || slice[key] === null) continue;
    say("error", ["slices", 0, key], `${key} of a slice cannot be said here.`);
  }
  return {
    sources: { sources: slice.sources, path: ["slices", 0, "sources"] },
    shared: [{ parameters: slice.parameters, path: ["slices", 0] }, whole],
  };
}
