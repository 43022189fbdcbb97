/** The values of a run that TensorBoard shows, and their tags. */

import type { WeightSample } from "../../../engine/measure/weightSampler.ts";
import type { Frame } from "../../../protocol/frame.ts";
import { testQuantities } from "../../../protocol/quantities.ts";
import type { RunInfo } from "../../../protocol/run.ts";
import { histogram } from "../../../tensorboard/histogram.ts";
import { type SummaryValue, summaryRecord, versionRecord } from "../../../tensorboard/summary.ts";

export class RunEvents {
  readonly #info: RunInfo;
  readonly #tags: readonly string[];
  /** Columns that have held a number; a column without any (a layer that cannot saturate) gets no chart. */
  readonly #known: boolean[];
  /** Columns of the test samples, which are empty at most steps. */
  readonly #tested: readonly boolean[];
  readonly #every: number;
  readonly #now: () => number;

  /** @param every histograms of the state gradients are written at steps 1, 1 + every, … */
  constructor(info: RunInfo, every: number, now: () => number = Date.now) {
    this.#info = info;
    this.#tags = info.columns.map(({ quantity, layer, name }) =>
      [layer === null ? null : info.layers[layer]?.name, name, quantity].filter((part) => part != null).join("/"),
    );
    this.#known = info.columns.map(() => false);
    const tested: readonly string[] = [...testQuantities, "testMetric"];
    this.#tested = info.columns.map(({ quantity }) => tested.includes(quantity));
    this.#every = every;
    this.#now = now;
  }

  begin(): Uint8Array {
    return versionRecord(this.#now() / 1000);
  }

  /**
   * All scalars of a step, and the distribution of log₁₀ ‖∂L/∂s_t‖ over its timesteps. @param frame frame of one step
   */
  step(frame: Frame): Uint8Array {
    const step = frame.steps[0] ?? 0;
    const values: SummaryValue[] = [];
    for (const [i, tag] of this.#tags.entries()) {
      const scalar = frame.rows[i] ?? Number.NaN;
      this.#known[i] ||= !Number.isNaN(scalar);
      const untested = Number.isNaN(scalar) && this.#tested[i];
      if (this.#known[i] && !untested) values.push({ tag, scalar });
    }
    if ((step - 1) % this.#every === 0)
      for (const { layer, channel, values: profile } of frame.profiles) {
        const [state, what] = channel.split(".");
        const spread = what === "logNorm" ? histogram(profile) : null;
        if (spread) values.push({ tag: `${this.#layer(layer)}/${state}/log10StateGradientNorm`, histogram: spread });
      }
    return summaryRecord(this.#now() / 1000, step, values);
  }

  /** Distributions of the weights and of their gradients before clipping. */
  weights(step: number, samples: readonly WeightSample[]): Uint8Array {
    const values = samples.flatMap(({ layer, name, values: weights, gradient }): readonly SummaryValue[] =>
      [
        { tag: `${this.#layer(layer)}/${name}/weight`, histogram: histogram(weights) },
        { tag: `${this.#layer(layer)}/${name}/weightGradient`, histogram: histogram(gradient) },
      ].flatMap(({ tag, histogram: spread }) => (spread ? [{ tag, histogram: spread }] : [])),
    );
    return summaryRecord(this.#now() / 1000, step, values);
  }

  #layer(index: number): string {
    return this.#info.layers[index]?.name ?? String(index);
  }
}
