/** The config that "Create Example Config" writes. */
export const exampleConfig = `// Gradient Lens: which of three recurrent nets gets its gradient back to where it is needed?
// Save to probe; click "Train" above a model to train it and watch in the panel.
{
  // The adding problem: of 100 random numbers two are marked; what is their sum?
  // The first mark may be 99 timesteps back, so the gradient has to reach that far.
  "data": { "task": "addingProblem", "length": 100, "samples": 2000, "seed": 1 },

  "training": {
    "loss": "meanSquaredError",
    "optimizer": { "type": "adam", "learningRate": 0.001 },
    "clip": { "globalNorm": 1 },
    "batchSize": 32,
    "steps": 1000,
    "seed": 7
  },

  "models": {
    // A plain recurrent net whose activation shrinks the gradient at every timestep.
    "simpleRNN": {
      "layers": [
        { "type": "simpleRNN", "units": 32, "activation": "sigmoid" },
        { "type": "dense", "units": 1 }
      ]
    },
    "lstm": {
      "layers": [
        { "type": "lstm", "units": 32 },
        { "type": "dense", "units": 1 }
      ]
    },
    "gru": {
      "layers": [
        { "type": "gru", "units": 32 },
        { "type": "dense", "units": 1 }
      ]
    }
  }
}
`;
