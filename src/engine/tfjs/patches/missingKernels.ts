/**
 * Kernels that tfjs's WASM backend lacks, taken from its CPU backend. The gradients of embedding (UnsortedSegmentSum)
 * and of convolutions (Conv2DBackpropFilter, DepthwiseConv2dNative…) need some of them.
 */

import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { cpuBackend } from "../cpuBackend.ts";

/**
 * Kernels of the WASM backend (4.22) that compute wrong numbers: the gradients of three-dimensional convolutions. They
 * were found by comparing every layer type's gradients with the CPU backend's and with finite differences; tests
 * repeat that.
 */
const wrong = ["Conv3DBackpropInputV2", "Conv3DBackpropFilterV2"];

/** Registers, for the WASM backend, every CPU kernel that it lacks or has wrong. */
export function registerCpuFallbacks(): void {
  for (const name of wrong) tf.unregisterKernel(name, "wasm");
  const present = new Set(tf.getKernelsForBackend("wasm").map((kernel) => kernel.kernelName));
  for (const kernel of tf.getKernelsForBackend("cpu")) {
    if (!present.has(kernel.kernelName)) tf.registerKernel(cpuFallback(kernel));
  }
}

/** Wraps a CPU kernel for the WASM backend: inputs are copied to the CPU backend's store, outputs back. */
export function cpuFallback({ kernelName, kernelFunc }: KernelConfig): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc({ inputs, attrs, backend }) {
      const wasm = wasmOf(backend);
      const cpu = cpuBackend();
      const copies: TensorInfo[] = [];
      const copy = (tensor: TensorInfo): TensorInfo => {
        const made = cpu.makeTensorInfo(tensor.shape, tensor.dtype, wasm.readSync(tensor.dataId));
        copies.push(made);
        return made;
      };
      const onCpu: Record<string, TensorInfo> = {};
      for (const [name, tensor] of Object.entries(inputs)) if (tensor) onCpu[name] = copy(tensor);
      const result = kernelFunc(attrs ? { inputs: onCpu, backend: cpu, attrs } : { inputs: onCpu, backend: cpu });
      const outputs = (Array.isArray(result) ? result : [result]).map((tensor) => {
        const made = wasm.makeOutput(tensor.shape, tensor.dtype, undefined, cpu.readSync(tensor.dataId));
        cpu.disposeIntermediateTensorInfo(tensor);
        return made;
      });
      for (const tensor of copies) cpu.disposeIntermediateTensorInfo(tensor);
      return Array.isArray(result) ? outputs : outputs[0]!;
    },
  };
}

/** The WASM backend with which a kernel is called. */
export function wasmOf(backend: unknown): BackendWasm {
  if (!(backend instanceof BackendWasm)) throw new Error("a WASM kernel was called with another backend");
  return backend;
}
