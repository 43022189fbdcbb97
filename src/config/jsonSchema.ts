/**
 * The JSON Schema (draft-07) with which editors complete, explain and check a config, generated from the schema that
 * parses it.
 */

import * as z from "zod";
import { branchOnVariants, conditional, objectOf, propertiesOf, variantsOf, withMarkdown } from "./jsonSchemaParts.ts";
import type { JsonObject } from "./merge.ts";
import { modelSchema, sections } from "./schema/config.ts";

/** Written to `dist/gradlens.schema.json` by the build. */
export function jsonSchema(): unknown {
  const { properties, definitions } = generated();
  const [task, table, arrays, training, diagnosis, model] = [
    "task",
    "table",
    "arrays",
    "training",
    "diagnosis",
    "model",
  ].map((name) => objectOf(properties[name])) as [
    JsonObject,
    JsonObject,
    JsonObject,
    JsonObject,
    JsonObject,
    JsonObject,
  ];
  const modelProperties = propertiesOf(model);
  return withMarkdown({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Gradient Lens",
    type: "object",
    allowComments: true,
    allowTrailingCommas: true,
    properties: {
      $schema: { type: "string", description: "The JSON Schema of this file." },
      data: {
        ...ref("data"),
        description: "The data that the models learn: a built-in task, a CSV table, or arrays in files.",
      },
      training: ref("training"),
      diagnosis: ref("diagnosis"),
      models: {
        type: "object",
        description: "The models, by name.",
        minProperties: 1,
        additionalProperties: ref("model"),
      },
    },
    required: ["models"],
    additionalProperties: false,
    definitions: {
      ...definitions,
      task,
      table,
      arrays,
      data: dataSchema(task, table, arrays),
      dataOverride: dataOverride(task, table, arrays),
      training: oneLength(training),
      trainingOverride: oneLength(orNull(training, "training")),
      diagnosis,
      diagnosisOverride: orNull(diagnosis, "diagnosis"),
      model: {
        ...model,
        ...conditional(
          { required: ["file"] },
          { properties: { layers: false } },
          conditional({ required: ["extends"] }, {}, { required: ["layers"] }),
        ),
        properties: {
          ...modelProperties,
          data: { ...objectOf(modelProperties["data"]), ...ref("dataOverride") },
          training: { ...objectOf(modelProperties["training"]), ...ref("trainingOverride") },
          diagnosis: { ...objectOf(modelProperties["diagnosis"]), ...ref("diagnosisOverride") },
        },
      },
    },
  });
}

/** The keys of a definition; each may also be null. */
function orNull(definition: JsonObject, name: string): JsonObject {
  const properties = Object.keys(propertiesOf(definition)).map((key) => [
    key,
    nullable(ref(`${name}/properties/${key}`)),
  ]);
  return { ...definition, properties: Object.fromEntries(properties) };
}

function nullable(schema: JsonObject): JsonObject {
  return { anyOf: [schema, { type: "null", description: "Removes what the model inherits." }] };
}

function nullableKeys(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, nullable(objectOf(schema))]));
}

function ref(name: string): JsonObject {
  return { $ref: `#/definitions/${name}` };
}

/** The schema that zod generates, with branches on variants. */
function generated(): { readonly properties: JsonObject; readonly definitions: JsonObject } {
  const { data, training, diagnosis } = sections;
  const all = z.strictObject({ ...data, training, diagnosis, model: modelSchema });
  const plain: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(all, { target: "draft-7", io: "input" })));
  const { definitions, ...schema } = objectOf(branchOnVariants(z.json().parse(plain)));
  return { properties: propertiesOf(schema), definitions: objectOf(definitions) };
}

/**
 * A task if one is named, otherwise a table if there is a file, otherwise arrays if the inputs have a file of their
 * own.
 */
function dataSchema(task: JsonObject, table: JsonObject, arrays: JsonObject): JsonObject {
  const { task: name } = propertiesOf(task);
  const { file } = propertiesOf(table);
  const { inputs, targets } = propertiesOf(arrays);
  return {
    type: "object",
    properties: {
      task: { ...objectOf(name), description: "The built-in task." },
      file: objectOf(file),
      inputs: { description: objectOf(inputs)["description"] ?? "" },
      targets: { description: objectOf(targets)["description"] ?? "" },
    },
    ...byKind(ref("task"), ref("table"), ref("arrays"), ref("task")),
  };
}

/** Keys that override another task, table or arrays; with its own task or file, the section is complete. */
function dataOverride(task: JsonObject, table: JsonObject, arrays: JsonObject): JsonObject {
  const { required: _, ...ownTable } = orNull(table, "table");
  const { required: __, ...ownArrays } = orNull(arrays, "arrays");
  const keys: JsonObject = Object.assign({}, ...variantsOf(task).map(propertiesOf));
  const any = {
    properties: {
      ...propertiesOf(ownTable),
      ...nullableKeys({ ...keys, task: objectOf(propertiesOf(task)["task"]) }),
    },
    additionalProperties: false,
  };
  return { type: "object", ...byKind(ref("task"), ownTable, ownArrays, any) };
}

function byKind(task: JsonObject, table: JsonObject, arrays: JsonObject, other: JsonObject): JsonObject {
  const fileIn = (key: string): JsonObject => ({ properties: { [key]: { type: "object" } }, required: [key] });
  return conditional(
    { required: ["task"] },
    task,
    conditional(
      { required: ["file"] },
      table,
      conditional({ anyOf: [fileIn("inputs"), fileIn("targets")] }, arrays, other),
    ),
  );
}

/** `steps` and `epochs` exclude each other. */
function oneLength(training: JsonObject): JsonObject {
  return { ...training, dependencies: { steps: { properties: { epochs: false } } } };
}
