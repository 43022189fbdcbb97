/** What people read while a language model uses the tools, and before they let it run one. */

export const chatTools = {
  names: (names: readonly string[]) => names.join(", "),
  allModels: "all models",
  workspaceConfig: "the workspace's config",
  listing: (config: string) => `Reading the models of ${config}`,
  findings: ({ model, config }: { model: string; config: string }) => `Reading the findings on ${model} of ${config}`,
  probing: ({ models, config }: { models: string; config: string }) => `Probing ${models} of ${config}`,
  comparing: ({ models, config }: { models: string; config: string }) => `Comparing ${models} of ${config}`,
  verifying: ({ model, config }: { model: string; config: string }) => `Verifying the fixes of ${model} of ${config}`,
  mayProbe: "Probe models?",
  mayCompare: "Compare models?",
  mayVerify: "Verify fixes?",
  probes: ({ models, config, seconds }: { models: string; config: string; seconds: number }) =>
    `This trains ${models} of ${config} on this computer, each for at most ${seconds} s. Nothing is written.`,
  verifies: ({ model, config, seconds }: { model: string; config: string; seconds: number }) =>
    `This trains ${model} of ${config} on this computer with and without each fix, for at most ${seconds} s. The config is not changed.`,
  noFolder: "Open a folder first: the tools read only the configs of the workspace.",
  notStarted: (reason: string) => `The process of the tools could not be started: ${reason}`,
  ended: "The process of the tools ended in the middle of its work.",
};
