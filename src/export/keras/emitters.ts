/** What each layer becomes in Keras: a statement that makes it, and one that calls it. */

import type { CellKind } from "../../config/layerCatalogue.ts";
import { vectorCell } from "../../config/layerKinds.ts";
import { exportWords } from "../../messages/exporting.ts";
import {
  Arguments,
  choiceOf,
  comparison,
  type Emit as EmitOf,
  type Emitted as EmittedOf,
  hasWeight,
  nothing,
  type Place,
  refusal,
  type StateValue,
  weightOf,
} from "../emitted.ts";
import type { ExportedLayer, ExportedWeight, Refusal } from "../exportedModel.ts";
import { number, text } from "../python.ts";
import { attentionLayers } from "./attention.ts";
import { classes, recurrentClasses } from "./classes.ts";
import { type Construction, construct } from "./construct.ts";
import type { HelperName } from "./helpers.ts";

export type Emit = EmitOf<HelperName>;
export type Emitted = EmittedOf<HelperName>;

/** A layer that Keras has; its weights have the order and the shapes of ours. */
const own: Emit = (layer, { attribute, inputs, output }) => {
  if (new Arguments(layer).list("noiseShape").length > 0) return refusal(layer, exportWords().noiseShape);
  return made(layer, attribute, constructed(layer, [nameArgument(attribute)]), [
    `${output} = ${attribute}(${inputs.length > 1 ? `[${inputs.join(", ")}]` : inputs[0]})`,
  ]);
};

/** A statement over the inputs, without weights. */
const statement =
  (expression: (inputs: readonly string[], layer: ExportedLayer) => string): Emit =>
  (layer, { inputs, output }) => {
    const value = expression(inputs, layer);
    return { ...nothing, forward: value === output ? [] : [`${output} = ${value}`] };
  };

function made(
  layer: ExportedLayer,
  attribute: string,
  construction: Construction | Refusal,
  forward: readonly string[],
): Emitted | Refusal {
  if ("message" in construction) return construction;
  const { expression, helpers } = construction;
  return {
    ...nothing,
    init: [`${attribute} = ${expression}`],
    forward,
    state: layer.weights.map((weight) => kept(attribute, weight)),
    helpers,
  };
}

/** @param more further arguments of its class. */
function constructed(layer: ExportedLayer, more: readonly string[]): Construction | Refusal {
  const kind = kindOf(layer);
  if (kind) return recurrentOf(layer, kind, more);
  const known = classes[layer.type];
  return known ? construct(layer, known, more) : refusal(layer, exportWords().layer(layer.type));
}

function kindOf(layer: ExportedLayer): CellKind | undefined {
  const cell = layer.type === "rnn" ? layer.inner[0] : layer;
  return cell && vectorCell(cell);
}

function recurrentOf(layer: ExportedLayer, kind: CellKind, more: readonly string[]): Construction | Refusal {
  // An `rnn` has the arguments of the loop, and its cell the others.
  const cell = layer.type === "rnn" ? layer.inner[0] : null;
  const loop = new Arguments(layer);
  const whole = cell
    ? {
        ...cell,
        path: layer.path,
        config: {
          ...cell.config,
          goBackwards: loop.flag("goBackwards"),
          returnSequences: loop.flag("returnSequences"),
        },
      }
    : layer;
  if (loop.flag("stateful")) return refusal(layer, exportWords().stateful);
  const given = new Arguments(whole);
  if (given.flag("peepholes")) return refusal(layer, exportWords().peepholes);
  const reset = kind === "gru" && !given.flag("resetAfter") ? ["reset_after=False"] : [];
  return construct(whole, recurrentClasses[kind], [...reset, ...more]);
}

/** `simpleRNN`, `lstm`, `gru` and an `rnn` with one of their cells. */
const recurrent: Emit = (layer, { attribute, inputs: [x = "x"], output, initial, states, truncate }) => {
  const kind = kindOf(layer);
  if (kind === null || layer.inner.length > 1) return refusal(layer, exportWords().severalCells);
  if (truncate !== null) return refusal(layer, exportWords().truncation);
  if (layer.shares !== null && states.length > 0) return refusal(layer, exportWords().sharedStates);
  const begun = initial.length > 0 ? `, initial_state=[${initial.join(", ")}]` : "";
  const more = [...(states.length > 0 ? ["return_state=True"] : []), nameArgument(attribute)];
  const taken =
    states.length > 0 ? [output, ...states, ...(kind === "lstm" && states.length < 2 ? ["_"] : [])] : [output];
  return made(layer, attribute, constructed(layer, more), [`${taken.join(", ")} = ${attribute}(${x}${begun})`]);
};

