/** One recurrent layer at one shape: its buffers in the kernels' memory, and its passes. */

import type { Arena } from "./arena.ts";
import { Calibration } from "./calibration.ts";
import {
  type Activation,
  activations,
  type GateGroup,
  gateCount,
  gateGroups,
  type KernelKind,
  kinds,
  lanes,
  type PlanField,
  planFields,
  roundUp,
  tileRows,
} from "./layout.ts";
import { type RecurrentStatistics, readStatistics, statisticsFields } from "./statistics.ts";
import type { SharedFunction, Threads } from "./threads.ts";
import type { Functions } from "./wasm.ts";

/** A layer and its shape. B = batch, T = timesteps, D = inputs, H = units, G = gates × H (1 simpleRNN, 3 GRU, 4 LSTM). */
export interface RecurrentSpec {
  readonly kind: "simpleRNN" | "lstm" | "gru";
  readonly timesteps: number;
  readonly batch: number;
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  /** Of the gates; simpleRNN has none. Default `hardSigmoid`, as in tfjs. */
  readonly recurrentActivation?: Activation;
  /** GRU: the reset gate acts on h·U + its own bias (Keras v3) instead of on h (tfjs). Default false. */
  readonly resetAfter?: boolean;
  /** LSTM: c_{t−1} acts on the input and forget gates and c_t on the output gate (Gers & Schmidhuber 2000). Default false. */
  readonly peepholes?: boolean;
  /** Default true. */
  readonly useBias?: boolean;
  /** Reads x from its end; the output sequence is in reading order, as in tfjs. Default false. */
  readonly goBackwards?: boolean;
  /** Whether `forward` writes the output sequence and `backward` takes its gradient. Default false. */
  readonly sequences?: boolean;
  /** Whether `backward` gives ∂L/∂x; a first layer does without. Default true. */
  readonly inputGradient?: boolean;
  /** False keeps only one timestep in memory; `backward` is then impossible. Default true. */
  readonly training?: boolean;
}

/** Row-major float32 arrays with Keras's layout of gates: LSTM i, f, c, o; GRU z, r, h. */
export interface ForwardInputs {
  /** [B, T, D] */
  readonly x: Float32Array;
  /** [D, G] */
  readonly kernel: Float32Array;
  /** [H, G] */
  readonly recurrentKernel: Float32Array;
  /** [G]; GRU with `resetAfter` [2, G]: of the input part and of the recurrent part. */
  readonly bias?: Float32Array | undefined;
  /** [3, H]: of the input, forget and output gate. */
  readonly peepholes?: Float32Array | undefined;
  /** [B, H]; zeros where absent. */
  readonly h0?: Float32Array | undefined;
  /** [B, H], LSTM; zeros where absent. */
  readonly c0?: Float32Array | undefined;
}

/** Views into the kernels' memory: valid until the plan's next pass, or until another plan is made. Copy what must last. */
export interface ForwardOutputs {
  /** [B, H] */
  readonly h: Float32Array;
  /** [B, H], LSTM. */
  readonly c: Float32Array | null;
  /** [B, T, H] with `sequences`. */
  readonly sequence: Float32Array | null;
}

/** Gradients of the loss; absent ones are zero. */
export interface BackwardInputs {
  /** [B, T, H] with `sequences`. */
  readonly sequence?: Float32Array | undefined;
  /** [B, H]: of the last h. */
  readonly h?: Float32Array | undefined;
  /** [B, H]: of the last c. */
  readonly c?: Float32Array | undefined;
}

/** Views like `ForwardOutputs`, with float32's semantics: what overflows is Inf or NaN, what underflows is 0. */
export interface BackwardOutputs {
  /** [B, T, D] with `inputGradient`. */
  readonly x: Float32Array | null;
  /** [D, G] */
  readonly kernel: Float32Array;
  /** [H, G] */
  readonly recurrentKernel: Float32Array;
  /** [G], or [2, G] (GRU with `resetAfter`). */
  readonly bias: Float32Array | null;
  /** [3, H] */
  readonly peepholes: Float32Array | null;
  /** [B, H] */
  readonly h0: Float32Array;
  /** [B, H], LSTM. */
  readonly c0: Float32Array | null;
}

/** Samples packed together for the weight gradients: enough for long inner products, few enough for the second-level cache. */
const blockSamples = 128;

type Sizes = Partial<Record<PlanField, number>>;

