/** The fused kernels of this process: loaded once, with plans that outlive a run. */

import fs from "node:fs";
import path from "node:path";
import { type Kernels, loadKernels } from "../../kernels/kernels.ts";
import { PlanPool } from "../../kernels/planPool.ts";
import { loadSums } from "../../kernels/sums.ts";
import { loadUpdates, type Updates } from "../../kernels/updates.ts";
import { engineWords } from "../../messages/engine.ts";
import { tensorMemory } from "../backend/borrow.ts";
import { provideOperations } from "../backend/fusedOperations.ts";
import { fuseBatchNormalization } from "../layers/fusedBatchNormalization.ts";
import { fuseConvLstm } from "../layers/fusedConvLstm.ts";
import { fuseLayerNormalization } from "../layers/fusedNormalization.ts";
import { provideSums } from "../recording/norms.ts";
import { provideHolder } from "../tfjs/heldTensors.ts";
import { registerConvolutionKernels } from "../tfjs/patches/convolutionKernels.ts";
import { registerElementwiseKernels } from "../tfjs/patches/elementwiseKernels.ts";
import { provideColumnSums } from "../tfjs/patches/leadingSums.ts";
import { applyPatches } from "../tfjs/patches/patches.ts";
import { registerProductKernels } from "../tfjs/patches/productKernels.ts";

export interface KernelSource {
  readonly kernels: Kernels;
  /** Shared by all models of the process: only one step runs at a time. */
  readonly plans: PlanPool;
  /** Optimizers' updates of large weights. */
  readonly updates: Updates;
}

/** Why the kernels are not available; for people. */
export interface NoKernels {
  readonly reason: string;
}

const binary = "kernels.simd.wasm";

let source: Promise<KernelSource | NoKernels> | null = null;

/** Loads the kernels on the first call. Never rejects: without them tfjs's own loops train, with taps. */
export function kernelSource(): Promise<KernelSource | NoKernels> {
  source ??= load().catch((error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }));
  return source;
}

async function load(): Promise<KernelSource | NoKernels> {
  const folder = kernelFolder();
  if (folder === null) return { reason: engineWords().kernelsMissing(binary) };
  // What is registered here runs before tfjs's own kernels, and so before their patches.
  applyPatches();
  const kernels = await loadKernels(folder);
  if (!kernels) return { reason: engineWords().noSimd };
  const [sums, updates] = await Promise.all([loadSums(folder), loadUpdates(folder)]);
  sums.elsewhere = tensorMemory;
  kernels.lendTo(sums);
  provideSums(sums);
  provideColumnSums({ sums, elementwise: kernels.elementwise });
  provideHolder(kernels.holder);
  registerProductKernels(kernels.products);
  registerConvolutionKernels(kernels);
  registerElementwiseKernels(kernels.elementwise);
  provideOperations(kernels);
  fuseLayerNormalization();
  fuseBatchNormalization();
  fuseConvLstm();
  return { kernels, plans: new PlanPool((spec) => kernels.plan(spec)), updates };
}

/** The bundle's folder. For code that runs from its sources, `GRADLENS_KERNELS` names the folder. */
function kernelFolder(): string | null {
  const folders = [__dirname, process.env["GRADLENS_KERNELS"]];
  return folders.find((folder) => folder && fs.existsSync(path.join(folder, binary))) ?? null;
}
