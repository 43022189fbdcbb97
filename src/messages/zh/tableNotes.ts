import type { tableNotes as english, Unit } from "../en/tableNotes.ts";

const separators = { ",": "逗号", ";": "分号", "\t": "制表符", "|": "“|”", " ": "空格" };
const marks = { ",": "逗号", ".": "点", " ": "空格", "'": "撇号" };
const parts = { day: "日、月、年", month: "月、日、年", year: "年、月、日" };
const units: { readonly [U in Unit]: string } = {
  year: "年",
  month: "个月",
  day: "天",
  hour: "小时",
  minute: "分钟",
  second: "秒",
  millisecond: "毫秒",
};
const numbersOf = (columns: string | null) => (columns === null ? "数" : `${columns}中的数`);

export const tableNotes: typeof english = {
  readAs: (encoding) => `文件按 ${encoding} 读取。`,
  separated: (separator) => `单元格以${separators[separator]}分隔。`,
  linesBefore: ({ lines, header }) => `${header === null ? "数据" : `第 ${header} 行的列名`}之前的${lines}已略去。`,
  firstNameless: "第一列在表头中没有名称，称为“1”。",
  decimalCommas: (columns) => `${numbersOf(columns)}以逗号作小数点。`,
  thousands: ({ columns, mark }) => `${numbersOf(columns)}以${marks[mark]}分隔千位。`,
  keptRows: ({ kept, rows, values }) => `${rows} 行中有 ${kept} 行的 ${values}；其余已略去。`,
  series: ({ n, columns }) => `按${columns}分为 ${n} 个序列。`,
  sorted: (columns) => `各行已按${columns}排序。`,
  filled: ({ n, forward }) => `${n} 个缺失值已${forward ? "用其前的最后一个值" : "按相邻值的连线"}填补。`,
  dates: ({ column, first }) => `“${column}”中的日期按${parts[first]}读取。`,
  unsureDates: ({ column, first }) =>
    `“${column}”中的日期可能日在前，也可能月在前：没有一行能说明。现按${parts[first]}读取。`,
  backward: ({ columns, from, to }) =>
    `${columns}显示，各行按时间倒序排列：从 ${from} 到 ${to}。窗口会从最新的一行读到最旧的一行，而最旧的各行会留作测试。`,
  unordered: ({ columns, n, all }) => `${columns}显示，各行没有按时间排列：${all} 行中有 ${n} 行早于其前一行。`,
  sameTimes: ({ columns, n, rows, series, inSeries }) =>
    `${columns}显示，${rows} 行中有 ${n} 行与${inSeries ? "同一序列的" : ""}另一行时间相同：文件中有${series ? "多个序列" : "重复的行，或多个序列"}。窗口会把它们一行接一行地读取。${series ? '请将 "series" 设为序列名所在的列，或用 "where" 只读取其中一个。' : "请去掉重复的行。"}`,
  gaps: ({ columns, n, usual, longest, from, to }) =>
    `${columns}中有 ${n} 处间断：多数行相隔 ${usual}，但 ${from} 与 ${to} 之间相隔 ${longest}。跨越间断的窗口会把两边的行当作连续的。`,
  duration: ({ n, unit }) => `${n} ${units[unit]}`,
  unknownTime: "未知时间",
};
