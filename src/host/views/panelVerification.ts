/**
 * The verification of the shown run's model, for the panel: its result, and what the page may request. The page refers
 * to findings and fixes that it has received; anything else is ignored. Independent of VS Code.
 */

import type { FromPanel } from "../../protocol/panelMessages.ts";
import { type VerificationView, verifiedView } from "../../protocol/verificationView.ts";
import { DisposableStore } from "../disposableStore.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { whyNoResult } from "../runs/describeEnd.ts";
import { modelKey, type Run } from "../runs/run.ts";
import type { VerificationJob, VerificationService } from "../verify/verificationService.ts";
import { fixToApply } from "../verify/verifiedFixes.ts";

export interface PanelVerificationOptions {
  readonly verifications: VerificationService;
  readonly store: FindingsStore;
  readonly selected: () => Run | undefined;
  /** Called when the page no longer shows the current `view`. */
  readonly changed: () => void;
  /** Verifies the fixes of one of the run's findings; null for the gravest. */
  readonly verify: (run: Run, findingId: string | null) => void;
  /** @param preview whether to show what the fix changes, instead. */
  readonly apply: (run: Run, verification: number, fixId: string, preview: boolean) => void;
}

export type VerificationRequest = Extract<
  FromPanel,
  { type: "verify" | "stopVerifying" | "applyVerified" | "previewVerified" }
>;

export class PanelVerification {
  readonly #options: PanelVerificationOptions;
  readonly #subscriptions: DisposableStore;
  #wasStale = false;

  constructor(options: PanelVerificationOptions) {
    this.#options = options;
    const { verifications, store, changed } = options;
    this.#subscriptions = new DisposableStore(
      verifications.onChange((job) => {
        if (job === this.#job) changed();
      }),
      store.onChange(({ uri, cause }) => {
        const job = this.#job;
        if (cause === "text" && job?.uri === uri && this.#isStale(job) !== this.#wasStale) changed();
      }),
    );
  }

  /** Null if the shown run's model was never verified. */
  view(): VerificationView | null {
    const job = this.#job;
    const run = this.#options.selected();
    if (!job || !run) return null;
    this.#wasStale = this.#isStale(job);
    const { id, model, continuable } = job;
    return { id, config: run.configPath, model, stale: this.#wasStale, continuable, state: stateOf(job) };
  }

  receive(request: VerificationRequest): void {
    const run = this.#options.selected();
    if (!run) return;
    const { verifications, verify, apply } = this.#options;
    switch (request.type) {
      case "verify":
        // Without a finding of its own, a request continues what ended early.
        if (request.findingId === null) verify(run, this.#job?.continuable ? this.#job.findingId : null);
        else if (this.#mayVerify(run, request.findingId)) verify(run, request.findingId);
        return;
      case "stopVerifying":
        verifications.stop(run.uri, run.name);
        return;
      case "applyVerified":
      case "previewVerified":
        if (fixToApply(this.#job, request.verification, request.fixId))
          apply(run, request.verification, request.fixId, request.type === "previewVerified");
        return;
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  get #job(): VerificationJob | undefined {
    const run = this.#options.selected();
    return run && this.#options.verifications.of(run.uri, run.name);
  }

  #mayVerify(run: Run, findingId: string): boolean {
    return this.#options.store
      .findingsOf(run)
      .some(({ finding, stale }) => finding.id === findingId && !stale && finding.fixes.length > 0);
  }

  /** Whether the config was edited since; one that is not open was not. */
  #isStale({ uri, model, key }: VerificationJob): boolean {
    const view = this.#options.store.view(uri);
    if (!view) return false;
    const now = view.models.find(({ name }) => name === model)?.model;
    return !now || modelKey(now) !== key;
  }
}

function stateOf({ outcome, done, total, what, seed, seeds }: VerificationJob): VerificationView["state"] {
  switch (outcome?.kind) {
    case undefined:
      return { kind: "busy", progress: { done, total, what, seed, seeds } };
    case "verified":
      return { kind: "done", result: verifiedView(outcome.verification) };
    case "sound":
      return { kind: "sound" };
    case "cancelled":
      return { kind: "failed", message: whyNoResult(outcome) };
    case "ended":
      return { kind: "failed", message: whyNoResult(outcome.ran.end) };
  }
}
