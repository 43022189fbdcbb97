import type { building as english } from "../en/building.ts";

export const building: typeof english = {
  cannotShare: ({ layer, shares, weight, needed, shape }) =>
    `“${layer}”不能使用“${shares}”的权重：它的输入需要形状为 ${needed} 的 ${weight}，而“${shares}”的形状是 ${shape}。请让两者的输入大小相同。`,
  needsAxis: ({ layer, type }) => `“${layer}”（${type}）在这里需要指定轴：设 "axis": -1 表示沿单元，设 1 表示沿时间。`,
  constraintAxis: ({ layer, type, axis, weight, axes }) =>
    `“${layer}”（${type}）：约束使用了轴 ${axis}，但权重“${weight}”${axes === 0 ? "没有轴：它只是一个数" : axes === 1 ? "只有轴 0" : `只有轴 0 到 ${axes - 1}`}。`,
  maskShape: ({ layer, type, mask, shape, filled }) =>
    `“${layer}”（${type}）：它的掩码 ${mask} 与输入的形状 ${shape}（批次在前）不符。每个大小必须与输入相同，或者是 1${filled ? "，也可以写 null 表示取输入的大小" : ""}。`,
  statedFeatures: ({ layer, type, features, stated }) =>
    `“${layer}”（${type}）得到 ${features} 个特征，而不是 ${stated} 个。“inputDim”不起作用：请去掉它。`,

  itsLayer: (layer) => `${layer} 的内层`,
  innerShape: ({ layer, inner, shape, needs }) =>
    `${layer}（timeDistributed）把每个时间步分别交给它的内层“${inner}”，形状为 ${shape}，而该层需要${needs}。请去掉“timeDistributed”，或者让每个时间步有更多的轴。`,
  sequence: "一个序列：(timesteps, features)",
  axesOfForm: ({ axes, form }) => `${axes} 个轴：${form}`,

  statefulTask: ({ layer, task }) =>
    `“${layer}”是有状态的，但“${task}”的每个样本都是独立生成的：把状态从一个批次带到下一个批次在这里没有用处。`,
  statefulInside: ({ layer, around }) =>
    `“${layer}”在“${around}”的每个时间步各使用一次：状态会从一个时间步带到下一个时间步，而不是从批次到批次。请去掉“stateful”。`,
  statefulAccumulate: (accumulate) =>
    `有状态的层把状态从一个批次带到下一个批次，但 "accumulate": ${accumulate} 在一步中并列使用这么多个批次。请去掉“accumulate”或“stateful”。`,
  statefulShuffle: (test) =>
    `有状态的层需要样本在批次之间前后相接，但 "test": ${test} 会随机取走一部分。请设 "shuffle": false，这样留作测试的就是最后的样本。`,

  orthogonalVector: "“orthogonal”用于矩阵，不能用于向量。",
  identityVector: "“identity”用于方阵，不能用于向量。",
  identityShape: (shape) => `“identity”用于方阵，而这个权重是 ${shape}。请用“orthogonal”。`,
  tooManyWeights: ({ weight, shape, all, most }) =>
    `形状为 ${shape} 的权重“${weight}”使模型的权重总数达到 ${all}，上限是 ${most}。请减少单元数。`,

  needsSequences: "它需要序列，即 (timesteps, features)。",
  needsSequencesNot: (axes) => `它需要序列，即 (timesteps, features)，但它的一个输入有 ${axes} 个轴。`,
  queryAndKeys: ({ query, keys }) =>
    `它的查询有 ${query} 个特征，键有 ${keys} 个；二者不经权重直接比较，因此数目必须相同。`,
  valuesAndKeys: ({ values, keys }) => `它的值有 ${values} 个时间步，键有 ${keys} 个；二者必须相同。`,
  headsOfQuery: ({ features, heads }) =>
    `查询的 ${features} 个特征不能平均分给 ${heads} 个头。请选择能整除 ${features} 的头数，或者设定“keyDim”。`,
  heads: ({ features, heads }) =>
    `${features} 个特征不能平均分给 ${heads} 个头。请选择能整除 ${features} 的头数，或者设定“keyDim”。`,
  featureGroups: ({ features, groups }) =>
    `${features} 个特征不能平均分成 ${groups} 组。请选择能整除 ${features} 的组数。`,
  channelGroups: ({ channels, groups }) =>
    `${channels} 个通道不能平均分成 ${groups} 组。请选择能同时整除通道数与滤波器数的组数。`,
  filterGroups: ({ filters, groups }) =>
    `${filters} 个滤波器不能平均分成 ${groups} 组。请选择能同时整除通道数与滤波器数的组数。`,
  channelsLast: "使用“groups”时，通道必须在最后。",

  noEquation: (equation) => `“${equation}”不是 abc,cd->abd 这样的等式。`,
  equationAxes: ({ equation, axes, shape }) => `“${equation}”用于有 ${axes} 个轴的输入，而这里有 ${shape} 个。`,
  equationTwice: (equation) => `“${equation}”把同一个轴写了两次，这里不支持这种计算。`,
  equationUnfit: (equation) =>
    `这里不支持“${equation}”这种计算：输入的每个轴要么保留，要么与核权重一起求和，而第一个轴是批次。请用 \`dense\`、\`permute\`、\`reshape\` 和 \`dot\` 层来写。`,
  biasAxes: (axes) => `“${axes}”中有输出所没有的轴。`,
  axisSize: (axis) => `缺少轴“${axis}”的大小。`,

  noModel: (name) => `配置中没有模型“${name}”。`,
  cannotWriteCheckpoints: ({ folder, why }) => `无法把检查点写入“${folder}”${why}`,
  taken: (by) => `：${by}。请等那次运行结束，或者指定另一个文件夹。`,
  unsafe: (why) => `：${why}。请指定一个能在配置所在文件夹之下建立的文件夹。`,
  notMade: (code) => `${code === "" ? "" : `（${code}）`}。请指定一个能在配置所在文件夹之下建立的文件夹。`,
  noCheckpointKept: `没有可以继续的检查点：“training”中没有“checkpoint”，例如 { "folder": "checkpoints" }。`,
  nothingToResume: "没有可以继续的检查点。请先不带 --resume 训练一次。",
  changedSince: "写出检查点之后，层、数据或训练设置有了改动，因此这次运行不能从它继续。请不带 --resume 重新开始训练。",
  checkpointUnread: (why) => `无法读取检查点：${why}`,
  noPlaceInTraining: "其中没有说明训练停在了哪里。",
  weightsIncomplete: (layer) => `“${layer}”的权重不完整。`,
  fileIncomplete: (file) => `其中的 ${file} 缺失或不完整。`,
  checkpointUnwritten: (why) => `无法写入检查点：${why}`,
};
