/** One recurrent layer at one shape: its buffers in the kernels' memory, and its passes. */

import {
  type Alignment,
  addBeforeFirst,
  alignInput,
  alignmentOf,
  alignOutputGradient,
  dropEmpty,
  fromSlots,
  spreadInputGradient,
  spreadOutput,
  startsBySlot,
  toSlots,
} from "./alignment.ts";
import type { Arena } from "./arena.ts";
import { STATISTICS } from "./assembly/records.ts";
import {
  blockTimesteps,
  bufferBytes,
  columnPanelCount,
  packingBytes,
  rowTileCount,
  type Sizes,
  zRowCount,
} from "./buffers.ts";
import { Calibration } from "./calibration.ts";
import { directionsOf } from "./directions.ts";
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
import {
  type BackwardInputs,
  type BackwardOutputs,
  type CompleteSpec,
  completeSpec,
  type ForwardInputs,
  type ForwardOutputs,
  type RecurrentSpec,
} from "./spec.ts";
import { type RecurrentStatistics, readStatistics } from "./statistics.ts";
import type { SharedFunction, Threads, ThreadUse } from "./threads.ts";
import type { Functions } from "./wasm.ts";

/** From this number of samples × timesteps on, reducing the statistics takes longer than waking a thread. */
const sharedStatistics = 8192;

/** What of a pass may be shared out. */
type RecurrentFunction = Extract<SharedFunction, "forward" | "backward" | "weightGradient" | "statistics">;

/** Fields with one row per sample. */
const perSample: ReadonlySet<PlanField> = new Set(["h0", "c0", "dhT", "dcT"]);

const notFinite = (value: number): boolean => !Number.isFinite(value);

export class RecurrentPlan {
  readonly spec: CompleteSpec;
  readonly #kind: KernelKind;
  readonly #arena: Arena;
  readonly #functions: Functions;
  readonly #threads: Threads | null;
  readonly #address: number;
  readonly #bytes: number;
  readonly #sizes: Sizes;
  readonly #at = new Map<PlanField, number>();
  readonly #panels: number;
  readonly #columnPanels: number;
  readonly #calibrations = { forward: new Calibration(), backward: new Calibration() };
  #released = false;
  /** Whether the next forward pass counts gates and the next backward pass records each timestep's contribution. */
  #detailed = true;
  #threadUse: ThreadUse = "measured";
  /** Alignment of the last forward pass. */
  #alignment: Alignment | null = null;

