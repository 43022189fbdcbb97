// Training steps in unmodified tfjs, on demand: one JSON request per line of stdin, one answer per line of stdout.
//   node test/bench/stockSteps.mjs wasm|tensorflow
//
// A request is {"kind", "T", "H", "B", "D"}: makes a net of that layer and a dense one. Then "step" takes one step and
// answers its milliseconds.

import { createRequire } from "node:module";
import readline from "node:readline";

const require = createRequire(import.meta.url);
const backend = process.argv[2];
const tf = require(backend === "tensorflow" ? "@tensorflow/tfjs-node" : "@tensorflow/tfjs");
if (backend === "wasm") require("@tensorflow/tfjs-backend-wasm");
if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend ${backend}.`);

const write = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** A step's milliseconds. */
let step = async () => Number.NaN;

function prepare({ kind, T, H, B, D }) {
  const gates = kind === "simpleRNN" ? {} : { recurrentActivation: "sigmoid" };
  const model = tf.sequential();
  model.add(tf.layers[kind]({ units: H, inputShape: [T, D], ...gates }));
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ optimizer: tf.train.adam(0.001), loss: "meanSquaredError" });
  const x = tf.randomUniform([B, T, D]);
  const y = tf.randomUniform([B, 1]);
  step = async () => {
    const start = performance.now();
    await model.trainOnBatch(x, y);
    return performance.now() - start;
  };
}

write({ label: `tfjs ${tf.version.tfjs ?? tf.version["tfjs-core"]}, ${tf.getBackend()}` });
for await (const line of readline.createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request === "step") write(await step());
  else {
    prepare(request);
    write(null);
  }
}
