/** Configs, sound and broken, that both schemas are held against. */

const layers = (...entries: string[]) =>
  `{ "data": { "task": "addingProblem" }, "models": { "a": { "layers": [${entries.join(", ")}] } } }`;
const training = (text: string) =>
  `{ "data": { "task": "addingProblem" }, "training": ${text}, "models": { "a": { "layers": [{ "type": "dense", "units": 1 }] } } }`;
const data = (text: string) =>
  `{ "data": ${text}, "models": { "a": { "layers": [{ "type": "dense", "units": 1 }] } } }`;
const diagnosis = (text: string) =>
  `{ "data": { "task": "addingProblem" }, "diagnosis": ${text}, "models": { "a": { "layers": [{ "type": "dense", "units": 1 }] } } }`;

export const sound: readonly string[] = [
  `// comments
   { "data": { "task": "addingProblem", "length": 100, "samples": 2000, "seed": 1, }, /* and trailing commas */
     "training": { "loss": "meanSquaredError", "optimizer": { "type": "adam", "learningRate": 0.001 }, "clip": { "globalNorm": 1 }, "batchSize": 32, "steps": 2000, "seed": 7 },
     "models": {
       "tanh": { "layers": [
         { "type": "simpleRNN", "units": 64, "activation": "tanh", "recurrentInitializer": { "type": "orthogonal", "gain": 1 } },
         { "type": "dense", "units": 1 } ] },
       "longer": { "extends": "tanh", "data": { "length": 200 }, "training": { "epochs": 3 }, "diagnosis": { "requiredLag": 150 } },
     },
     "diagnosis": { "requiredLag": 99, "vanishing-through-time": { "epsilon": 0.01 }, "non-finite": false } }`,
  layers(
    '{ "type": "bidirectional", "layer": { "type": "gru", "units": 4, "returnSequences": true }, "mergeMode": "sum" }',
  ),
  layers(
    '{ "type": "timeDistributed", "layer": { "type": "timeDistributed", "layer": { "type": "dense", "units": 2 } } }',
  ),
  layers('{ "type": "rnn", "cell": [{ "type": "lstmCell", "units": 3 }, { "type": "gruCell", "units": 3 }] }'),
  layers(
    '{ "type": "rnn", "cell": { "type": "stackedRNNCells", "cells": [{ "type": "simpleRNNCell", "units": 3 }] } }',
  ),
  layers(
    '{ "type": "conv1d", "filters": 3, "kernelSize": [3], "padding": "same" }',
    '{ "type": "maxPooling1d", "strides": null }',
  ),
  layers('{ "type": "conv2d", "filters": 3, "kernelSize": [3, 2], "kernelRegularizer": { "type": "l2", "l2": 0.1 } }'),
  layers('{ "type": "zeroPadding2d", "padding": [[1, 2], [0, 3]] }', '{ "type": "reshape", "targetShape": [-1, 3] }'),
  layers('{ "type": "dense", "units": 2, "name": "été_1" }', '{ "type": "add", "inputs": ["input", "été_1"] }'),
  layers('{ "type": "embedding", "inputDim": 10, "outputDim": 4, "embeddingsConstraint": "unitNorm" }'),
  `{ "data": { "task": "addingProblem" }, "models": {
       "saved": { "file": "checkpoints/a/best/model.json" }, "longer": { "extends": "saved", "data": { "length": 200 } },
       "own": { "extends": "saved", "layers": [{ "type": "dense", "units": 1 }] } } }`,
  data('{ "task": "copyMemory", "length": 30, "symbols": 5, "alphabet": 8 }'),
  data('{ "task": "temporalOrder", "length": 60, "test": 0.25 }'),
  data('{ "file": "a.csv", "inputs": ["x"], "targets": ["y"], "test": 0.2, "shuffle": false }'),
  data('{ "file": "a.csv", "inputs": ["x"], "targets": ["y", "z"], "window": 5, "horizon": 0, "standardize": true }'),
  data('{ "task": "delayedRecall", "length": 20, "cue": 3, "noiseVariance": 0 }'),
  data('{ "task": "sequentialDigits", "permute": true, "samples": 500, "test": 0.2 }'),
  data('{ "task": "mackeyGlassForecasting", "delay": 30, "horizon": 84 }'),
  data('{ "task": "characterLanguageModel", "file": "a.txt", "length": 50 }'),
  data('{ "inputs": { "file": "x.npy" }, "targets": { "file": "y.npz", "array": "y" }, "shuffle": false }'),
  data('{ "file": "a.csv", "inputs": ["x"], "targets": ["y"], "standardize": "targets", "minMax": "inputs" }'),
  data('{ "inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" }, "standardize": "inputs", "minMax": false }'),
  data('{ "inputs": { "file": "d.json" }, "targets": { "file": "d.json" } }'),
  training('{ "checkpoint": { "folder": "checkpoints/run 1", "keep": "last", "every": 50 } }'),
  training('{ "optimizer": { "type": "momentum", "learningRate": 1, "momentum": 0, "nesterov": true }, "clip": {} }'),
  training(
    '{ "optimizer": { "type": "adamw", "weightDecay": 0.01 }, "schedule": { "type": "cosine", "steps": 100, "warmup": 10 } }',
  ),
  training('{ "weightClip": { "value": 2, "maxNorm": 1, "every": 3 }, "pruning": { "sparsity": 0.8, "end": 900 } }'),
  training(
    '{ "gradientNormRegularizer": { "alpha": 0.5 }, "earlyStopping": { "patience": 3 }, "truncate": 20, "accumulate": 4 }',
  ),
  training('{ "schedule": { "type": "reduceOnPlateau", "patience": 2, "cooldown": 1 } }'),
  diagnosis(
    '{ "vanishing-through-time": false, "exploding-through-time": { "decades": 2 }, "exploding-gradient": {} }',
  ),
  diagnosis(
    '{ "vanishing-through-depth": { "factor": 0.01, "minSteps": 9 }, "exploding-through-depth": { "factor": 50 } }',
  ),
  diagnosis('{ "dead-units": { "share": 0.9 }, "saturated-units": false, "saturated-gates": { "minSteps": 20 } }'),
  diagnosis(
    '{ "update-ratio": { "low": 1e-6, "high": 0.5 }, "loss-plateau": { "tolerance": 0, "grace": 0 }, "loss-diverging": { "factor": 3 } }',
  ),
];

