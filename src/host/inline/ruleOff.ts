/** The edit that switches a finding's rule off for one model. */

import type { Finding, Fix } from "../../protocol/finding.ts";

export function ruleOff({ name }: { readonly name: string }, { code }: Pick<Finding, "code">): Fix {
  return {
    id: "rule-off",
    title: `Switch the rule ${code} off for this model`,
    edits: [{ path: ["models", name, "diagnosis", code], value: false }],
  };
}
