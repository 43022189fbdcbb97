/**
 * The models of the selected run's config side by side: each with its newest run's verdict. Sent after a change, at most
 * once per interval, and only while a page is visible. Independent of VS Code.
 */

import { sparkline } from "../../diagnosis/text/sparklineCharacters.ts";
import { modelSummary } from "../../diagnosis/text/summary.ts";
import { hostWords } from "../../messages/host.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { mostTiles, type Tile, type ToPanel } from "../../protocol/panelMessages.ts";
import { DisposableStore } from "../disposableStore.ts";
import { saysSomething } from "../runs/oldestRuns.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";

export interface PanelTilesOptions {
  readonly runs: RunService;
  readonly selected: () => Run | undefined;
  /** Whether any page is visible. */
  readonly visible: () => boolean;
  readonly post: (message: Extract<ToPanel, { type: "tiles" }>) => void;
  /** Milliseconds between two messages about running runs. */
  readonly interval?: number;
}

const cells = 20;

export class PanelTiles {
  readonly #options: PanelTilesOptions;
  readonly #subscriptions: DisposableStore;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: PanelTilesOptions) {
    this.#options = options;
    const { runs } = options;
    const touch = (run: Run): void => this.#touch(run);
    this.#subscriptions = new DisposableStore(runs.onChange(touch), runs.onDiagnosis(touch), runs.onRemove(touch));
  }

  /** The present message; it has no tiles without a run. */
  message(): Extract<ToPanel, { type: "tiles" }> {
    const { runs, selected } = this.#options;
    const uri = selected()?.uri;
    const newest = new Map<string, Run>();
    // Runs of unknown origin have no config in common.
    if (uri) for (const run of runs.runs) if (run.uri === uri && saysSomething(run)) newest.set(run.name, run);
    return { type: "tiles", tiles: [...newest.values()].slice(0, mostTiles).map(tileOf) };
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  #touch(run: Run): void {
    const { selected, visible, post, interval } = this.#options;
    if (run.uri !== selected()?.uri) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (visible()) post(this.message());
    }, interval ?? 1000);
  }
}

function tileOf({ runId, name, state, history, findings }: Run): Tile {
  const tile = { runId, model: name, going: state !== "ended" };
  if (!history) return { ...tile, severity: "error", verdict: hostWords().didNotRun, picture: "", loss: "" };
  const { reach, layers, severity, loss, baselineLoss } = modelSummary(history, findings);
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  const logNorm = layers.find((layer) => layer.logNorm !== null)?.logNorm;
  const baseline = baselineLoss === null ? "" : hostWords().andBaseline(formatNumber(baselineLoss));
  return {
    ...tile,
    severity,
    verdict: reach,
    picture: logNorm ? sparkline(logNorm, cells, epsilon) : "",
    loss: history.lastStep === 0 ? "" : hostWords().lossAndBaseline({ loss: formatNumber(loss), baseline }),
  };
}
