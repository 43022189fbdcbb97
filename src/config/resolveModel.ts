/** Resolves one entry of `models`, with what it takes from the top level and from the model that it extends. */

import { configWords } from "../messages/config.ts";
import { didYouMean } from "./didYouMean.ts";
import { beyondGradientNorm } from "./gradientNormLayers.ts";
import { dataEndProblems } from "./graph/dataEnds.ts";
import type { Names } from "./graph/layerGraph.ts";
import { problemsOf } from "./issues.ts";
import { maxExtends, maxModelName } from "./limits.ts";
import { isObject, type JsonObject, type Section } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { type Resolved, resolveData } from "./resolveData.ts";
import { resolveDiagnosis } from "./resolveDiagnosis.ts";
import type {
  DataConfig,
  DiagnosisConfig,
  JsonPath,
  JsonValue,
  ModelFile,
  ResolvedModel,
  TrainingConfig,
} from "./resolved.ts";
import { type ResolvedLayers, resolveLayers } from "./resolveLayers.ts";
import { resolveTraining } from "./resolveTraining.ts";
import { endsSchema, fileSchema, modelFrameSchema, weightsFileSchema } from "./schema/config.ts";
import type { Sharing } from "./sharing.ts";
import { shorten } from "./shorten.ts";
import { isVisible } from "./visible.ts";

export type SectionName = "data" | "training" | "diagnosis";

export interface ModelOutcome {
  readonly model: ResolvedModel | null;
  readonly problems: readonly Problem[];
}

/**
 * @param models every entry of `models`, as written, in order
 * @param top the config's top-level sections
 * @param sharing results for other models of the same config
 */
export function resolveModel(
  name: string,
  models: ReadonlyMap<string, JsonValue>,
  top: JsonObject,
  sharing: Sharing,
): ModelOutcome {
  const path: JsonPath = ["models", name];
  const frame = frameProblems(name, models, path);
  const chain = lineage(name, models);
  if (typeof chain === "string") return { model: null, problems: [...frame, extendsProblem(chain, path)] };
  if (frame.length > 0 && !isObject(models.get(name))) return { model: null, problems: frame };

  const dataSections = sectionsOf("data", chain, top);
  const trainingSections = sectionsOf("training", chain, top);
  const diagnosisSections = sectionsOf("diagnosis", chain, top);
  const lists = [dataSections, [...dataSections, ...trainingSections], diagnosisSections];
  if (!lists.every((list) => sharing.affords(valuesOf(list))))
    return { model: null, problems: [...frame, tooMuch(path)] };
  const { layers, inputs, outputs, file, weights, problems: layerProblems } = contentOf(chain, path, sharing);
  const data = sharedData(dataSections, path, sharing);
  const training = sharedTraining(trainingSections, data.value, sharing);
  const diagnosis = sharedDiagnosis(diagnosisSections, sharing);
  const problems: Problem[] = [
    ...frame,
    ...layerProblems,
    ...data.problems,
    ...training.problems,
    ...diagnosis.problems,
  ];
  if (layers === null || data.value === null || training.value === null || diagnosis.value === null)
    return { model: null, problems };
  const model: ResolvedModel = {
    name,
    path,
    base: baseOf(models.get(name)),
    layers,
    inputs,
    outputs,
    file,
    weights,
    data: data.value,
    dataPath: data.path,
    training: ofFirstOutput(training.value, outputs),
    trainingPath: training.path,
    diagnosis: diagnosis.value,
  };
  if (file === null) {
    const places = { model: path, data: data.path, training: training.path };
    problems.push(...dataEndProblems({ inputs, outputs }, data.value, training.value, places));
  }
  const unreached = model.training.gradientNormRegularizer
    ? sharing.beyondGradientNorm.of([layers], () => beyondGradientNorm(layers))
    : [];
  return { model: problems.some((p) => p.severity === "error") ? null : model, problems: [...problems, ...unreached] };
}

/** The first output's loss stands for the model where one is asked for. */
function ofFirstOutput(training: TrainingConfig, [first]: readonly string[]): TrainingConfig {
  const own = training.losses?.find(({ output }) => output === first);
  return own ? { ...training, loss: own.loss, fromLogits: own.fromLogits } : training;
}

/** `data` of a model, resolved once for all models that are made from the same sections. */
export function sharedData(layers: readonly Section[], path: JsonPath, sharing: Sharing): Resolved<DataConfig> {
  // Without a section, the problem is about the model.
  if (layers.length === 0) return resolveData(layers, path);
  return sharing.data.of(valuesOf(layers), () => resolveData(layers, path));
}

/** `training` of a model, resolved once in the same way. */
export function sharedTraining(
  layers: readonly Section[],
  data: DataConfig | null,
  sharing: Sharing,
): Resolved<TrainingConfig> {
  return sharing.training.of([data, ...valuesOf(layers)], () => resolveTraining(layers, data));
}

/** `diagnosis` of a model, resolved once in the same way. */
export function sharedDiagnosis(layers: readonly Section[], sharing: Sharing): Resolved<DiagnosisConfig> {
  return sharing.diagnosis.of(valuesOf(layers), () => resolveDiagnosis(layers));
}

function valuesOf(layers: readonly Section[]): readonly JsonObject[] {
  return layers.map(({ value }) => value);
}

function tooMuch(path: JsonPath): Problem {
  const message = configWords().tooMuch;
  return { severity: "error", message, path, on: "key" };
}

