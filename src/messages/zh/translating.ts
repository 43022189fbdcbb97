import type { translating as english } from "../en/translating.ts";

const writeLayers = "请在配置中用“layers”写出该模型，代替“file”。";
const readable = "Keras 的 .keras 或 .h5，或者 tfjs 的 model.json";

/** The subject of a remark. */
function layersText({ first, others }: { readonly first: string; readonly others: number }): string {
  return others === 0 ? `其中的层“${first}”` : `其中的层“${first}”以及另外 ${others} 个层`;
}

const readsMasked = "它会像读取其他时间步一样读取被掩码遮住的时间步，这里也是如此。";

export const translating: typeof english = {
  refused: ({ layer, type, why }) => `无法转换其中的层“${layer}”（${type}）：${why}`,
  code: `它含有代码，而文件中的代码一概不执行。${writeLayers}`,
  modelInside: "这里的包装层中不能再有模型。",
  rmsScaling:
    "Keras 已弃用 rms_scaling；带有它时，该层除以标准差而不减去均值。请改用 RMSNormalization 重新训练该模型。",
  noLayer: `这里没有计算相同的层，也不会从文件中读取代码。${writeLayers}`,
  notInside: "其中没有描述它所包装的层。",
  unknown: (key) => `它的 ${key} 是未知的。`,
  ownActivation: "它的激活函数是自定义代码。",
  noActivation: (name) => `这里没有激活函数“${name}”。`,
  cells: "它的 cells 不是列表。",
  stateful: "“stateful”必须是 true 或 false。",
  unsupported: ({ key, value }) => `“${key}”是 ${value}，tfjs 的层不支持它。`,

  weightShape: (of) => `其中的层“${of.layer}”的 ${of.weight} 的形状是 ${of.shape}，而该层需要 ${of.wanted}。`,
  weightsNotFinite: (of) =>
    `其中的层“${of.layer}”的 ${of.weight} 的 ${of.n} 个元素中有 ${of.broken} 个是 NaN 或无穷大，因此所有梯度也会如此。该模型是在训练发散之后保存的。`,
  modelsInside: (most) => `其中互相嵌套的模型超过 ${most} 层。`,
  deepGroup: (group) => `其中的组“${group}”嵌套过深。`,
  manyNames: ({ what, most }) => `其中的 ${what} 的名称超过了 ${most} 个的上限。`,
  weightsOnly:
    "其中有权重，却没有描述它们的层。请把它写为一个带有“layers”或另一个“file”的模型的“weights”，或保存整个模型（model.save）。",
  noModelConfig: "这是 HDF5 文件，但不是 Keras 模型：其中没有 model_config。",
  folder: `这是文件夹，而不是保存的模型：${readable}。`,
  empty: "文件是空的，或者从开头就已中断。",
  neither: "这既不是 Keras 写出的 zip 文件，也不是 HDF5 文件，或者文件已损坏、不完整。",
  noModel: `这不是这里能够读取的模型：${readable}。`,

  carriedState: (layers) =>
    `${layersText(layers)}在训练中把状态从一个批次带到下一个批次（stateful）。这里的测量不这样做：每个样本都从零状态开始。`,
  penalty: (layers) =>
    `${layersText(layers)}会把其输出的正则化项加到损失上（activity_regularizer）。这里的损失和梯度都不含该项。`,
  precision: (policies) => `该模型是以 ${policies} 训练的，这里以 float32 测量。`,
  unmasked: {
    state: (layers) => `${layersText(layers)}以给定的状态开始，因此在 Keras 3 中得不到掩码：${readsMasked}`,
    recorded: (layers) => `${layersText(layers)}在 Keras 3 中得不到掩码：${readsMasked}`,
    attention: (layers) =>
      `${layersText(layers)}的输入先前已被另一个 MultiHeadAttention 使用，而后者在 Keras 3 中去掉了掩码：${readsMasked}`,
  },
  logits: ({ outputs, loss }) =>
    `其输出${outputs === "" ? "" : ` ${outputs} `}对“${loss}”而言是 logits（from_logits），这里也作为 logits 处理。`,
  probabilities: ({ names }) =>
    `其损失把 ${names} 当作 logits（from_logits），但它们给出的是概率。这里会由概率正确地计算损失，与 TensorFlow 上的 Keras 相同。`,
  changedLoss: (losses) => `该模型是用损失 ${losses} 训练的。这里的同名损失没有这些参数。`,
};
