/** What `--help` prints. */
export const help = `Kintsugi without the page: the same recipes, the same bits.

  npm run -s kintsugi -- plan  RECIPE [options]               what a merge would do, without doing it
  npm run -s kintsugi -- merge RECIPE --out FILE [options]    the merged model
  npm run -s kintsugi -- eval  RECIPE --zoo FOLDER [options]  the merged model, measured

RECIPE is a recipe of ours (JSON, as the page saves it) or a mergekit configuration (YAML). The paths in a
configuration are relative to it, or to where you are: a file (.safetensors, .onnx, .safetensors.index.json), or a
folder with one model, also in several files, or with a LoRA adapter and its adapter_config.json.

Models
  --zoo FOLDER        a family with its experts, such as public/zoo/vision; their ids stand for them in recipes
  --base PATH         the base of a recipe in JSON; in YAML, instead of base_model
  --expert ID=PATH    an expert of a recipe in JSON; once for each
  --evidence PATH     masks, Fisher information and the like, which the recipe names by content; once for each
  --non-finite HOW    NaN and infinite entries: error, zero, or base for the base's own (which the base itself has not,
                      so that it is refused); what is replaced makes it another model, with a content of its own. Unless
                      given: as the recipe was saved with, else error

merge
  --out FILE          where to write; an existing file is only replaced with --force
  --as FORMAT         safetensors (default; written tensor by tensor, so that a model may be larger than memory) or
                      onnx (held whole, up to 2 GB; the base must bring its graph)
  --task ID           whose model, of a recipe that gives one per task
  --hide-names        leave all that comes from names of files out of the written metadata
  --force             replace FILE

eval
  --split NAME        validation (default) or test
  --task ID           only this task; once for each

All
  --json              the result as JSON on standard output
  --quiet             no progress
  --help

plan --json prints {version: 1, recipeKey, method, tensors, findings, warnings, estimate}:
  tensors    in the base's order, each {spec: {name, dtype, shape}, storedAs, role, keep, lambda, sites}; dtype is the
             output's, storedAs the base's; keep is "base" or an expert where the tensor is not merged; sites has
             {expert, weight, density} for each expert, without density where a sparsifier will compute it
  findings   {severity: error | differs | ignored, line, path, message}: what became of a configuration or its inputs
  warnings   {code, message, details}: rules that match nothing, and the like
  estimate   {seconds, memoryBytes, readBytes, outputBytes, holdsAll}

It ends with
  0  done
  2  called wrongly
  3  the recipe cannot be carried out as it stands: an error in it, or not the inputs that it was saved with
  4  an input cannot be read, or does not fit the base
  5  the output cannot be written
  130  stopped by a signal; nothing was written
  1  anything else: a fault of the program
`;
