/** Reads the layout of the kernels' parameter blocks from their own classes. */

/** The names of a block's 32-bit fields, in their order in memory. */
export function fieldsOf<Block extends object>(block: Block): readonly (keyof Block & string)[] {
  const isField = (name: string): name is keyof Block & string => Object.hasOwn(block, name);
  return Object.keys(block).filter(isField);
}
