/** Describes runs in the runs view and in pickers. Independent of VS Code. */

import { shorten } from "../../config/shorten.ts";
import { hostWords } from "../../messages/host.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { configName } from "../runs/configName.ts";
import { describeEnd } from "../runs/describeEnd.ts";
import type { ListedRun } from "./runList.ts";

const kindWords = (kind: ListedRun["kind"]): string => (kind === "probe" ? hostWords().probe : hostWords().training);

/** Its given name, else `Training, 14:03:22`; on another day `Training, 28 Nov, 14:03`. @param now milliseconds */
export function runTitle({ label, kind, startedAt }: ListedRun, now: number, locale: string): string {
  return label.name ?? hostWords().kindAt({ kind: kindWords(kind), time: timeWords(startedAt, now, locale) });
}

export function timeWords(at: number, now: number, locale: string): string {
  const date = new Date(at);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  if (date.toDateString() === new Date(now).toDateString())
    return new Intl.DateTimeFormat(locale, { ...time, second: "2-digit" }).format(date);
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...year, ...time }).format(date);
}

/** `850 ms`, `2.1 s`, `3 min 20 s`, `2 h 5 min`. @param duration milliseconds */
export function durationWords(duration: number): string {
  const seconds = duration / 1000;
  if (seconds < 1) return hostWords().milliseconds(Math.round(duration));
  if (seconds < 60) return hostWords().seconds(formatNumber(seconds));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return hostWords().minutes({ minutes, seconds: Math.floor(seconds % 60) });
  return hostWords().hours({ hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/**
 * `loss 0.17 · gradient reaches 3 of 99 timesteps · 120 steps · 2.1 s · WASM`: what distinguishes runs comes first,
 * because the view is narrow.
 */
export function runDescription(run: ListedRun): string {
  const state = stateWords(run);
  // The view's title and the other words of the verdict say that it is the gradient that reaches.
  const verdict = hostWords().shortVerdict(run.verdict);
  return [
    ...(state === null ? [] : [state]),
    ...(run.steps > 0 ? [hostWords().loss(formatNumber(run.loss))] : []),
    ...(verdict === "" ? [] : [verdict]),
    ...(run.steps > 0 ? [hostWords().steps(run.steps)] : []),
    ...(run.duration === null ? [] : [durationWords(run.duration)]),
    ...(run.backend === "" ? [] : [run.backend]),
  ].join(" · ");
}

/** What is unusual about its state; null for a run that ended as planned. */
export function stateWords({ state, end, interrupted, external, own }: ListedRun): string | null {
  if (state === "starting") return hostWords().waiting;
  if (state === "stopping") return hostWords().stopping;
  if (state === "elsewhere") return hostWords().runningElsewhere;
  if (state === "running") return null;
  // Most programs never say that they have ended.
  if (interrupted && !own) return null;
  if (interrupted) return external ? hostWords().crashed : hostWords().interrupted;
  return end === null || end.kind === "completed" || end.kind === "budget" ? null : shorten(describeEnd(end));
}

/** The lines of a tooltip: everything that is known of a run. */
export function runLines(run: ListedRun, now: number, locale: string): readonly (readonly [string, string])[] {
  const { label, findings, startedAt, steps } = run;
  const all: readonly (readonly [string, string])[] = [
    [hostWords().note, label.note ?? ""],
    [hostWords().config, run.config],
    [hostWords().started, timeWords(startedAt, now, locale)],
    [hostWords().duration, run.duration === null ? "" : durationWords(run.duration)],
    [hostWords().state, stateWords(run) ?? ""],
    [hostWords().stepCount, steps > 0 ? String(steps) : ""],
    [hostWords().lossName, steps > 0 ? formatNumber(run.loss) : ""],
    [hostWords().verdict, run.verdict],
    [hostWords().findings, findings.filter((finding) => finding !== run.verdict).join("; ")],
    [hostWords().backend, run.backend],
  ];
  return all.filter(([, text]) => text !== "");
}

/** The config's short name, as the title of its group. */
export function configWords(config: string): string {
  return config === "" ? hostWords().otherRuns : configName(config);
}
