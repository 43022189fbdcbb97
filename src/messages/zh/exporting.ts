import type { exporting as english } from "../en/exporting.ts";

export const exporting: typeof english = {
  layer: (type) => `层“${type}”没有对应的实现。`,
  layerYet: ({ type, framework }) =>
    `层“${type}”在 ${framework} 中还没有对应的实现。请先用别的层代替它来导出模型，再在脚本中写入这一层。`,
  activation: (name) => `激活函数“${name}”没有对应的实现。`,
  constraint: (name) => `${name} 在脚本中还没有对应的实现。`,
  frozenLayer: (type) => `冻结的层“${type}”在 Keras 脚本中还没有对应的实现。`,

  pruning: "剪枝在脚本中没有对应的实现。",
  gradientNorm: "正则化项 Ω 在脚本中没有对应的实现。",
  oneClip: "Keras 只能用一种方式裁剪梯度：请只保留其中一个上限，再导出模型。",
  weightClip: "对注意力权重范数的限制在 Keras 中没有对应的实现。",
  fewSamples: "样本数少于一次更新所累积的样本数，Keras 无法把它们等分。",

  maskOfAttention: "传到注意力层的掩码在脚本中还没有对应的实现。请导出不带掩码的模型，再在脚本中为注意力加上掩码。",
  maskOfLayer: (type) => `传到层“${type}”的掩码在 Keras 中没有对应的实现。请导出不带掩码的模型。`,
  maskAndTruncation: "脚本中不能截断带掩码的序列。请去掉掩码与截断二者之一，再导出模型。",

  severalCells: "一个时间步内的多个单元结构没有对应的实现：请把它们各写成一层。",
  stateful: "有状态的层在脚本的训练循环中没有对应的实现。",
  handedStates: "双向层接收或传出的状态没有对应的实现。",
  sharedStates: "共享权重的层，其状态在脚本中还没有对应的实现。",
  twoOutputs: "没有 mergeMode 的双向层有两个输出。",
  gruBias: "对这个 gru 偏置的正则化项没有对应的实现：PyTorch 有两个偏置。",
  peepholes: "窥孔连接在 Keras 中没有对应的实现。",
  truncation: "截断在 Keras 中没有对应的实现：请导出不带截断的模型。",

  attentionDropout: "作用于注意力本身的 dropout 在脚本中还没有对应的实现。",
  attentionPenalty: "对注意力权重的正则化项在脚本中还没有对应的实现。",
  channelsFirst: "通道在前的排列在脚本中还没有对应的实现。",
  groups: "通道分组在脚本中还没有对应的实现。",
  samePadding: "PyTorch 的填充方式“same”不能与步幅同时使用：请用 zeroPadding2d 填充，或改用“valid”。",
  samePooling: "填充方式为“same”的池化没有对应的实现：请改用“valid”。",
  otherAxes: "沿最后一个轴以外的轴做归一化没有对应的实现。",
  offsetAlone: "只有偏移而没有缩放的归一化没有对应的实现。",
  offsetOrFactor: "偏移与缩放只有其一的归一化没有对应的实现。",
  noiseShape: "noiseShape 没有对应的实现。",
};
