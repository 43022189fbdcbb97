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
      "Units of the controller. The layer's output is wider: h_t and, beside it, what was read, `units + readHeads × width`.",
    ),
    slots: arg(
      whole(1, maxRecurrentUnits),
      "Slots N of the memory. A slot that no head looks at keeps its gradient as it is, however many timesteps pass.",
      32,
    ),
    width: arg(whole(1, maxRecurrentUnits), "Numbers in a slot, M in the paper.", 16),
    readHeads: arg(whole(1, maxHeads), "Heads that read: each gives one slot's width of numbers per timestep.", 1),
    writeHeads: arg(
      whole(1, maxHeads),
      "Heads that write: each erases and adds at every timestep. What is erased passes no gradient on to earlier timesteps.",
      1,
    ),
    controller: arg(
      choice("lstm", "simpleRNN"),
      "The recurrent cell that moves the heads; the gradient travels through it as well as through the memory. An LSTM (sigmoid gates) keeps a gradient in its own cell, too; a simple one (tanh) leaves long transport to the memory.",
      "lstm",
    ),
    locationAddressing: arg(
      flag(),
      "Whether heads can also move from where they were: interpolation, shift by one slot, sharpening. Without it they find slots by content only. The weightings are then a further path of the gradient from timestep to timestep.",
      true,
    ),
    unitForgetBias: arg(
      flag(),
      "Start the bias of the LSTM controller's forget gate at 1, so that its cell, and the gradient in it, lasts at first.",
      true,
    ),
    returnSequences: arg(flag(), "Give the output of every timestep instead of the last one only.", false),
    goBackwards: arg(flag(), "Read the sequence from its end.", false),
    ...weight("kernel", "input weights", "glorotUniform"),
    ...weight(
      "recurrent",
      "weights of h_{t−1} and of what was read",
      "orthogonal",
      " They decide the controller's own gain per timestep, and how much gradient enters the memory by way of what was read.",
    ),
    ...weight("bias", "controller's bias", "zeros"),
    ...weight("head", "weights that make the heads' parameters of h_t", "glorotUniform"),
    ...weight(
      "memory",
      "memory that each sequence starts with, which is learnt",
      "randomNormal",
      " Slots that start alike can only be told apart by location. (As a default the standard deviation is 0.05.)",
    ),
  },
  "A Neural Turing Machine (Graves, Wayne & Danihelka 2014): a controller with heads that write to a memory and read from it, found by content and by location. The memory M is a state of its own beside h and c: its gradient ∂L/∂M_t passes unchanged where nothing is erased.",
);
