/** The zoo's packages are installed only by who rebuilds it; this much lets the compiler check its scripts without them. */
declare module "onnxruntime-node" {
  export * from "onnxruntime-common";
}
