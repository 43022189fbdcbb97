/** The parts of an external memory, and their places in the arrays that hold them. */

/** Sizes of a layer with an external memory. */
export interface MemorySpec {
  readonly controller: "lstm" | "simpleRNN";
  /** H, the controller's units. */
  readonly units: number;
  /** N, the number of slots. */
  readonly slots: number;
  /** Numbers in a slot, M in the paper. */
  readonly width: number;
  readonly readHeads: number;
  readonly writeHeads: number;
  /** Whether heads also address by location: interpolation, shift, sharpening. */
  readonly locationAddressing: boolean;
}

/** One slot back, none, one forward. */
export const shifts = 3;

/**
 * A head's parameters lie side by side: key, strength β, and with location addressing gate g, shift distribution and
 * sharpness γ; for a write head then the erase and add vectors. Write heads come before read heads.
 */
export interface MemoryLayout extends MemorySpec {
  /** Gates of the controller: its kernels are `gates × units` wide. */
  readonly gates: number;
  /** Size of the layer's output, which the controller also receives at the next timestep: h and the read vectors. */
  readonly outputs: number;
  readonly heads: number;
  /** Number of parameters of all heads together. */
  readonly parameters: number;
  /** Slots × width: size of one sample's memory. */
  readonly cells: number;
  /** Offsets within the parameters of one head. */
  readonly gateAt: number;
  readonly shiftAt: number;
  readonly sharpnessAt: number;
  readonly eraseAt: number;
  readonly addAt: number;
  /** Number of values that a head keeps per timestep for the walk back (see `Addressing`). */
  readonly record: number;
}

export function memoryLayout(spec: MemorySpec): MemoryLayout {
  const { controller, units, slots, width, readHeads, writeHeads, locationAddressing } = spec;
  const addressing = width + 1 + (locationAddressing ? 2 + shifts : 0);
  return {
    ...spec,
    gates: controller === "lstm" ? 4 : 1,
    outputs: units + readHeads * width,
    heads: writeHeads + readHeads,
    parameters: (writeHeads + readHeads) * addressing + writeHeads * 2 * width,
    cells: slots * width,
    gateAt: width + 1,
    shiftAt: width + 2,
    sharpnessAt: width + 2 + shifts,
    eraseAt: addressing,
    addAt: addressing + width,
    record: (locationAddressing ? 4 : 2) * slots,
  };
}

/** Offset of the parameters of a head. */
export function headAt({ eraseAt, width, writeHeads }: MemoryLayout, head: number): number {
  return head * eraseAt + Math.min(head, writeHeads) * 2 * width;
}
