/** Parameters that nobody reads, that a recipe cannot hold, or that mergekit would miss; filters that hit nothing. */
import { type Given, MEMBER_KEYS, type Member, type Reading, TENSOR_KEYS } from "./reading.ts";
import { unusedFilters } from "./setting.ts";

/** Says of every parameter that is given what becomes of it, where that is not what one would think. */
export function checkParameters(members: readonly Member[], reading: Reading): void {
  const { method, shared, say } = reading;
  const own = method.weights === "own" ? ["weight"] : method.weights === "t" ? ["t"] : [];
  const known = [...Object.keys(method.defaults), ...own];
  for (const given of shared) checkKeys(given, known, reading);
  for (const member of members) {
    const read = known.filter((key) => MEMBER_KEYS.includes(key));
    checkKeys(member, read, reading, known);
    if (
      method.weights === "own" &&
      ![member, ...shared].some((one) => one.parameters?.weight !== undefined)
    ) {
      say("differs", member.path, `mergekit stops where ${member.model} has no weight; here it is 1.`);
    }
  }
  if (method.weights === "t" && !shared.some(({ parameters }) => parameters?.t !== undefined)) {
    say("error", ["parameters"], `${method.id} needs the parameter t.`);
  }
  if (shared.some(({ parameters }) => parameters?.int8_mask)) {
    say("ignored", ["parameters", "int8_mask"], "int8_mask saves memory only.");
  }
}

/** @param elsewhere parameters that are read of the whole merge, but not here */
function checkKeys(
  { parameters, path }: Given,
  known: readonly string[],
  { method, places, say }: Reading,
  elsewhere: readonly string[] = [],
): void {
  const names = places.map(({ name }) => name);
  for (const [key, setting] of Object.entries(parameters ?? {})) {
    const at = [...path, "parameters", key];
    if (!known.includes(key)) {
      const message = elsewhere.includes(key)
        ? `mergekit reads ${key} of the whole merge only, not of one model.`
        : `${method.id} has no parameter ${key}.`;
      say("ignored", at, message);
      continue;
    }
    if (Array.isArray(setting) && !TENSOR_KEYS.includes(key)) {
      say("error", at, `${key} must be one value; gradients and filters of it cannot be said here.`);
    }
    for (const filter of unusedFilters(setting, names)) {
      say("ignored", at, `The filter “${filter}” is part of no tensor's name.`);
    }
  }
}
