/** One recurrent layer at one shape: its buffers in the kernels' memory, and its passes. */

import {
  type Alignment,
  addBeforeFirst,
  alignmentOf,
  dropEmpty,
  fromSlots,
  spreadInputGradient,
  spreadOutput,
  startsBySlot,
} from "./alignment.ts";
import type { Arena } from "./arena.ts";
import { Calibration, timed } from "./calibration.ts";
import { directionsOf } from "./directions.ts";
import { type KernelKind, lanes, type PlanField } from "./layout.ts";
import { nonFiniteFrom } from "./nonFinite.ts";
import { inputWriter } from "./planInputs.ts";
import { PlanMemory } from "./planMemory.ts";
import { PlanStatistics } from "./planStatistics.ts";
import {
  type BackwardInputs,
  type BackwardOutputs,
  type CompleteSpec,
  completeSpec,
  type ForwardInputs,
  type ForwardOutputs,
  type RecurrentSpec,
} from "./spec.ts";
import type { RecurrentStatistics } from "./statistics.ts";
import { callShare, type Share, type SharedFunction, type Threads, type ThreadUse } from "./threads.ts";
import type { Functions } from "./wasm.ts";

/** What of a pass may be shared out. */
type RecurrentFunction = Extract<SharedFunction, "forward" | "backward" | "weightGradient" | "statistics">;

export class RecurrentPlan {
  readonly spec: CompleteSpec;
  readonly #kind: KernelKind;
  readonly #functions: Functions;
  readonly #threads: Threads | null;
  readonly #memory: PlanMemory;
  readonly #calibrations = { forward: new Calibration(), backward: new Calibration() };
  /** Whether the next forward pass counts gates and the next backward pass records each timestep's contribution. */
  #detailed = true;
  #threadUse: ThreadUse = "measured";
  readonly #statistics: PlanStatistics;
  /** Alignment of the last forward pass. */
  #alignment: Alignment | null = null;

  constructor(spec: RecurrentSpec, arena: Arena, functions: Functions, threads: Threads | null) {
    const full = completeSpec(spec);
    this.spec = full;
    this.#kind = full.kind === "gru" && full.resetAfter ? "gruResetAfter" : full.kind;
    this.#functions = functions;
    this.#threads = threads;
    this.#memory = new PlanMemory(full, this.#kind, 1 + (threads?.count ?? 0), arena);
    this.#statistics = new PlanStatistics(this.#memory, functions, full);
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
    this.#memory.set("detailed", Number(value));
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
    return this.#memory.bytes;
  }

  /** @throws RangeError for an array of the wrong length. */
  forward(inputs: ForwardInputs): ForwardOutputs {
    this.prepareForward(inputs);
    this.computeForward();
    return this.forwardOutputs(inputs);
  }

