import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { speak } from "../../../src/messages/language.ts";
import { shown } from "./shownTexts.ts";

class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  constructor(scheme: string, authority: string, path: string) {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
  }
  static parse(text: string): Uri {
    const [, scheme, authority, path] = /^([a-z-]+):\/\/([^/]*)(\/.*)$/.exec(text) ?? [];
    if (scheme === undefined) throw new Error("no scheme");
    return new Uri(scheme, authority ?? "", path ?? "");
  }
  static joinPath({ scheme, authority, path }: Uri, name: string): Uri {
    return new Uri(scheme, authority, `${path.replace(/\/$/, "")}/${name}`);
  }
  toString(): string {
    return `${this.scheme}://${this.authority}${this.path}`;
  }
}
const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };
/** Paths of the files and folders that exist, with their types. */
const files = new Map<string, number>();
const looked: string[] = [];
const opened: string[] = [];
const said = () => shown.map(({ text }) => text);
vi.mock("vscode", async () => ({
  Uri,
  FileType,
  commands: {
    executeCommand: async (command: string, uri: Uri, editor: string) => opened.push(`${command} ${uri} ${editor}`),
  },
  window: (await import("./shownTexts.ts")).window,
  workspace: {
    workspaceFolders: [{ uri: new Uri("vscode-vfs", "github", "/a/b") }],
    fs: {
      stat: async (uri: Uri) => {
        looked.push(String(uri));
        const type = files.get(uri.path.replace(/\/$/, ""));
        if (type === undefined) throw new Error("missing");
        return { type };
      },
      readDirectory: async (uri: Uri) =>
        [...files].flatMap(([file, type]) => {
          const path = uri.path.replace(/\/$/, "");
          const name = file.slice(path.length + 1);
          return file.startsWith(`${path}/`) && !name.includes("/") ? [[name, type]] : [];
        }),
    },
  },
}));
const { openDropped } = await import("../../../src/host/views/openDropped.ts");

const { File, Directory, SymbolicLink } = FileType;
const opens = (uri: string): string => `vscode.openWith ${uri} gradlens.runEditor`;

afterEach(() => speak("en"));
beforeEach(() => {
  for (const list of [looked, opened, shown]) list.length = 0;
  files.clear();
  for (const [path, type] of [
    ["/runs/a", Directory],
    ["/runs/a/events.out.tfevents.2.h", File],
    ["/runs/a/events.out.tfevents.1.h", File],
    ["/runs/a/notes.txt", File],
    ["/runs/empty", Directory],
    ["/linked", Directory | SymbolicLink],
    ["/linked/x.tfevents", File],
    ["/socket.tfevents", FileType.Unknown],
  ] as const)
    files.set(path, type);
});

describe("what is dropped on a page", () => {
  it.each([
    ["file:///runs/a/events.out.tfevents.2.h", "file:///runs/a/events.out.tfevents.2.h"],
    ["file:///runs/a", "file:///runs/a/events.out.tfevents.1.h"],
    ["file:///runs/a/", "file:///runs/a/events.out.tfevents.1.h"],
    ["file:///linked", "file:///linked/x.tfevents"],
    ["vscode-vfs://github/runs/a", "vscode-vfs://github/runs/a/events.out.tfevents.1.h"],
  ])("is opened if it is an event file or has one: %s", async (dropped, file) => {
    await openDropped([dropped]);
    expect([opened, said()]).toEqual([[opens(file)], []]);
  });

  it.each(["file:///runs/a/notes.txt", "file:///runs/empty", "file:///missing", "file:///socket.tfevents"])(
    "is named if it is no run: %s",
    async (dropped) => {
      await openDropped([dropped]);
      const name = dropped.split("/").at(-1);
      expect(opened).toEqual([]);
      expect(said()).toEqual([`${name} is no run that can be opened: it has no TensorBoard event file.`]);
    },
  );

  it.each([
    "file://server/share/run",
    "http://example.com/x.tfevents",
    "command://x/y",
    "vscode-vfs://other/runs/a",
    "nonsense",
    "",
  ])("is not even looked at outside of this machine and the workspace: %j", async (dropped) => {
    await openDropped([dropped]);
    expect([looked, opened, said().length]).toEqual([[], [], 1]);
  });

  it("is opened even if something else is dropped with it", async () => {
    await openDropped(["file:///missing", "file:///runs/a"]);
    expect([opened.length, said().length]).toEqual([1, 1]);
  });

  it("is refused in Chinese, too, with a short name", async () => {
    speak("zh");
    await openDropped([`file:///${"x".repeat(4000)}`]);
    expect(said()).toEqual([`${"x".repeat(100)} 不是可以打开的运行：其中没有 TensorBoard 事件文件。`]);
  });
});
