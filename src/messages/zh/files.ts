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
  fieldTwice: ({ file, record, name }) =>
    `${file}：记录 [${record}] 中有两个键“${name}”，无法知道指的是哪一个的值。请改名或删去一个。`,
  noArray: (file) => `${file} 中没有数组。`,
  itsArrays: ({ names, more }) => `其中的数组有 ${names}${more ? "，…" : ""}。`,
  nameArray: ({ file, n, arrays }) => `${file} 中有 ${n} 个数组；请用“array”指定一个。${arrays}`,
  noSuchArray: ({ file, name, hint, arrays }) => `${file} 中没有数组“${name}”。${hint}${arrays}`,
  sameColumns: ({ file, name }) => `“${file}”中有两列都名为“${name}”；请改掉其中一个。`,
  unreadDates: ({ column, cell }) =>
    `从列名看，“${column}”应当是各行的时间，但“${cell}”不是此处能识别的日期写法，因此无法检查各行是否按时间先后排列。请将日期写成 2020-01-31 或 2020-01-31 13:00，或自行确保最早的行排在最前。`,
  hashedDates: ({ column, cell }) =>
    `“${column}”中是“${cell}”而不是日期：电子表格保存该文件时，此列太窄。请在电子表格中加宽该列后重新保存。`,
  strangeDates: ({ column, n, cell }) =>
    `“${column}”中有 ${n} 个单元格不是与其他单元格写法相同的日期（${n === 1 ? "" : "第一个为"}“${cell}”），这些行的先后顺序未作检查。请将所有日期写成同一形式，例如 2020-01-31。`,
  mixedDates: (column) => `“${column}”中有的日期日在前，有的月在前，因此无法排序。请将日期一律写成 2020-01-31 的形式。`,
  unsortable: ({ file, column, cell }) =>
    `"${file}"：无法按列“${column}”排序，因为“${cell}”既不是数字，也不是此处能识别的日期写法。请将日期写成 2020-01-31 或 2020-01-31 13:00。`,
  cutNumber: ({ file, line, row }) =>
    `“${file}”第 ${line} 行：“${row}”可能是一个含逗号的数，也可能是两个单元格。若是一个数，请将 "separator" 设为 ";"；若逗号分隔单元格而第一列没有列名，请将 "decimal" 设为 "."。`,
  cutNumbers: ({ file, line, row, cells, names, nameless }) =>
    `“${file}”第 ${line} 行：“${row}”有 ${cells} 个单元格，但列名只有 ${names} 个。逗号似乎既是小数点又是分隔符，因此无法区分各个数。请用另一种分隔符（例如 ";"）或用小数点重新保存文件。${nameless ? '若只是第一列没有列名，请将 "decimal" 设为 "."。' : ""}`,
  perhapsCut: ({ line, row }) =>
    `逗号可能既是小数点又是分隔符：第 ${line} 行是“${row}”。现按分隔符读取。若是小数点，请用 ";" 分隔单元格重新保存文件；若不是，请将 "decimal" 设为 "."。`,
  amounts: {
    percent: ({ cell, value }) => `百分号已略去：“${cell}”读作 ${value}。`,
    perMille: ({ cell, value }) => `千分号已略去：“${cell}”读作 ${value}。`,
    brackets: ({ cell, value }) => `括号中的数为负数（会计写法）：“${cell}”读作 ${value}。`,
    minusBehind: ({ cell, value }) => `数后面的负号表示负数：“${cell}”读作 ${value}。`,
    size: ({ cell, value }) => `数量单位已换算：“${cell}”读作 ${value}。`,
  },
  raggedRow: (row) =>
    `“${row.file}”第 ${row.line} 行：有 ${row.cells} 个单元格，但${row.header ? "表头" : "第一行"}有 ${row.width} 个。${row.quote ? "其中一个带引号的单元格没有结束：请补上结束的引号，单元格内的引号要写两次。" : "请补全这一行，或给含有分隔符的单元格加上引号。"}`,
  raggedLists: (list) =>
    `${list.file} 参差不齐：列表${list.place}有 ${list.length} 个元素，而它之前的有 ${list.usual} 个。请让所有列表等长：补齐较短的列表，并用“masking”层跳过补齐的部分。`,
  notANumber: (value) =>
    `${value.file} 在应为数的地方${value.place}有 ${value.found}。${{ null: "请略去这样的样本：只有表格可以有缺失值。", text: "请不加引号地写数，并把类别写成序号。", other: "" }[value.why]}`,
  openQuote: "带引号的单元格从这里开始，却没有结束。请补上结束的引号，单元格内的引号要写两次。",
  swallowedRows: (rows) =>
    `这一行里有一个加引号的单元格开始，而其中的 ${rows} 行看起来是数据行。请在这一行内闭合引号，或把单元格内的引号写两次。`,
  longRow: (megabytes) =>
    `某一行（或某个没有结束的带引号单元格）超过 ${megabytes} MB。请补上引号，或检查文件的换行符。`,
  currencies: ({ signs, several }) => (several ? `货币符号 ${signs} 已略去，未作换算。` : `货币符号 ${signs} 已略去。`),
  textsNotNumbers: ({ file, column, cell }) =>
    `“${file}”：列“${column}”中是文本（“${cell}”），都不是单个十进制数。请在每个单元格中写一个数。`,
  listsInCells: ({ file, column }) =>
    `“${file}”：列“${column}”中是列表或对象，而表格的单元格应当是一个数。请把这些列表作为数组读取："inputs": { "file": …, "array": … }，或在每个单元格中写一个数。`,
  headerIsData: ({ file, name, first, n }) =>
    `“${file}”中没有列“${name}”，而且它的第一行像是数据：${first}。设置 "header": false 时，各列称为“1”到“${n}”。`,
  noColumn: ({ file, name, hint, names, more }) =>
    `“${file}”中没有列“${name}”。${hint}其中的列有 ${names}${more ? "，…" : ""}。`,

  wordsAsClasses: (loss) => `把这些词列为类别${loss === null ? "" : `，并使用损失 ${loss}`}`,
  readList: (list) => `读取列表“${list}”`,
  firstRow: (names) => (names ? "把第一行作为列名" : "把第一行作为数据"),
  readAs: (encoding) => `按 ${encoding} 读取`,
  separator: (mark) => `用“${mark}”分隔单元格`,
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
  ofFile: ({ file, fault }) => `“${file}”：${fault}`,
  sentence: (text) => `${text}。`,
  tableThat: ({ file, rest }) => `“${file}”${rest}`,
  withoutRows: "中没有数据行。",
  inLine: ({ line, fault }) => `${line === null ? "" : `第 ${line} 行`}：${fault}`,
  badCsv: ({ line, why }) => `${line === null ? "" : `第 ${line} 行`}不是格式正确的 CSV：${why}`,
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
