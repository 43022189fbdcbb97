/** The few that stand for all where it has to be quick: through time and depth, vanishing and exploding, real data. */
export const fewExamples = ["vanishing-sigmoid", "exploding-gaussian", "temporal-order", "depth", "weather"] as const;