/** Bytes of each buffer; a field that a plan does without stays 0. */
function bufferBytes(
  spec: Required<RecurrentSpec>,
  kind: KernelKind,
  groups: readonly GateGroup[],
  workers: number,
): Sizes {
  const { timesteps: T, batch: B, inputs: D, units: H, training } = spec;
  const lstm = kind === "lstm";
  const panels = Math.ceil(B / lanes);
  const K = D + 1 + H;
  const G = gateCount(kind) * H;
  const zRows = zRowCount(groups);
  const states = panels * roundUp(H, tileRows) * lanes * 4;
  const padded = panels * lanes * 4;
  const biases = kind === "gruResetAfter" ? 2 * G : G;
  const kept = training ? T : 1;
  const rowTiles = rowTileCount(kind, D, H);
  const raw: Sizes = {
    x: B * T * D * 4,
    w: D * G * 4,
    u: H * G * 4,
    bias: spec.useBias ? biases * 4 : 0,
    peepholes: spec.peepholes ? 3 * H * 4 : 0,
    h0: B * H * 4,
    c0: lstm ? B * H * 4 : 0,
    y: spec.sequences ? B * T * H * 4 : 0,
    hT: B * H * 4,
    cT: lstm ? B * H * 4 : 0,
    forwardWeights: zRows * K * 4,
    s: (training ? T + 1 : 1) * panels * K * lanes * 4,
    z: kept * panels * zRows * lanes * 4,
    c: lstm ? (training ? T + 1 : 1) * panels * H * lanes * 4 : 0,
    tc: lstm ? kept * panels * H * lanes * 4 : 0,
    rh: kind === "gru" ? kept * panels * H * lanes * 4 : 0,
    gates: T * panels * 32,
    groupTable: groups.length * 20,
  };
  if (!training) return raw;
  const state = {
    exponent: (T + 1) * padded,
    squaresH: T * padded,
    edgeSquaresH: (T + 1) * padded,
    edgeExponentH: (T + 1) * padded,
    nonFiniteH: T * padded,
  };
  return {
    ...raw,
    ...state,
    ...(lstm && {
      dcT: B * H * 4,
      dc0: B * H * 4,
      recC: states,
      squaresC: state.squaresH,
      edgeSquaresC: state.edgeSquaresH,
      edgeExponentC: state.edgeExponentH,
      nonFiniteC: state.nonFiniteH,
    }),
    dy: raw.y ?? 0,
    dhT: B * H * 4,
    dx: spec.inputGradient ? B * T * D * 4 : 0,
    dw: D * G * 4,
    du: H * G * 4,
    dbias: raw.bias ?? 0,
    dpeepholes: raw.peepholes ?? 0,
    dh0: B * H * 4,
    backwardWeights: roundUp(H, tileRows) * zRows * 4,
    inputWeights: spec.inputGradient ? roundUp(D, tileRows) * zRows * 4 : 0,
    rec: states,
    direct: states,
    scratch: states,
    dxRows: spec.inputGradient ? panels * roundUp(D, tileRows) * lanes * 4 : 0,
    peepholeSums: spec.peepholes ? panels * 3 * H * lanes * 4 : 0,
    factors: panels * 256,
    tiles: rowTiles * columnPanelCount(groups) * 192,
    packing: workers * packingBytes(spec, rowTiles, columnPanelCount(groups)),
    squares: workers * T * 16,
    statistics: T * statisticsFields * 8,
    sorting: workers * B * 8,
  };
}

function zRowCount(groups: readonly GateGroup[]): number {
  return groups.reduce((sum, g) => sum + roundUp(g.count, tileRows), 0);
}

function columnPanelCount(groups: readonly GateGroup[]): number {
  const last = groups.at(-1);
  return last ? last.firstPanel + Math.ceil(last.count / lanes) : 0;
}

function rowTileCount(kind: KernelKind, inputs: number, units: number): number {
  return Math.ceil((inputs + 1) / tileRows) + Math.ceil(units / tileRows) * (kind === "gru" ? 2 : 1);
}

function blockTimesteps({ batch, timesteps }: RecurrentSpec): number {
  return Math.min(timesteps, Math.max(1, Math.floor(blockSamples / batch)));
}

/** One worker's packing space: operand tiles, column panels, exponents and factors, each aligned. */
function packingBytes(spec: RecurrentSpec, rowTiles: number, columnPanels: number): number {
  const block = blockTimesteps(spec);
  return roundUp(block * spec.batch * (rowTiles * 24 + columnPanels * 32) + block * 4 + 128, 64);
}

/** Samples × timesteps from which on reducing the statistics takes longer than waking a thread. */
const sharedStatistics = 8192;

/** `measured`: several threads where trials found them faster; `always`: wherever there are several. */
export type ThreadUse = "measured" | "never" | "always";

export class RecurrentPlan {
  readonly spec: Required<RecurrentSpec>;
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
  /** The next forward pass counts gates, the next backward pass takes each timestep's contribution. */
  #diagnose = true;
  #threadUse: ThreadUse = "measured";

