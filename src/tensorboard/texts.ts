/** Keeps the newest of each of our texts of a run. */

import { type MeasuredNeed, measuredNeedSchema } from "../protocol/need.ts";
import type { EventMessage, EventValue } from "./eventMessage.ts";
import { jsonOf } from "./runDecoder.ts";
import {
  configSchema,
  endOf,
  findingsSchema,
  labelSchema,
  noLabel,
  notesSchema,
  type StoredRun,
  storedVerificationSchema,
} from "./storedRun.ts";
import { type TextTag, tags } from "./tags.ts";

type Parsed = Pick<StoredRun, "config" | "model" | "findings" | "verification" | "notes" | "label" | "end"> & {
  readonly need: MeasuredNeed | null;
};

const ours: ReadonlySet<string> = new Set(Object.values(tags));

export class Texts {
  readonly #newest = new Map<string, { readonly wallTime: number; readonly value: EventValue }>();

  push(event: EventMessage): void {
    for (const value of event.values) {
      if (value.content.kind !== "texts" || !ours.has(value.tag)) continue;
      const known = this.#newest.get(value.tag);
      if (!(known && known.wallTime > event.wallTime)) this.#newest.set(value.tag, { wallTime: event.wallTime, value });
    }
  }

  parsed(): Parsed {
    return {
      config: configSchema.safeParse(this.#of(tags.config)).data ?? null,
      model: this.#of(tags.model),
      need: measuredNeedSchema.safeParse(this.#of(tags.need)).data ?? null,
      findings: findingsSchema.safeParse(this.#of(tags.findings)).data ?? null,
      verification: storedVerificationSchema.safeParse(this.#of(tags.verification)).data ?? null,
      notes: notesSchema.safeParse(this.#of(tags.notes)).data ?? [],
      label: labelSchema.safeParse(this.#of(tags.label)).data ?? noLabel,
      end: endOf(this.#of(tags.end)),
    };
  }

  #of(tag: TextTag): unknown {
    const newest = this.#newest.get(tag);
    return newest && jsonOf(newest.value);
  }
}
