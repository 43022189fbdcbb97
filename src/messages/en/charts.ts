/** The charts of the panel's page: titles, axes, legends, tools, tables. */

const zoomHint = "Ctrl and the wheel, + and − zoom; Shift and the wheel move; 0 shows all.";

export const charts = {
  step: "step",
  steps: "steps",
  stepIs: ({ step, value }: { step: string; value: string }) => `step ${step}: ${value}`,
  timestepAxis: "timestep t",
  timestep: "timestep",
  showTable: "Show these numbers as a table",
  showAsTable: (chart: string) => `${chart}: show as a table`,
  savePicture: "Save this chart as a picture",
  saveAsPicture: (chart: string) => `${chart}: save as a picture`,
  resetZoom: "Reset zoom",
  coloursFromTo: ({ low, high }: { low: string; high: string }) => `Colours from ${low} to ${high}`,

  loss: "Loss",
  lossAxis: "loss",
  logLossAxis: "loss (log scale)",
  lossMeaning: `Loss of each step, mean over the batch, without regularizers. The dashed line is the baseline: the loss of the best constant predictor. Where data are kept for testing, dots are the loss on them at the end of each epoch. ${zoomHint}`,
  baseline: "baseline",
  lossReadout: ({ text, test, baseline }: { text: string; test: string | null; baseline: string | null }) =>
    `${text}${test === null ? "" : ` · test ${test}`}${baseline === null ? "" : ` · baseline ${baseline}`}`,
  lossSpoken: ({
    step,
    loss,
    test,
    baseline,
  }: {
    step: string;
    loss: string;
    test: string | null;
    baseline: string | null;
  }) =>
    `step ${step}, loss ${loss}${test === null ? "" : `, test loss ${test}`}${baseline === null ? "" : `, baseline ${baseline}`}`,
  lossOfEachStep: "loss of each step",
  smoothedLoss: "smoothed loss",
  lossNotFinite: "loss not finite",
  testLoss: "test loss",
  lossTable: "Loss of each step, newest first",
  lossTableThinned: ({ shown, all }: { shown: number; all: string }) =>
    `Loss of each step, ${shown} of ${all} steps, newest first`,
  lossScale: "Scale of the loss",
  scales: { auto: "scale: auto", linear: "linear", log: "logarithmic" },
  smoothing: "Smoothing of the loss",
  smoothingMeaning: "Exponential moving average; the loss as it is stays behind it",
  smoothings: { none: "not smoothed", some: "smoothed", more: "more", most: "most" },

  heat: "Gradient through time",
  heatMeaning: ({ meaning, reversed }: { meaning: string; reversed: boolean }) =>
    `${meaning} Each column shows one step, or the largest values of several; the last timestep is on top.${reversed ? " This layer reads the sequence from its end." : ""} ${zoomHint}`,
  heatMap: "Heat map",
  heatTable: ({ symbol, layer }: { symbol: string; layer: string }) => `${symbol} of ${layer}, newest step first`,
  recurrentLayer: "Recurrent layer",
  whichLayer: "Which recurrent layer to show",
  quantity: "Quantity",
  channel: "Channel",
  whichChannel: "Which of these to show",
  colourRange: "Colour range",
  colourRangeMeaning:
    "Colours span the values of this layer, those of all recurrent layers, or a range that is the same in every run",
  ranges: { layer: "own range", shared: "shared range", fixed: "fixed range" },
  cellReadout: ({ where, t, value }: { where: string; t: string; value: string }) => `${where} · t = ${t} · ${value}`,
  cellSpoken: ({ where, t, all, value }: { where: string; t: number; all: number; value: string }) =>
    `${where}, timestep ${t} of ${all}, ${value}`,
  atCursor: ({ step, t, value }: { step: string; t: number; value: string }) => `step ${step}, timestep ${t}, ${value}`,
  horizon: "horizon",
  horizonMeaning: "How far back the state gradient stays above ε of its value at the end.",
  requiredLag: "required lag",
  requiredLagMeaning: "How far back the task needs the gradient to reach.",
  ofFinding: "timesteps of a finding",
  ofFindingBar: "The timesteps that a finding of this layer is about: a bar at the right edge.",
  ofFindingMeaning: "The timesteps that a finding of this layer is about.",
  overflowed: "infinite: the number overflowed",

  profile: "Profile",
  profileTitle: "Profile over timesteps",
  profileMeaning: (meaning: string) =>
    `${meaning} Read it from right to left, as the gradient travels. The dotted curve is the first step.`,
  reaches: (horizon: string) => ` · reaches ${horizon} timesteps`,
  reachesOf: ({ horizon, lag }: { horizon: string; lag: string }) => ` · reaches ${horizon} of ${lag} timesteps`,
  atTimestep: ({ t, value }: { t: string; value: string }) => ` · t = ${t}: ${value}`,
  profileSpoken: ({ where, t, value }: { where: string; t: number; value: string }) =>
    `${where}, timestep ${t}, ${value}`,
  epsilonLine: (share: string) => `ε: ${share} of the end`,
  keepsSize: "×1: keeps its size",
  requiredLagIs: (lag: string) => `required lag ${lag}`,
  horizonIs: (horizon: string) => `horizon ${horizon}`,
  percentile10: "10th percentile",
  percentile90: "90th percentile",
  profileTable: ({ symbol, layer, where }: { symbol: string; layer: string; where: string }) =>
    `${symbol} of ${layer} at ${where}, last timestep first`,
  thisStep: (symbol: string) => `${symbol}, this step`,
  atCursorStep: (meaning: string) => `At the cursor's step. ${meaning}`,
  band: "single samples, 10–90 %",
  bandMeaning:
    "From the 10th to the 90th percentile over the samples of the batch, each by itself. The curve is of the whole batch, so it need not lie within.",
  firstStep: "first step",
  firstStepMeaning: "The same quantity at the first step, before training changed anything.",

  views: { h: "h", c: "c", m: "memory", gain: "gain", contribution: "contribution", gates: "gates" },
  viewTitles: {
    h: "State gradient ∂L/∂hₜ",
    c: "State gradient ∂L/∂cₜ of the LSTM's cell state",
    m: "State gradient ∂L/∂Mₜ of the external memory",
    gain: "Gain: factor by which the state gradient changes over one timestep backward",
    contribution: "Contribution of each timestep to the gradient of the recurrent weights",
    gates: "Shares of nearly closed and nearly open gates, and the time-scale they make",
  },
  decades: "decades",
  decadesOf: (decades: string) => `${decades} decades`,
  atMostDecades: (decades: string) => `≤ ${decades} decades`,
  zero: "zero",
  zeroOrBelow: (power: string) => `zero, or below ${power}`,
  notANumber: "not a number",
  stateMeaning: (state: string | null) =>
    `State gradient: how strongly the loss depends on ${state ?? "the memory's content"} at timestep t, through every later timestep.`,
  gainSymbol: "gain γₜ",
  gainOf: (state: string | null) => `of ${state ?? "memory"}`,
  perTimestep: "per timestep",
  gainMeaning: "Gain: the factor by which the state gradient changes over one timestep backward.",
  noGain: "no gain: gradient is zero",
  gainZero: "gain 0",
  noGainOrNan: "no gain: gradient is zero or not a number",
  contributionMeaning: "Contribution of timestep t to the gradient of the recurrent weights.",
  gateShare: ({ gate, bound }: { gate: string; bound: string }) => `share of ${gate} gate ${bound}`,
  gateShort: ({ gate, bound }: { gate: string; bound: string }) => `${gate} ${bound}`,
  gateUnit: "share of gate values",
  gateMeaning: ({ gate, bound }: { gate: string; bound: string }) =>
    `Share of the ${gate} gate's values that are ${bound}: gates there pass hardly any gradient of their own.`,
  timescaleSymbol: "time-scale 1/(1 − f)",
  timescale: "time-scale",
  timesteps: "timesteps",
  timestepsOf: (n: string) => `${n} timesteps`,
  timescaleMeaning: "Mean time-scale 1/(1 − f): the number of timesteps over which the gates keep the state.",
};
