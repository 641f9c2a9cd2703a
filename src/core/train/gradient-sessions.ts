/** Open gradient graphs of one network, by loss, differentiated weights and rows per run, within a heap budget. */
import type { ModelProto } from "onnx-buf";
import { type GradientGraph, gradientGraph } from "../autodiff/gradient-graph.ts";
import type { LossKind } from "../autodiff/loss.ts";
import { AppError } from "../errors.ts";
import type { Graph, GraphRunner } from "../graph-runner.ts";
import type { Network } from "./network.ts";

/** What is differentiated: everything that a graph depends on but its number of rows. */
export interface Derivative {
  readonly loss: LossKind;
  readonly wrt: readonly string[];
}

/** A graph that gives a loss and its gradients for `rows` examples at a time. */
export interface GradientSession {
  readonly rows: number;
  readonly plan: GradientGraph;
  readonly graph: Graph;
}

export class GradientSessions {
  readonly #runner: GraphRunner;
  readonly #network: Network;
  /** The network's, with every weight as an input. */
  readonly #model: ModelProto;
  readonly #heapBudget: number;
  readonly #mostRows: number;
  readonly #limits = new Map<string, number>();
  readonly #peaks = new Map<string, number>();
  /** Least recently used first. */
  readonly #open = new Map<string, GradientSession>();

  constructor(
    runner: GraphRunner,
    network: Network,
    model: ModelProto,
    heapBudget: number,
    mostRows: number,
  ) {
    this.#runner = runner;
    this.#network = network;
    this.#model = model;
    this.#heapBudget = heapBudget;
    this.#mostRows = mostRows;
  }

  /** The most rows per run that the budget allows: the upper limit, halved until it fits. @throws AppError eval/memory, autodiff/unsupported */
  limit(derivative: Derivative): number {
    const key = keyOf(derivative);
    let rows = this.#limits.get(key) ?? this.#mostRows;
    while (this.bytesAtPeak(derivative, rows) > this.#heapBudget) {
      if (rows === 1) throw this.#tooLarge(derivative);
      rows = Math.floor(rows / 2);
    }
    this.#limits.set(key, rows);
    return rows;
  }

  /** Estimated heap of a run over so many rows, bytes. @throws AppError autodiff/unsupported */
  bytesAtPeak(derivative: Derivative, rows: number): number {
    const key = `${rows} ${keyOf(derivative)}`;
    const bytes = this.#peaks.get(key) ?? this.#differentiate(derivative, rows).bytesAtPeak;
    this.#peaks.set(key, bytes);
    return bytes;
  }

  /** The open graph of this derivative and number of rows; the least recently used make room for a new one. */
  async session(derivative: Derivative, rows: number): Promise<GradientSession> {
    const key = `${rows} ${keyOf(derivative)}`;
    const known = this.#open.get(key);
    if (known) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return known;
    }
    const plan = this.#differentiate(derivative, rows);
    this.#peaks.set(key, plan.bytesAtPeak);
    await this.#makeRoom(plan.bytesAtPeak);
    const session = { rows, plan, graph: await this.#runner.open({ graph: plan.bytes, rewriting: "basic" }) };
    this.#open.set(key, session);
    return session;
  }

  async close(): Promise<void> {
    const sessions = [...this.#open.values()];
    this.#open.clear();
    for (const { graph } of sessions) await graph.release();
  }

  #differentiate({ loss, wrt }: Derivative, rows: number): GradientGraph {
    const { input, constants, logits } = this.#network;
    const inputs: Record<string, readonly number[]> = { [input.name]: [rows, ...input.shape] };
    for (const [name, { shape }] of Object.entries(constants)) inputs[name] = shape;
    return gradientGraph({ model: this.#model, inputs, logits, loss, wrt });
  }

  async #makeRoom(bytes: number): Promise<void> {
    let taken = bytes;
    for (const { plan } of this.#open.values()) taken += plan.bytesAtPeak;
    for (const [key, { plan, graph }] of [...this.#open]) {
      if (taken <= this.#heapBudget) return;
      this.#open.delete(key);
      taken -= plan.bytesAtPeak;
      await graph.release();
    }
  }

  #tooLarge(derivative: Derivative): AppError {
    const needed = this.bytesAtPeak(derivative, 1);
    const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);
    return new AppError(
      "eval/memory",
      `The gradient of one example needs about ${megabytes(needed)} MB; ${megabytes(this.#heapBudget)} MB are allowed. Use a smaller network, or train fewer of its tensors.`,
      { needed, allowed: this.#heapBudget },
    );
  }
}

function keyOf({ loss, wrt }: Derivative): string {
  return JSON.stringify([loss, ...wrt]);
}
