/** Findings in the rules' wording, for tests of the page only. */

import type { PanelFinding } from "../../../../src/protocol/panelMessages.ts";

export const vanishing: PanelFinding = {
  finding: {
    id: "vanishing-through-time|tanh|simple_rnn|",
    code: "vanishing-through-time",
    severity: "warning",
    model: "tanh",
    layer: "simple_rnn",
    weight: null,
    place: ["models", "tanh", "layers", 0, "recurrentInitializer"],
    timesteps: [1, 65],
    step: 5,
    message: "gradient reaches 34 of 99 timesteps (×0.872 per timestep)",
    explanation:
      "Over one timestep backward the state gradient shrinks to 0.872 of its size, so after 34 timesteps less than 1 % of it is left. The task needs it 99 timesteps back, and the loss stays at its baseline.",
    evidence: { horizon: 34, requiredLag: 99, gainPerTimestep: 0.872, loss: 0.168, baselineLoss: 0.167 },
    fixes: [
      { id: "orthogonal", title: "Initialize the recurrent weights orthogonally", edits: [] },
      { id: "lstm", title: "Use an LSTM with forget bias 1", edits: [] },
    ],
  },
  line: 12,
  stale: false,
  snippets: [],
};

export const spike: PanelFinding = {
  finding: {
    id: "exploding-gradient|tanh|simple_rnn|recurrent_kernel",
    code: "exploding-gradient",
    severity: "information",
    model: "tanh",
    layer: "simple_rnn",
    weight: "recurrent_kernel",
    place: ["training", "clip"],
    timesteps: null,
    step: 97,
    message: "gradient norm 11.3 × its running median at step 97",
    explanation: "One batch gave a gradient eleven times as long as usual. Clipping by global norm shortened it to 1.",
    evidence: { gradientNorm: 4.6, median: 0.41, limit: Number.POSITIVE_INFINITY },
    fixes: [],
  },
  line: 6,
  stale: true,
  snippets: [],
};
