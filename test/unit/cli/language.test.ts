/** The command line's language: how it is chosen, that all it says comes from the catalogue, and that columns align. */

import { afterEach, describe, expect, it } from "vitest";
import { languageFor } from "../../../src/cli/language.ts";
import { main } from "../../../src/cli/program.ts";
import { columnWidths, displayWidth, fill, padded, wrap } from "../../../src/cli/report/layout.ts";
import { type Spoken, speak } from "../../../src/messages/language.ts";
import { outsideOfBrackets } from "../../../src/messages/pseudo.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";
import { openCli } from "./cli.ts";

const cli = openCli();
afterEach(() => speak("en"));

describe("the language", () => {
  it.each<readonly [readonly string[], NodeJS.ProcessEnv, Spoken]>([
    [["probe"], {}, "en"],
    [["probe"], { LANG: "zh_CN.UTF-8" }, "zh"],
    [["probe"], { LANG: "de_DE.UTF-8" }, "en"],
    [["probe"], { LANG: "zh_CN.UTF-8", LC_ALL: "C" }, "en"],
    [["probe"], { LANG: "en_US.UTF-8", LC_ALL: "", LC_MESSAGES: "zh_CN" }, "zh"],
    [["probe"], { LANG: "en_US.UTF-8", GRADLENS_LANG: "zh" }, "zh"],
    [["probe", "--lang", "en"], { GRADLENS_LANG: "zh" }, "en"],
    [["probe", "--lang=zh"], {}, "zh"],
    [["--lang", "zh", "probe", "--json"], {}, "zh"],
    [["probe", "--json"], { LANG: "zh_CN.UTF-8" }, "en"],
    [["check", "--sarif"], { GRADLENS_LANG: "zh" }, "en"],
    [["mcp"], { GRADLENS_LANG: "zh" }, "en"],
  ])("of %j in %j is %s", (args, env, language) => {
    expect(languageFor(args, env)).toBe(language);
  });

  it("is that of the processes, errors in the arguments included", { tags: "thorough" }, async () => {
    const wrong = await cli.process(cli.folder({}), "prob", "--lang", "zh");
    expect(wrong.err).toBe("错误：未知的命令 'prob'\n（是否想用 probe？）\n");
    expect(wrong.code).toBe(2);
    expect((await cli.process(cli.folder({}), "probe", "--lang", "xx")).code).toBe(2);
  });
});

/** Words that are no language: names of commands, options and codes, and of what the config or the machine names. */
const names = new Set<string>([
  ...findingCodes,
  ..."gradlens config command options paths folder name steps seconds model layer lang language help version".split(
    " ",
  ),
  ..."probe train check verify deep compare export doctor mcp allow-native backend json sarif budget out".split(" "),
  ..."resume fail-on severity seeds framework launch launcher net layers simpleRNN simple_rnn WASM SIMD".split(" "),
]);

/** What a text says outside of the catalogue. */
function ownWords(text: string): readonly string[] {
  return (outsideOfBrackets(text).match(/[A-Za-z][A-Za-z_-]{2,}/g) ?? []).filter(
    (word) => !names.has(word.replace(/^-+|-+$/g, "")),
  );
}

const small = {
  training: { steps: 3 },
  data: { task: "addingProblem", timesteps: 8 },
  models: {
    net: {
      layers: [
        { type: "simpleRNN", units: 4 },
        { type: "dense", units: 1 },
      ],
    },
    other: { extends: "net" },
  },
};

async function said(args: readonly string[], folder: string): Promise<string> {
  const { code, out, err } = await cli.here(folder, ...args);
  expect(code).not.toBe(3);
  return out + err;
}

describe("in the pseudo-locale", () => {
  const commands = ["probe", "train", "check", "verify", "deep", "compare", "export", "doctor", "mcp"];
  it.each([["--help"], ...commands.map((command) => [command, "--help"])])(
    "the help of %s %s is bracketed",
    async (...args) => {
      speak("pseudo");
      const text = await said(args, cli.folder({}));
      expect(text).toContain("⟦");
      expect(ownWords(text)).toEqual([]);
    },
  );

  it.each([
    ["probe", "--steps", "x"],
    ["probe", "--stepz"],
    ["proe"],
    ["check", "--fail-on", "all"],
    ["probe", "one", "two"],
    ["probe", "--steps"],
    ["probe", "missing.json"],
    ["probe", "--model", "none"],
    ["compare", "--model", "net", "--steps", "2"],
    ["deep"],
  ])("the refusal of %j is bracketed", async (...args) => {
    speak("pseudo");
    const text = await said(args, cli.folder({ "gradlens.json": small }));
    expect(text).toContain("⟦");
    const given = [...args, "--stepz", "two", "net", "other", "missing", "auto", "tensorflow"];
    expect(ownWords(text).filter((word) => !given.some((arg) => arg.includes(word)))).toEqual([]);
  });

  it.each([
    ["probe", "--steps", "3"],
    ["train"],
    ["compare", "--steps", "2"],
    ["deep", "--model", "net"],
    ["verify", "--steps", "4", "--seeds", "2"],
  ])("what %j prints is bracketed", async (...args) => {
    speak("pseudo");
    const text = await said(args, cli.folder({ "gradlens.json": small }));
    expect(text).toContain("⟦");
    const given = ["other", "dense", "NaN", "max", "log"];
    expect(ownWords(text).filter((word) => !given.includes(word))).toEqual([]);
  });
});

describe("columns", () => {
  it("count two for Chinese characters and full-width marks, and none for accents", () => {
    expect(["", "abc", "梯度", "h（∂L）", "e\u0301", "█▁"].map(displayWidth)).toEqual([0, 3, 4, 7, 1, 2]);
    expect(
      columnWidths([
        ["梯度", "a"],
        ["abc", "损失 3"],
      ]),
    ).toEqual([4, 6]);
  });

  it("are filled and cut by what they take", () => {
    expect(padded("梯度", 6)).toBe("梯度  ");
    expect(fill("梯度消失", 6)).toBe("梯度… ");
    expect(fill("梯度消失", 7)).toBe("梯度消…");
    expect(fill("abc", 5)).toBe("abc  ");
  });

  it("break Chinese between characters, and neither names nor before punctuation", () => {
    const lines = wrap("梯度在时间上往回传，经过 recurrentInitializer 之后（几乎）消失。", 20, "");
    expect(lines.every((line) => displayWidth(line) <= 20)).toBe(true);
    expect(lines.join("").replaceAll(" ", "")).toBe("梯度在时间上往回传，经过recurrentInitializer之后（几乎）消失。");
    expect(lines.filter((line) => /^[，。）]|（$/.test(line))).toEqual([]);
    expect(lines.some((line) => line.includes("recurrentInitializer"))).toBe(true);
  });

  it("break other text only at spaces", () => {
    expect(wrap("the gradient’s “norm” is 4… and more words", 20, "")).toEqual([
      "the gradient’s",
      "“norm” is 4… and",
      "more words",
    ]);
  });
});

it("prints Chinese help that fits its lines", async () => {
  speak("zh");
  const written: string[] = [];
  const output = { write: async (text: string) => void written.push(text), tty: false, colour: false, columns: 80 };
  const io = { out: output, err: output, cwd: ".", keep: () => {} };
  expect(await main(["verify", "--help"], io, new AbortController().signal)).toBe(0);
  const lines = written.join("").split("\n");
  expect(written.join("")).toContain("修复");
  expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
});
