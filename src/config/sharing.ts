/** What several models share is understood once; and a bound on all that is understood. */

import { maxWork } from "./limits.ts";
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

  /** Whether there is room left to understand these sections together; counts them the first time. */
  affords(sections: readonly JsonObject[]): boolean {
    return this.paid.of(sections, () => {
      this.spent += sections.reduce((sum, section) => sum + this.weigh(section), 0);
      return this.spent <= maxWork;
    });
  }

  /** How many values there are in one, itself included. */
  private weigh(value: unknown): number {
    if (typeof value !== "object" || value === null) return 1;
    const known = this.weights.get(value);
    if (known !== undefined) return known;
    let weight = 1;
    for (const inner of Object.values(value)) weight += this.weigh(inner);
    this.weights.set(value, weight);
    return weight;
  }
}