  constructor(spec: RecurrentSpec, arena: Arena, functions: Functions, threads: Threads | null) {
    const full: Required<RecurrentSpec> = {
      recurrentActivation: "hardSigmoid",
      resetAfter: false,
      peepholes: false,
      useBias: true,
      goBackwards: false,
      sequences: false,
      inputGradient: true,
      training: true,
      ...spec,
    };
    const { timesteps: T, batch: B, inputs: D, units: H } = full;
    if (![T, B, D, H].every((n) => Number.isInteger(n) && n > 0))
      throw new RangeError(
        `A recurrent layer's sizes are whole numbers from 1 on, not T=${T}, B=${B}, D=${D}, H=${H}.`,
      );
    if (full.peepholes && full.kind !== "lstm") throw new RangeError("Only an LSTM has peepholes.");
    if (full.resetAfter && full.kind !== "gru") throw new RangeError("Only a GRU has a reset gate.");
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
      diagnose: 1,
      peephole: Number(full.peepholes),
      useBias: Number(full.useBias),
      groups: groups.length,
      sStride: perTimestep * K,
      zStride: perTimestep * zRows,
      cStride: perTimestep * H,
      tcStride: perTimestep * H,
      rhStride: perTimestep * H,
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
    const table = groups.flatMap((g) => [g.zStart, g.count, g.column, g.flags, g.firstPanel]);
    new Uint32Array(this.#buffer, this.#addressOf("groupTable"), table.length).set(table);
  }

  /** Whether passes also count gates and take each timestep's contribution. Norms, gains and exponents cost nothing and are always there. */
  get diagnose(): boolean {
    return this.#diagnose;
  }
  set diagnose(value: boolean) {
    this.#diagnose = value;
    this.#set("diagnose", Number(value));
  }

  /** Default `measured`. */
  set threads(use: ThreadUse) {
    this.#threadUse = use;
  }

  /** Whether forward and backward passes run on several threads at present; null while trials are still being timed. */
  get chosenThreads(): { readonly forward: boolean | null; readonly backward: boolean | null } {
    return { forward: this.#calibrations.forward.chosen, backward: this.#calibrations.backward.chosen };
  }

  /** Bytes the plan holds until it is released. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws RangeError for an array of the wrong length. */
  forward(inputs: ForwardInputs): ForwardOutputs {
    this.#alive();
    const lstm = this.#kind === "lstm";
    this.#write("x", inputs.x, true);
    this.#write("w", inputs.kernel, true);
    this.#write("u", inputs.recurrentKernel, true);
    this.#write("bias", inputs.bias, this.spec.useBias);
    this.#write("peepholes", inputs.peepholes, this.spec.peepholes);
    this.#write("h0", inputs.h0, false);
    if (lstm) this.#write("c0", inputs.c0, false);
    this.#functions.packWeights(this.#address, Number(this.spec.training));
    this.#timed(this.#calibrations.forward, (several) => this.#share(several, "forward", this.#panels));
    return {
      h: this.#floats("hT"),
      c: lstm ? this.#floats("cT") : null,
      sequence: this.spec.sequences ? this.#floats("y") : null,
    };
  }

  /** Of the pass that `forward` made last; the gates' memory is overwritten, so once for each. */
  backward(gradients: BackwardInputs): BackwardOutputs {
    this.#alive();
    if (!this.spec.training) throw new Error("A plan without training keeps nothing to go back through.");
    const lstm = this.#kind === "lstm";
    this.#write("dy", gradients.sequence, false);
    this.#write("dhT", gradients.h, false);
    if (lstm) this.#write("dcT", gradients.c, false);
    this.#timed(this.#calibrations.backward, (several) => {
      this.#share(several, "backward", this.#panels);
      this.#share(several, "weightGradient", this.#columnPanels);
    });
    this.#functions.unpackGradients(this.#address);
    return {
      x: this.spec.inputGradient ? this.#floats("dx") : null,
      kernel: this.#floats("dw"),
      recurrentKernel: this.#floats("du"),
      bias: this.spec.useBias ? this.#floats("dbias") : null,
      peepholes: this.spec.peepholes ? this.#floats("dpeepholes") : null,
      h0: this.#floats("dh0"),
      c0: lstm ? this.#floats("dc0") : null,
    };
  }

  /** What the last backward pass measured. Own arrays: valid for good. Gates and contributions are of use only with `diagnose`. */
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
    });
    const names = { simpleRNN: [], lstm: ["input", "forget", "output"], gru: ["update", "reset"] }[this.spec.kind];
    return readStatistics(
      new Float64Array(this.#buffer, this.#addressOf("statistics"), timesteps * statisticsFields),
      timesteps,
      names,
      samples("squaresH"),
      this.#kind === "lstm" ? samples("squaresC") : null,
    );
  }

  /** Gives the memory back; the plan is then of no further use. */
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
    this.#floats(field).set(values);
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

  /** Runs a function over 0 … `size` − 1, on several threads where each gets something to do. */
  #share(several: boolean, name: SharedFunction, size: number): void {
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
