/** Examples of a zoo family, read when they are first needed: the small quick files first. */
import { AppError } from "../errors.ts";
import { examplesPath, type FamilyFiles } from "../zoo.ts";
import type { Difficulty } from "./hard.ts";
import type { Split } from "./report.ts";
import { bytesOf, type EvalSuite, type Examples, isPrefix, readExamples } from "./suite.ts";

/** What evaluations read. */
type Measured = Split | "quick";

export class ZooExamples {
  readonly #suite: EvalSuite;
  readonly #open: FamilyFiles["open"];
  readonly #opening = new Map<string, Promise<Examples>>();
  readonly #whole = new Map<string, Examples>();

  constructor(suite: EvalSuite, open: FamilyFiles["open"]) {
    this.#suite = suite;
    this.#open = open;
  }

  /** Returns examples that hold at least the first n rows of the split; the quick file when that is enough. */
  async atLeast(task: string, split: Split, n: number): Promise<Examples> {
    const whole = this.#whole.get(`${task}.${split}`);
    if (whole) return whole;
    const { quick } = this.#task(task).n;
    return split === "validation" && n <= quick ? this.#file(task, "quick") : this.whole(task, split);
  }

  /** Returns all examples of the split. @throws AppError zoo/unavailable, file/malformed */
  async whole(task: string, split: Split): Promise<Examples> {
    const examples = await this.#file(task, split);
    if (split === "validation" && !isPrefix(await this.#file(task, "quick"), examples)) {
      throw disagreement(examplesPath(task, "quick"), "is not the beginning of the validation split");
    }
    this.#whole.set(`${task}.${split}`, examples);
    return examples;
  }

  /** Returns the difficulty over the whole split, or undefined until `whole` has read it and where it is not known. */
  difficulty(task: string, split: Split): Difficulty | undefined {
    return this.#whole.get(`${task}.${split}`)?.difficulty;
  }

  /** Bytes of what has been read. */
  get bytes(): number {
    let bytes = 0;
    for (const examples of this.#whole.values()) bytes += bytesOf(examples);
    return bytes;
  }

  /** One reading per file, however many ask; a failed one may be tried again. */
  #file(task: string, split: Measured): Promise<Examples> {
    const path = examplesPath(task, split);
    const known = this.#opening.get(path);
    if (known) return known;
    const opening = this.#read(task, split, path).catch((error: unknown) => {
      this.#opening.delete(path);
      throw error;
    });
    this.#opening.set(path, opening);
    return opening;
  }

  async #read(task: string, split: Measured, path: string): Promise<Examples> {
    const { classes, n } = this.#task(task);
    const examples = await readExamples(await this.#open(path), this.#suite.input, classes.length);
    if (examples.count !== n[split]) {
      throw disagreement(path, `holds ${examples.count} examples, family.json says ${n[split]}`);
    }
    return examples;
  }

  #task(id: string) {
    const task = this.#suite.tasks.find((candidate) => candidate.id === id);
    if (!task) throw new AppError("model/unknown-task", `The suite has no task “${id}”.`, { task: id });
    return task;
  }
}

function disagreement(file: string, reason: string): AppError {
  return new AppError("zoo/unavailable", `${file} ${reason}`, { file, reason });
}
