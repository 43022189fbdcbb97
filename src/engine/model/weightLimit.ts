/** Refuses a model that is too large before its memory is allocated. */

import type * as tfl from "@tensorflow/tfjs-layers";
import { maxParameters } from "../../config/limits.ts";
import { buildingWords } from "../../messages/building.ts";
import { internal } from "../tfjs/internals.ts";
import { withInnerLayers } from "./innerLayers.ts";
import { shapeText } from "./messages.ts";

/** Thrown by the `addWeight` of a watched layer. */
export class TooLarge extends Error {}

export class WeightBudget {
  #used = 0;

  /** Counts what `layer` and the layers inside it are about to allocate. */
  watch(layer: tfl.layers.Layer): void {
    for (const each of withInnerLayers(layer)) {
      const addWeight = internal(each, "addWeight");
      if (typeof addWeight !== "function") throw new Error(`${each.name} has no addWeight`);
      Object.defineProperty(each, "addWeight", {
        configurable: true,
        value: (...args: unknown[]): unknown => {
          this.#take(args[0], args[1]);
          return Reflect.apply(addWeight, each, args);
        },
      });
    }
  }

  #take(name: unknown, shape: unknown): void {
    if (!Array.isArray(shape)) throw new Error(`weight ${String(name)} has no shape`);
    const size = shape.reduce<number>((product, d) => product * Number(d), 1);
    this.#used += size;
    if (!(this.#used <= maxParameters)) {
      throw new TooLarge(
        buildingWords().tooManyWeights({
          weight: String(name),
          shape: shapeText(shape.map(Number)),
          all: this.#used.toLocaleString("en"),
          most: maxParameters.toLocaleString("en"),
        }),
      );
    }
  }
}
