import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "#core/errors.ts";
import { setLambda } from "#core/recipe/edit.ts";
import { recipeToText } from "#core/recipe/share.ts";
import { arithmetic, card } from "#core/testing/small-merge.ts";
import { type AppStore, createAppStore, forgetFamily } from "../store.ts";
import { baseOf, offerOutputs, offerOwn, takeOffer, withOwnFiles } from "./own.ts";
import { openRecipeText } from "./recipes.ts";

const given = (path: string) => ({ path, file: new File([], path) });
const other = { ...arithmetic, base: `sha256:${"a".repeat(64)}` };
let store: AppStore;

beforeEach(() => {
  store = createAppStore();
  const library = { suite: "s", name: "S", tensors: [], tasks: [], experts: [] };
  store
    .getState()
    .setLibrary({ ...library, base: { id: card.base.id, label: "Base", parameters: 0 } }, "ready");
  store.getState().setRecipe({ ...arithmetic, experts: [] });
});

describe("dropped models of another network", () => {
  test("are offered as a family with the likeliest base", () => {
    expect(baseOf(["a.onnx", "my_base.onnx", "x.npy"].map(given))).toBe("my_base.onnx");
    expect(baseOf(["e.safetensors", "a.onnx"].map(given))).toBe("a.onnx");
    expect(baseOf(["ja/adapter_model.safetensors"].map(given))).toBeUndefined();
    expect(baseOf(["database.onnx", "b.onnx"].map(given))).toBe("database.onnx");
  });

  test("wait until the offer is taken", () => {
    expect(offerOwn(store, [given("a.onnx"), given("x.npy")], "other network")).toBe(true);
    const [notice] = store.getState().notices;
    expect(notice).toMatchObject({ kind: "offer", code: "own/offer", subject: "a.onnx" });
    const [action] = notice?.actions ?? [];
    if (action?.kind !== "open-own") throw new Error("no offer");
    const source = takeOffer(action.offer, "logits");
    expect(source).toMatchObject({ base: "a.onnx", options: { logits: "logits" } });
    expect(takeOffer(action.offer)?.id).not.toBe(source?.id);
    expect(takeOffer(-1)).toBeUndefined();
    expect(withOwnFiles(source!, [given("x.npy"), given("y.npy")]).files.map(({ path }) => path)).toEqual([
      "a.onnx",
      "x.npy",
      "y.npy",
    ]);
  });

  test("ask for the output where several could be it", () => {
    const source = { id: "own:1", base: "a.onnx", files: [], options: { mean: 0.5 } };
    const error = new AppError("eval/graph", "two", { outputs: ["h", "logits"] });
    expect(offerOutputs(store, source, error)).toBe(true);
    const actions = store.getState().notices[0]?.actions ?? [];
    expect(actions.map((action) => action.kind === "open-own" && action.logits)).toEqual(["h", "logits"]);
    expect(offerOutputs(store, source, new AppError("eval/graph", "no"))).toBe(false);
  });
});

test("a recipe of another base offers its family, and is refused where there is none", async () => {
  store.setState({ families: [{ id: "text", name: "Text zoo", base: other.base }] });
  openRecipeText(store, recipeToText(other));
  openRecipeText(store, recipeToText({ ...other, base: `sha256:${"b".repeat(64)}` }));
  await expect.poll(() => store.getState().notices.length).toBe(2);
  expect(store.getState().notices).toMatchObject([
    { kind: "offer", actions: [{ kind: "open-family", family: "text", recipe: { base: other.base } }] },
    { kind: "error", code: "recipe/wrong-base" },
  ]);
});

test("another family starts with nothing of the last one but the view and the notices", () => {
  store.getState().patchView({ language: "ja", selection: ["w"] });
  store.getState().edit((recipe) => setLambda(recipe, 0.9));
  store.getState().notify({ kind: "info", code: "saved", message: "" });
  store.getState().pin();
  expect(store.getState().canUndo).toBe(true);
  forgetFamily(store, "text");
  expect(store.getState()).toMatchObject({
    family: "text",
    language: "ja",
    selection: [],
    libraryState: "loading",
    recipeKey: "",
    canUndo: false,
  });
  expect(store.getState().library ?? store.getState().recipe ?? store.getState().pinned).toBeUndefined();
  expect(store.getState().notices).toHaveLength(1);
  store.getState().setRecipe(arithmetic);
  expect(store.getState().canUndo).toBe(false);
});
