import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import { shorten, shortMessage } from "../../../src/config/shorten.ts";

const long = "a".repeat(1_000_000);

describe("names of a million characters", () => {
  it("are shortened, never within a character", () => {
    expect(shorten("lstm")).toBe("lstm");
    expect(shorten(long)).toBe(`${"a".repeat(59)}…`);
    expect(shorten(`${"a".repeat(57)}😀😀😀`)).toBe(`${"a".repeat(57)}😀…`);
    expect(shorten(`${"a".repeat(58)}😀😀😀`)).toBe(`${"a".repeat(58)}…`);
  });

  it("are shortened within a message, and its other words stay", () => {
    expect(shortMessage("Fine as it is.")).toBe("Fine as it is.");
    expect(shortMessage(`The column "${long}" is missing.`)).toMatch(/^The column "a{198}… is missing\.$/);
    expect(shortMessage("many words ".repeat(100_000)).length).toBeLessThanOrEqual(1000);
    expect(shortMessage(`${long} ${long}`)).toMatch(/^a{199}…/);
  });

  const layers = '"layers":[{"type":"dense","units":1}]';
  const data = '"data":{"task":"addingProblem","length":9}';
  it.each([
    ["a key", `{${data},"${long}":1,"models":{"m":{${layers}}}}`],
    ["a section's key", `{${data},"training":{"${long}":1},"models":{"m":{${layers}}}}`],
    ["a key that is null", `{${data},"training":{"${long}":null},"models":{"m":{${layers}}}}`],
    ["a key that is there twice", `{${data},"${long}":1,"${long}":2,"models":{"m":{${layers}}}}`],
    ["a model", `{${data},"models":{"${long}":{${layers}}}}`],
    ["a model's base", `{${data},"models":{"m":{"extends":"${long}"}}}`],
    ["models that extend each other", `{${data},"models":{"m":{"extends":"${long}"},"${long}":{"extends":"m"}}}`],
    ["a layer's type", `{${data},"models":{"m":{"layers":[{"type":"${long}"}]}}}`],
    ["a layer's name", `{${data},"models":{"m":{"layers":[{"type":"dense","units":1,"name":"${long}"}]}}}`],
    ["a layer's input", `{${data},"models":{"m":{"layers":[{"type":"dense","units":1,"inputs":["${long}"]}]}}}`],
    ["a layer's key", `{${data},"models":{"m":{"layers":[{"type":"dense","units":1,"${long}":1}]}}}`],
    ["an optimizer", `{${data},"training":{"optimizer":{"type":"${long}"}},"models":{"m":{${layers}}}}`],
    ["a task", `{"data":{"task":"${long}"},"models":{"m":{${layers}}}}`],
    ["a file", `{${data},"models":{"m":{"file":"${long}"}}}`],
    ["a class", `{${data},"training":{"classWeight":{"${long}":1}},"models":{"m":{${layers}}}}`],
    ["a number", `{"data":{"task":"addingProblem","length":${"9".repeat(100_000)}},"models":{"m":{${layers}}}}`],
  ])("are shortened in messages about %s", (_, text) => {
    const { problems } = parseConfig(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const { message, fixes = [] } of problems) {
      expect(message.length).toBeLessThan(800);
      for (const { title } of fixes) expect(title.length).toBeLessThan(200);
    }
  });
});
