import { afterEach, describe, expect, it } from "vitest";
import { configName } from "../../../src/host/runs/configName.ts";
import type { Run } from "../../../src/host/runs/run.ts";
import { FollowConfig } from "../../../src/host/views/followConfig.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
afterEach(() => h.dispose());

const other = "file:///project/other/gradlens.json";

async function probe(of: string, name = "good"): Promise<Run> {
  const text = configText("good", "polite");
  return ended(h.runs, h.runs.start("probe", { ...target(text, name), uri: of }, "editor"));
}

describe("the panel's run", () => {
  it("follows the config that became active, to its newest run", async () => {
    h = harness();
    const [, mine, theirs] = [await probe(uri), await probe(uri), await probe(other)];
    const follow = new FollowConfig();
    expect(follow.became(uri, h.runs.runs, theirs)).toBe(mine);
    expect(follow.became(other, h.runs.runs, mine)).toBe(theirs);
    expect(follow.became("file:///nothing/gradlens.json", h.runs.runs, theirs)).toBeUndefined();
  });

  it("stays as chosen while the same config is active, and while it is pinned", async () => {
    h = harness();
    const [mine, theirs] = [await probe(uri), await probe(other)];
    const follow = new FollowConfig();
    expect(follow.became(uri, h.runs.runs, mine)).toBeUndefined();
    // The user chose the other config's run in the panel, and went back to the editor.
    expect(follow.became(uri, h.runs.runs, theirs)).toBeUndefined();
    follow.pinned = true;
    expect(follow.became(other, h.runs.runs, mine)).toBeUndefined();
  });

  it("gives way to a run that the user started, unless it is pinned to another model", async () => {
    h = harness();
    const mine = await probe(uri);
    const starting = (of: string, askedBy: Run["askedBy"]): Run => ({ ...mine, uri: of, askedBy, state: "starting" });
    const follow = new FollowConfig();
    expect(follow.takesOver(starting(other, "user"), mine)).toBe(true);
    expect(follow.takesOver(starting(other, "editor"), mine)).toBe(false);
    expect(follow.takesOver(starting(other, "editor"), undefined)).toBe(true);
    expect(follow.takesOver(starting(uri, "editor"), mine)).toBe(true);
    expect(follow.takesOver({ ...starting(uri, "user"), state: "running" }, mine)).toBe(false);
    follow.pinned = true;
    expect(follow.takesOver(starting(other, "user"), mine)).toBe(false);
    expect(follow.takesOver(starting(uri, "user"), mine)).toBe(true);
  });
});

describe("a config's name", () => {
  it("is its folder's if the file's says nothing", () => {
    expect(configName("/a/adding-problem/gradlens.json")).toBe("adding-problem");
    expect(configName("/a/b/my.gradlens.json")).toBe("my.gradlens.json");
    expect(configName("/gradlens.json")).toBe("gradlens.json");
  });
});
