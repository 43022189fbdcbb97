import type { chatTools as english } from "../en/chatTools.ts";

export const chatTools: typeof english = {
  names: (names) => names.join("、"),
  allModels: "所有模型",
  workspaceConfig: "工作区的配置",
  listing: (config) => `正在读取 ${config} 的模型`,
  findings: ({ model, config }) => `正在读取 ${config} 中 ${model} 的诊断`,
  probing: ({ models, config }) => `正在探测 ${config} 中的 ${models}`,
  comparing: ({ models, config }) => `正在比较 ${config} 中的 ${models}`,
  verifying: ({ model, config }) => `正在验证 ${config} 中 ${model} 的修复`,
  mayProbe: "要探测模型吗？",
  mayCompare: "要比较模型吗？",
  mayVerify: "要验证修复吗？",
  probes: ({ models, config, seconds }) =>
    `将在本机训练 ${config} 中的 ${models}，每个最多 ${seconds} 秒。不会写入任何文件。`,
  verifies: ({ model, config, seconds }) =>
    `将在本机分别带着和不带每个修复训练 ${config} 中的 ${model}，最多 ${seconds} 秒。不会改动配置。`,
  noFolder: "请先打开文件夹：这些工具只读取工作区中的配置。",
  notStarted: (reason) => `无法启动工具的进程：${reason}`,
  ended: "工具的进程在工作中途结束了。",
};
