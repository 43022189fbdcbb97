import { describe, expect, it } from "vitest";
import { getLanguageService, TextDocument } from "vscode-json-languageservice";
import { editorSchema } from "../../../src/config/editorSchema.ts";
import { jsonSchema } from "../../../src/config/jsonSchema.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { broken, sound } from "./corpus.ts";

/** VS Code's own JSON support, as it reads `contributes.jsonValidation`. */
function serviceWith(schema: unknown) {
  const made = getLanguageService({});
  made.configure({
    schemas: [{ uri: "schema://gradlens", fileMatch: ["*"], schema: JSON.parse(JSON.stringify(schema)) }],
  });
  return made;
}
const service = serviceWith(editorSchema());
const strict = serviceWith(jsonSchema());

/** The document and the position of the `|` in it. */
function open(marked: string) {
  const offset = marked.indexOf("|");
  const text = offset < 0 ? marked : marked.slice(0, offset) + marked.slice(offset + 1);
  const document = TextDocument.create("file:///gradlens.json", "jsonc", 1, text);
  return { document, json: service.parseJSONDocument(document), position: document.positionAt(Math.max(offset, 0)) };
}

async function completions(marked: string): Promise<readonly string[]> {
  const { document, json, position } = open(marked);
  return (
    (await service.doComplete(document, position, json))?.items.map((item) => item.label.replaceAll('"', "")) ?? []
  );
}

async function hover(marked: string): Promise<string> {
  const { document, json, position } = open(marked);
  return JSON.stringify((await service.doHover(document, position, json))?.contents ?? "");
}

async function diagnostics(text: string): Promise<readonly string[]> {
  const { document, json } = open(text);
  const found = await strict.doValidation(document, json, { comments: "ignore", trailingCommas: "ignore" });
  return found.map((d) => `${document.getText(d.range)}: ${d.message}`);
}

const layer = (text: string) => `{ "models": { "a": { "layers": [ ${text} ] } } }`;

describe("the JSON Schema in VS Code's JSON service", () => {
  it("completes layer types, and the arguments of the chosen type", async () => {
    expect(await completions(layer('{ "type": "|" }'))).toEqual(
      expect.arrayContaining(["lstm", "dense", "bidirectional", "randomWidth"]),
    );
    const lstm = await completions(layer('{ "type": "lstm", "|" }'));
    expect(lstm).toEqual(
      expect.arrayContaining(["units", "recurrentActivation", "unitForgetBias", "returnSequences", "name", "inputs"]),
    );
    expect(lstm).not.toEqual(expect.arrayContaining(["filters"]));
    expect(await completions(layer('{ "type": "dense", "|" }'))).not.toContain("recurrentActivation");
  });

  it("completes within layers, initializers, sections and overrides", async () => {
    expect(await completions(layer('{ "type": "bidirectional", "layer": { "type": "gru", "|" } }'))).toContain("units");
    expect(await completions(layer('{ "type": "rnn", "cell": { "type": "|" } }'))).toContain("lstmCell");
    expect(await completions(layer('{ "type": "lstm", "recurrentInitializer": | }'))).toEqual(
      expect.arrayContaining(["orthogonal", "identity"]),
    );
    expect(
      await completions(layer('{ "type": "lstm", "recurrentInitializer": { "type": "orthogonal", "|" } }')),
    ).toEqual(["gain", "seed"]);
    expect(await completions('{ "data": { "|" } }')).toEqual(["inputs", "targets", "task", "file"]);
    expect(await completions('{ "data": { "inputs": { "|" } } }')).toEqual(["file", "array", "encoding", "scaling"]);
    expect(await completions('{ "data": { "task": "delayedRecall", "|" } }')).toContain("cue");
    expect(await completions('{ "data": { "task": "copyMemory", "|" } }')).toContain("alphabet");
    expect(await completions('{ "models": { "a": { "data": { "|" } } } }')).toEqual(
      expect.arrayContaining(["length", "window"]),
    );
    expect(await completions('{ "training": { "optimizer": { "type": "adam", "|" } } }')).toEqual([
      "learningRate",
      "beta1",
      "beta2",
      "epsilon",
    ]);
    expect(await completions('{ "diagnosis": { "vanishing-through-time": { "|" } } }')).toContain("epsilon");
  });

  it("explains keys and types on hover", async () => {
    expect(await hover(layer('{ "type": "lstm", "uni|ts": 3 }'))).toContain("Number of units");
    expect(await hover(layer('{ "type": "ls|tm", "units": 3 }'))).toContain("Long short-term memory");
    expect(await hover(layer('{ "type": "gru", "recurrentAct|ivation": "sigmoid" }'))).toMatch(/hardSigmoid.*Default/);
    expect(await hover('{ "training": { "clip": { "global|Norm": 1 } } }')).toContain("Pascanu");
    expect(await hover('{ "diagnosis": { "vanishing-through-time": { "eps|ilon": 0.1 } } }')).toContain("horizon");
  });

  it("agrees with the parser on valid configs", async () => {
    for (const text of sound) {
      expect(await diagnostics(text), text).toEqual([]);
      expect(parseConfig(text).problems, text).toEqual([]);
    }
  });

  it("agrees with the parser on broken configs, with one message per mistake", async () => {
    for (const [text] of broken) {
      expect(await diagnostics(text), text).toHaveLength(1);
      expect(parseConfig(text).problems, text).toHaveLength(1);
    }
  });

  it("leaves every complaint in the editor to the parser, so that no mistake is shown twice", async () => {
    for (const text of [...sound, ...broken.map(([broken]) => broken)]) {
      const { document, json } = open(text);
      expect(
        await service.doValidation(document, json, { comments: "ignore", trailingCommas: "ignore" }),
        text,
      ).toEqual([]);
    }
  });
});
