/**
 * The import rules, written once. `biome.json` gets its restrictions from here (`npm run import-rules`), and
 * test/unit/structure checks both the linter and the tree against it.
 */

/** What a part may import from the others, and which packages it may not import. */
export interface PartRules {
  readonly may: readonly string[];
  readonly never: readonly string[];
  /** The linter's message for an import that breaks the rule. */
  readonly message: string;
}

const tfjs = "@tensorflow/**";
const charts = "chart.js";
/** All of Node's built-in modules. */
const node = "node:*";

/** Parts that are single files; every other part is a folder. */
export const FILE_PARTS: readonly string[] = ["extension", "contributions"];

/** In order: no part imports one that comes after it. */
export const PARTS: Readonly<Record<string, PartRules>> = {
  messages: {
    may: [],
    never: ["vscode", tfjs, charts, node],
    message: "src/messages is pure: it imports nothing.",
  },
  config: {
    may: ["messages"],
    never: ["vscode", tfjs, charts, node],
    message: "src/config is pure: it imports only src/messages, and nothing of VS Code, of Node or of tfjs.",
  },
  protocol: {
    may: ["messages", "config"],
    never: ["vscode", tfjs, charts, node],
    message: "src/protocol is pure and imports only src/messages and src/config.",
  },
  diagnosis: {
    may: ["messages", "config", "protocol"],
    never: ["vscode", tfjs, charts, node],
    message: "src/diagnosis is pure and imports only src/messages, src/config and src/protocol.",
  },
  tensorboard: {
    may: ["messages", "config", "protocol", "diagnosis"],
    never: ["vscode", tfjs, charts, node],
    message: "src/tensorboard is pure: it imports only src/messages, src/config, src/protocol and src/diagnosis.",
  },
  export: {
    may: ["messages", "config"],
    never: ["vscode", tfjs, charts, node],
    message: "src/export is pure and imports only src/messages and src/config.",
  },
  kernels: {
    may: [],
    never: ["vscode", tfjs, charts],
    message: "src/kernels imports nothing of the project.",
  },
  files: {
    may: ["messages"],
    never: ["vscode", tfjs, charts],
    message: "src/files knows only the file system: it imports only src/messages.",
  },
  engine: {
    may: ["messages", "config", "diagnosis", "protocol", "tensorboard", "files", "kernels"],
    never: ["vscode", charts],
    message:
      "src/engine never sees VS Code; it imports messages, config, diagnosis, protocol, tensorboard, files and kernels.",
  },
  cli: {
    may: ["engine", "export", "messages", "config", "diagnosis", "protocol", "tensorboard", "files"],
    never: ["vscode", charts, tfjs],
    message: "src/cli is the engine without an editor.",
  },
  contributions: {
    may: [],
    never: ["vscode", tfjs, charts],
    message: "src/contributions.ts is a list of names: it imports nothing.",
  },
  host: {
    may: ["messages", "config", "diagnosis", "protocol", "tensorboard", "files", "contributions"],
    never: [tfjs, charts],
    message:
      "The extension host never trains and loads neither tfjs nor chart code: src/host imports messages, config, diagnosis, protocol, events and files.",
  },
  extension: {
    may: ["messages", "host", "contributions"],
    never: [tfjs, charts],
    message: "src/extension.ts builds what src/host offers and registers it; it loads neither tfjs nor chart code.",
  },
  webview: {
    may: ["messages", "protocol"],
    never: ["vscode", tfjs, node],
    message: "The panel's page imports only src/messages and src/protocol.",
  },
};

/**
 * The order inside a part: a folder (or a file at the part's top) imports from itself and from earlier entries. Names
 * between the same brackets do not import each other.
 */
export const ORDERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "src/engine": [
    ["reading", "recording", "run", "tfjs"],
    ["backend", "formats", "memory"],
    ["readingThread"],
    ["data"],
    ["layers"],
    ["instrument"],
    ["measure"],
    ["model"],
    ["saved"],
    ["training"],
    ["deep"],
    ["process"],
    ["main"],
  ],
  "src/host": [
    ["plainLabel"],
    ["notify"],
    [
      "contentSecurityPolicy",
      "disposableStore",
      "emitter",
      "exampleConfig",
      "interpretedSchemas",
      "log",
      "native",
      "settings",
      "tools",
    ],
    ["runs"],
    ["save", "verify"],
    ["findings", "store"],
    ["deep", "documents", "fileWatch", "logEvents", "renderLoop", "storeOptions"],
    ["autoProbe", "inline", "programRuns", "views"],
    ["report", "testing", "virtualDocuments"],
    ["commands", "status"],
    ["testApi"],
    ["services"],
  ],
  webview: [["dom", "text", "theme", "vscodeApi"], ["state"], ["charts"], ["a11y"], ["blocks"], ["main"]],
};

/** The linter's configuration: for each part the forbidden imports, as `overrides` of `biome.json`. */
export function importOverrides(): readonly object[] {
  return Object.entries(PARTS).map(([part, { may, never, message }]) => ({
    includes: [part === "webview" ? "webview/**" : FILE_PARTS.includes(part) ? `src/${part}.ts` : `src/${part}/**`],
    linter: {
      rules: {
        style: {
          noRestrictedImports: {
            level: "error",
            options: { patterns: [{ group: [...never, ...forbidden(part, may)], message }] },
          },
        },
      },
    },
  }));
}

function forbidden(part: string, may: readonly string[]): readonly string[] {
  if (may.length === 0 && FILE_PARTS.includes(part)) return ["./**", "../**"];
  const others = Object.keys(PARTS).filter((other) => other !== part && !may.includes(other));
  return others.map((other) => {
    const target = FILE_PARTS.includes(other) ? `${other}.ts` : `${other}/**`;
    if (part === "webview") return `../**/src/${target}`;
    if (!FILE_PARTS.includes(part)) return `../**/${target}`;
    return other === "webview" ? `../${target}` : `./${target}`;
  });
}
