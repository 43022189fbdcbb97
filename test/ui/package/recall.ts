/** A task that tanh learns within a few steps: a fix is better only if the loss confirms it. */
export const recall = `{
  "data": { "task": "delayedRecall", "length": 30, "samples": 512, "seed": 1 },
  "training": { "optimizer": { "type": "adam", "learningRate": 0.005 }, "batchSize": 32, "steps": 120, "seed": 7 },
  "models": {
    "sigmoid": {
      "layers": [
        { "type": "simpleRNN", "units": 8, "activation": "sigmoid" },
        { "type": "dense", "units": 1, "activation": "sigmoid" }
      ]
    }
  }
}
`;
