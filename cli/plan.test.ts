import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { help } from "./help.ts";
import { command, folder, network, safetensorsBytes } from "./testing.ts";

const recipe = `merge_method: ties
base_model: ./base.safetensors
models:
  - model: ./a.safetensors
    parameters: {weight: 0.5, density: [{filter: layers.0, value: 0.25}, {value: 0.5}]}
  - {model: ./b.safetensors}
`;
let dir: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  dir = await folder({
    "base.safetensors": await safetensorsBytes(network(1)),
    "a.safetensors": await safetensorsBytes(network(2)),
    "b.safetensors": await safetensorsBytes(network(3)),
    "wide.safetensors": await safetensorsBytes({ other: { shape: [2], values: new Float32Array(2) } }),
    "recipe.yaml": recipe,
    "della.yaml": recipe.replace("ties", "della"),
    "unknown.yaml": recipe.replace("ties", "sce"),
    "stranger.yaml": recipe.replace("./b.", "./wide."),
    "absent.yaml": recipe.replace("./b.", "./c."),
    "broken.safetensors": "neither",
    "broken.yaml": recipe.replace("./b.", "./broken."),
  });
});
afterAll(() => dir.remove());

describe("plan", () => {
  test("gives every tensor with the numbers that it will be merged by", async () => {
    const { code, out } = await command("plan", dir.path("recipe.yaml"), "--json");
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.version).toBe(1);
    for (const key of [
      ...Object.keys(report),
      ...Object.keys(report.tensors[0]),
      ...Object.keys(report.estimate),
    ]) {
      expect(help, `${key} is documented`).toMatch(new RegExp(`\\b${key}\\b`));
    }
    const sites = Object.fromEntries(
      report.tensors.map(({ spec, sites: all }: { spec: { name: string }; sites: unknown }) => [
        spec.name,
        all,
      ]),
    );
    expect(sites["layers.0.mlp.weight"]).toEqual([
      { expert: "a", weight: 0.5, density: 0.25 },
      { expert: "b", weight: 1, density: 1 },
    ]);
    expect(sites["norm.weight"][0]).toEqual({ expert: "a", weight: 0.5, density: 0.5 });
    expect(report.estimate).toMatchObject({ outputBytes: 4 * (2 * 24 * 16 + 16), holdsAll: false });
  });

  test("knows the density of random drops, ranked by rows or not", async () => {
    const { out } = await command("plan", dir.path("della.yaml"), "--json");
    expect(JSON.parse(out).tensors[0].sites[0]).toMatchObject({ expert: "a", density: 0.25 });
  });

  test("is a table for people", async () => {
    const { out } = await command("plan", dir.path("recipe.yaml"));
    expect(out).toMatch(/layers\.0\.mlp\.weight +mlp +\[24, 16\] +f32 +λ 1 +a: 0\.5, 0\.25 {2}b: 1, whole/);
    expect(out).toContain("ties: 3 of 3 tensors are merged, 784 entries in all.");
  });
});

describe("the exit code", () => {
  test.each([
    [0, ["--help"], ""],
    [2, [], "Say what to do."],
    [2, ["fuse", "x"], "no command “fuse”"],
    [2, ["merge", "x"], "--out"],
    [2, ["eval", "x"], "--zoo"],
    [2, ["plan", "x", "--wat"], "--wat"],
    [3, ["plan", "unknown.yaml"], "line 1, merge_method: sce has no counterpart"],
    [4, ["plan", "nothing.yaml"], "cannot be read"],
    [4, ["plan", "absent.yaml"], "c.safetensors cannot be read"],
    [4, ["plan", "stranger.yaml"], "wide"],
    [4, ["plan", "broken.yaml"], "broken.safetensors"],
  ] as const)("is %i for %j", async (code, args, words) => {
    const heard = await command(...args.map((arg) => (arg.endsWith(".yaml") ? dir.path(arg) : arg)));
    expect(heard.err).toContain(words);
    expect(heard.code).toBe(code);
  });
});
