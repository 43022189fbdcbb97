/** What several models share is understood once; and a bound on all that is understood. */

import { maxSharedWork } from "./limits.ts";
import type { JsonObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { Resolved } from "./resolveData.ts";
import type { DataConfig, DiagnosisConfig, TrainingConfig } from "./resolved.ts";
import type { ResolvedLayers } from "./resolveLayers.ts";

/** Results by what they were made of, told apart by identity. */
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

/** Of one config while it is being understood. */
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

  /** Whether there is room left to understand these sections together. What no other model has counts nothing. */
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

  /** How many values there are in one, itself included. */
  private weigh(value: unknown): number {
    if (typeof value !== "object" || value === null) return 1;
    let weight = 1;
    for (const inner of Object.values(value)) weight += this.weigh(inner);
    return weight;
  }
}
