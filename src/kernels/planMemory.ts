/** A plan's parameter block and buffers in the kernels' memory. */

import type { Arena } from "./arena.ts";
import {
  blockTimesteps,
  bufferBytes,
  columnPanelCount,
  packingBytes,
  rowTileCount,
  type Sizes,
  zRowCount,
} from "./buffers.ts";
import {
  activations,
  gateCount,
  gateGroups,
  groupTable,
  type KernelKind,
  kinds,
  lanes,
  type PlanField,
  planFields,
  roundUp,
} from "./layout.ts";
import type { CompleteSpec } from "./spec.ts";

export class PlanMemory {
  readonly address: number;
  /** Bytes that the plan holds until it is released. */
  readonly bytes: number;
  /** Panels of samples. */
  readonly panels: number;
  /** Panels of the weight gradients' columns. */
  readonly columnPanels: number;
  readonly #arena: Arena;
  readonly #sizes: Sizes;
  readonly #at = new Map<PlanField, number>();
  #records: Float64Array | null = null;
  #released = false;

  /** @param workers number of threads that may compute at the same time */
  constructor(full: CompleteSpec, kind: KernelKind, workers: number, arena: Arena) {
    const { timesteps: T, batch: B, inputs: D, units: H } = full;
    const groups = gateGroups(kind, H);
    const sizes = bufferBytes(full, kind, groups, workers);
    const panels = Math.ceil(B / lanes);
    const columnPanels = columnPanelCount(groups);
    this.panels = panels;
    this.columnPanels = columnPanels;
    this.#arena = arena;
    this.#sizes = sizes;

    let bytes = planFields.length * 4;
    const offsets: Sizes = {};
    for (const field of planFields) {
      const size = sizes[field];
      if (!size) continue;
      bytes = roundUp(bytes, 64);
      offsets[field] = bytes;
      bytes += size;
    }
    this.bytes = bytes;
    this.address = arena.allocate(bytes);

    const G = gateCount(kind) * H;
    const K = D + 1 + H;
    const perTimestep = full.training ? panels * lanes * 4 : 0;
    const zRows = zRowCount(groups);
    const numbers: Sizes = {
      kind: kinds[kind],
      T,
      B,
      D,
      H,
      panels: panels,
      K,
      G,
      zRows,
      activation: activations[full.activation],
      recurrentActivation: activations[full.recurrentActivation],
      reversed: Number(full.goBackwards),
      detailed: 1,
      peephole: Number(full.peepholes),
      useBias: Number(full.useBias),
      groups: groups.length,
      truncate: full.truncate,
      sStride: perTimestep * K,
      zStride: perTimestep * zRows,
      cStride: perTimestep * H,
      tcStride: perTimestep * H,
      rhStride: perTimestep * H,
      hOutStride: perTimestep * H,
      columnPanels: columnPanels,
      workers: 1,
      packingStride: packingBytes(full, rowTileCount(kind, D, H), columnPanels),
      blockTimesteps: blockTimesteps(full),
      squaresStride: T * 16,
    };
    const values = planFields.map((field) => {
      const offset = offsets[field];
      return offset === undefined ? (numbers[field] ?? 0) : this.address + offset;
    });
    for (const [i, field] of planFields.entries()) this.#at.set(field, values[i]!);
    new Uint32Array(this.buffer, this.address, planFields.length).set(values);
    const table = groupTable(groups);
    new Uint32Array(this.buffer, this.addressOf("groupTable"), table.length).set(table);
  }

  /** @throws Error once the memory was given back. */
  alive(): void {
    if (this.#released) throw new Error("The plan was released.");
  }

  /** Gives the memory back. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#arena.release(this.address, this.bytes);
  }

  get buffer(): ArrayBufferLike {
    return this.#arena.memory.buffer;
  }

  /** Writes a field of the parameter block. */
  set(field: PlanField, value: number): void {
    new Uint32Array(this.buffer, this.address, planFields.length)[planFields.indexOf(field)] = value;
  }

  /** Address of a buffer; 0: the plan has none of this name. */
  addressOf(field: PlanField): number {
    return this.#at.get(field) ?? 0;
  }

  /** Length of a buffer in float32 values. */
  length(field: PlanField): number {
    return (this.#sizes[field] ?? 0) / 4;
  }

  /** A buffer's values. The array is valid until the memory grows. */
  floats(field: PlanField): Float32Array {
    return new Float32Array(this.buffer, this.addressOf(field), this.length(field));
  }

  /** The statistics of the last backward pass: `STATISTICS` values for each timestep. Valid until the memory grows. */
  get records(): Float64Array {
    if (this.#records?.buffer !== this.buffer)
      this.#records = new Float64Array(this.buffer, this.addressOf("statistics"), this.length("statistics") / 2);
    return this.#records;
  }

  /** The first real timestep of each panel, 0-based. */
  panelStarts(): Int32Array {
    return new Int32Array(this.buffer, this.addressOf("panelStarts"), this.panels);
  }

  /** @param starts first real timestep of each lane, 0-based */
  writeStarts(starts: Int32Array): void {
    new Int32Array(this.buffer, this.addressOf("starts"), starts.length).set(starts);
    const ofPanels = Int32Array.from({ length: this.panels }, (_, panel) =>
      starts.subarray(panel * lanes, (panel + 1) * lanes).reduce((a, t) => Math.min(a, t)),
    );
    this.panelStarts().set(ofPanels);
  }

  /**
   * Writes the mask of recurrent dropout: [B, H] → [panels][H][lanes].
   * @param slots slot of each sample; null: each has its own number
   */
  writeRecurrentMask(
    factors: Float32Array | undefined,
    { batch, units, recurrentDropout }: Pick<CompleteSpec, "batch" | "units" | "recurrentDropout">,
    slots: ArrayLike<number> | null,
  ): void {
    if (recurrentDropout !== (factors !== undefined))
      throw new Error("Only a plan for recurrent dropout takes a mask, and it needs one.");
    if (!factors) return;
    const rows = this.floats("recurrentMask").fill(0);
    for (let b = 0; b < batch; b++) {
      const slot = slots?.[b] ?? b;
      const to = Math.floor(slot / lanes) * units * lanes + (slot % lanes);
      for (let u = 0; u < units; u++) rows[to + u * lanes] = factors[b * units + u]!;
    }
  }
}
