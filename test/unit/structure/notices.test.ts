import { describe, expect, it } from "vitest";
import { noticesOf } from "../../../tools/package/notices.mjs";
import { root } from "../../../tools/root.ts";

describe("the notices of a package", () => {
  const notices = noticesOf(root, [
    "src/extension.ts",
    "node_modules/@tensorflow/tfjs-core/dist/index.js",
    "node_modules/@tensorflow/tfjs-layers/node_modules/zod/index.js",
    "node_modules/chart.js/dist/chart.js",
  ]);

  it("name each package that is bundled or compiled in, also an inner one", () => {
    for (const name of ["@tensorflow/tfjs-core", "zod", "chart.js", "assemblyscript"])
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+`, "m"));
  });

  it("have the text of their licences, each once", () => {
    expect(notices.match(/Apache License\s+Version 2\.0/g)).toHaveLength(1);
    expect(notices).toMatch(
      /Permission is hereby granted[\s\S]*Chart\.js|Chart\.js[\s\S]*Permission is hereby granted/,
    );
  });

  it("fail for a package without terms", () => {
    expect(() => noticesOf(root, ["node_modules/no-such-package/index.js"])).toThrow();
  });
});
