/** Sizes that a file claims, multiplied without overflow. */
import { type DType, dtypeInfo } from "../tensor/dtype.ts";

const MAX_U64 = 2n ** 64n - 1n;

/**
 * Bytes of a tensor; undefined where a dimension is negative or no exact double, or where the product overflows
 * u64 on the way.
 */
export function claimedBytes(shape: readonly bigint[], dtype: DType): bigint | undefined {
  let bytes = BigInt(dtypeInfo[dtype].bytes);
  for (const dimension of shape) {
    if (dimension < 0n || dimension > Number.MAX_SAFE_INTEGER) return undefined;
    bytes *= dimension;
    if (bytes > MAX_U64) return undefined;
  }
  return bytes;
}
