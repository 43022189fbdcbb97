import { describe, expect, it } from "vitest";
import { filesLinkedBy, packagedMarkdown } from "../../../tools/package/packagedMarkdown.ts";

describe("packaged Markdown", () => {
  const text = `a [b](docs/b.md#c), [d](docs/d.md), [e](#f), [g](https://example.org/)
<!-- not packaged -->
| <img src="p.png"> |
<!-- /not packaged -->

end <img src="q.png">
`;

  it("keeps the words of links whose files are left out, and leaves out marked pictures", () => {
    expect(packagedMarkdown(text, "README.md", (file) => file === "docs/b.md")).toBe(
      'a [b](docs/b.md#c), d, [e](#f), [g](https://example.org/)\nend <img src="q.png">\n',
    );
  });

  it("is searched for the files that it links to, from where it is", () => {
    expect(filesLinkedBy(text, "docs/x.md")).toEqual(["docs/docs/b.md", "docs/docs/d.md", "docs/p.png", "docs/q.png"]);
  });
});
