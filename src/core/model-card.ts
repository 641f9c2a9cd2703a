/**
 * A README for a merged model: front matter that model hubs read, then recipe, hashes, numbers and limits.
 *
 * The front matter is YAML written as JSON strings, which every YAML reader takes.
 */
import { methodCards, sparsifierCards } from "./catalog.ts";
import type { Estimate, Proportion, RetentionReport } from "./eval/report.ts";
import type { Recipe } from "./recipe/schema.ts";
import { recipeToText } from "./recipe/share.ts";
import type { LibraryCard } from "./summary.ts";

export interface ModelCardInput {
  readonly recipe: Recipe;
  readonly library: Pick<LibraryCard, "name" | "base" | "experts" | "tasks">;
  /** Contents of what was merged and of what came out. */
  readonly seal: {
    readonly inputs: {
      readonly base: string;
      readonly experts: Readonly<Record<string, { readonly id: string; readonly step: number }>>;
    };
    readonly output?: string | undefined;
  };
  /** Of this very recipe; undefined when nothing was measured. */
  readonly report: RetentionReport | undefined;
  /** Nothing that comes from a file's name is told; the recipe and the seal hold numbered experts already. */
  readonly hideNames?: boolean;
}

/** The README's text. */
export function modelCard(given: ModelCardInput): string {
  const input = given.hideNames ? { ...given, library: anonymous(given) } : given;
  const sections = [
    introduction(input),
    parents(input),
    numbers(input),
    limits(input.recipe),
    reproduce(input),
  ];
  return `${frontMatter(input)}\n${sections.join("\n\n")}\n`;
}

/** The library with its base by content, experts by the recipe's ids and tasks by number. */
function anonymous({ library, recipe }: ModelCardInput): ModelCardInput["library"] {
  return {
    ...library,
    name: recipe.base,
    experts: [],
    tasks: library.tasks.map((task, k) => ({ ...task, label: `Task ${k + 1}` })),
  };
}

function frontMatter({ library, report, recipe, hideNames }: ModelCardInput): string {
  const names = recipe.experts.filter(({ enabled }) => enabled).map(({ id }) => id);
  const lines = [
    `base_model: ${JSON.stringify(library.name)}`,
    "base_model_relation: merge",
    "library_name: kintsugi",
    "tags:",
    ...["merge", "kintsugi", recipe.method.id].map((tag) => `  - ${JSON.stringify(tag)}`),
    ...(report
      ? [
          "model-index:",
          `  - name: ${JSON.stringify(`${recipe.method.id} of ${names.join(", ")}`)}`,
          "    results:",
        ]
      : []),
    ...(report?.tasks ?? []).flatMap(({ task, merged, n }) => [
      "      - task:",
      '          type: "classification"',
      "        dataset:",
      `          name: ${JSON.stringify(taskLabel(library, task))}`,
      `          type: ${JSON.stringify(hideNames ? taskLabel(library, task) : task)}`,
      `          split: ${JSON.stringify(splitOf(report!))}`,
      "        metrics:",
      '          - type: "accuracy"',
      `            value: ${share(merged)}`,
      `            name: ${JSON.stringify(`accuracy, n = ${n}, 95 % interval ${rounded(merged.low)} to ${rounded(merged.high)}`)}`,
    ]),
  ];
  return ["---", ...lines, "---", ""].join("\n");
}

function introduction({ recipe, library }: ModelCardInput): string {
  const method = methodCards.find(({ id }) => id === recipe.method.id);
  const chain = recipe.sparsifiers.filter(({ enabled }) => enabled).map(({ id }) => labelOf(id));
  const count = recipe.experts.filter(({ enabled }) => enabled).length;
  const steps = [...chain, method?.label ?? recipe.method.id].join(", then ");
  const lambda = method?.lambda === "none" ? "" : ` λ = ${recipe.lambda}.`;
  return [
    `# ${steps} of ${count} experts over ${library.name}`,
    "",
    `${method?.summary ?? ""} Made by Kintsugi.${lambda} ${recipe.rules.length > 0 ? `${recipe.rules.length} rules treat some tensors otherwise (see the recipe).` : ""}`.trim(),
  ].join("\n");
}

