/** Checks that no type repeats what a schema says; a schema is one source for the check and for the type. */

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sourceTexts } from "./importGraph.ts";
import { childrenOf, parsed, type SyntaxNode } from "./syntax.ts";

/** Functions whose argument is the shape of a schema. */
const makers = ["object", "strictObject", "looseObject", "extend", "entry"];
/** From this number of properties on, equal names are no coincidence. */
const fewest = 3;

const named = z.union([
  z.object({ type: z.literal("Identifier"), name: z.string() }).transform(({ name }) => name),
  z.object({ type: z.literal("Literal"), value: z.string() }).transform(({ value }) => value),
]);
const keyed = z.object({ key: named }).transform(({ key }) => key);
const keys = z.array(z.unknown()).transform((all) => all.flatMap((each) => keyed.safeParse(each).data ?? []));

const declarations = ["TSInterfaceDeclaration", "TSTypeAliasDeclaration"];
const declaration = z.object({ id: z.object({ name: z.string() }) });
const bodies = ["TSInterfaceBody", "TSTypeLiteral"];
/** The properties of an interface, or of an object type. */
const members = z.union([
  z.object({ type: z.literal("TSInterfaceBody"), body: keys }).transform(({ body }) => body),
  z.object({ type: z.literal("TSTypeLiteral"), members: keys }).transform((node) => node.members),
]);
const made = z.object({
  callee: z.union([
    named,
    z.object({ type: z.literal("MemberExpression"), property: named }).transform(({ property }) => property),
  ]),
  arguments: z.tuple([z.object({ type: z.literal("ObjectExpression"), properties: keys })], z.unknown()),
});

interface Shape {
  /** Where it is written, for the message. */
  readonly at: string;
  readonly keys: readonly string[];
}

interface Shapes {
  readonly schemas: Shape[];
  readonly types: Shape[];
}

/** Found in every text with a schema or a named type. Parsing takes time. */
const likely = new RegExp(`\\b(?:interface \\w|type \\w+(?:<.*>)? =|(?:${makers.join("|")})\\()`);

function shapesIn(file: string, text: string, found: Shapes): void {
  if (!likely.test(text)) return;
  const add = (to: Shape[], at: string, names: readonly string[]): void => {
    if (names.length >= fewest) to.push({ at, keys: [...names].sort() });
  };
  const walk = (node: SyntaxNode, owner: string): void => {
    const name = declarations.includes(node.type) ? declaration.parse(node).id.name : owner;
    if (name !== "" && bodies.includes(node.type)) add(found.types, `${file}: ${name}`, members.parse(node));
    // A failed check takes microseconds, so only nodes of the right type are checked.
    const schema = node.type === "CallExpression" ? made.safeParse(node).data : undefined;
    if (schema && makers.includes(schema.callee)) add(found.schemas, file, schema.arguments[0].properties);
    for (const inner of childrenOf(node)) walk(inner, name);
  };
  walk(parsed(text), "");
}

/** Types that list the same properties as a schema. */
function writtenTwice(texts: Iterable<readonly [string, string]>): string[] {
  const found: Shapes = { schemas: [], types: [] };
  for (const [file, text] of texts) shapesIn(file, text, found);
  const schemas = new Map(found.schemas.map((shape) => [shape.keys.join(), shape.at]));
  return found.types.flatMap(({ at, keys }) => {
    const schema = schemas.get(keys.join());
    return schema === undefined ? [] : [`${at} (schema in ${schema})`];
  });
}

describe("the shape of what is parsed", () => {
  it("is written once, as a schema; types are inferred from it", { tags: "thorough" }, () => {
    expect(writtenTwice(sourceTexts())).toEqual([]);
  });

  it("is detected if an interface, or a member of a union, repeats it, in any order", () => {
    const schema = 'const s = z.strictObject({ a: z.string(), "b-c": z.number(), d: z.array(z.string()) });';
    const alike = 'interface Alike { readonly d: readonly string[]; readonly a: string; readonly "b-c"?: number }';
    const member = 'type Either = { readonly kind: 1 } | { a: string; d: string[]; "b-c": number };';
    const other = "interface Other { readonly a: string; readonly d: string; readonly e: string }";
    const texts = [
      ["schema.ts", schema],
      ["types.ts", `${alike}\n${member}\n${other}`],
    ] as const;
    expect(writtenTwice(texts)).toEqual([
      "types.ts: Alike (schema in schema.ts)",
      "types.ts: Either (schema in schema.ts)",
    ]);
  });
});
