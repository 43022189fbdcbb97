/** The step of nets that are not recurrent, or whose state is an image, compared with PyTorch's. */

import { inProcessorTime } from "./cost.ts";
import { type Net, netStep } from "./ours.ts";
import { race } from "./race.ts";
import { torch } from "./torch.ts";

const batch = 32;

/** By the name that the same net has in `torch_steps.py`. */
const nets: { readonly [name: string]: Net & { readonly label: string } } = {
  cnn: {
    label: "CNN, 28×28, 16 and 32 filters",
    layers: [
      ["conv2d", { filters: 16, kernelSize: 3, activation: "relu" }],
      ["maxPooling2d", { poolSize: 2 }],
      ["conv2d", { filters: 32, kernelSize: 3, activation: "relu" }],
      ["maxPooling2d", { poolSize: 2 }],
      ["flatten", {}],
      ["dense", { units: 1 }],
    ],
    inputShape: [28, 28, 1],
    batch,
  },
  transformer: {
    label: "transformerEncoder, T 100, 64 wide, 4 heads",
    layers: [
      ["transformerEncoder", { heads: 4 }],
      ["globalAveragePooling1d", {}],
      ["dense", { units: 1 }],
    ],
    inputShape: [100, 64],
    batch,
  },
  convLstm: {
    label: "convLstm2d, T 10, 16×16, 8 filters",
    layers: [
      ["convLstm2d", { filters: 8, kernelSize: 3 }],
      ["flatten", {}],
      ["dense", { units: 1 }],
    ],
    inputShape: [10, 16, 16, 1],
    batch,
  },
};

/** @param budget milliseconds for each contender of each net. */
export async function netTable(root: string, budget: number): Promise<void> {
  const python = await torch(root);
  console.log(`\nOne training step, B = ${batch}: median milliseconds (× PyTorch's). ours: with full diagnosis.`);
  for (const [name, net] of Object.entries(nets)) {
    const ours = await netStep(net, "wasm", true);
    const theirs = (await python?.net(name)) ?? null;
    const steps = [ours, await netStep(net, "wasm", false), ...(theirs ? [theirs.step] : [])];
    const [whole = Number.NaN, undiagnosed = Number.NaN, torchs] = await race(steps, {
      budget,
      atLeast: 5,
      atMost: 60,
    });
    const alone = [inProcessorTime(ours), ...(theirs ? [theirs.processor] : [])];
    const [processor = Number.NaN, torchsProcessor] = await race(alone, { budget, atLeast: 5, atMost: 60 });
    console.log(
      [
        `${net.label}: ours ${beside(whole, torchs)} · undiagnosed ${beside(undiagnosed, torchs)}`,
        torchs ? `PyTorch ${torchs.toFixed(1)}` : "PyTorch not measured (set PYTHON)",
        `processors' time: ours ${beside(processor, torchsProcessor)}`,
        ...(torchsProcessor ? [`PyTorch on one thread ${torchsProcessor.toFixed(1)}`] : []),
      ].join(" · "),
    );
  }
  python?.close();
}

function beside(milliseconds: number, theirs: number | undefined): string {
  return `${milliseconds.toFixed(1)}${theirs ? ` (${(milliseconds / theirs).toFixed(2)})` : ""}`;
}
