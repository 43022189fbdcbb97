/** Recurrent layers and cells. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { maxRecurrentUnits, maxTimesteps, maxUnits } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { gateBiasInitializer } from "../initializers.ts";
import { flag, halfOpen, list, text, whole } from "../values.ts";
import { variants } from "../variants.ts";
import {
  activation,
  dataFormat,
  filters,
  glorotNote,
  type LayerShape,
  layer,
  perDimension,
  units,
  useBias,
  weight,
} from "./common.ts";

/** Arguments of every layer that loops over timesteps. */
const loop: LayerShape = {
  returnSequences: arg(flag(), "Gives the state of every timestep instead of only the last one.", false),
  returnState: arg(
    flag(),
    "Gives the last state as an additional output. Not needed: a layer gives it if another one takes its state, such as `encoder.h`.",
    false,
  ),
  goBackwards: arg(flag(), "Reads the sequence from its end.", false),
  stateful: arg(
    flag(),
    "Starts each batch from the last state of the previous one, sample by sample, and each epoch from zero. The state's value is carried over, but no gradient. Batches are then not shuffled. With arrays, sample i of a batch continues sample i of the previous batch, in the order of the file, as Keras expects it; a text, and the rows of a table with a `window`, are cut accordingly.",
    false,
  ),
  ignoreMask: arg(
    flag(),
    "Reads masked timesteps like any other, but still passes the mask on. Keras 3 does so in a layer that begins with the states of another.",
    false,
  ),
  zeroOutputForMask: arg(
    flag(),
    "Gives zeros for masked timesteps instead of repeating the last output. Only with `returnSequences`. Keras's `Bidirectional` sets it.",
    false,
  ),
  unroll: arg(flag(), "Ignored: tfjs always loops.", false),
  inputDim: arg(whole(1, maxUnits), "Features per timestep. Not needed: the data determine it."),
  inputLength: arg(whole(1, maxTimesteps), "Timesteps T. Not needed: the data determine it."),
};

const stateName = text(() => expectedWords().state);
const initialStateText = () => expectedWords().initialState;

const beginning: LayerShape = {
  initialState: arg(
    z.union([stateName, list(stateName, initialStateText)], { error: initialStateText }),
    'The state with which the layer begins instead of zeros: usually the last state of another recurrent layer, as for a decoder that continues from its encoder. Either `"encoder"`, or each state separately: `["encoder.h", "encoder.c"]` for an lstm, `["encoder.h"]` for the others, `["encoder.0.h", "encoder.1.h"]` for a stack of two cells. The output of any layer of the right size also works. The gradient of the state flows on into that layer.',
  ),
};

const dropouts: LayerShape = {
  dropout: arg(halfOpen(0, 1), "Share of the inputs that is dropped.", 0),
  recurrentDropout: arg(halfOpen(0, 1), "Share of the recurrent state that is dropped.", 0),
};

/** tfjs differs from Keras here, and the difference determines how much gradient the gates pass. */
const recurrentActivation = activation(
  "hardSigmoid",
  "Activation of the gates. **tfjs's default is `hardSigmoid`, Keras's is `sigmoid`**: hardSigmoid is exactly 0 or 1 beyond ±2.5, where no gradient passes to the gate.",
);

const recurrentNote =
  " Its singular values and the slope of the activation determine the gain per timestep: below 1 the gradient vanishes, above 1 it may explode.";

const weights: LayerShape = {
  useBias,
  ...weight("kernel", "input weights", "glorotNormal", glorotNote),
  ...weight("recurrent", "recurrent weights", "orthogonal", recurrentNote),
  ...weight("bias", "bias", "zeros"),
};

const stateActivation = activation(
  "tanh",
  "Activation of the state. Its slope multiplies the gradient at every timestep: at most 1 for tanh and ReLU, at most 1/4 for sigmoid.",
);

const simple: LayerShape = {
  units: units(maxRecurrentUnits),
  activation: stateActivation,
  ...weights,
  ...dropouts,
};

/** Weights of a layer with gates. */
const gated: LayerShape = {
  ...simple,
  biasInitializer: arg(
    gateBiasInitializer,
    "Initial values of the bias. The bias of the gate that keeps the state determines how many timesteps the gradient survives at first: see `chrono`.",
    "zeros",
  ),
  recurrentActivation,
};

const implementation = arg(whole(1, 2), "Ignored: tfjs always uses 2.", 2);

