/** A recurrent layer with an external memory. */

import { maxRecurrentUnits } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { choice, flag, whole } from "../values.ts";
import { layer, weight } from "./common.ts";

const maxHeads = 64;

export const externalMemory = layer(
  "externalMemory",
  {
    units: required(
      whole(1, maxRecurrentUnits),
      "Units of the controller. The layer's output is wider: h_t followed by the read vectors, `units + readHeads × width`.",
    ),
    slots: arg(
      whole(1, maxRecurrentUnits),
      "Number of slots N of the memory. A slot that no head addresses keeps its gradient unchanged for any number of timesteps.",
      32,
    ),
    width: arg(whole(1, maxRecurrentUnits), "Size of a slot, M in the paper.", 16),
    readHeads: arg(
      whole(1, maxHeads),
      "Number of heads that read; each gives the numbers of one slot per timestep.",
      1,
    ),
    writeHeads: arg(
      whole(1, maxHeads),
      "Number of heads that write; each erases and adds at every timestep. Erased content passes no gradient to earlier timesteps.",
      1,
    ),
    controller: arg(
      choice("lstm", "simpleRNN"),
      "The recurrent cell that controls the heads; the gradient travels through it as well as through the memory. An LSTM (sigmoid gates) also keeps a gradient in its own cell; a simple one (tanh) leaves long transport to the memory.",
      "lstm",
    ),
    locationAddressing: arg(
      flag(),
      "Whether heads can also move from their previous positions: interpolation, shift by one slot, sharpening. Without this they find slots by content only. The weightings are then another path of the gradient from timestep to timestep.",
      true,
    ),
    unitForgetBias: arg(
      flag(),
      "Starts the bias of the LSTM controller's forget gate at 1, so that its cell, and the gradient in it, lasts at first.",
      true,
    ),
    returnSequences: arg(flag(), "Gives the output of every timestep instead of only the last one.", false),
    goBackwards: arg(flag(), "Reads the sequence from its end.", false),
    ...weight("kernel", "input weights", "glorotUniform"),
    ...weight(
      "recurrent",
      "weights of h_{t−1} and of the read vectors",
      "orthogonal",
      " They determine the controller's own gain per timestep, and how much gradient enters the memory through the read vectors.",
    ),
    ...weight("bias", "controller's bias", "zeros"),
    ...weight("head", "weights that compute the heads' parameters from h_t", "glorotUniform"),
    ...weight(
      "memory",
      "initial memory of each sequence, which is learnt",
      "randomNormal",
      " Slots with equal initial values can be distinguished only by location. (The default has a standard deviation of 0.05.)",
    ),
  },
  "A Neural Turing Machine (Graves, Wayne & Danihelka 2014): a controller with heads that write to a memory and read from it, addressed by content and by location. The memory M is a separate state beside h and c: its gradient ∂L/∂M_t passes unchanged where nothing is erased.",
);
