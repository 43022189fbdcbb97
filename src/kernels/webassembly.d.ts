/**
 * The part of the WebAssembly API that is used here; TypeScript declares it only in the DOM library, which code for
 * Node does not load.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum?: number; readonly shared?: boolean });
    readonly buffer: ArrayBufferLike;
    grow(pages: number): number;
  }
  interface Imports {
    readonly [module: string]: { readonly [name: string]: Memory | (() => boolean) };
  }
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: object;
  }
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
  function instantiate(module: Module, imports: Imports): Promise<Instance>;
}
