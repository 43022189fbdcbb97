import { type lists as english, mostNames } from "../en/lists.ts";

export const lists: typeof english = {
  commas: (parts) => parts.join("，"),
  some: ({ names, all }) => {
    const others = all ? "等（docs/config.md 列出全部）" : "等";
    return `${names.slice(0, mostNames).join("、")}${names.length > mostNames ? others : ""}`;
  },
  or: (parts) => parts.join("或"),
  and: (parts) => parts.join("和"),
  quoted: (text) => `“${text}”`,
  named: ({ name, text }) => `${name}：${text}`,
  aside: ({ text, aside }) => `${text}（${aside}）`,
  sentence: (text) => `${text}。`,
  // No space follows a full-width mark.
  sentences: (text) => text.replaceAll(/([。，；：！？）]) +/g, "$1"),
};
