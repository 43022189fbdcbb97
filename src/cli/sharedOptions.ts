/** Options that several commands have, each written once. */

import { type Command, Option } from "commander";
import { type BackendChoice, backendChoices, collect, seconds, wholeNumber } from "./options.ts";
import type { BackendRequest } from "./startBackend.ts";

/** Options of every command that computes. */
export interface EngineOptions {
  readonly backend: BackendChoice;
  readonly allowNative?: string;
}

export function budget(usual: string): Option {
  return new Option("--budget <seconds>", `time for each model (default: ${usual})`).argParser(seconds);
}

export function withRunOptions(command: Command): Command {
  return command
    .argument("[config]", "a config, or a folder with one (default: ./gradlens.json)")
    .option("--model <name>", "only this model; may be repeated", collect, [])
    .option("--steps <n>", "how many steps", wholeNumber)
    .addOption(backendOption())
    .addOption(nativeOption());
}

/** Adds the options for what `run` prints. */
export function withFormatOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON object with every step's figures")
    .addOption(new Option("--sarif", "print the findings as SARIF 2.1.0, for code scanning").conflicts("json"));
}

export function outOption(): Option {
  return new Option("--out <folder>", "write each run as CSV, JSON and TensorBoard events into its own folder");
}

export function backendOption(): Option {
  return new Option("--backend <name>", "backend that computes").choices([...backendChoices]).default("auto");
}

export function nativeOption(): Option {
  return new Option("--allow-native <folder>", "load the native code of the @tensorflow/tfjs-node in this folder");
}

export function engineOf({ backend, allowNative }: EngineOptions): BackendRequest {
  return { backend, allowNative: allowNative ?? null };
}
