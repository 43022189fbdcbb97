/** All findings of a run. */

import type { ResolvedModel } from "../config/resolved.ts";
import { shortMessage } from "../config/shorten.ts";
import { listWords } from "../messages/lists.ts";
import { type Finding, type FindingCode, severities } from "../protocol/finding.ts";
import type { RunHistory } from "../protocol/history.ts";
import { settle } from "./causeAndEffect.ts";
import { hasConstantInputs, hasConstantTargets } from "./constantData.ts";
import { learningOf } from "./learning.ts";
import type { ModelView } from "./modelView.ts";
import type { ConfigRule, Rule } from "./rule.ts";
import { dataScale } from "./rules/dataScale.ts";
import { deadUnits } from "./rules/deadUnits.ts";
import { explodingGradient } from "./rules/explodingGradient.ts";
import { explodingThroughTime } from "./rules/explodingThroughTime.ts";
import { heldBack } from "./rules/heldBack.ts";
import { lossDiverging } from "./rules/lossDiverging.ts";
import { lossPlateau } from "./rules/lossPlateau.ts";
import { nonFinite } from "./rules/nonFinite.ts";
import { nothingToLearn } from "./rules/nothingToLearn.ts";
import { outputMismatch } from "./rules/outputMismatch.ts";
import { padding } from "./rules/padding.ts";
import { postNormStack } from "./rules/postNormStack.ts";
import { saturatedGates } from "./rules/saturatedGates.ts";
import { saturatedUnits } from "./rules/saturatedUnits.ts";
import { symmetricUnits } from "./rules/symmetricUnits.ts";
import { explodingThroughDepth, vanishingThroughDepth } from "./rules/throughDepth.ts";
import { updateRatio } from "./rules/updateRatio.ts";
import { vanishingThroughTime } from "./rules/vanishingThroughTime.ts";
import { ofSavedModel } from "./savedModel.ts";
import { viewOfConfig, viewOfProgram } from "./viewOf.ts";

/** A rule with all that may be known: its view of the model, and the config, if there is one. */
type Told = (history: RunHistory, view: ModelView, config: ResolvedModel | null) => readonly Finding[];

/** A rule for any model, with fixes where there is a config that they can edit. */
function any(rule: Rule): Told {
  return (history, view, config) =>
    rule(history, view).map((found) => ({ ...found, fixes: config ? found.fixes(config) : [] }));
}

/** A rule that is silent about models that no config describes. */
function configured(rule: ConfigRule): Told {
  return (history, _, config) => (config ? rule(history, config) : []);
}

const rules: readonly Told[] = [
  configured(outputMismatch),
  any(symmetricUnits),
  configured(postNormStack),
  configured(heldBack),
  ...[
    nonFinite,
    explodingThroughTime,
    explodingThroughDepth,
    explodingGradient,
    vanishingThroughTime,
    vanishingThroughDepth,
    deadUnits,
    saturatedUnits,
    saturatedGates,
    lossDiverging,
    lossPlateau,
    updateRatio,
    nothingToLearn,
  ].map(any),
];

/**
 * All findings for what `history` holds so far: gravest first, then in the order of the rules and the layers. Pure: the
 * same history gives the same findings. `config` is the model that the run was started from; null: a program made it, and
 * nothing is said that the measurements do not show.
 */
export function diagnose(history: RunHistory, config: ResolvedModel | null): readonly Finding[] {
  const model = config && asTrained(config, history);
  const view = model ? viewOfConfig(model) : viewOfProgram(history);
  const symptoms = rules.flatMap((rule) => rule(history, view, model));
  const all = settle(model ? withData(history, model, symptoms) : symptoms, history.info.kind);
  const learns = learningOf(history).state === "left";
  const empty = hasConstantTargets(history) || (!learns && hasConstantInputs(history));
  const settled = empty ? all.filter(holdsWithoutDifferences) : all;
  const told = learns ? settled.filter(mattersToLearners) : settled;
  return told.map(readable).sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

/** The symptoms, and what the config's data explain of them. */
function withData(history: RunHistory, model: ResolvedModel, symptoms: readonly Finding[]): readonly Finding[] {
  const findings = [...dataScale(history, model, symptoms), ...padding(history, model, symptoms), ...symptoms];
  return ofSavedModel(findings, model);
}

/** The model as it was trained: its file may state `fromLogits` if the config does not. */
function asTrained(model: ResolvedModel, { info: { fromLogits } }: RunHistory): ResolvedModel {
  return model.training.fromLogits || !fromLogits ? model : { ...model, training: { ...model.training, fromLogits } };
}

/** Longest explanation in UTF-16 units: several times the length of the longest real one. */
const longestExplanation = 4000;

/** Bounds the texts: layers of saved models and columns of tables carry whatever names their files give them. */
function readable(finding: Finding): Finding {
  return {
    ...finding,
    message: shortMessage(listWords().sentences(finding.message)),
    explanation: shortMessage(listWords().sentences(finding.explanation), longestExplanation),
    fixes: finding.fixes.map((fix) => ({ ...fix, title: shortMessage(fix.title) })),
  };
}

/** Findings that hold even if all targets are the same, and the loss proves nothing, or if all inputs are. */
function holdsWithoutDifferences({ severity, code }: Finding): boolean {
  return severity === "error" || code === "nothing-to-learn" || code === "output-mismatch" || code === "padding";
}

/** Notes that also matter for a net that learns: how much further it could get, or what its author may have missed. */
const toldOfLearners: readonly FindingCode[] = [
  "vanishing-through-time",
  "exploding-gradient",
  "padding",
  "output-mismatch",
  "symmetric-units",
];

/** A net that learns is healthy: what merely looks odd in it is no finding. */
function mattersToLearners({ severity, code }: Finding): boolean {
  return severity !== "information" || toldOfLearners.includes(code);
}
