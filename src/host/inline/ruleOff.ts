/** The edit that switches a finding's rule off for one model. */

import { inlineWords } from "../../messages/inline.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";

export function ruleOff({ name }: { readonly name: string }, { code }: Pick<Finding, "code">): Fix {
  return {
    id: "rule-off",
    title: inlineWords().ruleOff(code),
    edits: [{ path: ["models", name, "diagnosis", code], value: false }],
  };
}
