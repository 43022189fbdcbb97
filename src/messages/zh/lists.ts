import type { lists as english } from "../en/lists.ts";

export const lists: typeof english = {
  commas: (parts) => parts.join("，"),
  or: (parts) => parts.join("或"),
  and: (parts) => parts.join("和"),
  quoted: (text) => `“${text}”`,
  // No space follows a full-width mark.
  sentences: (text) => text.replaceAll(/([。，；：！？）]) +/g, "$1"),
};
