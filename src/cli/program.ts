/** The command line's grammar. */

import path from "node:path";
import { Command, CommanderError, Option } from "commander";
import { version } from "../../package.json";
import { fewestPairs } from "../diagnosis/verify/sequential.ts";
import { type Launch, launches } from "../export/pytorch/launch.ts";
import { type Severity, severities } from "../protocol/finding.ts";
import type { RunKind } from "../protocol/run.ts";
import { compare } from "./compare.ts";
import { deep } from "./deep.ts";
import { doctor } from "./doctor.ts";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { exportModels } from "./export/exportModels.ts";
import type { Io } from "./io.ts";
import { refusedPieces, unplaced } from "./json.ts";
import { collect, wholeNumber } from "./options.ts";
import { run } from "./run.ts";
import {
  backendOption,
  budget,
  type EngineOptions,
  engineOf,
  nativeOption,
  outOption,
  withFormatOptions,
  withRunOptions,
} from "./sharedOptions.ts";
import { verifyModels } from "./verify.ts";

/** Default milliseconds for which a model is probed. */
const probeBudget = 2000;

/** Steps of a check, rather than a time: a build must not pass or fail depending on the speed of the machine. */
const checkSteps = 100;

interface RunOptions extends EngineOptions {
  readonly model: readonly string[];
  readonly steps?: number;
  readonly budget?: number;
  readonly json?: true;
  readonly sarif?: true;
  readonly out?: string;
  readonly failOn?: Severity;
  readonly resume?: true;
}

interface DeepOptions extends EngineOptions {
  readonly model?: string;
  readonly layer?: string;
  readonly steps?: number;
  readonly json?: true;
}

/** What the commands need to run and to say how they ended. */
interface Session {
  readonly program: Command;
  readonly io: Io;
  readonly signal: AbortSignal;
  ended(code: ExitCode): void;
}

/** Parses `args` (without node and script) and runs the command. Never rejects for wrong usage. */
export async function main(args: readonly string[], io: Io, signal: AbortSignal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  const pending: Promise<void>[] = [];
  const program = gradlens(io, pending);
  const session: Session = {
    program,
    io,
    signal,
    ended: (ended) => {
      code = ended;
    },
  };
  addRuns(session);
  addVerify(session);
  addDeep(session);
  addCompare(session);
  addExport(session);
  addDoctor(session);
  addMcp(session);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    if (code !== exitCodes.fine && args.includes("--json"))
      for (const piece of refusedPieces(null, [unplaced(error.message)])) pending.push(io.out.write(piece));
  }
  await Promise.all(pending);
  return code;
}

/** The program without commands; `pending` receives what it writes. */
function gradlens(io: Io, pending: Promise<void>[]): Command {
  return new Command("gradlens")
    .description("See whether the training signal of a recurrent net survives the trip back through time.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void pending.push(io.out.write(text)),
      writeErr: (text) => void pending.push(io.err.write(text)),
      getOutHelpWidth: () => io.out.columns,
      getErrHelpWidth: () => io.err.columns,
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 check found something, 2 wrong usage or config, 3 the engine failed, 130 interrupted.",
    );
}

/** `probe`, `train` and `check`. */
function addRuns({ program, io, signal, ended }: Session): void {
  const running = (name: string, kind: RunKind, description: string) =>
    withFormatOptions(withRunOptions(program.command(name).description(description))).action(
      async (config: string | undefined, o: RunOptions) => {
        ended(
          await run(
            {
              kind,
              config,
              models: o.model,
              steps: o.steps ?? (name === "check" && o.budget === undefined ? checkSteps : null),
              budget: o.budget ?? (name === "probe" && o.steps === undefined ? probeBudget : null),
              resume: o.resume ?? false,
              ...engineOf(o),
              json: o.json ?? false,
              sarif: o.sarif ?? false,
              out: o.out ?? null,
              failOn: name === "check" ? (o.failOn ?? "warning") : null,
            },
            io,
            signal,
          ),
        );
      },
    );
  running("probe", "probe", "Train each model briefly and show how far its gradient reaches.")
    .addOption(budget("2, or no limit with --steps"))
    .addOption(outOption());
  running("train", "train", "Train each model as its config says and show the same figures.")
    .addOption(outOption())
    .option("--resume", "continue from the last checkpoint (training.checkpoint); --out appends to earlier output");
  running("check", "probe", "Probe each model and exit with 1 when a finding reaches --fail-on.")
    .addOption(budget(`no limit, but ${checkSteps} steps`))
    .addOption(
      new Option("--fail-on <severity>", "lowest severity that fails the check")
        .choices([...severities])
        .default("warning"),
    );
}

