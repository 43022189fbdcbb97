/** Tags of our own values, each with the version of its form (docs/run-format.md). */

export const tags = {
  description: "gradlens/run.1",
  config: "gradlens/config.1",
  model: "gradlens/model.1",
  need: "gradlens/need.1",
  findings: "gradlens/findings.1",
  notes: "gradlens/notes.1",
  verification: "gradlens/verification.1",
  label: "gradlens/label.1",
  end: "gradlens/end.1",
} as const;
export type TextTag = (typeof tags)[keyof typeof tags];

const profilePrefix = "gradlens/profile.1/";

export function profileTag(layer: number, channel: string): string {
  return `${profilePrefix}${layer}/${channel}`;
}

/** Null: not the tag of a profile. */
export function parseProfileTag(tag: string): { readonly layer: number; readonly channel: string } | null {
  if (!tag.startsWith(profilePrefix)) return null;
  const [layer = "", channel = ""] = tag.slice(profilePrefix.length).split("/");
  return /^\d{1,6}$/.test(layer) ? { layer: Number(layer), channel } : null;
}
