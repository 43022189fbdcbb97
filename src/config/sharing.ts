/** Resolves what several models share once, and bounds the total work. */

import { maxSharedWork } from "./limits.ts";
import type { JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { Resolved } from "./resolveData.ts";
import type { DataConfig, DiagnosisConfig, TrainingConfig } from "./resolved.ts";
import type { ResolvedLayers } from "./resolveLayers.ts";

/** Results by their inputs, which are compared by identity. */
class Memo<T> {
  private readonly ids: WeakMap<object, number>;
  private readonly results = new Map<string, T>();

  constructor(ids: WeakMap<object, number>) {
    this.ids = ids;
  }

  of(parts: readonly (object | null)[], make: () => T): T {
    const key = this.key(parts);
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.results.set(key, made);
    return made;
  }

  private key(parts: readonly (object | null)[]): string {
    return parts.map((part) => (part === null ? "" : this.idOf(part))).join(" ");
  }

  private idOf(part: object): number {
    const id = this.ids.get(part) ?? nextId++;
    this.ids.set(part, id);
    return id;
  }
}

let nextId = 0;

/** The shared results of one config while it is being resolved. */
export class Sharing {
  private readonly ids = new WeakMap<object, number>();
  private readonly weights = new WeakMap<object, number>();
  private spent = 0;
  private readonly paid = new Memo<boolean>(this.ids);
  readonly data = new Memo<Resolved<DataConfig>>(this.ids);
  readonly training = new Memo<Resolved<TrainingConfig>>(this.ids);
  readonly diagnosis = new Memo<Resolved<DiagnosisConfig>>(this.ids);
  readonly layers = new Memo<ResolvedLayers>(this.ids);
  readonly beyondGradientNorm = new Memo<readonly Problem[]>(this.ids);

  /** Whether the budget allows resolving these sections together. Sections that no other model shares cost nothing. */
  affords(sections: readonly JsonObject[]): boolean {
    return this.paid.of(sections, () => {
      for (const section of sections) {
        const weight = this.weights.get(section);
        this.spent += weight ?? 0;
        if (weight === undefined) this.weights.set(section, this.weigh(section));
      }
      return this.spent <= maxSharedWork;
    });
  }

  /** Number of values in a value, including itself. */
  private weigh(value: unknown): number {
    if (typeof value !== "object" || value === null) return 1;
    let weight = 1;
    for (const inner of Object.values(value)) weight += this.weigh(inner);
    return weight;
  }
}
