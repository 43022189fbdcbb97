/** What is wrong with a config: each with its remedy. Texts in quotes are the config's own. */

import { count } from "../numberText.ts";

export const config = {
  didYouMean: (name: string) => ` Did you mean "${name}"?`,
  write: (name: string) => `Write "${name}"`,
  thereIs: (names: string) => ` There is ${names}.`,
  itHas: (names: string) => ` It has ${names}.`,
  takesNone: " It takes none.",
  hasNo: ({ owner, key, hint }: { owner: string; key: string; hint: string }) => `${owner} has no "${key}".${hint}`,
  needs: ({ owner, key, expected }: { owner: string; key: string; expected: string }) =>
    `${owner} needs "${key}": ${expected}.`,
  mustBe: ({ place, expected, found, hint }: { place: string; expected: string; found: string; hint: string }) =>
    `${place} must be ${expected}, not ${found}.${hint}`,
  emptyList: "an empty list",
  listOf: (n: number) => `a list of ${n}`,
  anObject: "an object",
  modelNamed: (name: string) => `model "${name}"`,
  needsKey: ({ noun, key, names }: { noun: string; key: string; names: string }) =>
    `${noun.charAt(0).toUpperCase()}${noun.slice(1)} needs a "${key}": ${names}.`,
  isNot: ({ name, noun, hint }: { name: string; noun: string; hint: string }) => `"${name}" is not ${noun}.${hint}`,
  chronoHint: ' It is for the "biasInitializer" of lstm and gru.',
  cellHint: ' It is a cell; cells go into { "type": "rnn", "cell": … }.',
  bothHint:
    ' tfjs cannot run it both ways: it loses the cell. Write the layer itself, e.g. "lstm" instead of an "lstmCell" in "rnn".',
  andMore: ({ n, one }: { n: string; one: boolean }) => `And ${n} more ${one ? "problem" : "problems"}.`,

  empty: 'The config is empty: it is an object like { "data": …, "models": … }.',
  tooLong: (million: number) =>
    `The config has more than ${million} million characters, the limit; data belong in a CSV file.`,
  tooDeep: (levels: number) => `Nested more than ${levels} levels deep.`,
  moreErrors: (n: number) => `More than ${n} such errors; the rest was not read.`,
  syntax: {
    InvalidSymbol: 'Not a JSON value: expected a number, a text in "double quotes", true, false, null, { or [.',
    InvalidNumberFormat: "Not a JSON number.",
    PropertyNameExpected: 'Expected a property name in "double quotes".',
    ValueExpected: "Expected a value.",
    ColonExpected: 'Expected ":" after the property name.',
    CommaExpected: 'Expected ",".',
    CloseBraceExpected: 'Expected "}".',
    CloseBracketExpected: 'Expected "]".',
    EndOfFileExpected: "Expected nothing more: the config is one object.",
    UnexpectedEndOfComment: "The comment does not end.",
    UnexpectedEndOfString: "The text does not end on this line: a closing double quote is missing.",
    UnexpectedEndOfNumber: "The number is cut off.",
    InvalidUnicode: "Not a \\u escape: expected four hexadecimal digits.",
    InvalidEscapeCharacter: "Not a valid JSON escape sequence.",
    InvalidCharacter: "A character that must be escaped, such as a tab inside a text.",
  },
  notObject: (found: string) => `A config is an object like { "data": …, "models": … }, not ${found}.`,
  manyKeys: ({ n, read }: { n: string; read: string }) => `This object has ${n} keys; only the first ${read} are read.`,
  twice: (key: string) => `"${key}" appears twice here. Remove one of the two.`,
  noSuchKey: ({ key, hint }: { key: string; hint: string }) => `A config has no "${key}".${hint}`,
  sectionObject: ({ section, found }: { section: string; found: string }) =>
    `${section} must be an object, not ${found}.`,
  modelsMissing: '"models" is missing: { "models": { "lstm": { "layers": […] } } }.',
  modelsObject: (found: string) => `models must be an object of named models, not ${found}.`,
  modelsEmpty: 'models is empty: describe at least one, e.g. "lstm": { "layers": […] }.',
  manyModels: ({ most, n }: { most: number; n: string }) =>
    `A config has at most ${most} models, not ${n}; only the first are read.`,

  tooMuch:
    "The models of this config are too large to read: what each one overrides counts together with the sections that it overrides. Remove what is not needed, or use several configs.",
  longName: ({ most, n }: { most: number; n: string }) => `A model's name has at most ${most} characters, not ${n}.`,
  invisibleName:
    "A model's name needs at least one visible character, and no line ends, escape characters or marks of direction.",
  extendsItself: ({ name, through }: { name: string; through: string | null }) =>
    `"${name}" extends itself${through === null ? "" : ` through "${through}"`}.`,
  longChain: (most: number) => `A chain of models that extend each other can have at most ${most} bases.`,
  notModel: ({ name, hint }: { name: string; hint: string }) => `"${name}" is not a model of this config.${hint}`,
  needsLayers:
    'A model needs "layers": a list such as [{ "type": "lstm", "units": 32 }, { "type": "dense", "units": 1 }], or the "file" of a saved one.',
  layersAndFile: 'The model has both "layers" and a "file" with layers of its own. Remove one.',
  fileHas: (key: string) => `The "file" has ${key} of its own. Remove "${key}".`,
  noLayers: "It has no layers.",
  itsLayer: ({ name, type, message }: { name: string; type: string; message: string }) =>
    `Its layer "${name}" (${type}): ${message}`,
  statefulStart: (name: string) =>
    `"${name}" is stateful, so it begins with its own last states. Leave "initialState" or "stateful" out.`,
  statesStart: ({
    name,
    type,
    states,
    example,
  }: {
    name: string;
    type: string;
    states: readonly string[];
    example: string;
  }) =>
    `"${name}" (${type}) begins with ${states.length === 1 ? "one state" : `${states.length} states`}, ${states.join(" and ")}: name ${states.length === 1 ? "one" : "them in this order"}, e.g. "initialState": [${example}].`,
  sharedArguments: ({ layer, key }: { layer: string; key: string }) =>
    `A shared layer has the arguments of "${layer}". Set "${key}" there.`,
  notShareable: ({ layer, hint }: { layer: string; hint: string }) =>
    `"${layer}" is not a layer whose weights can be shared.${hint}`,
  sharedState: (layer: string) => `"${layer}" is stateful: each use would carry its own state. Leave "stateful" out.`,
  namesake: (name: string) => `There is another layer named "${name}"; names are unique within a model.`,
  isInput: (name: string) => `"${name}" is an input of the model; give the layer another name.`,
  notLayerOrInput: ({ name, hint }: { name: string; hint: string }) =>
    `"${name}" is not a layer or an input of the model.${hint}`,
  noState: ({ name, state, states }: { name: string; state: string; states: string | null }) =>
    `"${name}" has no state "${state}": ${states === null ? "only recurrent layers have states" : `it has ${states}`}.`,
  notLayer: ({ name, hint }: { name: string; hint: string }) => `"${name}" is not a layer of the model.${hint}`,
  circle: ({ name, through }: { name: string; through: string }) =>
    `"${name}" takes its own output, through ${through}. Connections must not form a circle.`,
  unusedLayer: (name: string) =>
    `No layer takes the output of "${name}", so it would not be trained. Name it in the "inputs" of a later layer or in the model's "outputs", or remove it.`,
  unusedInput: (name: string) => `No layer takes the input "${name}". Name it in the "inputs" of a layer.`,
  dotOfTwo: 'dot combines two layers: name them, e.g. "inputs": ["lstm", "input"].',
  mergesTwo: (type: string) => `${type} combines at least two layers: name them, e.g. "inputs": ["lstm", "input"].`,
  pairsOf: (type: string) =>
    `${type} takes a query and values, and perhaps keys: name them, e.g. "inputs": ["decoder", "encoder"].`,
  oneInput: (type: string) =>
    `${type} takes one input; to combine several, put a merge layer such as add or concatenate before it.`,
  innerInputs: (key: string) =>
    `Only the entries of layers have "${key}"; an inner layer takes what the outer one passes to it.`,
  crossedBounds: ({ low, high, from, to }: { low: string; high: string; from: string; to: string }) =>
    `"${low}" is ${from}, above "${high}", which is ${to}.`,
  noPeepholes: (key: string) => `"${key}" has an effect only with "peepholes": true.`,
  twoForgetBiases: '"chrono" and "unitForgetBias" both set the bias of the forget gate: leave "unitForgetBias" out.',
  shutGates:
    'With "hardSigmoid" gates (tfjs\'s default), chrono biases beyond ±2.5 close the input gates permanently: no gradient reaches them. Set "recurrentActivation": "sigmoid".',
  dropoutUnregularized:
    "training.gradientNormRegularizer has no effect on a layer with recurrent dropout, because it uses U without the dropout.",
  notRegularized: (type: string) =>
    `training.gradientNormRegularizer has no effect on ${type}: it is defined for the single state of a simpleRNN, which passes through one activation.`,

  ends: { inputs: "inputs", outputs: "outputs" },
  sides: { inputs: "inputs", targets: "targets" },
  oneArray: ({
    ends,
    names,
    side,
    key,
    first,
  }: {
    ends: string;
    names: string;
    side: string;
    key: string;
    first: string;
  }) =>
    `The model has the ${ends} ${names}, but the data have one array of ${side}. Give each of them one: "${key}": { "${first}": { "file": … }, … }.`,
  nameDataAlike: ({ ends, names, side, arrays }: { ends: string; names: string; side: string; arrays: string }) =>
    `The model has the ${ends} ${names}, but the data have the ${side} ${arrays}. Name those of the data alike.`,
  nameModelAlike: ({
    ends,
    names,
    side,
    arrays,
    key,
    list,
  }: {
    ends: string;
    names: string;
    side: string;
    arrays: string;
    key: string;
    list: string;
  }) =>
    `The model has the ${ends} ${names}, but the data have the ${side} ${arrays}. Name the model's ${ends} alike, with "${key}": [${list}].`,
  oneOutputWeights: '"classWeight" is for models with one output. Weight the samples: "weights" in "data".',
  notOutput: ({ name, outputs }: { name: string; outputs: string }) =>
    `"${name}" is not an output of the model; it has ${outputs}.`,
  lossWithout: (output: string) => `loss has none for the output "${output}".`,
  lossEmpty: "loss has no output: name each with its loss.",
  noLogits: (loss: string) => `"${loss}" is a loss of numbers, which have no logits. Remove "fromLogits".`,
  dataMissing: '"data" is missing: name a task, e.g. { "task": "addingProblem", "length": 100 }, or files.',
  dataNeeds:
    'data needs a "task", such as "addingProblem", a "file" (a CSV table), or "inputs" and "targets" with a file each.',
  fileAndTask: 'data has both a "file" and a "task"; it is either a table or a task. Remove one.',
  longCue: ({ cue, length }: { cue: number; length: number }) =>
    `The cue takes ${cue} of the ${length} timesteps; it must be shorter than the sequence.`,
  largeTask: ({ samples, size, most }: { samples: number; size: string; most: string }) =>
    `${samples} samples of this length are ${size} numbers; the limit is ${most}. Lower "samples" or "length".`,
  strayOneHot: (column: string) =>
    `"${column}" is not a column of "inputs" alone. Only inputs become one column for each word; list the words of a target in "classes".`,
  shuffledTime:
    "These samples are in the order of time and share rows. If the test samples were drawn among them, the net would know them from their neighbours. Leave shuffle out; then the last samples are kept.",
  scaledTwice: (side: "inputs" | "targets" | "both") =>
    `standardize and minMax both scale the ${side === "both" ? "inputs and the targets" : side}; each side can be scaled in one way only. Remove ${side === "both" ? "them" : `the ${side}`} from one of the two.`,
  accuracyOfNumbers: (loss: string) =>
    `"accuracy" is for classes, but the loss "${loss}" is for numbers. Use "meanAbsoluteError" or "rootMeanSquaredError".`,
  metricOfClasses: ({ metric, loss }: { metric: string; loss: string }) =>
    `"${metric}" is for numbers, but the loss "${loss}" is for classes. Use "accuracy".`,
  logitsOfNumbers: (loss: string) =>
    `"${loss}" is for numbers, not for probabilities, so it cannot be computed from logits. Leave "fromLogits" out.`,
  classesOfNumbers: (loss: string) =>
    `"classWeight" is for classes, but the loss "${loss}" is for numbers. Use a cross-entropy, or weight the samples: "weights" in "data".`,
  notClass: (key: string) =>
    `${key} is not a class: "classWeight" takes class indices, whole numbers from 0, such as "1".`,
  noTestLoss: 'There is no testLoss, because data keeps no samples for testing. Give it "test", e.g. "test": 0.2.',
  pruningEnds: ({ begin, end }: { begin: number; end: number }) =>
    `Pruning must not end (step ${end}) before it begins (step ${begin}).`,
  twoLengths:
    'training has both "steps" and "epochs", but only one of them can set the length of a training run. Remove one.',
  batchIs: (size: number) => `batchSize is ${size}`,
  stepTakes: ({ all, size, accumulate }: { all: number; size: number; accumulate: number }) =>
    `A step takes ${all} samples (batchSize ${size} × accumulate ${accumulate})`,
  fewSamples: ({ asked, samples, tested, most }: { asked: string; samples: number; tested: boolean; most: number }) =>
    `${asked}, but data has only ${count(samples, "sample")}${tested ? " to learn from" : ""}. ${most < 1 ? 'Use a smaller "accumulate".' : `Set "batchSize" to ${most}${most > 1 ? " or less" : ""}.`}`,
  setBatchSize: (size: number) => `Set batchSize to ${size}`,
  listLabels: (list: string) => `List the labels: "classes": [${list}]`,
};
