import type { Rule } from "./schema.ts";

/** Who made a rule: "hand" edits name tensors, "glob" and "role" rules match them, "all" says nothing of which. */
export function ruleKind({ match }: Rule): "hand" | "glob" | "role" | "all" {
  if (match.names) return "hand";
  if (match.glob !== undefined) return "glob";
  return match.role ? "role" : "all";
}

/** A rule's match in a few words, such as "glob blocks.*.weight, role mlp". */
export function describeRule({ match: { names, glob, role } }: Rule): string {
  const parts: string[] = [];
  if (names) parts.push(names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`);
  if (glob !== undefined) parts.push(`glob ${glob}`);
  if (role) parts.push(`role ${role}`);
  return parts.join(", ") || "all tensors";
}
