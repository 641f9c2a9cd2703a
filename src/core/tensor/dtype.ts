/** Storage types of tensors. Merging computes in f32 whatever the storage. */
export const dtypes = [
  "f64",
  "f32",
  "f16",
  "bf16",
  "f8_e4m3",
  "f8_e5m2",
  "i64",
  "i32",
  "i16",
  "i8",
  "u64",
  "u32",
  "u16",
  "u8",
  "bool",
] as const;
export type DType = (typeof dtypes)[number];
