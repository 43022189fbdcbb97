import { describe, expect, it, vi } from "vitest";

vi.mock("vscode", () => ({}));
const { offerMcpServer, serverStarts } = await import("../../../../src/host/tools/mcpProvider.ts");

const start = {
  folder: "/w",
  label: "l",
  command: "node",
  args: ["cli.js", "mcp", "/w"],
  env: { A: "1" },
  version: "1.2.3",
};
const never = () => ({ dispose: () => {} });

describe("the server of tools", () => {
  it("is one for each folder, named by it if there are several", () => {
    const starts = serverStarts("/x/cli.js", "1.0.0", [
      { name: "a", path: "/w/a" },
      { name: "b", path: "/w/b" },
    ]);
    expect(starts).toMatchObject([
      { label: "Gradient Lens: a", args: ["/x/cli.js", "mcp", "/w/a"], env: { ELECTRON_RUN_AS_NODE: "1" } },
      { label: "Gradient Lens: b", args: ["/x/cli.js", "mcp", "/w/b"] },
    ]);
    expect(serverStarts("/x/cli.js", "1.0.0", [{ name: "a", path: "/w/a" }])[0]?.label).toBe("Gradient Lens");
  });

  it("is offered where VS Code has the API", () => {
    class Definition {
      readonly given: readonly unknown[];
      constructor(...given: readonly unknown[]) {
        this.given = given;
      }
    }
    const dispose = vi.fn();
    const register = vi.fn((_id: string, _provider: { provideMcpServerDefinitions(): readonly Definition[] }) => ({
      dispose,
    }));
    const api = { lm: { registerMcpServerDefinitionProvider: register }, McpStdioServerDefinition: Definition };
    const offered = offerMcpServer(() => [start], never, api);
    const [id, provider] = register.mock.calls[0] ?? [];
    expect(id).toBe("gradlens.mcp");
    expect(provider?.provideMcpServerDefinitions().map(({ given }) => given)).toEqual([
      ["l", "node", ["cli.js", "mcp", "/w"], { A: "1" }, "1.2.3"],
    ]);
    offered.dispose();
    expect(dispose).toHaveBeenCalledOnce();
  });

  it.each([{}, { lm: {} }, { lm: { registerMcpServerDefinitionProvider: () => ({}) } }])(
    "is not offered by an older VS Code: %j",
    (api) => {
      expect(() => offerMcpServer(() => [start], never, api).dispose()).not.toThrow();
    },
  );
});
