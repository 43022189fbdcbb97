/** The functions that the host calls. Each takes the address of a parameter block (planBlock.ts and others). */

import { activate as activateRows } from "./activate";
import { attend as attendHeads, attendBack as attendHeadsBack } from "./attention";
import { Attention } from "./attentionBlock";
import { backward as backwardPanels } from "./backward";
import {
  batchBack as backOfBatch,
  batchCombine as combineBatch,
  batchMoments as momentsOfBatch,
  batchNormalize as normalizeBatch,
  batchSums as sumsOfBatch,
} from "./batchNormalization";
import { BatchNormalization } from "./batchNormalizationBlock";
import { depthwise as depthwiseItems, depthwiseFilter as depthwiseFilters, depthwiseImage as depthwiseImages } from "./depthwise";
import { Depthwise } from "./depthwiseBlock";
import {
  add as addPieces,
  relu as reluPieces,
  reluBack as reluPiecesBack,
  sumColumns as sumSomeColumns,
  sumShifted as sumShiftedParts,
  sumSquares as sumSquareParts,
} from "./elementwise";
import { Elementwise } from "./elementwiseBlock";
import { forward as forwardPanels } from "./forward";
import { normalize as normalizeRows, normalizeBack as normalizeRowsBack } from "./normalization";
import { Normalization } from "./normalizationBlock";
import { packWeights as packAll } from "./pack";
import { Plan } from "./planBlock";
import { packRight as packPanels, product as multiply } from "./product";
import { Product } from "./productBlock";
import { STATISTICS } from "./records";
import { contributions as reduceContributions, statistics as reduce } from "./statistics";
import { unpackGradients as unpack, weightGradient as gradient } from "./weightGradient";

/** The sums of sums.wasm, for values in this module's memory. */
export {
  columnSums,
  countAbove,
  countBelow,
  firstSquares,
  outsideOf,
  shiftedSquares,
  shiftedSum,
  squaredDistance,
  squaresAndZeros,
  sumOfSquares,
  sumOfTimescales,
  zerosOf,
} from "./sums";

/** First free byte of memory. */
export function heapBase(): usize {
  return __heap_base;
}
/**
 * Bytes of the parameter block, and float64 fields per timestep of the statistics: the host compares them with its own
 * layout.
 */
export function planBytes(): i32 {
  return <i32>offsetof<Plan>();
}
export function statisticsFields(): i32 {
  return STATISTICS;
}
export function packWeights(plan: usize, backward: bool): void {
  packAll(changetype<Plan>(plan), backward);
}
export function forward(plan: usize, from: i32, to: i32): void {
  forwardPanels(changetype<Plan>(plan), from, to);
}
export function backward(plan: usize, from: i32, to: i32): void {
  backwardPanels(changetype<Plan>(plan), from, to);
}
export function weightGradient(plan: usize, worker: i32, from: i32, to: i32): void {
  gradient(changetype<Plan>(plan), worker, from, to);
}
export function unpackGradients(plan: usize): void {
  unpack(changetype<Plan>(plan));
}
export function statistics(plan: usize, worker: i32, from: i32, to: i32): void {
  reduce(changetype<Plan>(plan), worker, from, to);
}
export function contributions(plan: usize): void {
  reduceContributions(changetype<Plan>(plan));
}
/** Bytes of a product's parameter block. */
export function productBytes(): i32 {
  return <i32>offsetof<Product>();
}
export function packRight(block: usize, from: i32, to: i32): void {
  packPanels(changetype<Product>(block), from, to);
}
export function product(block: usize, worker: i32, from: i32, to: i32): void {
  multiply(changetype<Product>(block), worker, from, to);
}
/** Bytes of the parameter blocks of normalization and attention. */
export function normalizationBytes(): i32 {
  return <i32>offsetof<Normalization>();
}
export function attentionBytes(): i32 {
  return <i32>offsetof<Attention>();
}
export function normalize(block: usize, from: i32, to: i32): void {
  normalizeRows(changetype<Normalization>(block), from, to);
}
export function normalizeBack(block: usize, from: i32, to: i32): void {
  normalizeRowsBack(changetype<Normalization>(block), from, to);
}
export function attend(block: usize, worker: i32, from: i32, to: i32): void {
  attendHeads(changetype<Attention>(block), worker, from, to);
}
export function attendBack(block: usize, worker: i32, from: i32, to: i32): void {
  attendHeadsBack(changetype<Attention>(block), worker, from, to);
}
/** Bytes of the parameter block of batch normalization. */
export function batchNormalizationBytes(): i32 {
  return <i32>offsetof<BatchNormalization>();
}
export function batchMoments(block: usize, from: i32, to: i32): void {
  momentsOfBatch(changetype<BatchNormalization>(block), from, to);
}
export function batchCombine(block: usize, from: i32, to: i32): void {
  combineBatch(changetype<BatchNormalization>(block), from, to);
}
export function batchNormalize(block: usize, from: i32, to: i32): void {
  normalizeBatch(changetype<BatchNormalization>(block), from, to);
}
export function batchSums(block: usize, from: i32, to: i32): void {
  sumsOfBatch(changetype<BatchNormalization>(block), from, to);
}
export function batchBack(block: usize, from: i32, to: i32): void {
  backOfBatch(changetype<BatchNormalization>(block), from, to);
}
export function depthwiseBytes(): i32 {
  return <i32>offsetof<Depthwise>();
}
export function depthwise(block: usize, from: i32, to: i32): void {
  depthwiseItems(changetype<Depthwise>(block), from, to);
}
export function depthwiseImage(block: usize, from: i32, to: i32): void {
  depthwiseImages(changetype<Depthwise>(block), from, to);
}
export function depthwiseFilter(block: usize, from: i32, to: i32): void {
  depthwiseFilters(changetype<Depthwise>(block), from, to);
}
/** Bytes of the parameter block of element-wise operations. */
export function elementwiseBytes(): i32 {
  return <i32>offsetof<Elementwise>();
}
export function add(block: usize, from: i32, to: i32): void {
  addPieces(changetype<Elementwise>(block), from, to);
}
export function relu(block: usize, from: i32, to: i32): void {
  reluPieces(changetype<Elementwise>(block), from, to);
}
export function reluBack(block: usize, from: i32, to: i32): void {
  reluPiecesBack(changetype<Elementwise>(block), from, to);
}
export function sumColumns(block: usize, from: i32, to: i32): void {
  sumSomeColumns(changetype<Elementwise>(block), from, to);
}
export function sumSquares(block: usize, from: i32, to: i32): void {
  sumSquareParts(changetype<Elementwise>(block), from, to);
}
export function sumShifted(block: usize, from: i32, to: i32): void {
  sumShiftedParts(changetype<Elementwise>(block), from, to);
}
/** For tests: an activation (numbered as in activationCodes.ts) of `rows` rows of 8 floats. */
export function activate(kind: i32, from: usize, to: usize, rows: i32): void {
  activateRows(kind, from, to, rows, 0);
}
