import type { need as english } from "../en/need.ts";

export const need: typeof english = {
  memory: "（记忆）",
  unused: "网络没有用到输入：在样本之间调换输入，损失不变",
  uses: (what) => `网络用到了${what}`,
  last: (all) => `${all} 个时间步中的最后一个`,
  all: (all) => `全部 ${all} 个时间步`,
  lastOf: ({ last, all }) => `${all} 个时间步中的最后 ${last} 个`,
};
