/** Options that several commands have, each written once. */

import { type Command, Option } from "commander";
import { cliWords } from "../messages/cli.ts";
import { type BackendChoice, backendChoices, collect, seconds, wholeNumber } from "./options.ts";
import type { BackendRequest } from "./startBackend.ts";

/** Options of every command that computes. */
export interface EngineOptions {
  readonly backend: BackendChoice;
  readonly allowNative?: string;
}

export function budget(usual: string): Option {
  return new Option("--budget <seconds>", cliWords().options.budget(usual)).argParser(seconds);
}

export function withRunOptions(command: Command): Command {
  return command
    .argument("[config]", cliWords().options.config)
    .option("--model <name>", cliWords().options.model, collect, [])
    .option("--steps <n>", cliWords().options.steps, wholeNumber)
    .addOption(backendOption())
    .addOption(nativeOption());
}

/** Adds the options for what `run` prints. */
export function withFormatOptions(command: Command): Command {
  return command
    .option("--json", cliWords().options.jsonOfSteps)
    .addOption(new Option("--sarif", cliWords().options.sarif).conflicts("json"));
}

export function outOption(): Option {
  return new Option("--out <folder>", cliWords().options.out);
}

export function backendOption(): Option {
  return new Option("--backend <name>", cliWords().options.backend).choices([...backendChoices]).default("auto");
}

export function nativeOption(): Option {
  return new Option("--allow-native <folder>", cliWords().options.native);
}

export function engineOf({ backend, allowNative }: EngineOptions): BackendRequest {
  return { backend, allowNative: allowNative ?? null };
}
