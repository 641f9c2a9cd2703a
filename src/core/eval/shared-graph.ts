/** A graph that takes weights as inputs, opened once for all who evaluate with it. */
import type { Graph, GraphRunner } from "../graph-runner.ts";
import type { Skeleton } from "./skeleton.ts";

export class SharedGraph {
  readonly skeleton: Skeleton;
  readonly #runner: GraphRunner;
  #opened: Promise<Graph> | undefined;
  #users = 0;
  #isRetired = false;

  constructor(runner: GraphRunner, skeleton: Skeleton) {
    this.#runner = runner;
    this.skeleton = skeleton;
  }

  /** Opens the graph, and keeps it. */
  open(): Promise<Graph> {
    this.#opened ??= this.#runner.open({ graph: this.skeleton.graph });
    return this.#opened;
  }

  /** Every `enter` is followed by one `leave`; in between the graph stays. */
  enter(): void {
    this.#users++;
  }

  async leave(): Promise<void> {
    this.#users--;
    await this.#tidy();
  }

  /** Releases the graph once nobody uses it any more. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#tidy();
  }

  async #tidy(): Promise<void> {
    if (!this.#isRetired || this.#users > 0) return;
    const opened = this.#opened;
    this.#opened = undefined;
    await (await opened)?.release();
  }
}
