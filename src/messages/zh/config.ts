import type { config as english } from "../en/config.ts";
import { wordOf } from "../wordOf.ts";

const ends: { readonly [name: string]: string } = { inputs: "输入", outputs: "输出", targets: "目标" };

export const config: typeof english = {
  didYouMean: (name) => `是否想写“${name}”？`,
  write: (name) => `改为“${name}”`,
  thereIs: (names) => `可用的有：${names}。`,
  itHas: (names) => `它有：${names}。`,
  takesNone: "它没有任何参数。",
  hasNo: ({ owner, key, hint }) => `${owner} 没有“${key}”。${hint}`,
  needs: ({ owner, key, expected }) => `${owner} 需要“${key}”：${expected}。`,
  mustBe: ({ place, expected, found, hint }) => `${place} 必须是${expected}，而不是${found}。${hint}`,
  emptyList: "空列表",
  listOf: (n) => `含 ${n} 项的列表`,
  anObject: "对象",
  modelNamed: (name) => `模型“${name}”`,
  needsKey: ({ noun, key, names }) => `${noun}需要“${key}”：${names}。`,
  isNot: ({ name, noun, hint }) => `“${name}”不是${noun}。${hint}`,
  chronoHint: "它用于 lstm 和 gru 的“biasInitializer”。",
  cellHint: '它是单元结构（cell），应写在 { "type": "rnn", "cell": … } 中。',
  bothHint: "tfjs 无法让它双向运行：会丢失其中的单元结构。请直接写出该层，例如用“lstm”代替“rnn”中的“lstmCell”。",
  andMore: ({ n }) => `另有 ${n} 个问题。`,

  empty: '配置是空的：它应是 { "data": …, "models": … } 这样的对象。',
  tooLong: (million) => `配置超过了 ${million * 100} 万个字符的上限；数据应放在 CSV 文件中。`,
  tooDeep: (levels) => `嵌套超过 ${levels} 层。`,
  moreErrors: (n) => `这类错误超过 ${n} 个；其余部分没有读取。`,
  syntax: {
    InvalidSymbol: '不是 JSON 值：应为数、"双引号"中的文本、true、false、null、{ 或 [。',
    InvalidNumberFormat: "不是 JSON 的数。",
    PropertyNameExpected: '此处应为"双引号"中的属性名。',
    ValueExpected: "此处应有一个值。",
    ColonExpected: "属性名之后应为“:”。",
    CommaExpected: "此处应为“,”。",
    CloseBraceExpected: "此处应为“}”。",
    CloseBracketExpected: "此处应为“]”。",
    EndOfFileExpected: "此处不应再有内容：配置是单个对象。",
    UnexpectedEndOfComment: "注释没有结束。",
    UnexpectedEndOfString: "文本在这一行没有结束：缺少右双引号。",
    UnexpectedEndOfNumber: "数不完整。",
    InvalidUnicode: "不是 \\u 转义：应为四位十六进制数字。",
    InvalidEscapeCharacter: "不是有效的 JSON 转义序列。",
    InvalidCharacter: "这个字符必须转义，例如文本中的制表符。",
  },
  notObject: (found) => `配置应是 { "data": …, "models": … } 这样的对象，而不是${found}。`,
  manyKeys: ({ n, read }) => `这个对象有 ${n} 个键；只读取前 ${read} 个。`,
  twice: (key) => `“${key}”在这里出现了两次。请删去其中一个。`,
  noSuchKey: ({ key, hint }) => `配置没有“${key}”。${hint}`,
  sectionObject: ({ section, found }) => `${section} 必须是对象，而不是${found}。`,
  modelsMissing: '缺少“models”：{ "models": { "lstm": { "layers": […] } } }。',
  modelsObject: (found) => `models 必须是由命名模型组成的对象，而不是${found}。`,
  modelsEmpty: 'models 是空的：请至少描述一个模型，例如 "lstm": { "layers": […] }。',
  manyModels: ({ most, n }) => `一份配置最多有 ${most} 个模型，而不是 ${n} 个；只读取前面的。`,

  tooMuch:
    "这份配置的模型太大，无法读取：每个模型覆盖的内容与被覆盖的部分一并计算。请删去不需要的内容，或分成几份配置。",
  longName: ({ most, n }) => `模型的名称最多 ${most} 个字符，而不是 ${n} 个。`,
  invisibleName: "模型的名称至少要有一个可见字符，且不能有换行符、转义字符或文字方向标记。",
  extendsItself: ({ name, through }) =>
    through === null ? `“${name}”扩展了它自己。` : `“${name}”经由“${through}”扩展了它自己。`,
  longChain: (most) => `依次扩展的模型最多可有 ${most} 个基础模型。`,
  notModel: ({ name, hint }) => `“${name}”不是这份配置中的模型。${hint}`,
  needsLayers:
    '模型需要“layers”，即 [{ "type": "lstm", "units": 32 }, { "type": "dense", "units": 1 }] 这样的列表，或已保存模型的“file”。',
  layersAndFile: "模型既有“layers”，又有自带各层的“file”。请删去其中一个。",
  fileHas: (key) => `“file”自带${wordOf(ends, key)}。请删去“${key}”。`,
  noLayers: "它没有任何层。",
  itsLayer: ({ name, type, message }) => `其中的层“${name}”（${type}）：${message}`,
  statefulStart: (name) => `“${name}”是有状态的，因此从它自己最后的状态开始。请去掉“initialState”或“stateful”。`,
  statesStart: ({ name, type, states, example }) =>
    `“${name}”（${type}）从 ${states.length} 个状态开始：${states.join("、")}。请${states.length === 1 ? "写出它" : "按此顺序写出"}，例如 "initialState": [${example}]。`,
  sharedArguments: ({ layer, key }) => `共享的层使用“${layer}”的参数。请在那里设置“${key}”。`,
  notShareable: ({ layer, hint }) => `“${layer}”不是可以共享权重的层。${hint}`,
  sharedState: (layer) => `“${layer}”是有状态的：每次使用都会带着各自的状态。请去掉“stateful”。`,
  namesake: (name) => `已有另一个名为“${name}”的层；同一模型中名称不能重复。`,
  isInput: (name) => `“${name}”是模型的输入；请给这一层换一个名称。`,
  notLayerOrInput: ({ name, hint }) => `“${name}”既不是模型的层，也不是其输入。${hint}`,
  noState: ({ name, state, states }) =>
    `“${name}”没有状态“${state}”：${states === null ? "只有循环层才有状态" : `它有 ${states}`}。`,
  notLayer: ({ name, hint }) => `“${name}”不是模型中的层。${hint}`,
  circle: ({ name, through }) => `“${name}”经由 ${through} 取用了它自己的输出。连接不能形成环。`,
  unusedLayer: (name) =>
    `没有层取用“${name}”的输出，因此它得不到训练。请在后面某层的“inputs”或模型的“outputs”中写出它，或删去它。`,
  unusedInput: (name) => `没有层取用输入“${name}”。请在某层的“inputs”中写出它。`,
  dotOfTwo: 'dot 合并两个层：请写出它们，例如 "inputs": ["lstm", "input"]。',
  mergesTwo: (type) => `${type} 至少合并两个层：请写出它们，例如 "inputs": ["lstm", "input"]。`,
  pairsOf: (type) => `${type} 需要查询和值，还可以有键：请写出它们，例如 "inputs": ["decoder", "encoder"]。`,
  oneInput: (type) => `${type} 只有一个输入；要合并多个输入，请在它之前放一个合并层，例如 add 或 concatenate。`,
  innerInputs: (key) => `只有各层的条目才有“${key}”；内层的输入由外层提供。`,
  crossedBounds: ({ low, high, from, to }) => `“${low}”为 ${from}，大于“${high}”的 ${to}。`,
  noPeepholes: (key) => `“${key}”只在 "peepholes": true 时起作用。`,
  twoForgetBiases: "“chrono”和“unitForgetBias”都会设置遗忘门偏置：请去掉“unitForgetBias”。",
  shutGates:
    '使用“hardSigmoid”门（tfjs 的默认值）时，超出 ±2.5 的 chrono 偏置会使输入门永远关闭，没有梯度能到达它们。请设置 "recurrentActivation": "sigmoid"。',
  dropoutUnregularized: "training.gradientNormRegularizer 对带循环 dropout 的层不起作用，因为它使用的 U 不含 dropout。",
  notRegularized: (type) =>
    `training.gradientNormRegularizer 对 ${type} 不起作用：它只针对 simpleRNN 的单个状态，该状态只经过一个激活函数。`,

  ends: { inputs: "输入", outputs: "输出" },
  sides: { inputs: "输入", targets: "目标" },
  oneArray: ({ ends: of, names, side, key, first }) =>
    `模型有${of} ${names}，而数据的${side}只有一个数组。请为每个各给一个："${key}": { "${first}": { "file": … }, … }。`,
  nameDataAlike: ({ ends: of, names, side, arrays }) =>
    `模型有${of} ${names}，而数据有${side} ${arrays}。请让数据中的名称与之相同。`,
  nameModelAlike: ({ ends: of, names, side, arrays, key, list }) =>
    `模型有${of} ${names}，而数据有${side} ${arrays}。请让模型的${of}名称与之相同，即 "${key}": [${list}]。`,
  oneOutputWeights: "“classWeight”用于只有一个输出的模型。请改为给样本加权：“data”中的“weights”。",
  notOutput: ({ name, outputs }) => `“${name}”不是模型的输出；它的输出有 ${outputs}。`,
  lossWithout: (output) => `loss 没有给出输出“${output}”的损失。`,
  lossEmpty: "loss 中没有任何输出：请写出每个输出及其损失。",
  noLogits: (loss) => `“${loss}”是针对数值的损失，没有 logits。请删去“fromLogits”。`,
  dataMissing: '缺少“data”：请写出任务，例如 { "task": "addingProblem", "length": 100 }，或文件。',
  dataNeeds: "data 需要“task”（例如“addingProblem”）、“file”（CSV 表格），或各带一个文件的“inputs”和“targets”。",
  fileAndTask: "data 既有“file”又有“task”；它要么是表格，要么是任务。请删去其中一个。",
  longCue: ({ cue, length }) => `提示占了 ${length} 个时间步中的 ${cue} 个；它必须比序列短。`,
  largeTask: ({ samples, size, most }) =>
    `这种长度的 ${samples} 个样本共有 ${size} 个数；上限是 ${most}。请减小“samples”或“length”。`,
  strayOneHot: (column) => `“${column}”不是只属于“inputs”的列。只有输入会为每个词变成一列；目标的词请列在“classes”中。`,
  shuffledTime:
    "这些样本按时间排列，并共用一些行。如果从中随机抽取测试样本，网络就会从相邻样本得知它们。请去掉 shuffle，这样会留出最后的样本。",
  scaledTwice: (side) => {
    const what = side === "both" ? "输入和目标" : wordOf(ends, side);
    return `standardize 和 minMax 都缩放了${what}；每一侧只能用一种方式缩放。请从两者之一中去掉${side === "both" ? "它们" : what}。`;
  },
  accuracyOfNumbers: (loss) =>
    `“accuracy”用于分类，而损失“${loss}”用于数值。请用“meanAbsoluteError”或“rootMeanSquaredError”。`,
  metricOfClasses: ({ metric, loss }) => `“${metric}”用于数值，而损失“${loss}”用于分类。请用“accuracy”。`,
  logitsOfNumbers: (loss) => `“${loss}”用于数值而不是概率，因此不能由 logits 计算。请去掉“fromLogits”。`,
  classesOfNumbers: (loss) =>
    `“classWeight”用于分类，而损失“${loss}”用于数值。请改用交叉熵，或给样本加权：“data”中的“weights”。`,
  notClass: (key) => `${key} 不是类别：“classWeight”的键是类别索引，即从 0 开始的整数，例如“1”。`,
  noTestLoss: '没有 testLoss，因为 data 没有留出测试样本。请为它设置“test”，例如 "test": 0.2。',
  pruningEnds: ({ begin, end }) => `剪枝不能在开始（第 ${begin} 步）之前结束（第 ${end} 步）。`,
  twoLengths: "training 同时有“steps”和“epochs”，但训练的长度只能由其中一个决定。请删去一个。",
  batchIs: (size) => `batchSize 为 ${size}`,
  stepTakes: ({ all, size, accumulate }) => `一步需要 ${all} 个样本（batchSize ${size} × accumulate ${accumulate}）`,
  fewSamples: ({ asked, samples, tested, most }) =>
    `${asked}，而数据只有 ${samples} 个${tested ? "可学习的" : ""}样本。${most < 1 ? "请减小“accumulate”。" : `请把“batchSize”设为 ${most}${most > 1 ? " 或更小" : ""}。`}`,
  setBatchSize: (size) => `把 batchSize 设为 ${size}`,
  listLabels: (list) => `列出标签："classes": [${list}]`,
};
