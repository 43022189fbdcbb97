/** Sizes of a plan's buffers. */

import { STATISTICS } from "./assembly/records.ts";
import {
  type GateGroup,
  gateCount,
  isCurved,
  type KernelKind,
  lanes,
  type PlanField,
  roundUp,
  tileColumns,
  tileRows,
} from "./layout.ts";
import type { CompleteSpec } from "./spec.ts";

/** A number per field of the parameter block. */
export type Sizes = Partial<Record<PlanField, number>>;

/**
 * Number of samples packed together for the weight gradients: enough for long inner products, few enough for the
 * second-level cache.
 */
const blockSamples = 128;

/** Bytes of each buffer; a field that a plan does not need stays 0. */
export function bufferBytes(
  spec: CompleteSpec,
  kind: KernelKind,
  groups: readonly GateGroup[],
  workers: number,
): Sizes {
  const forward = forwardBytes(spec, kind, groups);
  return spec.training ? { ...forward, ...backwardBytes(spec, kind, groups, workers, forward) } : forward;
}

function forwardBytes(spec: CompleteSpec, kind: KernelKind, groups: readonly GateGroup[]): Sizes {
  const { timesteps: T, batch: B, inputs: D, units: H, training } = spec;
  const lstm = kind === "lstm";
  const panels = Math.ceil(B / lanes);
  const K = D + 1 + H;
  const G = gateCount(kind) * H;
  const zRows = zRowCount(groups);
  const padded = panels * lanes * 4;
  const biases = kind === "gruResetAfter" ? 2 * G : G;
  const kept = training ? T : 1;
  return {
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
    starts: spec.masked ? padded : 0,
    panelStarts: spec.masked ? panels * 4 : 0,
    recurrentMask: spec.recurrentDropout ? panels * H * lanes * 4 : 0,
    slopes: training && isCurved(spec.activation, spec.recurrentActivation) ? T * panels * zRows * lanes * 4 : 0,
    tcSlopes: training && lstm && isCurved(spec.activation) ? T * panels * H * lanes * 4 : 0,
    hOut: spec.recurrentDropout && kind === "simpleRNN" ? kept * panels * H * lanes * 4 : 0,
  };
}

/** @param forward bytes of the forward pass's buffers */
function backwardBytes(
  spec: CompleteSpec,
  kind: KernelKind,
  groups: readonly GateGroup[],
  workers: number,
  forward: Sizes,
): Sizes {
  const { timesteps: T, batch: B, inputs: D, units: H } = spec;
  const lstm = kind === "lstm";
  const panels = Math.ceil(B / lanes);
  const G = gateCount(kind) * H;
  const zRows = zRowCount(groups);
  const states = panels * roundUp(H, tileRows) * lanes * 4;
  const padded = panels * lanes * 4;
  const rowTiles = rowTileCount(kind, D, H);
  const state = {
    exponent: (T + 1) * padded,
    squaresH: T * padded,
    edgeSquaresH: (T + 1) * padded,
    edgeExponentH: (T + 1) * padded,
    nonFiniteH: T * padded,
  };
  return {
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
    dy: forward.y ?? 0,
    dhT: B * H * 4,
    dx: spec.inputGradient ? B * T * D * 4 : 0,
    dw: D * G * 4,
    du: H * G * 4,
    dbias: forward.bias ?? 0,
    dpeepholes: forward.peepholes ?? 0,
    dh0: B * H * 4,
    backwardWeights: roundUp(H, tileRows) * zRows * 4,
    inputWeights: spec.inputGradient ? roundUp(D, tileRows) * zRows * 4 : 0,
    rec: states,
    direct: states,
    scratch: states,
    dxRows: spec.inputGradient ? panels * roundUp(D, tileRows) * lanes * 4 : 0,
    peepholeSums: spec.peepholes ? panels * 3 * H * lanes * 4 : 0,
    factors: panels * 256,
    tiles: rowTiles * columnPanelCount(groups) * tileRows * tileColumns * 4,
    packing: workers * packingBytes(spec, rowTiles, columnPanelCount(groups)),
    squares: workers * T * 16,
    statistics: T * STATISTICS * 8,
    // Per worker: four columns of keys, their exponents, and float64 keys (assembly/statistics.ts).
    sorting: workers * (panels * lanes * 24 + 16),
  };
}

export function zRowCount(groups: readonly GateGroup[]): number {
  return groups.reduce((sum, g) => sum + roundUp(g.count, tileRows), 0);
}

export function columnPanelCount(groups: readonly GateGroup[]): number {
  const last = groups.at(-1);
  return last ? last.firstPanel + Math.ceil(last.count / lanes) : 0;
}

export function rowTileCount(kind: KernelKind, inputs: number, units: number): number {
  return Math.ceil((inputs + 1) / tileRows) + Math.ceil(units / tileRows) * (kind === "gru" ? 2 : 1);
}

export function blockTimesteps({ batch, timesteps }: CompleteSpec): number {
  return Math.min(timesteps, Math.max(1, Math.floor(blockSamples / batch)));
}

/** One worker's packing space: operand tiles, column panels, exponents, where timesteps begin, factors, and four tiles; aligned. */
export function packingBytes(spec: CompleteSpec, rowTiles: number, columnPanels: number): number {
  const block = blockTimesteps(spec);
  return roundUp(block * spec.batch * (rowTiles * tileRows + columnPanels * tileColumns) * 4 + block * 8 + 768, 64);
}
