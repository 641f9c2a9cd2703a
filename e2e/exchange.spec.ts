import {
  drop,
  expect,
  expectAccessible,
  measured,
  openApp,
  raiseLambda,
  saveDialog,
  saved,
  test,
} from "./app.ts";

const configuration = `merge_method: ties
base_model: ./base
models:
  - model: ./digits
    parameters: {weight: 1.0, density: 0.4}
  - model: ./hiragana
    parameters: {weight: 0.5, density: [{filter: attn, value: 0.6}, {value: 0.2}]}
tokenizer_source: union
`;

test("a mergekit recipe is shown line by line, used, read as others read it, and written again", async ({
  page,
}) => {
  await openApp(page);
  await drop(page, { name: "ties.yaml", body: configuration });
  const opened = page.getByRole("dialog", { name: /ties\.yaml/ });
  await expect(opened.getByText("tokenizer_source does not concern the weights")).toBeVisible();
  await expect(opened.getByText("Line 8")).toBeVisible();
  await opened.getByRole("button", { name: "Use this recipe" }).click();
  await expect(opened).toBeHidden();
  await expect(page.getByRole("button", { name: /^Method: TIES/ })).toBeVisible();
  await measured(page);

  const save = await saveDialog(page);
  await save.getByRole("button", { name: "Write mergekit recipe" }).click();
  const yaml = save.getByRole("textbox", { name: "mergekit recipe" });
  await expect(yaml).toHaveValue(/merge_method: ties/);
  await expect(save.getByText("mergekit-yaml recipe.yaml ./merged")).toBeVisible();
  await expectAccessible(page);
  const recipe = await saved(page, () => save.getByRole("button", { name: "Save recipe.yaml" }).click());
  expect(recipe.name).toBe("recipe.yaml");
  expect(recipe.body.toString()).toBe(await yaml.inputValue());
  expect(recipe.body.toString()).toMatch(/model: .*hiragana[\s\S]*value: 0\.6/);
  const saveCard = () => saved(page, () => save.getByRole("button", { name: "Save model card" }).click());
  const card = (await saveCard()).body.toString();
  expect(card).toMatch(/^---\nbase_model: [\s\S]*\n {2}- "kintsugi"\n/);
  expect(card).toMatch(/\| Digits \|.* n = \d+/);

  await save.getByRole("switch", { name: "Leave out names of files" }).check();
  await expect(yaml).toHaveCount(0);
  await save.getByRole("button", { name: "Write mergekit recipe" }).click();
  await expect(yaml).toHaveValue(/value: 0\.6/);
  const nameless = [await yaml.inputValue(), (await saveCard()).body.toString()].join("\n");
  expect(nameless).toMatch(/\| Task 1 \|.* n = \d+/);
  expect(nameless).not.toMatch(/digits|hiragana/i);

  await save.getByRole("button", { name: "Compare programs" }).click();
  const lens = page.getByRole("dialog", { name: "What other programs would compute" });
  await lens.getByRole("button", { name: "Measure the readings" }).click();
  await expect(lens.getByRole("button", { name: "Measure again" })).toBeVisible();
  await expect(lens.getByRole("row", { name: /^This recipe and mergekit.* %/ })).toBeVisible();
  const paper = lens.getByRole("row", { name: /^Paper.*Rank within.*won/ });
  await expect(paper.getByText(/^\d+ of 53/)).toBeVisible();
  await expectAccessible(page);
});

test("a merged model, saved as ONNX or safetensors, leads to its parents and is derived again, bit for bit", async ({
  page,
}) => {
  await openApp(page);
  const saveModel = async (format: RegExp) => {
    const dialog = await saveDialog(page);
    await dialog.getByRole("radio", { name: format }).check({ force: true });
    return saved(page, () => dialog.getByRole("button", { name: "Save merged model" }).click());
  };
  const onnx = await saveModel(/ONNX/);
  expect(onnx.name).toMatch(/\.onnx$/);
  for (const task of ["digits", "clothes", "capitals", "hiragana"]) {
    expect(onnx.body.includes(`logits_${task}`)).toBe(true);
  }

  const deriveAgain = async (name: string) => {
    const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
    await card.getByRole("button", { name: "Where it comes from" }).click();
    const dialog = page.getByRole("dialog", { name: `Where ${name} comes from` });
    await dialog.getByRole("button", { name: "Derive again" }).click();
    await expect(dialog.getByText(/Bit for bit the same/)).toBeVisible();
    return dialog;
  };
  await drop(page, { name: "first_step-7.safetensors", body: (await saveModel(/safetensors/)).body });
  const first = await deriveAgain("first");
  await expect(first.getByRole("row", { name: /digits.*here as Digits/i })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  // The next one is merged from the first as well, and does not say what anything was called.
  await raiseLambda(page);
  const dialog = await saveDialog(page);
  await dialog.getByRole("switch", { name: "Leave out names of files" }).check();
  const { body } = await saveModel(/safetensors/);
  expect(body.toString("latin1", 8, 8 + Number(body.readBigUInt64LE(0)))).not.toMatch(
    /digits|hiragana|first/,
  );
  await drop(page, { name: "second.safetensors", body });
  const second = await deriveAgain("second");
  await expect(second.getByText("Whoever saved it left the names out.")).toBeVisible();
  // Once as a parent, once as a parent of the first.
  await expect(second.getByRole("row", { name: /expert.*here as Digits/i })).toHaveCount(2);
  await expect(second.getByText(/merged by .* from:/)).toBeVisible();
});
