import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConfigView } from "../../../src/host/findings/configView.ts";
import { gradientPicture } from "../../../src/host/inline/gradientPicture.ts";
import { briefHoverText, hoverCommands, hoverText } from "../../../src/host/inline/hoverText.ts";
import { lensesOf, modelTitle } from "../../../src/host/inline/lenses.ts";
import { commandLink, escapeMarkdown } from "../../../src/host/inline/markdown.ts";
import { notesOf, placedNotes } from "../../../src/host/inline/sparklineNotes.ts";
import { plainLabel } from "../../../src/host/plainLabel.ts";
import { statusOf } from "../../../src/host/status/statusText.ts";
import { ownBuffers } from "../../../src/host/views/ownBuffers.ts";
import { panelHtml } from "../../../src/host/views/panelHtml.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness();
});
afterEach(() => h.dispose());

function view(): ConfigView {
  const found = h.store.view(uri);
  if (!found) throw new Error("not open");
  return found;
}

function open(text = configText()): string {
  h.store.open(uri, text);
  return text;
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length - 1;

describe("code lenses", () => {
  it("offer the actions above each model, and show its state", () => {
    const text = open();
    const lenses = lensesOf(view(), true);
    expect(lenses.map((l) => [lineOf(text, l.offset), l.title])).toEqual([
      [4, "Probe"],
      [4, "Train"],
      [4, "Verify fixes"],
      [4, "not probed yet"],
      [7, "Probe"],
      [7, "Train"],
      [7, "Verify fixes"],
      [7, "not probed yet"],
      [5, "…"],
      [7, "…"],
    ]);
    expect(lenses[0]?.args).toEqual([uri, "good"]);
  });

  it("keep number and places from the first reading on, while probing, typing, verifying and after a fix", async () => {
    const text = open(configText("polite", "good"));
    const places = (): number[] => lensesOf(view(), true).map((l) => l.offset);
    const before = places();
    const run = h.runs.start("probe", target(text, "polite"), "user");
    expect(places()).toEqual(before);
    await new Promise<void>((resolve) => h.runs.onDiagnosis((r) => r.findings.length > 0 && resolve()));
    expect(places()).toEqual(before);
    expect(lensesOf(view(), true).map((l) => l.title)).toContain("$(debug-stop) Stop probe");
    h.runs.stop(run.runId);
    await ended(h.runs, run);
    expect(places()).toEqual(before);
    const verified = h.verifications.start(target(text, "good"), null);
    expect(places()).toEqual(before);
    await verified;
    expect(places()).toEqual(before);
    // Half-typed text, with errors: the lenses only move along with the lines.
    const typed = text.replace('"sigmoid"', '"tanh');
    h.store.change(uri, typed, [{ offset: text.indexOf('"sigmoid"'), length: 9, inserted: 5 }]);
    expect(lensesOf(view(), true).map((l) => lineOf(typed, l.offset))).toEqual(
      before.map((offset) => lineOf(text, offset)),
    );
  });

  it("speak of one run: the step of another one is not put before its figures", { tags: "thorough" }, async () => {
    const text = open(configText("good", "polite"));
    const first = h.runs.start("probe", target(text, "polite"), "user");
    await expect.poll(() => first.history?.lastStep).toBe(2);
    h.runs.stop(first.runId);
    await ended(h.runs, first);
    const training = h.runs.start("train", target(text, "polite"), "user");
    await expect.poll(() => training.history?.lastStep).toBe(2);
    const [, model] = view().models;
    if (!model) throw new Error("no such model");
    expect(modelTitle(model)).toMatch(/^\$\(sync~spin\) step 2 · /);
    expect(modelTitle({ ...model, shown: first })).toMatch(/^gradient reaches/);
    // Both kinds can be stopped where they were started.
    expect(lensesOf(view(), true).map((l) => l.title)).toContain("$(debug-stop) Stop training");
    h.runs.stop(training.runId);
    await ended(h.runs, training);
  });

  it("show that a run or a verification is stopping as soon as it is told to", { tags: "thorough" }, async () => {
    const text = open(configText("polite", "good"));
    const titles = () => lensesOf(view(), true).map((l) => l.title);
    const run = h.runs.start("probe", target(text, "polite"), "user");
    await expect.poll(() => run.history?.lastStep).toBe(2);
    h.runs.stop(run.runId);
    expect(titles()[0]).toBe("$(loading~spin) Stopping…");
    expect(statusOf(view(), h.runs.going, [], true)?.text).toContain("stopping…");
    await ended(h.runs, run);
    expect(titles()[0]).toBe("Probe");
    const job = h.verifications.start(target(text, "good"), null);
    expect(statusOf(view(), [], h.verifications.going, true)?.text).toContain("verifying good: 1 of 1");
    h.verifications.stop(uri, "good");
    expect(titles()).toContain("$(loading~spin) Stopping…");
    await job;
    expect(titles()).not.toContain("$(loading~spin) Stopping…");
  });

  it("have at most 120 characters, whatever was found", async () => {
    const text = open(configText("good", "m".repeat(200)));
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const measured = view();
    const models = measured.models.map((m) => ({
      ...m,
      shown: m.shown && { ...m.shown, findings: m.shown.findings.map((f) => ({ ...f, message: "w ".repeat(600) })) },
    }));
    expect(lensesOf({ ...measured, models }, true).some(({ title }) => title.includes("w w w"))).toBe(true);
    for (const { title } of lensesOf({ ...measured, models }, true)) expect(title.length).toBeLessThanOrEqual(120);
  });

  it("say that figures precede an edit, that a run failed, and why nothing runs in Restricted Mode", async () => {
    const text = open(configText("good", "crash"));
    for (const name of ["good", "crash"]) await ended(h.runs, h.runs.start("probe", target(text, name), "user"));
    expect(lensesOf(view(), true).map((l) => l.title)).toContainEqual(expect.stringMatching(/probe failed: .*code 3/));
    const at = text.indexOf('"sigmoid"');
    h.store.change(uri, text.replace('"sigmoid"', '"relu"'), [{ offset: at, length: 9, inserted: 6 }]);
    expect(lensesOf(view(), true).map((l) => l.title)).toContainEqual(
      expect.stringMatching(/before your edit: gradient reaches 0 of 3/),
    );
    const restricted = lensesOf(view(), false).map((l) => l.command);
    expect(new Set(restricted)).toEqual(new Set(["workbench.trust.manage"]));
  });

  it("say that the verdict of each layer precedes an edit, and keep one whose place the edit removed", async () => {
    const text = open();
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const at = text.indexOf('"sigmoid"');
    h.store.change(uri, text.replace('"sigmoid"', '"tanh"'), [{ offset: at, length: 9, inserted: 6 }]);
    const edited = view();
    const [model] = edited.models;
    const [note] = notesOf(edited);
    if (!model?.shown || !note) throw new Error("nothing measured");
    const titles = (changed: Partial<typeof model>, notes: readonly (typeof note)[] = []) =>
      lensesOf({ ...edited, models: [{ ...model, ...changed }] }, true, notes)
        .filter(({ offset }) => lineOf(edited.text, offset) === 5)
        .map(({ title }) => title);
    const long = model.shown.findings.map((finding) => ({ ...finding, message: "w ".repeat(600) }));
    const warned = [expect.stringMatching(/^before your edit: \$\(info\) gradient reaches 0 of 3/)];
    expect(titles({})).toEqual(warned);
    expect(titles({ findings: [] })).toEqual(warned);
    expect(titles({ shown: { ...model.shown, findings: long } })).toEqual([
      expect.stringMatching(/^before your edit: \$\(info\) w w/),
    ]);
    const sound = { shown: { ...model.shown, findings: [] } };
    expect(titles(sound)).toEqual([expect.stringMatching(/^before your edit: .* nothing found/)]);
    expect(titles(sound, [note])).toEqual([expect.stringMatching(/^▅▁▁▁\u00a0 before your edit: 0\/3/)]);
    expect(titles({ stale: false, ...sound }, [{ ...note, tone: "plain" }])).toEqual([
      expect.not.stringContaining("before"),
    ]);
    // A layer that another model shares, which was measured again: its figures are new, and the verdict on both is not.
    const both = {
      ...edited,
      models: [
        { ...model, ...sound },
        { ...model, ...sound, name: "heir", stale: false },
      ],
    };
    const shared = (notes: readonly (typeof note)[]) =>
      lensesOf(both, true, notes).flatMap(({ offset, title }) => (lineOf(edited.text, offset) === 5 ? [title] : []));
    expect(shared([])).toEqual([expect.stringMatching(/^before your edit: .* nothing found/)]);
    expect(shared([{ ...note, tone: "plain" }])).toEqual([expect.not.stringContaining("before")]);
  });
});

describe("end-of-line notes", () => {
  it("show the gradient backward in time and how far it reaches, on the layer's line", async () => {
    const text = open();
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const notes = notesOf(view());
    expect(notes.map((n) => lineOf(text, n.offset))).toEqual([5]);
    // The last timestep has its full size, all others are three decades or more below it, under ε.
    expect(notes[0]?.text).toMatch(/^▅▁▁▁ {2}0\/3/);
    expect(notes[0]?.tone).not.toBe("stale");
    h.store.change(uri, text.replace('"sigmoid"', '"relu"'), [
      { offset: text.indexOf('"sigmoid"'), length: 9, inserted: 6 },
    ]);
    expect(notesOf(view())[0]?.tone).toBe("stale");
  });
});

describe("a note on a long line", () => {
  it("stands in the layer's lens, and not at the end of the line", async () => {
    const text = open();
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const now = view();
    const [note] = notesOf(now);
    const line = text.split("\n")[5] ?? "";
    expect(placedNotes(now, line.length + 48)).toEqual({ onLine: [note], inLens: [] });
    const { onLine, inLens } = placedNotes(now, line.length + 47);
    expect([onLine, inLens]).toEqual([[], [note]]);
    const places = (lenses: readonly { offset: number }[]) => lenses.map(({ offset }) => offset);
    const without = lensesOf(now, true);
    const drawn = lensesOf(now, true, inLens);
    expect(places(drawn)).toEqual(places(without));
    expect(drawn.map(({ title }) => title).filter((title, i) => title !== without[i]?.title)).toEqual([
      expect.stringMatching(/^▅▁▁▁\u00a0 \$\(\w+\) .*gradient reaches 0 of 3/),
    ]);
  });
});

describe("a layer of two models", () => {
  it("names the model that a text is about", async () => {
    const text = open();
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const alone = view();
    const [good] = alone.models;
    const [note] = notesOf(alone);
    if (!good || !note) throw new Error("nothing measured");
    expect(note.text).not.toContain("good");
    const shared = { ...alone, models: [good, { ...good, name: "heir" }] };
    expect(notesOf(shared).map((n) => n.text)).toEqual([`good: ${note.text} · 1 of 2 models`]);
    // The gravest is shown, wherever it stands.
    const [finding] = good.layers[0]?.findings ?? [];
    const grave = { finding: { ...finding?.finding, severity: "error" } };
    const broken = { ...good, name: "heir", layers: good.layers.map((l) => ({ ...l, findings: [grave] })) };
    const mixed = { ...alone, models: [good, broken] } as unknown as ConfigView;
    expect(notesOf(mixed).map((n) => [n.text.slice(0, 5), n.tone])).toEqual([["heir:", "error"]]);
    const ofLayer = lensesOf(shared, true).filter((l) => l.offset === note.offset);
    expect(ofLayer.map((l) => l.title)).toEqual([
      expect.stringMatching(/^good: .*gradient reaches.* · 2 of 2 models$/),
    ]);
  });
});

describe("hover", () => {
  it("has picture, figures and findings, and links only to permitted commands", async () => {
    const text = open();
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const model = view().models[0];
    const layer = model?.layers[0];
    if (!model || !layer) throw new Error("nothing measured");
    const markdown = hoverText(uri, model, layer) ?? "";
    expect(markdown).toContain("data:image/svg+xml;base64,");
    // What this engine does not measure is left out.
    expect(markdown.split("\n").map((line) => line.trimEnd())).toContain("**∂L/∂h** reaches 0 of 3 timesteps");
    expect(markdown).toContain("vanishing-through-time");
    const linked = [...markdown.matchAll(/\(command:([\w.]+)/g)].map((m) => m[1] ?? "");
    expect(linked).toContain("gradlens.applyFix");
    expect(linked).toContain("gradlens.deepProbe");
    expect(linked.filter((command) => !hoverCommands.includes(command))).toEqual([]);
  });

  it("says each sentence once, and none that the squiggle above it says", async () => {
    const text = open();
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const [model] = view().models;
    const [layer] = model?.layers ?? [];
    const [found] = layer?.findings ?? [];
    if (!model || !layer || !found) throw new Error("nothing measured");
    const twice = { ...layer, findings: [found, found] };
    const count = (markdown: string | undefined, sentence: string): number =>
      (markdown ?? "").split(escapeMarkdown(sentence)).length - 1;
    const whole = hoverText(uri, model, twice);
    expect(count(whole, found.finding.message)).toBe(1);
    expect(count(whole, found.finding.explanation)).toBe(1);
    const below = hoverText(uri, model, twice, new Set([found.finding.message]));
    expect(count(below, found.finding.message)).toBe(0);
    expect(count(below, found.finding.explanation)).toBe(1);
    const brief = briefHoverText(model, layer) ?? "";
    expect(count(brief, found.finding.message)).toBe(1);
    expect(brief).not.toContain("data:image");
    expect(brief.split("\n")).toHaveLength(1);
  });

  it("lets no text of the config become a link", () => {
    const escaped = escapeMarkdown("[x](command:evil) `a` <img> | *b*");
    expect(escaped).not.toMatch(/(?<!\\)[[\]()`<>|*]/);
    expect(plainLabel("[x](command:evil) $(bug)")).not.toMatch(/\]\(|\$\(/);
    expect(commandLink("t", "c", ['") [x](command:evil)'])).not.toMatch(/[[(]x/);
    const link = commandLink("t", "c", ["a(b)'c'*", "d"], 'a "tip"\rof two lines');
    expect(link).toMatch(/^\[t\]\(command:c\?[\w.%-]+ "a 'tip' of two lines"\)$/);
    const address = /\?([^ ]+) /.exec(link)?.[1] ?? "";
    expect(JSON.parse(decodeURIComponent(address))).toEqual(["a(b)'c'*", "d"]);
    expect([escapeMarkdown("a\rb\r\nc\nd"), plainLabel("a\rb\r\nc\nd")]).toEqual(["a b c d", "a b c d"]);
  });
});

describe("picture", () => {
  const options = { epsilon: 0.01, horizon: 2, requiredLag: 3 };
  const points = (svg: string | null): number[][][] =>
    [...(svg ?? "").matchAll(/points="([^"]*)"/g)].map((m) =>
      (m[1] ?? "").split(" ").map((p) => p.split(",").map(Number)),
    );

  it("reads backward in time: the last timestep is left, and the curve falls with the gradient", () => {
    const [curve] = points(
      gradientPicture({ ...options, states: [{ name: "h", logNorm: Float64Array.of(-6, -4, -2, 0) }] }),
    );
    expect(curve?.length).toBe(4);
    for (let i = 1; i < 4; i++) {
      expect(curve?.[i]?.[0]).toBeGreaterThan(curve?.[i - 1]?.[0] ?? 0);
      expect(curve?.[i]?.[1]).toBeGreaterThan(curve?.[i - 1]?.[1] ?? 0);
    }
  });

  it("breaks the curve at NaN and keeps every coordinate a number", () => {
    const svg = gradientPicture({
      ...options,
      states: [
        { name: "h", logNorm: Float64Array.of(Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY, -1, 0) },
      ],
    });
    expect(points(svg).length).toBe(2);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("has whole decades on its axis, and no overlapping labels", () => {
    for (const [horizon, requiredLag, height] of [
      [0, 1, 130],
      [60, 60, 130],
      [99, 99, 130],
      [99, 99, 96],
    ] as const) {
      const logNorm = Float64Array.from({ length: 100 }, (_, i) => (i - 99) * 0.65);
      const svg = gradientPicture({
        epsilon: 0.01,
        horizon,
        requiredLag,
        height,
        states: ["h", "c", "M"].map((name) => ({ name, logNorm })),
      });
      const labels = [
        ...(svg ?? "").matchAll(/<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)</g),
      ].map(([, x, y, anchor, text = ""]) => {
        // More than the average width of any sans-serif font at 10 pixels.
        const wide = text.length * 5.5;
        const from = Number(x) - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0);
        return { text, from, to: from + wide, y: Number(y) };
      });
      expect(labels.map((l) => l.text)).toEqual(
        expect.arrayContaining(["0", "−20", "−60", "required", "horizon", "∂L/∂M"]),
      );
      const overlaps = labels.flatMap((a, i) =>
        labels
          .slice(i + 1)
          .filter((b) => a.from < b.to && b.from < a.to && Math.abs(a.y - b.y) < 9)
          .map((b) => `${a.text} / ${b.text}`),
      );
      expect(overlaps).toEqual([]);
    }
  });

  it("is not drawn if there is nothing to draw", () => {
    const logNorm = new Float64Array(4).fill(Number.NEGATIVE_INFINITY);
    expect(gradientPicture({ ...options, states: [{ name: "h", logNorm }] })).toBeNull();
  });
});

describe("status", () => {
  it("says the worst thing first", async () => {
    const text = open(configText("good", "crash"));
    expect(statusOf(view(), [], [], true)?.text).toBe("$(pulse) Gradients: not probed");
    expect(statusOf(view(), [], [], false)?.text).toContain("restricted");
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    expect(statusOf(view(), [], [], true)?.text).toBe("$(pulse) Gradients: provisional");
    const measured = view();
    const findings = (["error", "warning", "warning"] as const).flatMap((severity) =>
      measured.models.flatMap((m) => m.findings.map((f) => ({ ...f, finding: { ...f.finding, severity } }))),
    );
    const mixed = { ...measured, models: measured.models.slice(0, 1).map((m) => ({ ...m, findings })) };
    expect(statusOf(mixed, [], [], true)?.text).toBe("$(error) Gradients: 1 error, 2 warnings");
    await ended(h.runs, h.runs.start("probe", target(text, "crash"), "user"));
    expect(statusOf(view(), [], [], true)?.text).toBe("$(error) Gradients: run failed");
    expect(statusOf(undefined, [], [], true)).toBeUndefined();
  });
});

describe("panel", () => {
  it("may load and run nothing but the built page", () => {
    const html = panelHtml({ script: "https://x/panel.js", style: "https://x/panel.css", cspSource: "https://x" });
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
    expect(nonce.length).toBeGreaterThan(20);
    expect(html).toContain(`<script nonce="${nonce}"`);
    expect(panelHtml({ script: "", style: "", cspSource: "" })).not.toContain(nonce);
  });

  it("is sent arrays with buffers of their own size", () => {
    const chunk = new ArrayBuffer(8000);
    const sent = ownBuffers({
      frame: { rows: new Float64Array(chunk, 80, 3).fill(7), list: [new Float64Array(chunk, 0, 1)] },
    });
    expect([...sent.frame.rows]).toEqual([7, 7, 7]);
    expect(sent.frame.rows.buffer.byteLength).toBe(24);
    expect(sent.frame.list[0]?.buffer.byteLength).toBe(8);
  });
});