const gruArgs: LayerShape = {
  ...gated,
  implementation,
  resetAfter: arg(
    flag(),
    "Whether the reset gate acts after the matrix product, with a bias of its own (as in cuDNN), instead of on the state before it. **tfjs's default is `false`, Keras's is `true`.** In both cases the gradient travels along the update gate; the reset gate determines how much of it also passes through the candidate.",
    false,
  ),
};

const lstmArgs: LayerShape = {
  ...gated,
  implementation,
  unitForgetBias: arg(
    flag(),
    "Starts the bias of the forget gate at 1, so that the cell remembers at first (Jozefowicz et al. 2015). **tfjs's default is `false`, Keras's is `true`.**",
    false,
  ),
};

/** Not available for convLstm2d. */
const peepholes: LayerShape = {
  peepholes: arg(
    flag(),
    "Lets the gates see the cell, through diagonal weights: the input and forget gates see c_{t−1}, the output gate c_t (Gers & Schmidhuber 2000). The gradient of c then has a second way back, through the gates.",
    false,
  ),
  ...weight("peephole", "peephole weights", "glorotUniform", " Only with `peepholes`."),
};

const kernel: LayerShape = {
  filters,
  kernelSize: required(perDimension(2), "Height and width of the window."),
  strides: arg(perDimension(2), "Step of the window.", 1),
  padding: arg(
    z.enum(["valid", "same"], { error: () => expectedWords().validOrSame }),
    "Whether borders are padded.",
    "valid",
  ),
  dataFormat,
  dilationRate: arg(perDimension(2), "Spacing of the window's taps.", 1),
};

const { units: _, ...lstmWithoutUnits } = lstmArgs;
const convLstmArgs: LayerShape = { ...kernel, ...lstmWithoutUnits };

const hardSigmoidNote =
  " tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.";
const noGates =
  " (tfjs's `recurrentActivation`, which defaults to hardSigmoid while Keras's is sigmoid, exists only for the gates of lstm and gru.)";

const simpleRNNCell = layer("simpleRNNCell", simple, `One timestep of simpleRNN, for \`rnn\`.${noGates}`);
const gruCell = layer("gruCell", gruArgs, `One timestep of gru, for \`rnn\`.${hardSigmoidNote}`);
const lstmCell = layer(
  "lstmCell",
  { ...lstmArgs, ...peepholes },
  `One timestep of lstm, for \`rnn\`.${hardSigmoidNote}`,
);
const convLstm2dCell = layer("convLstm2dCell", convLstmArgs, `One timestep of convLstm2d.${hardSigmoidNote}`);

const singleCells = [simpleRNNCell, gruCell, lstmCell, convLstm2dCell] as const;
const singleCell = variants({ key: "type", noun: () => expectedWords().nouns.cell }, singleCells);

const stackedRNNCells = layer(
  "stackedRNNCells",
  {
    cells: required(
      list(singleCell, () => expectedWords().cells),
      "The cells; each takes the state of the previous one as input.",
    ),
  },
  "Several cells within one timestep, for `rnn`.",
);

export const cellTypes = ["simpleRNNCell", "gruCell", "lstmCell", "convLstm2dCell", "stackedRNNCells"] as const;
export const cellSchemas = [...singleCells, stackedRNNCells] as const;

const cell = variants({ key: "type", noun: () => expectedWords().nouns.cell }, cellSchemas);

export const simpleRNN = layer(
  "simpleRNN",
  { ...simple, ...loop, ...beginning },
  `The plain recurrent layer (Elman 1990): h_t = activation(W x_t + U h_{t−1} + b).${noGates}`,
);

export const lstm = layer(
  "lstm",
  { ...lstmArgs, ...peepholes, ...loop, ...beginning },
  `Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000). The gradient travels along the cell c through the forget gate.${hardSigmoidNote}`,
);

export const gru = layer(
  "gru",
  { ...gruArgs, ...loop, ...beginning },
  `Gated recurrent unit (Cho et al. 2014).${hardSigmoidNote}`,
);

export const rnn = layer(
  "rnn",
  {
    cell: required(
      z.union([cell, list(singleCell, () => expectedWords().cellOrCells)], {
        error: () => expectedWords().cellOrCells,
      }),
      "The cell to run over the timesteps, or a list of stacked cells.",
    ),
    ...loop,
    ...beginning,
  },
  `A recurrent layer made of cells.${hardSigmoidNote}`,
);

export const convLstm2d = layer(
  "convLstm2d",
  { ...convLstmArgs, ...loop, ...beginning },
  `LSTM over images, with convolutions instead of matrix products (Shi et al. 2015).${hardSigmoidNote}`,
);

export const recurrentLayers = [simpleRNN, lstm, gru, rnn, convLstm2d] as const;
