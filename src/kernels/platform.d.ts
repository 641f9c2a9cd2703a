/** What this layer may touch of the platform beyond core's: WebAssembly, and the module that the build compiles. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(descriptor: { readonly initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: object;
  }
}

declare module "virtual:kernels" {
  /** src/kernels/assembly, compiled. */
  export const kernels: Uint8Array;
}