  constructor(spec: RecurrentSpec, arena: Arena, functions: Functions, threads: Threads | null) {
    const full = completeSpec(spec);
    const { timesteps: T, batch: B, inputs: D, units: H } = full;
    const kind: KernelKind = full.kind === "gru" && full.resetAfter ? "gruResetAfter" : full.kind;
    const groups = gateGroups(kind, H);
    const workers = 1 + (threads?.count ?? 0);
    this.spec = full;
    this.#kind = kind;
    this.#arena = arena;
    this.#functions = functions;
    this.#threads = threads;
    this.#sizes = bufferBytes(full, kind, groups, workers);
    this.#panels = Math.ceil(B / lanes);
    this.#columnPanels = columnPanelCount(groups);

    let bytes = planFields.length * 4;
    const offsets: Sizes = {};
    for (const field of planFields) {
      const size = this.#sizes[field];
      if (!size) continue;
      bytes = roundUp(bytes, 64);
      offsets[field] = bytes;
      bytes += size;
    }
    this.#bytes = bytes;
    this.#address = arena.allocate(bytes);

    const G = gateCount(kind) * H;
    const K = D + 1 + H;
    const perTimestep = full.training ? this.#panels * lanes * 4 : 0;
    const zRows = zRowCount(groups);
    const numbers: Sizes = {
      kind: kinds[kind],
      T,
      B,
      D,
      H,
      panels: this.#panels,
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
      columnPanels: this.#columnPanels,
      workers: 1,
      packingStride: packingBytes(full, rowTileCount(kind, D, H), this.#columnPanels),
      blockTimesteps: blockTimesteps(full),
      squaresStride: T * 16,
    };
    const values = planFields.map((field) => {
      const offset = offsets[field];
      return offset === undefined ? (numbers[field] ?? 0) : this.#address + offset;
    });
    for (const [i, field] of planFields.entries()) this.#at.set(field, values[i]!);
    new Uint32Array(this.#buffer, this.#address, planFields.length).set(values);
    const table = groupTable(groups);
    new Uint32Array(this.#buffer, this.#addressOf("groupTable"), table.length).set(table);
  }

  /**
   * Whether passes also count gates and record each timestep's contribution. Norms, gains and exponents cost nothing
   * and are always available.
   */
  get detailed(): boolean {
    return this.#detailed;
  }
  set detailed(value: boolean) {
    this.#detailed = value;
    this.#set("detailed", Number(value));
  }

  /** Default `measured`. */
  set threads(use: ThreadUse) {
    this.#threadUse = use;
  }

  /** Whether forward and backward passes currently run on several threads; null while trials are still being timed. */
  get chosenThreads(): { readonly forward: boolean | null; readonly backward: boolean | null } {
    return { forward: this.#calibrations.forward.chosen, backward: this.#calibrations.backward.chosen };
  }

  /** Bytes that the plan holds until it is released. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws RangeError for an array of the wrong length. */
  forward(inputs: ForwardInputs): ForwardOutputs {
    this.#alive();
    const lstm = this.#kind === "lstm";
    this.#align(inputs.mask ?? null);
    this.#write("x", inputs.x, true);
    this.#mask(inputs.recurrentMask);
    this.#write("w", inputs.kernel, true);
    this.#write("u", inputs.recurrentKernel, true);
    this.#write("bias", inputs.bias, this.spec.useBias);
    this.#write("peepholes", inputs.peepholes, this.spec.peepholes);
    this.#write("h0", inputs.h0, false);
    if (lstm) this.#write("c0", inputs.c0, false);
    this.#functions.packWeights(this.#address, Number(this.spec.training));
    this.#timed(this.#calibrations.forward, (several) => this.#share(several, "forward", this.#panels));
    return {
      h: this.#states("hT"),
      c: lstm ? this.#states("cT") : null,
      sequence: this.spec.sequences ? this.#sequence(inputs.h0) : null,
    };
  }

  /**
   * The first timestep of the last forward pass, 1 … T in reading order (for masked sequences counted from where the
   * longest begins), at which some sample's h is not finite. Null if all are finite, and for a plan without training,
   * which keeps no states.
   */
  nonFiniteFrom(): number | null {
    this.#alive();
    const { training, timesteps: T, inputs: D, units: H } = this.spec;
    const first = this.#alignment?.first ?? 0;
    if (!training) return null;
    // In each panel, timestep t's operand holds the rows of the lanes' x_t, the constant 1 and h_{t−1}; padding is
    // finite.
    const rows = D + 1 + H;
    const operands = this.#floats("s");
    const starts = this.#alignment && new Int32Array(this.#buffer, this.#addressOf("panelStarts"), this.#panels);
    for (let t = first + 2; t <= T; t++) {
      for (let panel = 0; panel < this.#panels; panel++) {
        if (starts && starts[panel]! > t - 2) continue;
        const start = ((t - 1) * this.#panels + panel) * rows * lanes;
        if (operands.subarray(start + (D + 1) * lanes, start + rows * lanes).some(notFinite)) return t - 1 - first;
      }
    }
    return this.#floats("hT").some(notFinite) ? T - first : null;
  }

  /**
   * Walks back through the last forward pass. It overwrites the gates' memory, so it can run only once per forward
   * pass.
   */
  backward(gradients: BackwardInputs): BackwardOutputs {
    this.#alive();
    if (!this.spec.training) throw new Error("A plan without training keeps no states to walk back through.");
    const lstm = this.#kind === "lstm";
    const alignment = this.#alignment;
    this.#write("dy", gradients.sequence, false);
    this.#write("dhT", gradients.h, false);
    if (lstm) this.#write("dcT", gradients.c, false);
    if (alignment) {
      if (gradients.h) dropEmpty(this.#floats("dhT"), alignment);
      if (gradients.c) dropEmpty(this.#floats("dcT"), alignment);
      // The kernels write only those of samples with real timesteps.
      this.#floats("dh0").fill(0);
      if (lstm) this.#floats("dc0").fill(0);
    }
    this.#timed(this.#calibrations.backward, (several) => {
      this.#share(several, "backward", this.#panels);
      this.#share(several, "weightGradient", this.#columnPanels);
    });
    this.#functions.unpackGradients(this.#address);
    if (alignment) {
      addBeforeFirst(this.#floats("dh0"), alignment, gradients.sequence, gradients.h);
      if (lstm) addBeforeFirst(this.#floats("dc0"), alignment, undefined, gradients.c);
    }
    return {
      x: this.spec.inputGradient ? this.#inputGradient() : null,
      kernel: this.#floats("dw"),
      recurrentKernel: this.#floats("du"),
      bias: this.spec.useBias ? this.#floats("dbias") : null,
      peepholes: this.spec.peepholes ? this.#floats("dpeepholes") : null,
      h0: this.#states("dh0"),
      c0: lstm ? this.#states("dc0") : null,
    };
  }

  /**
   * The figures of the last backward pass, in arrays that stay valid. Gates and contributions have a meaning only with
   * `detailed`. The figures of a timestep of masked sequences are those of the samples that have begun.
   */
  statistics(): RecurrentStatistics {
    this.#alive();
    const { timesteps, batch } = this.spec;
    const several = this.#threadUse === "measured" ? this.#calibrations.backward.chosen : this.#threadUse === "always";
    const worthSharing = several === true && timesteps * batch >= sharedStatistics;
    this.#share(worthSharing, "statistics", timesteps);
    const stride = this.#panels * lanes;
    const samples = (squares: PlanField) => ({
      squares: new Float32Array(this.#buffer, this.#addressOf(squares), timesteps * stride),
      exponents: new Int32Array(this.#buffer, this.#addressOf("exponent"), timesteps * stride),
      batch,
      stride,
      alignment: this.#alignment,
    });
    const names = { simpleRNN: [], lstm: ["input", "forget", "output"], gru: ["update", "reset"] }[this.spec.kind];
    return readStatistics(
      new Float64Array(this.#buffer, this.#addressOf("statistics"), timesteps * STATISTICS),
      timesteps,
      this.#alignment?.first ?? null,
      names,
      samples("squaresH"),
      this.#kind === "lstm" ? samples("squaresC") : null,
    );
  }

  /**
   * Directions of the last backward pass (see `directionsOf`), in an array that stays valid. Only a simpleRNN has them.
   */
  directions(): Float32Array {
    this.#alive();
    if (this.#kind !== "simpleRNN") throw new Error("Only a simpleRNN passes its gradient through one activation.");
    const { timesteps, batch, units } = this.spec;
    const z = this.#floats("z");
    const squares = this.#floats("squaresH");
    const zRows = z.length / (timesteps * this.#panels * lanes);
    return directionsOf({ timesteps, batch, units, z, zRows, squares });
  }

  /** Gives the memory back; the plan cannot be used afterwards. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#arena.release(this.#address, this.#bytes);
  }

  get #buffer(): ArrayBufferLike {
    return this.#arena.memory.buffer;
  }

  #alive(): void {
    if (this.#released) throw new Error("The plan was released.");
  }

  #set(field: PlanField, value: number): void {
    new Uint32Array(this.#buffer, this.#address, planFields.length)[planFields.indexOf(field)] = value;
  }

  /** Copies an input, or marks it as absent. */
  #write(field: PlanField, values: Float32Array | undefined, needed: boolean): void {
    const length = (this.#sizes[field] ?? 0) / 4;
    if (!values) {
      if (needed) throw new RangeError(`The layer needs ${length} values of ${field}.`);
      this.#set(field, 0);
      return;
    }
    if (values.length !== length) throw new RangeError(`${field} has ${values.length} values instead of ${length}.`);
    this.#set(field, this.#addressOf(field));
    const alignment = this.#alignment;
    if (alignment && field === "x") alignInput(values, alignment, this.spec.inputs, this.#floats(field));
    else if (alignment && field === "dy") alignOutputGradient(values, alignment, this.spec.units, this.#floats(field));
    else if (alignment && perSample.has(field)) toSlots(values, alignment, this.#floats(field));
    else this.#floats(field).set(values);
  }

  /** Tells the kernels when the samples begin. Their input is then in reading order. */
  #align(mask: ArrayLike<number> | null): void {
    const { masked, batch, timesteps, goBackwards } = this.spec;
    if (mask && !masked) throw new Error("The plan was made for sequences without masks.");
    if (mask && mask.length !== batch * timesteps)
      throw new RangeError(`The mask has ${mask.length} values instead of ${batch * timesteps}.`);
    const alignment = mask && alignmentOf(mask, batch, goBackwards, 1 + (this.#threads?.count ?? 0));
    this.#alignment = alignment;
    this.#set("starts", alignment ? this.#addressOf("starts") : 0);
    this.#set("first", alignment?.first ?? 0);
    this.#set("reversed", Number(this.spec.goBackwards && !alignment));
    if (!alignment) return;
    const starts = startsBySlot(alignment, this.#panels * lanes, timesteps);
    new Int32Array(this.#buffer, this.#addressOf("starts"), starts.length).set(starts);
    const ofPanels = Int32Array.from({ length: this.#panels }, (_, panel) =>
      starts.subarray(panel * lanes, (panel + 1) * lanes).reduce((a, t) => Math.min(a, t)),
    );
    new Int32Array(this.#buffer, this.#addressOf("panelStarts"), this.#panels).set(ofPanels);
  }

  /** [B, H] → [panels][H][lanes]. */
  #mask(factors: Float32Array | undefined): void {
    if (this.spec.recurrentDropout !== (factors !== undefined))
      throw new Error("Only a plan for recurrent dropout takes a mask, and it needs one.");
    if (!factors) return;
    const { batch, units } = this.spec;
    const rows = this.#floats("recurrentMask").fill(0);
    for (let b = 0; b < batch; b++) {
      const slot = this.#alignment?.slots[b] ?? b;
      const to = Math.floor(slot / lanes) * units * lanes + (slot % lanes);
      for (let u = 0; u < units; u++) rows[to + u * lanes] = factors[b * units + u]!;
    }
  }

  #states(field: PlanField): Float32Array {
    const rows = this.#floats(field);
    return this.#alignment ? fromSlots(rows, this.#alignment) : rows;
  }

  #sequence(initial: Float32Array | undefined): Float32Array {
    const y = this.#floats("y");
    return this.#alignment ? spreadOutput(y, this.#alignment, this.spec.units, initial) : y;
  }

  #inputGradient(): Float32Array {
    const dx = this.#floats("dx");
    return this.#alignment ? spreadInputGradient(dx, this.#alignment, this.spec.inputs) : dx;
  }

  #addressOf(field: PlanField): number {
    return this.#at.get(field) ?? 0;
  }

  #floats(field: PlanField): Float32Array {
    return new Float32Array(this.#buffer, this.#addressOf(field), (this.#sizes[field] ?? 0) / 4);
  }

  #timed(calibration: Calibration, pass: (several: boolean) => void): void {
    const ready = this.#threads?.ready === true;
    if (!ready || this.#threadUse !== "measured") {
      pass(ready && this.#threadUse === "always");
      return;
    }
    const several = calibration.next();
    const start = performance.now();
    pass(several);
    calibration.record(several, performance.now() - start);
  }

  /** Runs a function over 0 … `size` − 1, on several threads if each gets something to do. */
  #share(several: boolean, name: RecurrentFunction, size: number): void {
    const own = (from: number, to: number): void => {
      if (name === "weightGradient" || name === "statistics") this.#functions[name](this.#address, 0, from, to);
      else this.#functions[name](this.#address, from, to);
    };
    const threads = several && this.#threads?.ready && size > this.#threads.count ? this.#threads : null;
    if (name === "weightGradient") this.#set("workers", 1 + (threads?.count ?? 0));
    if (threads) threads.run(name, this.#address, size, own);
    else own(0, size);
  }
}
