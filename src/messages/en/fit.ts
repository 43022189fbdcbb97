/** Whether a model's layers, data, loss and labels fit each other: problems with their remedies. */

export const fit = {
  axes: (n: number) => `${n} ${n === 1 ? "axis" : "axes"}`,
  units: (n: number) => `${n} ${n === 1 ? "unit" : "units"}`,
  gives: ({ layer, shape }: { layer: string; shape: string }) =>
    `The last layer, "${layer}", gives ${shape} per sample`,
  targetsAre: ({ gives, shape, remedy }: { gives: string; shape: string; remedy: string }) =>
    `${gives}, but the targets are ${shape}. ${remedy}`,
  axisDiffers: ({ gives, shape, axis }: { gives: string; shape: string; axis: number }) =>
    `${gives}, but the targets are ${shape}: axis ${axis} differs.`,
  giveUnits: ({ layer, units }: { layer: string; units: string }) => `Give "${layer}" ${units}`,
  giveIt: (units: string) => `Give it ${units}.`,
  likeIndices: ({ gives, last }: { gives: string; last: number }) =>
    `${gives}, and the targets are whole numbers from 0 to ${last}, like class indices. For these use the loss "sparseCategoricalCrossentropy".`,
  useSparse: (softmax: boolean) => `Use sparseCategoricalCrossentropy${softmax ? " with a softmax" : ""}`,
  oneClass: (gives: string) =>
    `${gives}: one class. "categoricalCrossentropy" needs at least two; for one yes-or-no output use "binaryCrossentropy".`,
  useBinary: (sigmoid: boolean) => `Use binaryCrossentropy${sigmoid ? " with a sigmoid" : ""}`,
  tooFew: ({ gives, loss, classes, units }: { gives: string; loss: string; classes: number; units: string }) =>
    `${gives}, but the loss "${loss}" needs one output for each of the ${classes} classes. Give it ${units}.`,
  andUnits: ({ title, units }: { title: string; units: string }) => `${title}, and give the output ${units}`,
  labelsRun: ({ first, last }: { first: number; last: number }) => `The labels run from ${first} to ${last}`,
  labelsUpTo: ({ n, last }: { n: number; last: number }) => `There are ${n} labels up to ${last}`,
  labelGaps: ({
    run,
    late,
    layer,
    units,
    never,
  }: {
    run: string;
    late: boolean;
    layer: string;
    units: string;
    never: number;
  }) =>
    `${run}, but class indices begin at 0${late ? "" : " and leave out none"}: "${layer}" would need ${units} for them, and ${never} of these would never be a target. Count the labels from 0, or list them in "classes".`,
  oneHotTargets: (loss: string) =>
    `The targets are one value per class, a single 1 in each row; the loss "${loss}" takes class indices. Use "categoricalCrossentropy".`,
  useLoss: (loss: string) => `Use the loss ${loss}`,
  setReturnSequences: (value: boolean) => `Set "returnSequences" to ${value}`,
  perSample:
    'There is one target per sample, not per timestep: set "returnSequences": false on the last recurrent layer.',
  perTimestep: 'There is a target at every timestep: set "returnSequences": true on every recurrent layer.',
  endWith: (shape: string) => `End the model with layers that give ${shape}.`,

  ofLayer: ({ layer, text }: { layer: string; text: string }) => `"${layer}": ${text}`,
  notTogether: ({ layer, type, shapes, text }: { layer: string; type: string; shapes: string; text: string }) =>
    `"${layer}" (${type}) cannot take these shapes together: ${shapes}. ${text}`,
  gets: ({ layer, type, shape, from }: { layer: string; type: string; shape: string; from: string }) =>
    `"${layer}" (${type}) gets shape ${shape} from ${from}`,
  theData: "the data",
  cannotTake: ({ got, text }: { got: string; text: string }) => `${got}, which it cannot take. ${text}`,
  needsSequence: ({ got, form, remedy }: { got: string; form: string; remedy: string }) =>
    `${got}, but needs a sequence: ${form}. ${remedy}`,
  alreadyFlat: (got: string) => `${got}, which is already flat. Leave it out.`,
  needsAxes: ({ got, axes, form, flat }: { got: string; axes: string; form: string | null; flat: boolean }) =>
    `${got}, but needs ${axes}${form === null ? "" : `: ${form}`}. Put { "type": "reshape", "targetShape": […] }${flat ? ' or { "type": "flatten" }' : ""} between them.`,
  forms: {
    sequence: "(timesteps, features)",
    image: "(height, width, channels)",
    volume: "(timesteps or depth, height, width, channels)",
  },
  tableSequence:
    'A table needs a "window", so that each sample is that many rows; whole numbers, such as a text\'s characters, need an "embedding" layer first. An array has the shape (samples, timesteps, features): save one long series as a CSV file, which takes a "window".',
  returnSequences: ({ layer, inside }: { layer: string; inside: boolean }) =>
    `Set "returnSequences": true on ${inside ? `the layer inside "${layer}"` : `"${layer}"`}, so that it gives one output per timestep.`,
  noTimeAxis: (layer: string) => `"${layer}" has taken the time axis away; put the recurrent layer before it.`,
  embeddingFirst: (layer: string) =>
    `"${layer}" (embedding) looks up whole numbers, which no layer before it gives. Put it first.`,
  looksUp: ({ layer, last, wrong }: { layer: string; last: number; wrong: number }) =>
    `"${layer}" (embedding) looks up whole numbers from 0 to ${last}, but the inputs have ${wrong}`,
  scaledIndices: ({ looksUp, scaled }: { looksUp: string; scaled: boolean }) =>
    `${looksUp}.${scaled ? ' Are they scaled? Take the inputs out of "standardize" or "minMax".' : ""}`,
  inputDim: ({ looksUp, largest, further }: { looksUp: string; largest: number; further: boolean }) =>
    `${looksUp}${further ? ` and go up to ${largest}` : ""}. "inputDim" is the largest of them + 1, at least ${largest + 1}.`,
  setInputDim: (size: number) => `Set "inputDim" to ${size}`,
  noGradientBack: ({ layer, type }: { layer: string; type: string }) =>
    `"${layer}" (${type}) prepares data and passes no gradient back, so the layers before it could not be trained. Put it first.`,
  allFrozen:
    'Nothing can be learnt: every layer with weights has "trainable": false. Let training change at least one.',
  unfreezeAll: "Let training change every layer",
  unfreezeLast: (layer: string) => `Let training change "${layer}" alone`,
  tooManyValues: ({
    batch,
    layer,
    type,
    values,
    most,
  }: {
    batch: number;
    layer: string;
    type: string;
    values: string;
    most: string;
  }) =>
    `A batch of ${batch} makes "${layer}" (${type}) compute ${values} values; the limit is ${most}. Use a smaller batch, shorter sequences or fewer units.`,
  cannotReshape: ({
    layer,
    to,
    from,
    sizeTo,
    sizeFrom,
  }: {
    layer: string;
    to: string;
    from: string;
    sizeTo: number;
    sizeFrom: number;
  }) => `"${layer}" (reshape) cannot make ${to} of ${from}: ${sizeTo} values of ${sizeFrom}.`,
  longWindow: ({ layer, type, window, from }: { layer: string; type: string; window: string; from: string }) =>
    `"${layer}" (${type}): its window, ${window}, is longer than its input, ${from}.`,
  wouldGive: ({ layer, type, empty, from }: { layer: string; type: string; empty: string | null; from: string }) =>
    `"${layer}" (${type}) would give ${empty === null ? "an output whose size changes at every step" : `an empty output, ${empty},`} for inputs of shape ${from}.`,
  stateSizes: ({
    layer,
    type,
    size,
    from,
    shape,
  }: {
    layer: string;
    type: string;
    size: string;
    from: string;
    shape: string;
  }) =>
    `"${layer}" (${type}) begins with states of ${size} units, but "${from}" gives ${shape} per sample. Give both the same number of units, or put a dense layer between them.`,
  statedShape: ({ shape, stated, key }: { shape: string; stated: string; key: string }) =>
    `What enters here has shape ${shape} per sample, not ${stated}. Leave "${key}" out.`,
  cannotCompute: ({ layer, type, what, why }: { layer: string; type: string; what: string; why: string }) =>
    `"${layer}" (${type}) cannot compute ${what}: ${why}`,
  whatItGets: "what it gets",
  itsGradient: "the gradient of what it gets",

  indicesFrom0: ({ loss, last, n, wrong }: { loss: string; last: number; n: number; wrong: number }) =>
    `the loss "${loss}" takes class indices, from 0 to ${last} for ${n} labels, but there is ${wrong}.`,
  wholeIndices: ({ loss, wrong }: { loss: string; wrong: number }) =>
    `the loss "${loss}" takes class indices, whole numbers from 0, but there is ${wrong}. For numbers use "meanSquaredError".`,
  sharesOfNumbers: ({ loss, wrong }: { loss: string; wrong: number }) =>
    `the loss "${loss}" takes targets from 0 to 1, but there is ${wrong}. For numbers use "meanSquaredError".`,
  twoLabels: ({ loss, first, second }: { loss: string; first: string; second: string }) =>
    `the loss "${loss}" takes the labels 0 and 1, but these are ${first} and ${second}.`,
  manyLabels: ({ loss, wrong }: { loss: string; wrong: number }) =>
    `the loss "${loss}" takes targets from 0 to 1, but there is ${wrong}. For more than two classes use "sparseCategoricalCrossentropy".`,
  sharesSum: ({ loss, sum, several }: { loss: string; sum: number; several: boolean }) =>
    `the loss "${loss}" takes shares that sum to 1 in each sample; there are some that sum to ${sum}.${several ? ' If a sample can have several labels, or none, use "binaryCrossentropy" and a sigmoid as the output\'s activation.' : ""}`,
  oneColumn: ({ loss, asked, yesOrNo, right }: { loss: string; asked: string; yesOrNo: boolean; right: string }) =>
    `the loss "${loss}" takes ${asked}. ${yesOrNo ? "For one value of 0 or 1" : "For class indices"} use "${right}".`,
  noLabels: (loss: string) =>
    `"classes" lists labels, but the loss "${loss}" takes none. Leave it out, or use "sparseCategoricalCrossentropy".`,
  leaveOutClasses: 'Leave out "classes"',
  twoClasses: ({ loss, n }: { loss: string; n: number }) =>
    `the loss "${loss}" distinguishes two classes, but "classes" lists ${n}.`,
  unlisted: (label: number) => `there is the label ${label}, which "classes" does not list.`,
};
