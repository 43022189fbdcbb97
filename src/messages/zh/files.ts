import type { files as english } from "../en/files.ts";

export const files: typeof english = {
  missing: (file) => `没有文件“${file}”。路径相对于配置所在的文件夹。`,
  folder: ({ file, kind }) => `“${file}”是文件夹，而不是 ${kind} 文件。`,
  irregular: (file) => `“${file}”不是普通文件。`,
  denied: (file) => `无法读取“${file}”：没有权限。`,
  unread: ({ file, code }) => `无法读取“${file}”${code === "" ? "" : `（${code}）`}。`,
  tooLarge: ({ file, size, most }) => `“${file}”有 ${size} MB；上限是 ${most} MB。请使用其中一部分。`,
  zeroCharacters: ({ file, encoding, kind }) =>
    `${file} 不是 ${encoding} 文本：其中有零字符，如同 UTF-32。请以 UTF-8 保存为 ${kind}。`,
  notEncoding: ({ file, encoding, line }) =>
    `${file} 不是 ${encoding} 文本（约第 ${line} 行）。请写明其“encoding”，或去掉它。`,
  notText: ({ file, line, remedy }) =>
    `${file} 不是 UTF-8 文本${line === null ? "（其中有零字节）" : `（第 ${line} 行）`}。${remedy}`,
  saveAsUtf8: (kind) => `请以 UTF-8 保存为 ${kind}。`,
  nameEncoding: (encoding) => `请写明其“encoding”，可能是“${encoding}”。`,
  noArray: (file) => `${file} 中没有数组。`,
  itsArrays: ({ names, more }) => `其中的数组有 ${names}${more ? "，…" : ""}。`,
  nameArray: ({ file, n, arrays }) => `${file} 中有 ${n} 个数组；请用“array”指定一个。${arrays}`,
  noSuchArray: ({ file, name, hint, arrays }) => `${file} 中没有数组“${name}”。${hint}${arrays}`,
  sameColumns: ({ file, name }) => `“${file}”中有两列都名为“${name}”；请改掉其中一个。`,
  headerIsData: ({ file, name, first, n }) =>
    `“${file}”中没有列“${name}”，而且它的第一行像是数据：${first}。设置 "header": false 时，各列称为“1”到“${n}”。`,
  noColumn: ({ file, name, hint, names, more }) =>
    `“${file}”中没有列“${name}”。${hint}其中的列有 ${names}${more ? "，…" : ""}。`,

  wordsAsClasses: (loss) => `把这些词列为类别${loss === null ? "" : `，并使用损失 ${loss}`}`,
  firstRow: (names) => (names ? "把第一行作为列名" : "把第一行作为数据"),
  readAs: (encoding) => `按 ${encoding} 读取`,
  decimal: (comma) => `以${comma ? "逗号" : "句点"}作为小数点读取数`,
  sortBy: (columns) => `按 ${columns} 给各行排序`,
  dayFirst: (day) => `读取日期时${day ? "日" : "月"}在前`,
  seriesBy: (columns) => `按 ${columns} 分别读取序列`,
  interpolate: "用相邻值之间的直线填补缺失值",
  forward: "用前一个值填补缺失值",
  drop: (windows) => `略去有缺失值的${windows ? "窗口" : "行"}`,
  oneHot: (n) => `把它的 ${n} 个词各变成一个输入`,
  orderInstead: (column) => `改为按“${column}”给各行排序`,
  allMissing: (file) => `“${file}”中每个样本都有缺失值。`,
  keptWhole: (n) => `没有足够长的序列可以留出最后的样本，因此有 ${n} 个序列整个留作测试。`,
  leftOut: ({ n, windows }) => `略去了 ${n} 个有缺失值的${windows ? "窗口" : "行"}。`,
  shortSeries: ({ n, rows }) => `略去了 ${n} 个序列，因为不足一个样本所需的 ${rows} 行。`,
  ofColumn: ({ column, fault }) => `列“${column}”：${fault}`,
  manyWindows: ({ samples, window, columns, values, most }) =>
    `${samples} 个 ${window} 行、${columns} 列的窗口共有 ${values} 个数；上限是 ${most}（400 MB）。请减小“window”，或只用文件的一部分。`,
  aWindow: (rows) => `${rows} 行的窗口`,
  aTargetLater: (rows) => `${rows} 行之后的目标`,
  targetRows: (rows) => `目标共 ${rows} 行`,
  rowsOf: ({ file, rows, series }) =>
    series === 1 ? `“${file}”有 ${rows} 行数据` : `“${file}”的 ${series} 个序列中最长的有 ${rows} 行`,
  oneSampleNeeds: ({ which, rows, parts }) => `${which}，而一个样本需要 ${rows} 行：${parts}。`,
  smallerKey: ({ has, key }) => `${has}请使用更多数据，或减小“${key}”。`,
  largestWindow: ({ has, most }) => `${has}能容纳一个样本的最大“window”是 ${most}；请用更小的值。`,
  setWindow: (rows) => `把 window 设为 ${rows}`,
  noneLeft: ({ test, kept, samples, gap, overlaps }) =>
    `"test": ${test} 留出了 ${samples} 个样本中的 ${kept} 个${overlaps ? `，而它们之前的 ${gap} 个与之重叠` : ""}。没有剩下可学习的样本。请使用更多数据${gap > 0 ? "、更短的窗口" : ""}或更小的比例。`,
  overlap: ({ file, from }) => `“${file}”的样本互相重叠：每个样本从第 ${from} 个时间步起与前一个重复`,
  inTime: (file) => `“${file}”的各行按时间排列`,
  alike: (file) => `“${file}”的相邻样本彼此相似，如同时间序列`,
  leaks: (because) =>
    `${because}，而测试样本是从中随机抽取的。网络从相邻样本就能得知它们，因此测试损失看起来比实际要好。请留出最后的样本作测试。`,
  keepLast: "留出最后的样本作测试",
};
