/** Checks parameters against the schema of the method or sparsifier that owns them, and fills in what is missing. */
import { z } from "zod";
import { AppError } from "../errors.ts";
import { controlsOf } from "../params.ts";
import { storedDensity } from "./density.ts";
import { nearest } from "./nearest.ts";
import type { Params } from "./schema.ts";

/** A method or a sparsifier. */
export interface ParamOwner {
  readonly id: string;
  readonly params: z.ZodObject;
}

export type ParamValue = Params[string];

const completed = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));

/**
 * The given parameters with the owner's defaults filled in; densities rounded to six decimals.
 * @param path where they stand in the recipe, for the message
 * @throws AppError recipe/malformed naming the key, the value and what is allowed
 */
export function completeParams(owner: ParamOwner, given: Params, path: string): Params {
  const known = Object.keys(owner.params.shape);
  for (const key of Object.keys(given)) if (!known.includes(key)) throw unknownKey(owner, key, known, path);

  const result = owner.params.safeParse(given);
  if (!result.success) {
    const key = String(result.error.issues[0]?.path[0] ?? "");
    throw outOfRange(owner, key, given[key], path);
  }
  const params = completed.parse(result.data);
  return typeof params.density === "number" ? { ...params, density: storedDensity(params.density) } : params;
}

/** One parameter checked on its own. @throws AppError recipe/malformed as `completeParams` */
export function checkParam(owner: ParamOwner, key: string, value: ParamValue, path: string): ParamValue {
  return completeParams(owner, { [key]: value }, path)[key];
}

function unknownKey(owner: ParamOwner, key: string, known: readonly string[], path: string): AppError {
  const near = nearest(key, known);
  const hint = near === undefined ? `It has: ${known.join(", ") || "none"}.` : `Did you mean “${near}”?`;
  return new AppError("recipe/malformed", `${path}: ${owner.id} has no parameter “${key}”. ${hint}`, {
    path: `${path}.${key}`,
    key,
    known,
  });
}

function outOfRange(owner: ParamOwner, key: string, value: unknown, path: string): AppError {
  const allowed = allowedOf(owner, key);
  const shown = typeof value === "string" ? `“${value}”` : String(value);
  return new AppError("recipe/malformed", `${path}.${key} is ${shown}; ${owner.id} takes ${allowed}.`, {
    path: `${path}.${key}`,
    key,
    value: String(value),
    allowed,
  });
}

function allowedOf(owner: ParamOwner, key: string): string {
  const control = controlsOf(owner.params).find((spec) => spec.key === key);
  switch (control?.kind) {
    case "number":
      return `${control.min} to ${control.max}`;
    case "switch":
      return "true or false";
    case "choice":
      return control.options.map(({ value }) => value).join(", ");
    case undefined:
      return "something else";
    default:
      return control satisfies never;
  }
}