  /** The first of the three parts of `forward`; `Pairs` calls them one by one. */
  prepareForward(inputs: ForwardInputs): void {
    this.#memory.alive();
    const lstm = this.#kind === "lstm";
    this.#align(inputs.mask ?? null);
    const write = inputWriter(this.#memory, this.spec, this.#alignment);
    write("x", inputs.x, true);
    this.#memory.writeRecurrentMask(inputs.recurrentMask, this.spec, this.#alignment?.slots ?? null);
    write("w", inputs.kernel, true);
    write("u", inputs.recurrentKernel, true);
    write("bias", inputs.bias, this.spec.useBias);
    write("peepholes", inputs.peepholes, this.spec.peepholes);
    write("h0", inputs.h0, false);
    if (lstm) write("c0", inputs.c0, false);
    this.#functions.packWeights(this.#memory.address, Number(this.spec.training));
  }

  computeForward(): void {
    timed(this.#calibrations.forward, this.#threads?.ready === true, this.#threadUse, (several) =>
      this.#share(several, "forward"),
    );
  }

  forwardOutputs(inputs: ForwardInputs): ForwardOutputs {
    const lstm = this.#kind === "lstm";
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
    this.#memory.alive();
    return nonFiniteFrom(this.#memory, this.spec, this.#alignment);
  }

  /**
   * Walks back through the last forward pass. It overwrites the gates' memory, so it can run only once per forward
   * pass.
   */
  backward(gradients: BackwardInputs): BackwardOutputs {
    this.prepareBackward(gradients);
    this.computeBackward();
    return this.backwardOutputs(gradients);
  }

  prepareBackward(gradients: BackwardInputs): void {
    this.#memory.alive();
    this.#statistics.forget();
    if (!this.spec.training) throw new Error("A plan without training keeps no states to walk back through.");
    const lstm = this.#kind === "lstm";
    const alignment = this.#alignment;
    const write = inputWriter(this.#memory, this.spec, alignment);
    write("dy", gradients.sequence, false);
    write("dhT", gradients.h, false);
    if (lstm) write("dcT", gradients.c, false);
    if (alignment) {
      if (gradients.h) dropEmpty(this.#memory.floats("dhT"), alignment);
      if (gradients.c) dropEmpty(this.#memory.floats("dcT"), alignment);
      // The kernels write only those of samples with real timesteps.
      this.#memory.floats("dh0").fill(0);
      if (lstm) this.#memory.floats("dc0").fill(0);
    }
  }

  computeBackward(): void {
    timed(this.#calibrations.backward, this.#threads?.ready === true, this.#threadUse, (several) => {
      this.#share(several, "backward");
      this.#share(several, "weightGradient", () => this.beginStatistics());
    });
  }

  /**
   * Begins the statistics once the gradients of all states are known. The other threads wake later, and so mostly end
   * later: what the calling one does before it waits for them takes no time.
   */
  beginStatistics(): void {
    if (this.#detailed && !this.#statistics.shared) this.#statistics.begin(this.#alignment);
  }

  backwardOutputs(gradients: BackwardInputs): BackwardOutputs {
    const lstm = this.#kind === "lstm";
    const alignment = this.#alignment;
    this.#functions.unpackGradients(this.#memory.address);
    if (alignment) {
      addBeforeFirst(this.#memory.floats("dh0"), alignment, gradients.sequence, gradients.h);
      if (lstm) addBeforeFirst(this.#memory.floats("dc0"), alignment, undefined, gradients.c);
    }
    return {
      x: this.spec.inputGradient ? this.#inputGradient() : null,
      kernel: this.#memory.floats("dw"),
      recurrentKernel: this.#memory.floats("du"),
      bias: this.spec.useBias ? this.#memory.floats("dbias") : null,
      peepholes: this.spec.peepholes ? this.#memory.floats("dpeepholes") : null,
      h0: this.#states("dh0"),
      c0: lstm ? this.#states("dc0") : null,
    };
  }

  /**
   * The figures of the last backward pass, in arrays that stay valid. Gates and contributions have a meaning only with
   * `detailed`. The figures of a timestep of masked sequences are those of the samples that have begun.
   * @param lasting whether `logSampleNorm`, too, may be read after the next backward pass; this takes a copy.
   */
  statistics(lasting = true): RecurrentStatistics {
    this.#memory.alive();
    const several = this.#threadUse === "measured" ? this.#calibrations.backward.chosen : this.#threadUse === "always";
    return this.#statistics.finish(this.#alignment, lasting, () =>
      this.#share(several === true && this.#statistics.shared, "statistics"),
    );
  }

  /**
   * Directions of the last backward pass (see `directionsOf`), in an array that stays valid. Only a simpleRNN has them.
   */
  directions(): Float32Array {
    this.#memory.alive();
    if (this.#kind !== "simpleRNN") throw new Error("Only a simpleRNN passes its gradient through one activation.");
    const { timesteps, batch, units } = this.spec;
    const z = this.#memory.floats("z");
    const squares = this.#memory.floats("squaresH");
    const zRows = z.length / (timesteps * this.#memory.panels * lanes);
    return directionsOf({ timesteps, batch, units, z, zRows, squares });
  }

  /** Gives the memory back; the plan cannot be used afterwards. */
  release(): void {
    this.#memory.release();
  }

  /** Tells the kernels when the samples begin. Their input is then in reading order. */
  #align(mask: ArrayLike<number> | null): void {
    const { masked, batch, timesteps, goBackwards } = this.spec;
    if (mask && !masked) throw new Error("The plan was made for sequences without masks.");
    if (mask && mask.length !== batch * timesteps)
      throw new RangeError(`The mask has ${mask.length} values instead of ${batch * timesteps}.`);
    const alignment = mask && alignmentOf(mask, batch, goBackwards, 1 + (this.#threads?.count ?? 0));
    this.#alignment = alignment;
    this.#memory.set("starts", alignment ? this.#memory.addressOf("starts") : 0);
    this.#memory.set("first", alignment?.first ?? 0);
    this.#memory.set("reversed", Number(this.spec.goBackwards && !alignment));
    if (!alignment) return;
    this.#memory.writeStarts(startsBySlot(alignment, this.#memory.panels * lanes, timesteps));
  }

  #states(field: PlanField): Float32Array {
    const rows = this.#memory.floats(field);
    return this.#alignment ? fromSlots(rows, this.#alignment) : rows;
  }

  #sequence(initial: Float32Array | undefined): Float32Array {
    const y = this.#memory.floats("y");
    return this.#alignment ? spreadOutput(y, this.#alignment, this.spec.units, initial) : y;
  }

  #inputGradient(): Float32Array {
    const dx = this.#memory.floats("dx");
    return this.#alignment ? spreadInputGradient(dx, this.#alignment, this.spec.inputs) : dx;
  }

  /** Equal shares of a function for `count` threads that work on this plan alone; the first ones are empty if it has too few items. */
  shares(name: RecurrentFunction, count: number): Share[] {
    const size = this.#sizeOf(name);
    const used = Math.min(count, size);
    // A worker without a share leaves its sums as they were, so it must not count.
    if (name === "weightGradient") this.#memory.set("workers", used);
    const bound = (i: number): number => Math.floor((size * i) / used);
    const plan = this.#memory.address;
    const shares = Array.from({ length: used }, (_, space) => ({
      plan,
      space,
      from: bound(space),
      to: bound(space + 1),
    }));
    return [...Array.from({ length: count - used }, () => ({ plan, space: 0, from: 0, to: 0 })), ...shares];
  }

  #sizeOf(name: RecurrentFunction): number {
    if (name === "weightGradient") return this.#memory.columnPanels;
    return name === "statistics" ? this.spec.timesteps : this.#memory.panels;
  }

  /**
   * Runs a function over all its items, on several threads if each gets something to do.
   * @param meanwhile what the calling thread does after its share, before it waits for the others
   */
  #share(several: boolean, name: RecurrentFunction, meanwhile = (): void => {}): void {
    const size = this.#sizeOf(name);
    const plan = this.#memory.address;
    const own = (from: number, to: number): void => {
      callShare(this.#functions, name, { plan, space: 0, from, to });
      meanwhile();
    };
    const threads = several && this.#threads?.ready && size > this.#threads.count ? this.#threads : null;
    if (name === "weightGradient") this.#memory.set("workers", 1 + (threads?.count ?? 0));
    if (threads) threads.run(name, plan, size, own);
    else own(0, size);
  }
}
