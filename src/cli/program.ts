/** The command line's grammar. */

import path from "node:path";
import { Command, CommanderError, Option } from "commander";
import { version } from "../../package.json";
import { fewestPairs } from "../diagnosis/verify/sequential.ts";
import { type Launch, launches } from "../export/pytorch/launch.ts";
import { cliWords } from "../messages/cli.ts";
import { languages } from "../messages/language.ts";
import { type Severity, severities } from "../protocol/finding.ts";
import type { RunKind } from "../protocol/run.ts";
import { compare } from "./compare.ts";
import { deep } from "./deep.ts";
import { doctor } from "./doctor.ts";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { exportModels, type Framework, frameworks } from "./export/exportModels.ts";
import { helpInLanguage, usageError } from "./help.ts";
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
      for (const piece of refusedPieces(null, [unplaced(usageError(error.message))])) pending.push(io.out.write(piece));
  }
  await Promise.all(pending);
  return code;
}

/** The program without commands; `pending` receives what it writes. */
function gradlens(io: Io, pending: Promise<void>[]): Command {
  return new Command("gradlens")
    .description(cliWords().about)
    .version(version, "-V, --version", cliWords().showVersion)
    .helpOption("-h, --help", cliWords().showHelp)
    .helpCommand("help [command]", cliWords().showHelp)
    .addOption(new Option("--lang <language>", cliWords().options.language).choices([...languages]))
    .configureHelp(helpInLanguage)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void pending.push(io.out.write(text)),
      writeErr: (text) => void pending.push(io.err.write(text)),
      outputError: (text, write) => write(`${usageError(text)}\n`),
      getOutHelpWidth: () => io.out.columns,
      getErrHelpWidth: () => io.err.columns,
    })
    .addHelpText("after", `\n${cliWords().codes}`);
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
  running("probe", "probe", cliWords().commands.probe)
    .addOption(budget(cliWords().options.probeBudget))
    .addOption(outOption());
  running("train", "train", cliWords().commands.train)
    .addOption(outOption())
    .option("--resume", cliWords().options.resume);
  running("check", "probe", cliWords().commands.check)
    .addOption(budget(cliWords().options.checkBudget(checkSteps)))
    .addOption(
      new Option("--fail-on <severity>", cliWords().options.failOn).choices([...severities]).default("warning"),
    );
}

function addVerify({ program, io, signal, ended }: Session): void {
  withRunOptions(program.command("verify").description(cliWords().commands.verify))
    .option("--json", cliWords().options.json)
    .addOption(new Option("--seeds <n>", cliWords().options.seeds).argParser(wholeNumber).default(fewestPairs))
    .addOption(budget(cliWords().options.noBudget))
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
    .description(cliWords().commands.deep)
    .argument("[config]", cliWords().options.config)
    .option("--model <name>", cliWords().options.oneModel)
    .option("--layer <name>", cliWords().options.layer)
    .option("--steps <n>", cliWords().options.stepsBefore, wholeNumber)
    .addOption(backendOption())
    .addOption(nativeOption())
    .option("--json", cliWords().options.json)
    .action(async (config: string | undefined, o: DeepOptions) => {
      const { model = null, layer = null, steps = 0, json = false } = o;
      ended(await deep({ config, model, layer, steps, ...engineOf(o), json }, io, signal));
    });
}

function addCompare({ program, io, signal, ended }: Session): void {
  program
    .command("compare")
    .description(cliWords().commands.compare)
    .argument("[paths...]", cliWords().options.comparePaths)
    .option("--model <name>", cliWords().options.compareModel, collect, [])
    .option("--steps <n>", cliWords().options.steps, wholeNumber)
    .addOption(budget(cliWords().options.compareBudget))
    .option("--probe", cliWords().options.probe)
    .addOption(backendOption())
    .addOption(nativeOption())
    .option("--json", cliWords().options.json)
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
    .description(cliWords().commands.export)
    .argument("[config]", cliWords().options.config)
    .option("--model <name>", cliWords().options.model, collect, [])
    .addOption(new Option("--to <framework>", cliWords().options.to).choices([...frameworks]).default("pytorch"))
    .addOption(new Option("--launch <launcher>", cliWords().options.launch).choices([...launches]).default("none"))
    .option("--out <folder>", cliWords().options.exportOut)
    .addOption(backendOption())
    .addOption(nativeOption())
    .action(async (config: string | undefined, o: ExportOptions) => {
      const { to: framework, launch, out = framework } = o;
      const command = { config, models: o.model, framework, launch, out, ...engineOf(o) };
      ended(await exportModels(command, io, signal));
    });
}

interface ExportOptions extends RunOptions {
  readonly to: Framework;
  readonly launch: Launch;
  readonly out?: string;
}

function addDoctor({ program, io, ended }: Session): void {
  program
    .command("doctor")
    .description(cliWords().commands.doctor)
    .argument("[config]", cliWords().options.doctorConfig)
    .addOption(backendOption())
    .addOption(nativeOption())
    .option("--json", cliWords().options.json)
    .action(async (config: string | undefined, o: EngineOptions & { readonly json?: true }) => {
      ended(await doctor({ config, ...engineOf(o), json: o.json ?? false }, io));
    });
}

function addMcp({ program, io, signal, ended }: Session): void {
  program
    .command("mcp")
    .description(cliWords().commands.mcp)
    .argument("[folder]", cliWords().options.mcpFolder)
    .addOption(backendOption())
    .addOption(nativeOption())
    .action(async (folder: string | undefined, o: EngineOptions) => {
      const { serveMcp } = await import("./mcp/server.ts");
      ended(await serveMcp(path.resolve(io.cwd, folder ?? "."), engineOf(o), signal));
    });
}