/** Each with the text its (only) problem is to be shown at. */
export const broken: readonly (readonly [config: string, shownAt: string])[] = [
  [layers('{ "type": "lsmt", "units": 1 }'), '"lsmt"'],
  [layers('{ "type": "lstm", "units": 1000000000 }'), "1000000000"],
  [layers('{ "type": "lstm", "units": "abc" }'), '"abc"'],
  [layers('{ "type": "lstm", "units": 1.5 }'), "1.5"],
  [layers('{ "type": "lstm", "units": 0 }'), "0"],
  [layers('{ "type": "lstm", "units": 1e999 }'), "1e999"],
  [layers('{ "type": "lstm" }'), '"lstm"'],
  [layers('{ "type": "lstm", "units": 3, "unit": 3 }'), '"unit"'],
  [layers('{ "type": "lstm", "units": 3, "activation": "tan" }'), '"tan"'],
  [layers('{ "type": "lstm", "units": 3, "recurrentInitializer": "orthogonl" }'), '"orthogonl"'],
  [layers('{ "type": "lstm", "units": 3, "recurrentInitializer": { "type": "orthogonal", "gian": 2 } }'), '"gian"'],
  [layers('{ "type": "lstm", "units": 3, "recurrentInitializer": { "type": "chaos" } }'), '"chaos"'],
  [layers('{ "type": "lstm", "units": 3, "biasInitializer": { "type": "constant" } }'), '"constant"'],
  [layers('{ "type": "lstm", "units": 3, "dropout": 1 }'), "1"],
  [layers('{ "type": "lstm", "units": 3, "returnSequences": "yes" }'), '"yes"'],
  [layers('{ "units": 3 }'), "{"],
  [layers("5"), "5"],
  [layers('{ "type": "lstmCell", "units": 3 }'), '"lstmCell"'],
  [layers('{ "type": "bidirectional", "layer": { "type": "dense", "units": 3 } }'), '"dense"'],
  [layers('{ "type": "rnn", "cell": { "type": "lstm", "units": 3 } }'), '"lstm"'],
  [layers('{ "type": "conv2d", "filters": 3, "kernelSize": [3, 3, 3] }'), "[3, 3, 3]"],
  [layers('{ "type": "dense", "units": 3, "name": "input" }'), '"input"'],
  [layers(), "[]"],
  [data('{ "task": "addingProblm" }'), '"addingProblm"'],
  [data('{ "task": "addingProblem", "length": 1 }'), "1"],
  [data('{ "task": "temporalOrder", "length": 9 }'), "9"],
  [data('{ "task": "copyMemory", "lenght": 9 }'), '"lenght"'],
  [data('{ "task": "addingProblem", "samples": 0 }'), "0"],
  [data('{ "file": "a.csv", "inputs": [], "targets": ["y"] }'), "[]"],
  [data('{ "file": "a.csv", "inputs": ["x"] }'), '"data"'],
  [data('{ "file": "a.csv", "inputs": ["x"], "targets": ["y"], "window": 0 }'), "0"],
  [data('{ "task": "addingProblem", "test": 1 }'), "1"],
  [data('{ "task": "addingProblem", "shuffle": true }'), '"shuffle"'],
  [data('{ "file": "a.csv", "inputs": ["x"], "targets": ["y"], "shuffle": 1 }'), "1"],
  [data('{ "task": "sequentialDigits", "samples": 1798 }'), "1798"],
  [data('{ "task": "parity", "file": "a.csv" }'), '"task"'],
  [data('{ "task": "characterLanguageModel" }'), '"data"'],
  [data('{ "inputs": { "file": "x.npy" } }'), '"data"'],
  [data('{ "inputs": { "file": "x.mat" }, "targets": { "file": "y.npy" } }'), '"x.mat"'],
  [data('{ "inputs": { "file": "x.npy" }, "targets": { "file": "y.npy", "arary": "a" } }'), '"arary"'],
  [data('{ "inputs": { "file": "x.npy" }, "targets": ["y"] }'), '["y"]'],
  [training('{ "steps": 1, "epochs": 1 }'), '"epochs"'],
  [training('{ "loss": "mse" }'), '"mse"'],
  [training('{ "checkpoint": {} }'), '"checkpoint"'],
  [training('{ "checkpoint": { "folder": "../elsewhere" } }'), '"../elsewhere"'],
  [training('{ "checkpoint": { "folder": "a/../../b" } }'), '"a/../../b"'],
  [training('{ "checkpoint": { "folder": "/tmp" } }'), '"/tmp"'],
  [training('{ "checkpoint": { "folder": "C:\\\\a" } }'), '"C:\\\\a"'],
  [training('{ "checkpoint": { "folder": "." } }'), '"."'],
  [training('{ "checkpoint": { "folder": "a", "keep": "all" } }'), '"all"'],
  [training('{ "checkpoint": { "folder": "a", "every": 0 } }'), "0"],
  [training('{ "optimizer": { "type": "adm" } }'), '"adm"'],
  [training('{ "optimizer": { "type": "adam", "learningRate": 0 } }'), "0"],
  [training('{ "optimizer": { "type": "sgd", "momentum": 0.9 } }'), '"momentum"'],
  [training('{ "schedule": { "type": "linear" } }'), '"linear"'],
  [training('{ "schedule": { "type": "cosine", "factor": 0.5 } }'), '"factor"'],
  [training('{ "schedule": { "type": "step", "factor": 1 } }'), "1"],
  [training('{ "truncate": 0 }'), "0"],
  [training('{ "earlyStopping": { "monitor": "accuracy" } }'), '"accuracy"'],
  [training('{ "gradientNormRegularizer": { "alpha": 0 } }'), "0"],
  [training('{ "weightClip": { "norm": 1 } }'), '"norm"'],
  [training('{ "pruning": { "sparsity": 1 } }'), "1"],
  [training('{ "accumulate": 0 }'), "0"],
  [training('{ "clip": { "globalNorm": -1 } }'), "-1"],
  [training('{ "batchSize": "abc" }'), '"abc"'],
  [diagnosis('{ "vanishing-through-time": true }'), "true"],
  [diagnosis('{ "vanishing-through-time": { "epsilon": 1 } }'), "1"],
  [diagnosis('{ "vanishing": {} }'), '"vanishing"'],
  [diagnosis('{ "vanishing-through-depth": { "factor": 2 } }'), "2"],
  [diagnosis('{ "exploding-through-depth": { "factor": 0.5 } }'), "0.5"],
  [diagnosis('{ "dead-units": { "share": 1 } }'), "1"],
  [diagnosis('{ "loss-plateau": { "grace": 1 } }'), "1"],
  [diagnosis('{ "update-ratio": true }'), "true"],
  ['{ "data": { "task": "addingProblem" }, "models": {} }', "{}"],
  [
    '{ "data": { "task": "addingProblem" }, "modles": {}, "models": { "a": { "layers": [{ "type": "dense", "units": 1 }] } } }',
    '"modles"',
  ],
  ['{ "data": { "task": "addingProblem" }, "models": { "a": {} } }', '"a"'],
  ['{ "data": { "task": "addingProblem" }, "models": { "a": { "file": 3 } } }', "3"],
  ['{ "data": { "task": "addingProblem" }, "models": { "a": { "file": "" } } }', '""'],
  ['{ "data": { "task": "addingProblem" }, "models": { "a": { "file": "model.pt" } } }', '"model.pt"'],
  [
    '{ "data": { "task": "addingProblem" }, "models": { "a": { "file": "a.h5", "layers": [{ "type": "dense", "units": 1 }] } } }',
    '"file"',
  ],
];
