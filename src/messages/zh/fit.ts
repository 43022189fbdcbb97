import type { fit as english } from "../en/fit.ts";

export const fit: typeof english = {
  axes: (n) => `${n} 个轴`,
  units: (n) => `${n} 个单元`,
  gives: ({ layer, shape }) => `最后一层“${layer}”对每个样本输出 ${shape}`,
  targetsAre: ({ gives, shape, remedy }) => `${gives}，而目标是 ${shape}。${remedy}`,
  axisDiffers: ({ gives, shape, axis }) => `${gives}，而目标是 ${shape}：第 ${axis} 个轴不同。`,
  giveUnits: ({ layer, units }) => `把“${layer}”改为 ${units}`,
  giveIt: (units) => `请改为 ${units}。`,
  likeIndices: ({ gives, last }) =>
    `${gives}，而目标是 0 到 ${last} 的整数，像是类别索引。对此请用损失“sparseCategoricalCrossentropy”。`,
  useSparse: (softmax) => `使用 sparseCategoricalCrossentropy${softmax ? " 和 softmax" : ""}`,
  oneClass: (gives) =>
    `${gives}，即只有一个类别。“categoricalCrossentropy”至少需要两个；对单个是或否的输出，请用“binaryCrossentropy”。`,
  useBinary: (sigmoid) => `使用 binaryCrossentropy${sigmoid ? " 和 sigmoid" : ""}`,
  tooFew: ({ gives, loss, classes, units }) =>
    `${gives}，而损失“${loss}”需要为 ${classes} 个类别各有一个输出。请改为 ${units}。`,
  andUnits: ({ title, units }) => `${title}，并把输出改为 ${units}`,
  labelsRun: ({ first, last }) => `标签从 ${first} 到 ${last}`,
  labelsUpTo: ({ n, last }) => `共有 ${n} 个标签，最大为 ${last}`,
  labelGaps: ({ run, late, layer, units, never }) =>
    `${run}，而类别索引从 0 开始${late ? "" : "且不能有空缺"}：“${layer}”需要 ${units}，其中 ${never} 个永远不会是目标。请从 0 开始给标签编号，或在“classes”中列出它们。`,
  oneHotTargets: (loss) =>
    `目标是每个类别一个值，每行只有一个 1；而损失“${loss}”需要类别索引。请用“categoricalCrossentropy”。`,
  useLoss: (loss) => `使用损失 ${loss}`,
  setReturnSequences: (value) => `把“returnSequences”设为 ${value}`,
  perSample: '每个样本只有一个目标，而不是每个时间步一个：请在最后一个循环层设置 "returnSequences": false。',
  perTimestep: '每个时间步都有目标：请在每个循环层设置 "returnSequences": true。',
  endWith: (shape) => `请让模型以输出 ${shape} 的层结束。`,

  ofLayer: ({ layer, text }) => `“${layer}”：${text}`,
  notTogether: ({ layer, type, shapes, text }) => `“${layer}”（${type}）不能同时接受这些形状：${shapes}。${text}`,
  gets: ({ layer, type, shape, from }) => `“${layer}”（${type}）从${from}得到形状 ${shape}`,
  theData: "数据",
  cannotTake: ({ got, text }) => `${got}，而它无法接受。${text}`,
  needsSequence: ({ got, form, remedy }) => `${got}，而它需要序列：${form}。${remedy}`,
  alreadyFlat: (got) => `${got}，这已经是展平的。请去掉这一层。`,
  needsAxes: ({ got, axes, form, flat }) =>
    `${got}，而它需要 ${axes}${form === null ? "" : `：${form}`}。请在两者之间放 { "type": "reshape", "targetShape": […] }${flat ? ' 或 { "type": "flatten" }' : ""}。`,
  forms: { sequence: "（时间步，特征）", image: "（高度，宽度，通道）", volume: "（时间步或深度，高度，宽度，通道）" },
  tableSequence:
    "表格需要“window”，使每个样本包含那么多行；整数（如文本的字符）需要先经过“embedding”层。数组的形状为（样本，时间步，特征）：请把一条长序列存为 CSV 文件，它可以使用“window”。",
  returnSequences: ({ layer, inside }) =>
    `请在${inside ? `“${layer}”内的层` : `“${layer}”`}设置 "returnSequences": true，使它在每个时间步给出一个输出。`,
  noTimeAxis: (layer) => `“${layer}”已经去掉了时间轴；请把循环层放在它之前。`,
  embeddingFirst: (layer) => `“${layer}”（embedding）按整数查表，而它之前没有层给出整数。请把它放在最前。`,
  looksUp: ({ layer, last, wrong }) => `“${layer}”（embedding）按 0 到 ${last} 的整数查表，而输入中有 ${wrong}`,
  scaledIndices: ({ looksUp, scaled }) =>
    `${looksUp}。${scaled ? "它们是否经过缩放？请让“standardize”或“minMax”不包括输入。" : ""}`,
  inputDim: ({ looksUp, largest, further }) =>
    `${looksUp}${further ? `，最大到 ${largest}` : ""}。“inputDim”是其中最大值 + 1，至少为 ${largest + 1}。`,
  setInputDim: (size) => `把“inputDim”设为 ${size}`,
  noGradientBack: ({ layer, type }) =>
    `“${layer}”（${type}）用于准备数据，不会把梯度传回去，因此它之前的层得不到训练。请把它放在最前。`,
  allFrozen: '没有可学习的内容：所有带权重的层都有 "trainable": false。请至少让一层可训练。',
  unfreezeAll: "让所有层都可训练",
  unfreezeLast: (layer) => `只让“${layer}”可训练`,
  tooManyValues: ({ batch, layer, type, values, most }) =>
    `大小为 ${batch} 的批次使“${layer}”（${type}）要计算 ${values} 个值；上限是 ${most}。请减小批次、缩短序列或减少单元。`,
  cannotReshape: ({ layer, to, from, sizeTo, sizeFrom }) =>
    `“${layer}”（reshape）无法把 ${from} 变成 ${to}：${sizeFrom} 个值不能成为 ${sizeTo} 个。`,
  longWindow: ({ layer, type, window, from }) => `“${layer}”（${type}）的窗口 ${window} 比它的输入 ${from} 长。`,
  wouldGive: ({ layer, type, empty, from }) =>
    `对形状为 ${from} 的输入，“${layer}”（${type}）会给出${empty === null ? "大小每一步都变化的输出" : `空的输出 ${empty}`}。`,
  stateSizes: ({ layer, type, size, from, shape }) =>
    `“${layer}”（${type}）从 ${size} 个单元的状态开始，而“${from}”对每个样本给出 ${shape}。请让两者的单元数相同，或在其间放一个全连接层。`,
  statedShape: ({ shape, stated, key }) => `进入这里的每个样本的形状是 ${shape}，而不是 ${stated}。请去掉“${key}”。`,
  cannotCompute: ({ layer, type, what, why }) => `“${layer}”（${type}）无法计算${what}：${why}`,
  whatItGets: "其输入",
  itsGradient: "其输入的梯度",

  indicesFrom0: ({ loss, last, n, wrong }) =>
    `损失“${loss}”需要类别索引，${n} 个标签即从 0 到 ${last}，而其中有 ${wrong}。`,
  wholeIndices: ({ loss, wrong }) =>
    `损失“${loss}”需要类别索引，即从 0 开始的整数，而其中有 ${wrong}。对数值请用“meanSquaredError”。`,
  sharesOfNumbers: ({ loss, wrong }) =>
    `损失“${loss}”需要 0 到 1 的目标，而其中有 ${wrong}。对数值请用“meanSquaredError”。`,
  twoLabels: ({ loss, first, second }) => `损失“${loss}”需要标签 0 和 1，而这里是 ${first} 和 ${second}。`,
  manyLabels: ({ loss, wrong }) =>
    `损失“${loss}”需要 0 到 1 的目标，而其中有 ${wrong}。超过两个类别时请用“sparseCategoricalCrossentropy”。`,
  sharesSum: ({ loss, sum, several }) =>
    `损失“${loss}”需要每个样本的各比例之和为 1，而有的和为 ${sum}。${several ? "如果一个样本可以有多个标签或没有标签，请用“binaryCrossentropy”，并以 sigmoid 作为输出的激活函数。" : ""}`,
  oneColumn: ({ loss, asked, yesOrNo, right }) =>
    `损失“${loss}”需要${asked}。对${yesOrNo ? "单个 0 或 1 的值" : "类别索引"}请用“${right}”。`,
  noLabels: (loss) => `“classes”列出了标签，而损失“${loss}”不用标签。请去掉它，或用“sparseCategoricalCrossentropy”。`,
  leaveOutClasses: "去掉“classes”",
  twoClasses: ({ loss, n }) => `损失“${loss}”区分两个类别，而“classes”列出了 ${n} 个。`,
  unlisted: (label) => `有标签 ${label}，而“classes”没有列出它。`,
};
