import { afterEach, expect, it } from "vitest";
import { reachText } from "../../../src/diagnosis/text/throughTimeText.ts";
import { runCardSchema } from "../../../src/host/store/runCard.ts";
import type { ListedRun } from "../../../src/host/views/runList.ts";
import { durationWords, runDescription, runTitle } from "../../../src/host/views/runWords.ts";
import { speak } from "../../../src/messages/language.ts";

afterEach(() => speak("en"));

it("writes durations in the reader's language", () => {
  const durations = [850, 2100, 200_000, 7_500_000];
  expect(durations.map(durationWords)).toEqual(["850 ms", "2.1 s", "3 min 20 s", "2 h 5 min"]);
  speak("zh");
  expect(durations.map(durationWords)).toEqual(["850 毫秒", "2.1 秒", "3 分 20 秒", "2 小时 5 分"]);
});

/** A probe of `sigmoid`, in the words of the language that is spoken. */
function probe(): ListedRun {
  const card = runCardSchema.parse({
    runId: "probe-1",
    kind: "probe",
    model: "sigmoid",
    config: "file:///project/gradlens.json",
    own: true,
    external: false,
    checkpoints: false,
    backend: "WASM",
    startedAt: new Date(2026, 1, 3, 14, 3, 22).getTime(),
    duration: 2100,
    steps: 120,
    loss: 0.17,
    verdict: reachText({ horizon: 3, required: 99, state: "h", gain: 0.23, survival: -64, last: 100 }, false),
    severity: "warning",
    findings: [],
    interrupted: false,
    end: { kind: "budget" },
    label: {},
  });
  return { ...card, state: "ended" };
}

it("gives a run its time, loss and reach in a row that a narrow view shows, in both languages", () => {
  const said = (locale: string) => {
    const run = probe();
    return [runTitle(run, run.startedAt + 1000, locale), runDescription(run)];
  };
  expect(said("en")).toEqual(["Probe, 14:03:22", "loss 0.17 · reaches 3 of 99 · 120 steps · 2.1 s · WASM"]);
  speak("zh");
  expect(said("zh-cn")).toEqual(["探测，14:03:22", "损失 0.17 · 到达 3/99 步 · 120 步 · 2.1 秒 · WASM"]);
});
