/** PyTorch, if `PYTHON` (or python3) has it: nn's own layers, and unrolled cells that keep every state's gradient. */

import path from "node:path";
import type { Contender, Step } from "./shape.ts";
import { StepProcess } from "./stepProcess.ts";

export interface Torch {
  readonly label: string;
  /** Contenders for one recurrent layer. */
  readonly contenders: readonly Contender[];
  /** Makes one of the nets that `torch_steps.py` knows, one at a time; `processor` takes a step on a single thread. */
  net(name: string): Promise<{ readonly step: Step; readonly processor: Step }>;
  close(): void;
}

/** Null if there is no PyTorch. */
export async function torch(root: string): Promise<Torch | null> {
  const python = process.env["PYTHON"] || "python3";
  const steps = await StepProcess.start(python, [path.join(root, "test/bench/torch_steps.py")]);
  return (
    steps && {
      label: steps.label,
      contenders: [steps.contender("torch", "fused"), steps.contender("torch+grads", "unrolled")],
      async net(name) {
        await steps.prepare({ net: name });
        return { step: steps.step("fused"), processor: steps.step("processor") };
      },
      close: () => steps.close(),
    }
  );
}
