/** Every message of the catalogue, in every language: names are put in as they are, whatever they look like. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { languages } from "../../../src/messages/language.ts";
import { root } from "../../../tools/root.ts";
import { Fault, type Target, target } from "../target.ts";
import { strangeName } from "./names.ts";

/** Stands for the name; no message contains it, and its letters are neither capital nor plural. */
const plain = "qzxj";

type Message = (argument: unknown) => unknown;

/** The functions of a tree of messages, by their path. */
function messagesOf(tree: object, path = ""): readonly (readonly [string, Message])[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]): readonly (readonly [string, Message])[] => {
    const place = path === "" ? key : `${path}.${key}`;
    if (typeof value === "function" && value.length === 1)
      return [[place, (argument) => Reflect.apply(value, undefined, [argument])]];
    return typeof value === "object" && value !== null ? messagesOf(value, place) : [];
  });
}

/** Every message of both languages that takes something, with its name. */
async function wholeCatalogue(): Promise<readonly (readonly [string, Message])[]> {
  const surfaces = fs.readdirSync(path.join(root, "src/messages/en")).map((file) => path.basename(file, ".ts"));
  const trees = languages.flatMap((language) =>
    surfaces.map(async (surface) => {
      const module: object = await import(`../../../src/messages/${language}/${surface}.ts`);
      return messagesOf(module, language);
    }),
  );
  return (await Promise.all(trees)).flat();
}

/** What stands in the place of each argument that is not the name. */
type Others = "number" | "one" | "empty" | "yes" | "no" | "name";

/** An argument that answers every question for a part of it: a message that takes one text gets the text itself. */
function argumentOf(name: string, whole: boolean, others: readonly Others[]): unknown {
  if (whole) return name;
  const values: { readonly [kind in Others]: unknown } = {
    number: 3,
    one: 1,
    empty: null,
    yes: true,
    no: false,
    name,
  };
  const asked: string[] = [];
  return new Proxy(
    {},
    {
      get: (_, key) => {
        if (typeof key !== "string") return undefined;
        if (!asked.includes(key)) asked.push(key);
        return values[others[asked.indexOf(key) % others.length] ?? "name"];
      },
    },
  );
}

/** What the message says; null if it does not take such an argument. */
function saidWith(message: Message, argument: unknown): string | null {
  try {
    const said = message(argument);
    return typeof said === "string" ? said : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** The text without spaces beside Han: whether `spaced` puts one there depends on how a name begins and ends. */
function closed(text: string): string {
  return text.replaceAll(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, "");
}

/** A noun at the beginning of a sentence. */
function capital(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

interface Input {
  readonly index: number;
  readonly name: string;
  readonly whole: boolean;
  readonly others: readonly Others[];
}

const inputs: Arbitrary<Input> = fc.record({
  index: fc.nat(100_000),
  name: fc.oneof(strangeName, fc.constantFrom("$&", "$1", "$$", "{name}", "%1$s", "{0}", "\\1", "toString")),
  whole: fc.boolean(),
  others: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<Others>("name") },
      fc.constantFrom<Others>("number", "one", "empty", "yes", "no"),
    ),
    { minLength: 1, maxLength: 4 },
  ),
});

export const insertedNames: Target = target<Input>({
  name: "names in messages",
  share: 6,
  quick: 540,
  accepted: 0.4,
  inputs: () => inputs,
  open: async () => {
    const messages = await wholeCatalogue();
    return {
      one: ({ index, name, whole, others }) => {
        const [key, message] = messages[index % messages.length] ?? [];
        if (!key || !message) throw new Fault("the catalogue is empty");
        // Counts are not names.
        if (!Number.isNaN(Number(name))) return "refused";
        const usual = saidWith(message, argumentOf(plain, whole, others));
        // A choice among words, such as the order of day and month, takes no name.
        if (usual === null || usual.includes("undefined")) return "refused";
        const expected = usual.replaceAll(plain, () => name).replaceAll(capital(plain), () => capital(name));
        const said = saidWith(message, argumentOf(name, whole, others));
        if (said === null || !expected.includes(name)) return "refused";
        if (closed(said) !== closed(expected))
          throw new Fault(`${key} says ${JSON.stringify(said)}, not ${JSON.stringify(expected)}`);
        return "accepted";
      },
    };
  },
  shown: (input) => JSON.stringify(input),
});