/** `bidirectional`: Keras makes the layer that reads from the end. */
const bidirectional: Emit = (layer, place) => {
  const [forward] = layer.inner;
  if (!forward) throw new Error(`${layer.name} wraps nothing`);
  if (place.initial.length > 0 || place.states.length > 0) return refusal(layer, exportWords().handedStates);
  if (place.truncate !== null) return refusal(layer, exportWords().truncation);
  const mode = new Arguments(layer).text("mergeMode", "");
  if (mode === "") return refusal(layer, exportWords().twoOutputs);
  const merge = mode === "concat" ? [] : [`merge_mode=${text(mode)}`];
  return wrapped(layer, { ...forward, path: layer.path }, "Bidirectional", merge, place);
};

/** The wrapped layer sees each timestep alone. */
const timeDistributed: Emit = (layer, place) => {
  const [inner] = layer.inner;
  if (!inner || kindOf(inner)) return refusal(layer, exportWords().layer(inner?.type ?? "?"));
  return wrapped(layer, { ...inner, path: layer.path }, "TimeDistributed", [], place);
};

function wrapped(
  layer: ExportedLayer,
  inner: ExportedLayer,
  name: string,
  more: readonly string[],
  { attribute, inputs: [x = "x"], output }: Place,
): Emitted | Refusal {
  const inside = constructed(inner, []);
  if ("message" in inside) return inside;
  const given = [inside.expression, ...more, nameArgument(attribute)].join(", ");
  const weights = layer.inner.flatMap((each, i) =>
    each.weights.map((weight) => ({ ...weight, name: `${i === 0 ? "forward" : "backward"}/${weight.name}` })),
  );
  return made({ ...layer, weights }, attribute, { expression: `layers.${name}(${given})`, helpers: inside.helpers }, [
    `${output} = ${attribute}(${x})`,
  ]);
}

const positionalEncoding: Emit = (layer, { attribute, inputs: [x = "x"], output }) => {
  const [timesteps = 1, features = 1] = layer.inputShape;
  if (!hasWeight(layer, "positions"))
    return { ...nothing, forward: [`${output} = ${x} + sinusoids(${timesteps}, ${features})`], helpers: ["sinusoids"] };
  return {
    ...nothing,
    init: [`${attribute} = Positions(${nameArgument(attribute)})`],
    forward: [`${output} = ${attribute}(${x})`],
    state: [kept(attribute, weightOf(layer, "positions"))],
    helpers: ["Positions"],
  };
};

function nameArgument(attribute: string): string {
  return `name=${text(attribute)}`;
}

/** A weight as it is; a GRU's bias has two rows if its reset gate is after the product. */
function kept(attribute: string, { name, shape, values }: ExportedWeight): StateValue {
  return { name: `${attribute}/${name}`, shape, values };
}

/** Keras's name of a function, where it is not ours. */
const functions: Readonly<Record<string, string>> = { atan: "arctan" };

export const emitters: Readonly<Record<string, Emit>> = {
  ...Object.fromEntries(Object.keys(classes).map((type) => [type, own])),
  ...attentionLayers,
  simpleRNN: recurrent,
  lstm: recurrent,
  gru: recurrent,
  rnn: recurrent,
  bidirectional,
  timeDistributed,
  positionalEncoding,
  inputLayer: statement(([x = "x"]) => x),
  leakyReLU: (layer, { inputs: [x = "x"], output }) => {
    const slope = number(new Arguments(layer).number("alpha", 0.3));
    return { ...nothing, forward: [`${output} = layers.LeakyReLU(negative_slope=${slope})(${x})`] };
  },
  elementwise: statement(([x], layer) => {
    const name = new Arguments(layer).text("function", "abs");
    return `ops.${functions[name] ?? name}(${x})`;
  }),
  power: statement(([x], layer) => `${x} ** ${number(new Arguments(layer).number("exponent", 1))}`),
  clip: statement(([x], layer) => {
    const given = new Arguments(layer);
    return `ops.clip(${x}, ${number(given.number("low", 0))}, ${number(given.number("high", 0))})`;
  }),
  compare: statement(([x = "x"], layer) => `ops.cast(${comparison(x, layer)}, ${x}.dtype)`),
  where: statement((inputs, layer) => {
    const [condition, value, otherwise] = choiceOf(inputs, layer);
    return `ops.where(ops.not_equal(${condition}, 0), ${value}, ${otherwise})`;
  }),
  expandDims: statement(([x], layer) => `ops.expand_dims(${x}, ${new Arguments(layer).number("axis", 1)})`),
  cumulativeSum: statement(([x], layer) => `ops.cumsum(${x}, axis=${new Arguments(layer).number("axis", 1)})`),
  divide: statement((inputs) => inputs.join(" / ")),
};