function parents({ recipe, library, seal }: ModelCardInput): string {
  const rows = recipe.experts
    .filter(({ enabled }) => enabled)
    .map(({ id, weight }) => {
      const input = seal.inputs.experts[id];
      const label = library.experts.find((expert) => expert.id === id)?.label ?? id;
      return [label, input ? String(input.step) : "–", String(weight), input ? `\`${input.id}\`` : "–"];
    });
  return [
    "## Parents",
    "",
    ...markdown([["", "Step", "Weight", "Content"], ["Base", "–", "–", `\`${seal.inputs.base}\``], ...rows]),
    "",
    seal.output === undefined
      ? "This recipe gives one model per task, so there is no one output."
      : `Content of the merged tensors: \`${seal.output}\`.`,
  ].join("\n");
}

function numbers({ report, library }: ModelCardInput): string {
  if (!report) return "## Numbers\n\nNothing was measured.";
  const rows = report.tasks.map(({ task, merged, references, retention }) => [
    taskLabel(library, task),
    cell(references.base),
    cell(references.average),
    cell(references.expert),
    cell(merged),
    cell(retention),
  ]);
  const { mean } = report;
  const last = [
    "Mean over tasks",
    ...[mean.base, mean.average, mean.expert, mean.merged].map(estimate),
    `${estimate(mean.retention)}${mean.withReference === undefined ? "" : `, over the ${mean.withReference} of ${report.tasks.length} tasks with an expert`}`,
  ];
  return [
    `## Numbers on ${splitOf(report)}`,
    "",
    "Accuracy, with the number of examples and the 95 % interval. Retention is the share of what the expert gets right that the merged model gets right too.",
    ...(report.output === "per-task" ? ["Each task was measured with its own merged model."] : []),
    "",
    ...markdown([["Task", "Base", "Simple average", "Expert", "Merged", "Retention"], ...rows, last]),
  ].join("\n");
}

function limits(recipe: Recipe): string {
  const method = methodCards.find(({ id }) => id === recipe.method.id);
  const cards = [
    ...recipe.sparsifiers.flatMap(({ id, enabled }) =>
      enabled ? sparsifierCards.filter((card) => card.id === id) : [],
    ),
    ...(method ? [method] : []),
  ];
  const lines = cards.flatMap(({ label, source }) => [
    `- ${label}${source.paper ? ` (${source.paper})` : ""}`,
    ...(source.deviations ?? []).map((sentence) => `  - ${sentence}`),
  ]);
  return [
    "## Limits",
    "",
    "The numbers hold for the examples above and say nothing about other data. Licences of the parents apply to the merged model.",
    "",
    "What was computed, and where it departs from its sources:",
    "",
    ...lines,
  ].join("\n");
}

function reproduce({ recipe }: ModelCardInput): string {
  return [
    "## Recipe",
    "",
    "```json",
    recipeToText(recipe),
    "```",
    "",
    "With the parents at hand: `npm run -s kintsugi -- merge recipe.json --base BASE --expert ID=PATH --out merged.safetensors`.",
  ].join("\n");
}

/** The split's name; a part of it is not the whole. */
function splitOf({ split, subset }: RetentionReport): string {
  return subset === "quick" ? `a part of ${split}` : split;
}

function taskLabel({ tasks }: ModelCardInput["library"], id: string): string {
  return tasks.find((task) => task.id === id)?.label ?? id;
}

function labelOf(sparsifier: string): string {
  return sparsifierCards.find(({ id }) => id === sparsifier)?.label ?? sparsifier;
}

function cell(value: Proportion | undefined): string {
  if (!value || value.n === 0) return "–";
  return `${share(value)} [${rounded(value.low)}, ${rounded(value.high)}], n = ${value.n}`;
}

function estimate(value: Estimate | undefined): string {
  if (!value) return "–";
  return `${rounded(value.value)} [${rounded(value.low)}, ${rounded(value.high)}], n = ${value.n}`;
}

function share({ k, n }: Proportion): number {
  return n === 0 ? 0 : rounded(k / n);
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** A Markdown table; bars inside cells are escaped. */
function markdown(rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map(() => "---")), ...body.map(line)];
}
