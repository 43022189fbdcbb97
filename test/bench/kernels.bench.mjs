// Milliseconds per forward + backward pass of one recurrent layer, with and without diagnosis, beside stock tfjs on WASM.
//   node test/bench/kernels.bench.mjs [--kinds lstm,gru] [--sizes 50x64,100x128] [--threads 1] [--variant simd] [--tfjs]
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { cachedKernels } from "../../src/kernels/build.mjs";

const { values: options } = parseArgs({
  options: {
    kinds: { type: "string", default: "simpleRNN,lstm,gru" },
    sizes: { type: "string", default: "50x64,100x128,200x128,1000x64" },
    threads: { type: "string", default: "1" },
    variant: { type: "string" },
    tfjs: { type: "boolean", default: false },
  },
});
const batch = 32;
const inputs = 8;

/** The library is TypeScript, which Node before 22.18 cannot import directly. */
async function library() {
  const { outputFiles } = await build({
    entryPoints: ["src/kernels/kernels.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rounded = (value, digits = 2) => Number(value.toFixed(digits));

/** Times of two contenders that run in turn until `budget` milliseconds are over, at least 7 times each. */
function race(contenders, budget = 1500) {
  const times = contenders.map(() => []);
  for (let i = 0; i < 30; i++) for (const run of contenders) run();
  const end = performance.now() + budget;
  for (let round = 0; round < 7 || performance.now() < end; round++) {
    for (const [i, run] of contenders.entries()) {
      const start = performance.now();
      run();
      times[i].push(performance.now() - start);
    }
  }
  return times;
}

function random(length, size) {
  return Float32Array.from({ length }, () => (2 * Math.random() - 1) * size);
}

const gates = { simpleRNN: 1, lstm: 4, gru: 3 };

function layer(kernels, kind, timesteps, units) {
  const G = gates[kind] * units;
  const arrays = {
    x: random(batch * timesteps * inputs, 1),
    kernel: random(inputs * G, 0.3),
    recurrentKernel: random(units * G, 1.5 / Math.sqrt(units)),
    bias: new Float32Array(G),
  };
  const dh = random(batch * units, 0.03);
  const plan = kernels.plan({
    kind,
    timesteps,
    batch,
    inputs,
    units,
    activation: "tanh",
    recurrentActivation: "sigmoid",
    inputGradient: false,
  });
  const pass = (diagnose) => () => {
    plan.detailed = diagnose;
    plan.forward(arrays);
    plan.backward({ h: dh });
    if (diagnose) plan.statistics();
  };
  return { plan, arrays, dh, full: pass(true), bare: pass(false) };
}

async function tfjsPass(kind, timesteps, units) {
  const { default: tf } = await import("@tensorflow/tfjs");
  await import("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  const make = { simpleRNN: tf.layers.simpleRNN, lstm: tf.layers.lstm, gru: tf.layers.gru }[kind];
  const model = tf.sequential();
  model.add(
    make({
      units,
      inputShape: [timesteps, inputs],
      recurrentActivation: "sigmoid",
      recurrentInitializer: "glorotNormal",
    }),
  );
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const x = tf.randomNormal([batch, timesteps, inputs]);
  const y = tf.randomNormal([batch, units]);
  const times = [];
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    await model.trainOnBatch(x, y);
    times.push(performance.now() - start);
  }
  tf.dispose([x, y]);
  model.dispose();
  return times.slice(1).sort((a, b) => a - b)[1];
}

const { loadKernels } = await library();
const kernels = await loadKernels(await cachedKernels(), {
  threads: Number(options.threads),
  ...(options.variant && { variant: options.variant }),
});
if (!kernels) throw new Error("This engine has no WebAssembly SIMD.");
while (kernels.threads < Number(options.threads)) await new Promise((resolve) => setTimeout(resolve, 10));
console.log(
  `Node ${process.versions.node}, ${kernels.variant}, threads ${kernels.threads}, B ${batch}, D ${inputs}; ms per pass`,
);
const rows = [];
for (const kind of options.kinds.split(",")) {
  for (const size of options.sizes.split(",")) {
    const [timesteps, units] = size.split("x").map(Number);
    const { plan, full, bare } = layer(kernels, kind, timesteps, units);
    const [diagnosed, undiagnosed] = race([full, bare]);
    const row = {
      layer: kind,
      "T, H": `${timesteps}, ${units}`,
      "diagnosed median": rounded(median(diagnosed)),
      best: rounded(Math.min(...diagnosed)),
      "bare median": rounded(median(undiagnosed)),
      // From neighbouring runs, so that other load on the machine affects both.
      overhead: `${rounded((median(diagnosed.map((t, k) => t / undiagnosed[k])) - 1) * 100, 1)} %`,
      MiB: rounded(plan.bytes / 2 ** 20, 0),
    };
    if (options.tfjs) {
      row["tfjs WASM"] = rounded(await tfjsPass(kind, timesteps, units), 1);
      row.ratio = rounded(row["tfjs WASM"] / row["diagnosed median"], 1);
    }
    rows.push(row);
    plan.release();
  }
}
console.table(rows);
await kernels.close();
