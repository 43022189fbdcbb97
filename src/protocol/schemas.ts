/** Run-time checks for all parts of the protocol that cross a process. */

import * as z from "zod";
import type { Problem } from "../config/problem.ts";
import type { DiagnosisConfig, JsonValue } from "../config/resolved.ts";
import { dataFactsSchema } from "./dataFacts.ts";
import type { Finding, Fix } from "./finding.ts";
import { findingCodes, severities } from "./finding.ts";
import type { Channel, Frame } from "./frame.ts";
import type { BackendInfo, RunInfo } from "./run.ts";
import { quantities, stateNames } from "./run.ts";

/** Numbers that may be NaN or infinite: in this project those are findings, not errors. */
export const anyNumber = z.custom<number>((v) => typeof v === "number");
const configPath = z.array(z.union([z.string(), z.int().nonnegative()]));
export const float64Schema = z.custom<Float64Array>((v) => v instanceof Float64Array);
const jsonValue: z.ZodType<JsonValue> = z.json();

const channel = new RegExp(
  `^(?:(?:${stateNames.join("|")})\\.(?:logNorm|gain|nonFinite|p10|p50|p90)|logContribution|gate\\.[a-z]+\\.(?:low|high)|timescale)$`,
);
export const channelSchema = z.custom<Channel>((v) => typeof v === "string" && channel.test(v));

export const fixSchema: z.ZodType<Fix> = z.strictObject({
  id: z.string(),
  title: z.string(),
  edits: z.array(z.strictObject({ path: configPath, value: jsonValue.optional(), insert: z.literal(true).optional() })),
});

export const problemSchema: z.ZodType<Problem> = z.strictObject({
  severity: z.enum(["error", "warning", "information"]),
  message: z.string(),
  path: configPath,
  on: z.enum(["value", "key"]),
  offset: z.int().optional(),
  length: z.int().optional(),
  fixes: z.array(fixSchema).optional(),
}) as z.ZodType<Problem>;

export const backendInfoSchema: z.ZodType<BackendInfo> = z.strictObject({
  name: z.enum(["tensorflow", "wasm", "cpu"]),
  label: z.string(),
  rejected: z.array(z.strictObject({ name: z.enum(["tensorflow", "wasm", "cpu"]), reason: z.string() })),
});

const share = z.number().min(0).max(1);
const onOff = z.strictObject({ enabled: z.boolean() });
const depthRule = z.strictObject({ enabled: z.boolean(), factor: z.number(), minSteps: z.number() });
const shareRule = z.strictObject({ enabled: z.boolean(), share, minSteps: z.number() });

const diagnosisSchema: z.ZodType<DiagnosisConfig> = z.strictObject({
  requiredLag: z.number().nullable(),
  rules: z.strictObject({
    "vanishing-through-time": z.strictObject({
      enabled: z.boolean(),
      epsilon: z.number(),
      minSteps: z.number(),
      baselineTolerance: z.number(),
    }),
    "exploding-through-time": z.strictObject({ enabled: z.boolean(), decades: z.number() }),
    "exploding-gradient": z.strictObject({ enabled: z.boolean(), factor: z.number(), norm: z.number() }),
    "non-finite": onOff,
    "data-scale": onOff,
    "output-mismatch": onOff,
    "symmetric-units": onOff,
    padding: onOff,
    "post-norm-stack": onOff,
    "nothing-to-learn": onOff,
    "held-back": onOff,
    "vanishing-through-depth": depthRule,
    "exploding-through-depth": depthRule,
    "dead-units": shareRule,
    "saturated-units": shareRule,
    "saturated-gates": shareRule,
    "update-ratio": z.strictObject({ enabled: z.boolean(), low: z.number(), high: z.number(), minSteps: z.number() }),
    "loss-plateau": z.strictObject({ enabled: z.boolean(), tolerance: z.number(), grace: z.number() }),
    "loss-diverging": z.strictObject({ enabled: z.boolean(), factor: z.number(), minSteps: z.number() }),
  }),
});

export const runInfoSchema: z.ZodType<RunInfo> = z.strictObject({
  runId: z.string(),
  kind: z.enum(["probe", "train"]),
  config: z.string(),
  model: z.string(),
  modelPath: configPath,
  layers: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      path: configPath,
      weights: z.array(z.string()),
      activation: z.string().nullable(),
      gateActivation: z.string().nullable(),
      width: z.int().positive().nullable(),
      symmetry: z.strictObject({ units: share, inputs: share }).nullable(),
      recurrent: z
        .strictObject({
          timesteps: z.int().positive(),
          units: z.int().positive(),
          states: z.array(z.enum(stateNames)),
          gates: z.array(z.string()),
          reversed: z.boolean(),
          method: z.enum(["kernel", "taps", "own"]),
          floor: z.number().nullable(),
        })
        .nullable(),
    }),
  ),
  columns: z.array(
    z.strictObject({ quantity: z.enum(quantities), layer: z.int().nullable(), name: z.string().nullable() }),
  ),
  plannedSteps: z.number().nullable(),
  batchSize: z.number(),
  parameters: z.number(),
  backend: backendInfoSchema,
  dataWarnings: z.array(problemSchema),
  fromLogits: z.boolean(),
  baselineLoss: z.number().nullable(),
  requiredLag: z.number().nullable(),
  requiredLagSource: z.enum(["config", "task", "estimated", "sequence-length"]).nullable(),
  data: dataFactsSchema.nullable(),
  diagnosis: diagnosisSchema,
  clip: z.strictObject({
    value: z.number().nullable(),
    norm: z.number().nullable(),
    globalNorm: z.number().nullable(),
  }),
  trainingPath: configPath,
});

export const frameSchema: z.ZodType<Frame> = z.strictObject({
  runId: z.string(),
  seq: z.int().positive(),
  steps: float64Schema,
  rows: float64Schema,
  profiles: z.array(
    z.strictObject({ layer: z.int().nonnegative(), channel: channelSchema, values: float64Schema, max: float64Schema }),
  ),
});

export const findingSchema: z.ZodType<Finding> = z.strictObject({
  id: z.string(),
  code: z.enum(findingCodes),
  severity: z.enum(severities),
  model: z.string(),
  layer: z.string().nullable(),
  weight: z.string().nullable(),
  place: configPath,
  timesteps: z.tuple([z.number(), z.number()]).nullable(),
  step: z.number(),
  message: z.string(),
  explanation: z.string(),
  evidence: z.record(z.string(), anyNumber),
  fixes: z.array(fixSchema),
});
