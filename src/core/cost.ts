/** What a computation on data will take, told before it starts; the page turns it into seconds and megabytes. */
export interface Cost {
  /** Examples that are read, each counted once. */
  readonly examples: number;
  /** Examples that run forward only, counted every time. */
  readonly passes: number;
  /** Examples that run forward and backward, counted every time. */
  readonly gradientPasses: number;
  /** Rows of a gradient pass: 1 where every example's own gradient is wanted, which is slower per example. */
  readonly rows: number;
  /** Bytes of the arrays held beside weights and sessions. */
  readonly bytes: number;
}
