import type { arrays as english } from "../en/arrays.ts";

export const arrays: typeof english = {
  noNpy: (name) => `${name} 不是 NPY 文件：它的开头不是 NPY 的开头。`,
  cutHeader: (name) => `${name} 在文件头中就已中断。`,
  npyVersion: ({ name, version }) => `${name} 的 NPY 版本是 ${version}；能够读取的是版本 1 到 3。`,
  npyHeader: (name) => `${name} 的文件头无法理解。`,
  npyRecords: (name) =>
    `${name} 中是带字段的记录，而不是数的数组。在 Python 中可用 numpy.lib.recfunctions.structured_to_unstructured(a, dtype="float32") 把它变成数组。`,
  npyValues: ({ name, kind, code, remedy }) =>
    `${name} 中是${kind}（“${code}”），而能够读取的只有 8 到 64 位的整数、布尔值以及 16 到 64 位的实数。${remedy}`,
  npyKinds: {
    objects: " Python 对象，一概不读取",
    complex: "复数",
    texts: "文本",
    times: "时间",
    others: "其他种类的值",
  },
  npyRemedies: {
    objects: '在 Python 中，numpy.array(a.tolist(), dtype="float32") 会把它变成数；请先补齐长度不同的列表。',
    complex: "请保存 a.real、a.imag 或 numpy.abs(a)。",
    texts: '如果是数，请保存 a.astype("float32")；如果是标签，请保存其索引 numpy.unique(a, return_inverse=True)[1]。',
    times: '请保存 a.astype("int64")。',
    others: '请保存 a.astype("float32")。',
  },
  axes: ({ name, n, most }) => `${name} 有 ${n} 个轴，上限是 ${most} 个。`,
  values: ({ name, n, most }) => `${name} 有 ${n} 个值，上限是 ${most} 个（400 MB）。请使用其中一部分。`,
  cutValues: ({ name, shape, needed, left }) =>
    `${name} 不完整：其形状 (${shape}) 需要 ${needed} 字节，而只剩 ${left} 字节。`,
  extraBytes: ({ name, shape, n }) => `${name} 比其形状 (${shape}) 所需多出 ${n} 字节。`,
  inFile: ({ array, file }) => `${file} 中的“${array}”`,

  noNpz: (file) => `${file} 不是 NPZ 文件，或者已损坏、不完整。`,
  npzTwice: ({ file, why }) => `${file}：${why}。请用 numpy.savez 重新保存各数组，每个用各自的名称。`,
  npzUnpacked: ({ file, why }) => `无法解压 ${file}：${why}。请使用其中一部分，用 numpy.savez 保存。`,
  noName: (file) => `${file} 中只有一个没有名称的数组。请去掉“array”。`,
  noArrayFile: ({ file, table }) =>
    `${file} 不是 NPY、NPZ 或 JSON 文件，或者已损坏。${table ? `表格应写为 "file": ${file}，并把“inputs”和“targets”写为列名的列表。` : ""}`,

  notLearnt: ({ name, value, at }) =>
    `${name} 在 [${at}] 处是 ${value}，网络无法从中学习。请填入一个数，或略去该样本。`,
  infinite: ({ name, value, at }) =>
    `${name} 在 [${at}] 处是无穷大的值 ${value}，网络无法从中学习。请填入一个数，或略去该样本。`,
  tooLarge: ({ name, value, at }) => `${name} 在 [${at}] 处是 ${value}，超出了 32 位数的范围。`,

  badJson: ({ file, line, column, why }) => `${file} 不是格式正确的 JSON（第 ${line} 行第 ${column} 列）：${why}。`,
  jsonAxes: ({ why, most }) => `${why}；数组最多有 ${most} 个轴`,
  jsonLists: (file) => `${file} 中应当是数的嵌套列表，或含有这种列表的对象。`,
  jsonList: ({ file, name }) => `${file} 是一个列表，其中没有数组“${name}”。请去掉“array”。`,
  notLists: (name) => `${name} 应当是数的嵌套列表。`,
  noRecord: ({ file, index }) => `${file} 中是记录，而条目 [${index}] 不是记录。`,
  noField: ({ file, index, name }) => `${file}：记录 [${index}] 中没有“${name}”。`,
  atIndices: (indices) => `（位于 [${indices}]）`,
  listForNumber: ({ name, place }) => `${name} 在应为数的地方${place}是列表。`,
  manyAxes: ({ name, most }) => `${name} 的轴超过了 ${most} 个的上限。`,
  numberForList: ({ name, found, place, n }) => `${name} 在应为含 ${n} 个元素的列表的地方${place}是 ${found}。`,
  manyValues: ({ name, most }) => `${name} 的值超过了 ${most} 个的上限（400 MB）。请使用其中一部分。`,
  aList: "列表",
  anObject: "对象",

  noValues: ({ file, shape }) => `“${file}”中没有值：其形状是 (${shape})。`,
  unequal: ({ inputs, targets }) => `有 ${inputs} 个输入，却有 ${targets} 个目标：两者的第一个轴都是样本数。`,
  manyNumbers: ({ n, most }) => `输入和目标共有 ${n} 个数，上限是 ${most} 个（400 MB）。请使用其中一部分。`,
  weightsShape: ({ shape, samples, each }) =>
    `其形状是 (${shape})，而应当是每个样本一个权重 (${samples})${each === null ? "" : `，或每个样本的每个时间步一个权重 (${each})`}。`,
  badWeight: (value) => `权重应当是不小于 0 的数，而其中有 ${value}。`,
  zeroWeights: "所有权重都是 0，因此什么也学不到。",
  valuePerClass: "最后一个轴上每个类别一个值，至少两个",
  columnPerClass: "每个类别一列，至少两列",
  sharesHere: ({ loss, found }) => `损失“${loss}”要求从 0 到 1 的比例，而其中有 ${found}。`,
  sharesInColumn: ({ loss, column, found }) => `损失“${loss}”要求从 0 到 1 的比例，而列“${column}”中有 ${found}。`,
  oneColumn: ({ loss, n }) => `损失“${loss}”要求一列类别索引，而不是 ${n} 列。`,
  classesUnscaled: (loss) => `损失“${loss}”要求类别，而类别保持原样：此项没有作用。`,
  classWeightOfMany: (n) =>
    `“classWeight”用于每个目标只属于一个类别的情形，而这里的目标是并列的 ${n} 个是或否的值。请使用数据的“weights”。`,
  noClass: ({ name, last }) => `没有类别 ${name}：目标的类别是 0 到 ${last}。`,
  constantColumn: ({ column, tested }) =>
    `列“${column}”在每个${tested ? "用于学习的" : ""}行中的值都相同。没有可以用来除的尺度，因此只平移为零。`,
  constantFeatures: ({ n, of, file, tested }) =>
    `“${file}”的 ${of} 个特征中有 ${n} 个在每个${tested ? "用于学习的" : ""}样本中的值都相同。没有可以用来除的尺度，因此只平移为零。`,
  taskTooLarge: ({ samples, n, most, fit }) =>
    `该任务的 ${samples} 个序列共有 ${n} 个数，上限是 ${most} 个（400 MB）。${fit >= 1 ? `最多可容纳 ${fit} 个样本。` : "请缩短序列。"}`,
  numberTarget: ({ task, loss }) => `“${task}”的目标是一个数，而“${loss}”用于类别。请使用“meanSquaredError”。`,
  nextCharacter: (loss) =>
    `下一个字符属于许多类别之一，“${loss}”不支持这种目标。请使用“sparseCategoricalCrossentropy”。`,
  shortText: ({ file, n, piece }) =>
    `“${file}”有 ${n} 个字符；一段 ${piece} 个字符及其后的一个字符需要 ${piece + 1} 个。`,
  longText: (of) =>
    `“${of.file}”与“${of.loss}”一起会产生 ${of.n} 个数，上限是 ${of.most} 个（400 MB）。请使用其中一部分${of.sparse ? "，或改用“sparseCategoricalCrossentropy”" : ""}${of.stride === null ? "" : `，或把“stride”设为至少 ${of.stride}`}。`,
  unevenNumbers: ({ key, n, features }) => `“${key}”有 ${n} 个数，而特征有 ${features} 个。`,
  unevenLists: ({ key, n, timesteps }) => `“${key}”有 ${n} 个列表，而时间步有 ${timesteps} 个。`,
};