/** Checks the keys of the model itself; its layers and sections are checked where their meaning is known. */
function frameProblems(name: string, models: ReadonlyMap<string, JsonValue>, path: JsonPath): readonly Problem[] {
  const value = models.get(name) ?? null;
  const parsed = modelFrameSchema.safeParse(value);
  const problems = parsed.success
    ? []
    : problemsOf(parsed.error.issues, value, configWords().modelNamed(shorten(name)));
  return [...nameProblems(name, path), ...problems.map((p) => ({ ...p, path: [...path, ...p.path] }))];
}

/** Checks names, which are shown in menus and on terminals. */
function nameProblems(name: string, path: JsonPath): readonly Problem[] {
  if (name.length > maxModelName) {
    const message = configWords().longName({ most: maxModelName, n: name.length.toLocaleString("en") });
    return [{ severity: "error", message, path, on: "key" }];
  }
  if (name.trim() !== "" && isVisible(name)) return [];
  const message = configWords().invisibleName;
  return [{ severity: "error", message, path, on: "key" }];
}

/**
 * The models that make up a model, starting with the base and ending with the model itself; or what is wrong with
 * `extends`.
 */
function lineage(name: string, models: ReadonlyMap<string, JsonValue>): readonly Section[] | string {
  const chain: Section[] = [];
  const seen = new Set<string>();
  for (let current: string | null = name; current !== null; ) {
    if (seen.has(current))
      return configWords().extendsItself({
        name: shorten(name),
        through: seen.size > 1 ? shorten([...seen].at(-1) ?? "") : null,
      });
    if (seen.size > maxExtends) return configWords().longChain(maxExtends);
    seen.add(current);
    const value: JsonValue | undefined = models.get(current);
    if (value === undefined)
      return configWords().notModel({ name: shorten(current), hint: didYouMean(current, others(name, models)) });
    if (!isObject(value)) break;
    chain.unshift({ value, path: ["models", current] });
    current = baseOf(value);
  }
  return chain;
}

/** A generator, because only the first names are compared. */
function* others(name: string, models: ReadonlyMap<string, JsonValue>): Generator<string> {
  for (const other of models.keys()) if (other !== name) yield other;
}

/** The model that an entry extends. */
function baseOf(value: JsonValue | undefined): string | null {
  const base = isObject(value) ? value["extends"] : null;
  return typeof base === "string" ? base : null;
}

function extendsProblem(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path: [...path, "extends"], on: "value" };
}

interface Content extends ResolvedLayers {
  readonly file: ModelFile | null;
  readonly weights: ModelFile | null;
}

/** The model's own layers or file, or those of the nearest model that it extends. */
function contentOf(chain: readonly Section[], path: JsonPath, sharing: Sharing): Content {
  const owner = chain.findLast(({ value }) => Object.hasOwn(value, "layers") || Object.hasOwn(value, "file"));
  const refused = (problems: readonly Problem[]): Content => ({
    layers: null,
    inputs: [],
    outputs: [],
    file: null,
    weights: null,
    problems,
  });
  const problem = (message: string, at: JsonPath): Content =>
    refused([{ severity: "error", message, path: at, on: "key" }]);
  if (owner === undefined) {
    return problem(configWords().needsLayers, path);
  }
  const { layers, file } = owner.value;
  const filePath = [...owner.path, "file"];
  const weights = weightsOf(chain.slice(chain.indexOf(owner)));
  if (file === undefined) {
    const ends = { inputs: namesOf(chain, "inputs"), outputs: namesOf(chain, "outputs") };
    // The paths are their owners', because models that extend them share the same entries.
    const owners = [owner.value, ends.inputs?.owner ?? null, ends.outputs?.owner ?? null];
    const resolved = sharing.layers.of(owners, () => resolveLayers(layers ?? null, [...owner.path, "layers"], ends));
    return { ...resolved, file: null, weights };
  }
  if (layers !== undefined) return problem(configWords().layersAndFile, filePath);
  const stated = (["inputs", "outputs"] as const).find((key) => Object.hasOwn(owner.value, key));
  if (stated !== undefined) return problem(configWords().fileHas(stated), [...owner.path, stated]);
  const checked = fileSchema.safeParse(file);
  if (!checked.success) {
    const problems = problemsOf(checked.error.issues, file, "file");
    return refused(problems.map((p) => ({ ...p, path: filePath })));
  }
  return { ...refused([]), layers: [], file: { name: checked.data, path: filePath }, weights };
}

/** The nearest list of names of inputs or outputs; null: there is none, or it is reported as invalid. */
function namesOf(
  chain: readonly Section[],
  key: keyof typeof endsSchema,
): (Names & { readonly owner: JsonObject }) | null {
  const owner = chain.findLast(({ value }) => Object.hasOwn(value, key));
  if (owner === undefined) return null;
  const { success, data } = endsSchema[key].safeParse(owner.value[key]);
  return success && data !== undefined ? { names: data, path: [...owner.path, key], owner: owner.value } : null;
}

/**
 * The nearest `weights`, starting at the owner of the layers; weights for other layers are ignored. Null removes them.
 */
function weightsOf(chain: readonly Section[]): ModelFile | null {
  const owner = chain.findLast(({ value }) => Object.hasOwn(value, "weights"));
  const checked = weightsFileSchema.safeParse(owner?.value["weights"]);
  return owner && checked.success ? { name: checked.data, path: [...owner.path, "weights"] } : null;
}

/** The sections with one name that apply, outermost first; values that are not objects are reported elsewhere. */
function sectionsOf(name: SectionName, chain: readonly Section[], top: JsonObject): readonly Section[] {
  return [{ value: top, path: [] }, ...chain].flatMap(({ value, path }) => {
    const section = value[name];
    return isObject(section) ? [{ value: section, path: [...path, name] }] : [];
  });
}
