/** The step of one layer of each kind beside PyTorch's: convolutions, pooling, attention, recurrent layers in both directions. */

import { inProcessorTime } from "./cost.ts";
import { type LayerArguments, type Net, netStep } from "./ours.ts";
import { race } from "./race.ts";
import { torch } from "./torch.ts";

const batch = 32;

function images(...layers: LayerArguments): Net {
  return {
    layers: [
      ["conv2d", { filters: 16, kernelSize: 3, padding: "same" }],
      ...layers,
      ["globalAveragePooling2d", {}],
      ["dense", { units: 1 }],
    ],
    inputShape: [28, 28, 1],
    batch,
  };
}

function sequences(...layers: LayerArguments): Net {
  return {
    layers: [
      ["conv1d", { filters: 32, kernelSize: 3, padding: "same" }],
      ...layers,
      ["globalAveragePooling1d", {}],
      ["dense", { units: 1 }],
    ],
    inputShape: [200, 8],
    batch,
  };
}

/** The mean over a volume is that of an image whose rows are all rows of the volume. */
function volumes(shape: readonly [number, number], ...layers: LayerArguments): Net {
  return {
    layers: [
      ["conv3d", { filters: 8, kernelSize: 3, padding: "same" }],
      ...layers,
      ["reshape", { targetShape: shape }],
      ["globalAveragePooling1d", {}],
      ["dense", { units: 1 }],
    ],
    inputShape: [12, 16, 16, 1],
    batch,
  };
}

function recurrent(...layers: LayerArguments): Net {
  return { layers: [...layers, ["dense", { units: 1 }]], inputShape: [100, 8], batch };
}

const lstm = { type: "lstm", units: 64, recurrentActivation: "sigmoid" };

/** By the name that the same net has in `torch_steps.py`. */
const nets: { readonly [name: string]: Net } = {
  strided: images(["conv2d", { filters: 32, kernelSize: 3, strides: 2, padding: "same" }]),
  dilated: images(["conv2d", { filters: 32, kernelSize: 3, dilationRate: 2 }]),
  transposed: images(["conv2dTranspose", { filters: 16, kernelSize: 3, strides: 2 }]),
  depthwise: images(["depthwiseConv2d", { kernelSize: 3 }]),
  separable: images(["separableConv2d", { filters: 32, kernelSize: 3 }]),
  maxPooling: images(["maxPooling2d", { poolSize: 2 }]),
  averagePooling: images(["averagePooling2d", { poolSize: 2 }]),
  upSampling: images(["upSampling2d", { size: [2, 2] }]),
  batchNormalization: images(["batchNormalization", {}]),
  conv1d: sequences(["conv1d", { filters: 64, kernelSize: 5 }]),
  dilated1d: sequences(["conv1d", { filters: 64, kernelSize: 3, dilationRate: 4 }]),
  strided1d: sequences(["conv1d", { filters: 64, kernelSize: 5, strides: 2 }]),
  pooling1d: sequences(["maxPooling1d", { poolSize: 2 }], ["averagePooling1d", { poolSize: 2 }]),
  conv3d: volumes([10 * 14 * 14, 16], ["conv3d", { filters: 16, kernelSize: 3 }]),
  transposed3d: volumes([24 * 32 * 32, 8], ["conv3dTranspose", { filters: 8, kernelSize: 2, strides: 2 }]),
  pooling3d: volumes(
    [3 * 4 * 4, 8],
    ["maxPooling3d", { poolSize: [2, 2, 2] }],
    ["averagePooling3d", { poolSize: [2, 2, 2] }],
  ),
  attention: { ...recurrent(["selfAttention", { heads: 4 }], ["globalAveragePooling1d", {}]), inputShape: [100, 64] },
  bidirectional: recurrent(["bidirectional", { layer: lstm }]),
  stacked: recurrent([
    "rnn",
    {
      cell: [
        { type: "lstmCell", units: 64, recurrentActivation: "sigmoid" },
        { type: "lstmCell", units: 64, recurrentActivation: "sigmoid" },
      ],
    },
  ]),
};

/** @param budget milliseconds for each contender of each net. @param only names of nets; null: all. */
export async function coverageTable(root: string, budget: number, only: readonly string[] | null): Promise<void> {
  const python = await torch(root);
  console.log(`\nOne diagnosed training step, B = ${batch}: median milliseconds, and on all processors (× PyTorch's).`);
  for (const [name, net] of Object.entries(nets)) {
    if (only && !only.includes(name)) continue;
    const ours = await netStep(net, "wasm", true);
    const theirs = (await python?.net(name)) ?? null;
    const limits = { budget: budget / 2, atLeast: 3, atMost: 60 };
    const wall = await race([ours, ...(theirs ? [theirs.step] : [])], limits);
    const processors = await race([inProcessorTime(ours), ...(theirs ? [theirs.processor] : [])], limits);
    const cells = [wall, processors].map(
      ([own = Number.NaN, other]) => `${own.toFixed(2).padStart(10)}${other ? ` (${(own / other).toFixed(2)})` : ""}`,
    );
    console.log(`${name.padEnd(20)}${cells.join("")}`);
  }
  python?.close();
}
