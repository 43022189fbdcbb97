/** Protects registrations with tfjs against a second copy of tfjs in the same process. */

import * as tf from "@tensorflow/tfjs-core";

const backends = ["cpu", "wasm"];

/**
 * Runs `load` and then restores the kernels and gradients that it replaced. tfjs-node loads a tfjs of its own, which
 * registers all of its gradients and CPU kernels in the same global registries and so would undo the patches.
 */
export function keepRegistrations<T>(load: () => T): T {
  const kernels = backends.flatMap((backend) => tf.getKernelsForBackend(backend));
  const names = new Set(kernels.map(({ kernelName }) => kernelName));
  const gradients = [...names].flatMap((name) => tf.getGradient(name) ?? []);
  try {
    return load();
  } finally {
    for (const kernel of kernels) {
      const { kernelName, backendName } = kernel;
      const present = tf.getKernel(kernelName, backendName);
      if (present === kernel) continue;
      if (present) tf.unregisterKernel(kernelName, backendName);
      tf.registerKernel(kernel);
    }
    for (const gradient of gradients) {
      const { kernelName } = gradient;
      const present = tf.getGradient(kernelName);
      if (present === gradient) continue;
      if (present) tf.unregisterGradient(kernelName);
      tf.registerGradient(gradient);
    }
  }
}
