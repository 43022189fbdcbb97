/** Measures, after a run's last step, how far back the trained net uses its inputs. */

import type { MeasuredNeed } from "../../protocol/need.ts";
import type { RunKind } from "../../protocol/run.ts";
import type { InputBlock } from "../data/lag/jointInputs.ts";
import type { TimeAxis } from "../data/lag/timeAxis.ts";
import { carriesState } from "../instrument/carriedStates.ts";
import type { Instrumentation } from "../instrument/instrument.ts";
import { masksRows } from "../instrument/masks.ts";
import { measuredLayers } from "../instrument/measuredLayers.ts";
import { measureNeed } from "../measure/need/measureNeed.ts";
import { forward } from "../model/forward.ts";
import type { Prepared } from "./prepare.ts";

/** Share of the run's time that the measurement may take, and the milliseconds that it may take in any case. */
const share = 0.05;
const always: { readonly [kind in RunKind]: number } = { train: 1000, probe: 100 };
/** A net whose loss is below this share of the baseline's has learnt something. */
const learnt = 0.95;

export interface RunNeedOptions {
  readonly kind: RunKind;
  readonly axis: TimeAxis | null;
  /** Where each of several inputs is within a sample; undefined: there is one. */
  readonly blocks: readonly InputBlock[] | undefined;
  readonly instrumentation: Instrumentation;
  readonly baselineLoss: number | null;
  readonly batchSize: number;
  /** Duration of the run in milliseconds. */
  readonly elapsed: number;
}

/** Null without a time axis, for layers that carry states from batch to batch, and if the need cannot be determined. */
export async function runNeed(
  { dataset, built, loss }: Prepared,
  { kind, axis, blocks, instrumentation, baselineLoss, batchSize, elapsed }: RunNeedOptions,
  signal: AbortSignal,
): Promise<MeasuredNeed | null> {
  const { model } = built;
  if (!axis || measuredLayers(model).some(({ layer }) => carriesState(layer))) return null;
  return await measureNeed(
    {
      dataset,
      axis,
      blocks,
      masked: masksRows(model),
      predict: (inputs) => instrumentation.infer(() => forward(model, inputs, false)),
      loss: loss.of,
      batchSize,
      worthwhile: baselineLoss === null ? null : learnt * baselineLoss,
      limit: Math.max(always[kind], share * elapsed),
    },
    signal,
  );
}
