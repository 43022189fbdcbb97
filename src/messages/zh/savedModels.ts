import type { savedModels as english } from "../en/savedModels.ts";

export const savedModels: typeof english = {
  tooManyBytes: (millions) => `文件超过了 ${millions} 百万字节的上限。`,
  denied: "无法读取该文件：没有权限。",
  noFile: "没有这个文件。",
  folderNotFile: (file) => `这是一个文件夹。请写出其中的文件：“${file}”。`,
  noKerasConfig: "这是一个 zip 文件，但不是 Keras 模型：其中没有 config.json。",
  noKerasWeights: "其中没有 model.weights.h5。",
  tooMuch: "其内容超过了模型的上限。",
  tooMuchBecause: (why) => `其内容超过了模型的上限：${why}。`,
  noKerasZip: "这不是 Keras 3 写出的 zip 文件，或者文件已损坏、不完整。",
  noHdf5: "这不是 HDF5 文件，或者文件已损坏、不完整。",
  weightMissing: (weight) => `缺少其权重“${weight}”。`,
  weightEmpty: (weight) => `其权重“${weight}”是空的。`,
  weightKind: (weight) => `其权重“${weight}”不是 32 位浮点数。`,
  noWeights: "其中描述了各层，但没有权重。请把含有权重的文件写为该模型的“weights”。",
  graphModel: "这是 tfjs 的图模型，只有运算而没有层。请把它保存为层模型（layers model）。",
  noTopology: "这不是 tfjs 的 model.json：其中没有 modelTopology。",
  noManifest: (place) => `其中没有 weightsManifest，或者它不是 float32 权重及其文件的列表${place}。`,
  weightTwice: ({ name, place }) => `有两个权重都名为“${name}”（${place}）。`,
  manyShards: (most) => `其权重分散在超过 ${most} 个文件中，超过了上限。`,
  weightsOutside: (file) => `其权重应在“${file}”中，而它在模型所在的文件夹之外。`,
  weightsNowhere: (file) => `其权重应在“${file}”中，但没有这个文件。`,
  weightBytes: ({ bytes, wanted }) => `其权重文件有 ${bytes} 字节，而 model.json 描述的是 ${wanted} 字节。`,
  partTooLarge: ({ what, millions }) => `其中的 ${what} 超过了 ${millions} 百万字节的上限。`,
  notUtf8: ({ what, line }) => `其中的 ${what} 不是 JSON 对象：第 ${line} 行不是 UTF-8。`,
  badJson: ({ what, line, column, why }) =>
    `其中的 ${what} 不是可以读取的 JSON 对象（第 ${line} 行第 ${column} 列）：${why}。`,
  noObject: (what) => `其中的 ${what} 不是 JSON 对象。`,
  manyArrays: ({ most, place }) => `其中的权重数组超过了 ${most} 个的上限${place}。`,
  manyWeights: ({ most, place }) => `其中的权重超过了 ${most} 个的上限${place}。`,

  noInputs: "该模型没有输入。",
  noSuchOutput: (layer) =>
    `其中用到了层“${layer}”在这里所没有的输出：能够传递的只有输出和循环层的最终状态，注意力的得分不能传递。`,
  notDescribed: (layer) => `其中有层连接到“${layer}”，却没有描述它。`,
  ownOutput: (layer) => `其中的层“${layer}”以自己的输出为输入。`,
  layerTwice: (layer) => `其中有两个层都名为“${layer}”。`,
  customClass: (name) => `该模型的类是“${name}”，属于自定义代码：只有顺序模型和函数式模型会描述它们的层。`,
  noLayers: "其中没有说明模型有哪些层。",
  manyLayers: (most) => `其中的层超过了 ${most} 个的上限。`,
  noInput: (layer) => `其中的层“${layer}”没有输入。`,
  noOutputOfLayer: (layer) => `其中的层“${layer}”的输入不是某一层的输出。`,
  inputsUnread: (layer) => `无法读取其中的层“${layer}”的输入。`,
  calledWith: ({ layer, key }) => `其中的层“${layer}”在调用时带有“${key}”，这里无法传递它。`,
  otherMask: (layer) =>
    `其中的层“${layer}”使用了一个之前没有任何层产生的掩码。这里能够传递的只有带 mask_zero 的 Embedding 或 Masking 的掩码。`,
  none: "无",
  otherLayers: ({ found, names, wanted, wantedNames }) =>
    `其中有 ${found} 个层的权重（${names}），而模型中有权重的层是 ${wanted} 个（${wantedNames}）。`,
  operation: ({ name, kind }) =>
    `其中的运算“${name}”（${kind}）在这里没有计算相同的层。请在配置中用“layers”写出该模型，代替“file”。`,
  rowStates: (layer) =>
    `其中的层“${layer}”（ConvLSTM1D）以另一层的状态开始，这里只有 ConvLSTM2D 能够这样做。请改用 ConvLSTM2D 和只有一行的图像。`,
  branches: (layer) =>
    `其中的层“${layer}”（TimeDistributed）含有一个带分支的模型。请在配置中用“layers”写出该模型，代替“file”。`,
  undescribed: "其中有一层没有名称、没有类或没有配置。",
  cudnn: (layer) => `其中的层“${layer}”的权重不是 CuDNN 层的权重。`,
  leavesMasked: ({ layer, type }) =>
    `其中的层“${layer}”（${type}）在计算中会略去被掩码遮住的时间步，这里没有层能这样做。请在配置中用“layers”写出该模型，并换用别的层（例如 layerNormalization），或者去掉掩码。`,
  takesShape: ({ input, stated, shape }) =>
    `${input === null ? "该模型" : `其输入“${input}”`}需要形状为 ${stated} 的样本，而数据中样本的形状是 ${shape}。`,
  weightNumber: ({ layer, wanted, found }) => `其中的层“${layer}”应有 ${wanted} 个权重，而文件中有 ${found} 个。`,
};
