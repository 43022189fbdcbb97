/** A run's records in its event file (docs/run-format.md), with histograms that only TensorBoard shows. */

import type { WeightSample } from "../../../engine/measure/weightSampler.ts";
import type { RunOutcome } from "../../../engine/run.ts";
import type { Finding } from "../../../protocol/finding.ts";
import type { Frame } from "../../../protocol/frame.ts";
import type { MeasuredNeed } from "../../../protocol/need.ts";
import type { RunInfo } from "../../../protocol/run.ts";
import { steadyClock } from "../../../protocol/steadyClock.ts";
import { histogram } from "../../../tensorboard/histogram.ts";
import { concat } from "../../../tensorboard/protobuf.ts";
import { RunEncoder } from "../../../tensorboard/runEncoder.ts";
import { type SummaryValue, summaryRecord } from "../../../tensorboard/summary.ts";

/** What was run. */
export interface RunContent {
  readonly config: { readonly path: string; readonly text: string };
  /** What the model's entry resolved to. */
  readonly model: unknown;
}

/** Bytes of a file from which steps are left out: half of what a reader takes. */
const bound = 2 ** 29;

export class RunEvents {
  readonly #info: RunInfo;
  readonly #encoder: RunEncoder;
  readonly #every: number;
  readonly #now: () => number;

  /** @param every histograms of the state gradients are written at steps 1, 1 + every, … */
  constructor(info: RunInfo, every: number, now: () => number = steadyClock()) {
    this.#info = info;
    this.#encoder = new RunEncoder(info, { writer: "gradlens", bound, now });
    this.#every = every;
    this.#now = now;
  }

  begin({ config, model }: RunContent): Uint8Array {
    return this.#encoder.begin(config, model);
  }

  /**
   * All values of a step, and the distribution of log₁₀ ‖∂L/∂s_t‖ over its timesteps. @param frame frame of one step
   */
  step(frame: Frame): Uint8Array {
    const step = frame.steps[0] ?? 0;
    const spreads: SummaryValue[] = [];
    if ((step - 1) % this.#every === 0)
      for (const { layer, channel, values: profile } of frame.profiles) {
        const [state, what] = channel.split(".");
        const spread = what === "logNorm" ? histogram(profile) : null;
        if (spread) spreads.push({ tag: `${this.#layer(layer)}/${state}/log10StateGradientNorm`, histogram: spread });
      }
    const record = this.#encoder.step(frame) ?? new Uint8Array(0);
    return spreads.length === 0 ? record : concat([record, this.#record(step, spreads)]);
  }

  /** Distributions of the weights and of their gradients before clipping. */
  weights(step: number, samples: readonly WeightSample[]): Uint8Array {
    const values = samples.flatMap(({ layer, name, values: weights, gradient }): readonly SummaryValue[] =>
      [
        { tag: `${this.#layer(layer)}/${name}/weight`, histogram: histogram(weights) },
        { tag: `${this.#layer(layer)}/${name}/weightGradient`, histogram: histogram(gradient) },
      ].flatMap(({ tag, histogram: spread }) => (spread ? [{ tag, histogram: spread }] : [])),
    );
    return this.#record(step, values);
  }

  end(findings: readonly Finding[], need: MeasuredNeed | null, outcome: RunOutcome): Uint8Array {
    const reason = outcome.kind === "completed-early" ? outcome.reason : null;
    return concat([
      this.#encoder.lastStep(),
      ...(need ? [this.#encoder.need(need)] : []),
      this.#encoder.findings(findings),
      this.#encoder.end(outcome.kind, outcome.kind === "failed" ? outcome.message : reason, outcome),
    ]);
  }

  #record(step: number, values: readonly SummaryValue[]): Uint8Array {
    return summaryRecord(this.#now() / 1000, step, values);
  }

  #layer(index: number): string {
    return this.#info.layers[index]?.name ?? String(index);
  }
}