function addVerify({ program, io, signal, ended }: Session): void {
  withRunOptions(
    program
      .command("verify")
      .description(
        "Run each model beside the fixes of its gravest finding, from the same seeds, and say which fixes help.",
      ),
  )
    .option("--json", "print one JSON object")
    .addOption(new Option("--seeds <n>", "pairs of runs of each fix").argParser(wholeNumber).default(fewestPairs))
    .addOption(budget("none"))
    .action(async (config: string | undefined, o: RunOptions & { readonly seeds: number }) => {
      ended(
        await verifyModels(
          {
            config,
            models: o.model,
            seeds: o.seeds,
            steps: o.steps ?? null,
            budget: o.budget ?? null,
            ...engineOf(o),
            json: o.json ?? false,
          },
          io,
          signal,
        ),
      );
    });
}

function addDeep({ program, io, signal, ended }: Session): void {
  program
    .command("deep")
    .description("Analyse one recurrent layer: gradient flow, Lyapunov exponents, singular values.")
    .argument("[config]", "a config, or a folder with one (default: ./gradlens.json)")
    .option("--model <name>", "the model, if there are several")
    .option("--layer <name>", "the recurrent layer, if there are several")
    .option("--steps <n>", "training steps before the analysis (default: none)", wholeNumber)
    .addOption(backendOption())
    .addOption(nativeOption())
    .option("--json", "print one JSON object")
    .action(async (config: string | undefined, o: DeepOptions) => {
      const { model = null, layer = null, steps = 0, json = false } = o;
      ended(await deep({ config, model, layer, steps, ...engineOf(o), json }, io, signal));
    });
}

function addCompare({ program, io, signal, ended }: Session): void {
  program
    .command("compare")
    .description("Show the figures of runs side by side: from folders that --out wrote, or from models run now.")
    .argument("[paths...]", "folders of runs, and a config (default: ./gradlens.json)")
    .option("--model <name>", "only this model of the config; may be repeated", collect, [])
    .option("--steps <n>", "how many steps", wholeNumber)
    .addOption(budget("no limit, or 2 with --probe"))
    .option("--probe", "probe the models instead of training them")
    .addOption(backendOption())
    .addOption(nativeOption())
    .option("--json", "print one JSON object")
    .action(async (paths: readonly string[], o: RunOptions & { readonly probe?: true }) => {
      ended(
        await compare(
          {
            paths,
            models: o.model,
            kind: o.probe ? "probe" : "train",
            steps: o.steps ?? null,
            budget: o.budget ?? (o.probe && o.steps === undefined ? probeBudget : null),
            ...engineOf(o),
            json: o.json ?? false,
          },
          io,
          signal,
        ),
      );
    });
}

function addExport({ program, io, signal, ended }: Session): void {
  program
    .command("export")
    .description("Write each model as a training script of PyTorch, with its data and initial weights.")
    .argument("[config]", "a config, or a folder with one (default: ./gradlens.json)")
    .option("--model <name>", "only this model; may be repeated", collect, [])
    .addOption(new Option("--to <framework>", "framework of the script").choices(["pytorch"]).default("pytorch"))
    .addOption(
      new Option("--launch <launcher>", "what starts the processes of one training")
        .choices([...launches])
        .default("none"),
    )
    .option("--out <folder>", "folder in which each model gets its own", "pytorch")
    .addOption(backendOption())
    .addOption(nativeOption())
    .action(async (config: string | undefined, o: RunOptions & { readonly out: string; readonly launch: Launch }) => {
      ended(await exportModels({ config, models: o.model, launch: o.launch, out: o.out, ...engineOf(o) }, io, signal));
    });
}

function addDoctor({ program, io, ended }: Session): void {
  program
    .command("doctor")
    .description("Show what the engine runs on, and what is wrong with a config if one is given.")
    .argument("[config]", "a config, or a folder with a gradlens.json")
    .addOption(backendOption())
    .addOption(nativeOption())
    .option("--json", "print one JSON object")
    .action(async (config: string | undefined, o: EngineOptions & { readonly json?: true }) => {
      ended(await doctor({ config, ...engineOf(o), json: o.json ?? false }, io));
    });
}

function addMcp({ program, io, signal, ended }: Session): void {
  program
    .command("mcp")
    .description(
      "Serve list_models, get_findings, probe_model, compare_runs and verify_fixes to programs (MCP, stdio).",
    )
    .argument("[folder]", "folder of all the configs that it may read (default: the working directory)")
    .addOption(backendOption())
    .addOption(nativeOption())
    .action(async (folder: string | undefined, o: EngineOptions) => {
      const { serveMcp } = await import("./mcp/server.ts");
      ended(await serveMcp(path.resolve(io.cwd, folder ?? "."), engineOf(o), signal));
    });
}
