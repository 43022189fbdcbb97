import type { tables as english } from "../en/tables.ts";

export const tables: typeof english = {
  line: ({ line }) => `第 ${line} 行`,
  lines: ({ first, last }) => `第 ${first} 至 ${last} 行`,
  someLines: ({ lines, more, last }) => `第 ${lines}${more ? "、…" : ""}、${last} 行`,
  underHeader: ({ lines }) => `表头下的${lines}没有数据，已略去。`,
  emptyFooters: ({ lines }) => `末尾的${lines}是空的，已略去。`,
  footers: ({ lines, cell }) => `末尾的${lines}不是数据行，已略去：“${cell}”。`,
  totals: ({ lines, column, cell }) =>
    `末尾的${lines}有数，但与之前各行不同，“${column}”列没有写明是哪一行，看来是合计，已略去：“${cell}”。若是数据行，请在该处补全“${column}”。`,
  signsInPlaces: (mixed) =>
    `“${mixed.file}”：列“${mixed.column}”中既有“${mixed.signed.cell}”（第 ${mixed.signed.line} 行），又有“${mixed.plain.cell}”（第 ${mixed.plain.line} 行）。“${mixed.plain.cell}”可能是比值，即 ${mixed.share}；也可能是漏写了 ${mixed.sign} 的数，即 ${mixed.number}。请将该列所有单元格都写上 ${mixed.sign}，或都不写而统一单位。`,
  percentAndPerMille: (mixed) =>
    `“${mixed.file}”：列“${mixed.column}”中既有“${mixed.percent.cell}”（第 ${mixed.percent.line} 行），又有“${mixed.perMille.cell}”（第 ${mixed.perMille.line} 行），而 1% 等于 10‰。请将该列所有单元格写成同一种符号。`,
  rowsAt: (path) => `各行取自 JSON 中的列表“${path}”。`,
  entriesAt: ({ path, key }) => `各行是 JSON${path === "" ? "" : `中“${path}”`}的各项，其键作为列“${key}”。`,
  columnsAt: (path) => `各列是 JSON 中“${path}”里的列表。`,
  severalLists: ({ file, lists, example }) =>
    `${file} 中有多个列表含有所要的列：${lists}。请将 "list" 设为您要用的那个，例如 "${example}"。`,
  listMissing: ({ file, list, lists }) =>
    `${file} 中没有列表“${list}”。${lists === "" ? "其中没有可作表格的列表。" : `其中的列表有 ${lists}。`}`,
  rowsInColumn: ({ file, column, n }) =>
    `${file} 中的“${column}”是行的列表，每行有 ${n} 个单元格，而不是数的列表。若要作为表格读取，请将 "list" 设为 "${column}"，其列名为 ${n === 1 ? '"1"' : `"1" 至 "${n}"`}；若要作为数组读取，请写 "inputs": { "file": …, "array": "${column}" }。`,
  listOfText: ({ file, list }) => `“${file}”不是 JSON 文件，因此没有列表“${list}”。请去掉 "list"。`,
  repeatedPath: ({ file, path }) => `${file} 中有两个键“${path}”，无法知道指的是哪一个的值。请改名或删去一个。`,
  keyColumn: (key) => `各行的名称作为列“${key}”。`,
  rowTwice: (name) => `有两行名为“${name}”。请删去一行。`,
  rowsDiffer: ({ row, name, other }) =>
    `第 ${row} 行在一列中名为“${name}”，在另一列中名为“${other}”。请使所有列有相同的行和顺序；pandas 的 to_json(orient="records") 即是如此。`,
  fewerValues: ({ column, n }) => `列“${column}”只有 ${n} 个值，少于其他列。`,
  noValues: ({ file, column }) => `${file} 的“${column}”中没有值。`,
  noLists: (file) => `${file} 是一个没有列表的 JSON 对象；表格需要有行。`,
  emptyList: (file) => `${file} 是空列表。`,
  notRows: (file) => `${file} 是值的列表，而不是记录或行的列表。`,
  longRecord: ({ line, most }) => `第 ${line} 行：一条记录超过 ${most} MB。`,
  mixedRows: ({ line, records }) => `第 ${line} 行：${records ? "记录之中有列表" : "列表之中有记录"}。`,
  emptyTable: (file) => `“${file}”是空的。它需要有一行列名，然后是各行的数。`,
  noRows: (file) => `“${file}”有表头，但没有数据行。`,
  tooManyNumbers: ({ file, most }) => `“${file}”的这些列中的数超过上限 ${most} 个。请使用其中一部分。`,
  noSeries: ({ file, line, column }) => `“${file}”第 ${line} 行：列“${column}”没有说明该行属于哪个序列。`,
  notADate: ({ file, line, column, cell }) =>
    `“${file}”第 ${line} 行，列“${column}”：“${cell}”不是与其他单元格格式相同的日期，因此无法按该列排序。`,
  firstRowNumbers: ({ file, line, cells, n }) =>
    `“${file}”第 ${line} 行：第一行全是数（${cells}）。若它们是列名，请将 "header" 设为 true；若是数据，请设为 false。没有名称的列称为 "1" 至 "${n}"。`,
  noRowHas: ({ file, value, column, hint, values }) =>
    `“${file}”：没有一行的列“${column}”是 ${value}。${hint}该列的值有 ${values}。`,
  noRowHasAll: ({ file, columns }) => `“${file}”：没有一行同时具有${columns}的这些值。`,
  notListed: ({ cell, key }) => `“${cell}”没有列在 "${key}" 中`,
  tooLargeNumber: (cell) => `${cell} 超出了 32 位数的范围`,
  infinite: "无穷大的值无法学习；请填入一个数",
  notANumber: ({ cell, decimal }) =>
    `“${cell}”不是${decimal === null ? "数" : `像该列其他单元格那样以“${decimal}”为小数点的数`}`,
  datesNotNumbers: ({ file, column, cell }) =>
    `“${file}”：列“${column}”中是日期（“${cell}”），而不是数。若要按时间排列各行，请设置 "order": { "by": "${column}" }，并将该列从此列表中删去。`,
  wordsNotNumbers: ({ file, column, cell, target, n }) => {
    const listed = n > 0 ? `将其 ${n} 个词列入 "oneHot"，每个词成为一个取 0 和 1 的输入` : "在文件中替换这些词";
    const ofTarget = n > 0 ? `若是类别，请将其 ${n} 个词列为 "classes"。` : "请在文件中将每个词换成数。";
    const advice = target ? ofTarget : `输入必须是数：请将该列从此列表中删去，或${listed}。`;
    return `“${file}”：列“${column}”中是词（“${cell}”），而不是数。${advice}`;
  },
  noSuchList: ({ file, lists }) =>
    `${file} 中有多个列表，但都没有所要的列：${lists}。请写出其中一个列表的列名，即会读取该列表。`,
  repeatedKeys: ({ name, line, n }) =>
    `记录中有重复的键（共 ${n} 处${n === 1 ? "" : "，第一处"}在第 ${line} 行）：“${name}”。读取的是最后一个值。请让每个值有自己的键。`,
  doubtfulNumber: ({ cell, readings }) =>
    `“${cell}”可能表示 ${readings}：其中的字母既可能是倍数，也可能是单位。请在文件中写出所指的数，乘上其中的倍数，并使整列单位一致`,
  numberWithText: (cell) => `“${cell}”是带有其他文字的数；请按其他单元格的单位写成数，若文字表示倍数，请乘上它`,
  numbersWithText: ({ file, column, cell }) =>
    `“${file}”：列“${column}”中的数带有其他文字（“${cell}”）。请在文件中只写数并统一单位；若文字表示倍数，请乘上它。`,
  moreCells: ({ n, orMore }) => `……还有 ${n} 个${orMore ? "以上" : ""}不是数的单元格。`,
  moreRows: ({ n, orMore }) => `……还有 ${n} ${orMore ? "行以上" : "行"}长度不同。`,
  columns: ({ n, names }) => `${n} 列（${names}、…）`,
  missingIn: ({ file, name, n, mark, line }) =>
    `“${file}”：列“${name}”中有 ${n} 个单元格没有值${mark === "" ? "" : `（“${mark}”）`}，${n === 1 ? "" : "第一个"}在第 ${line} 行。请设置 "missing" 来填补，或略去含有它们的样本。`,
  missingInColumns: ({ file, columns, cells, line }) =>
    `“${file}”：${columns}中共有 ${cells} 个单元格没有值，第一个在第 ${line} 行。请设置 "missing" 来填补，或略去含有它们的样本。`,
  missingNote: ({ name, n, mark }) => `“${name}”中有 ${n} 个单元格没有值${mark === "" ? "" : `（“${mark}”）`}。`,
  missingNotes: ({ columns, cells }) => `${columns}中共有 ${cells} 个单元格没有值。`,
  timesOfDay: ({ file, column, cell }) =>
    `“${file}”：列“${column}”中是时刻或时长（“${cell}”），而不是数。请在文件中把每个写成数，例如秒数或小时数：01:30:00 是 5400 秒，即 1.5 小时。`,
  contraryMarks: ({ file, name, sure, doubtful }) =>
    `“${file}”：列“${name}”中，“${sure.cell}”（第 ${sure.line} 行）与“${doubtful.cell}”（第 ${doubtful.line} 行）的小数点不同，或者后者的标点用于分隔千位。请统一该列的写法；若后者分隔千位，请将 "decimal" 设为前者的小数点。`,
  noColumns: ({ file, columns, names, more }) =>
    `“${file}”中没有这 ${columns}。其中的列有 ${names}${more ? "，…" : ""}。`,
  doubtfulMark: ({ mark, columns, grouped, several }) =>
    `${several ? "" : "列"}${columns}中每个“${mark}”之后都是三位数字：它可能是小数点，也可能是千位分隔符。现按${grouped ? `千位分隔符读取：1${mark}234 是 1234` : `小数点读取：1${mark}234 是 1.234`}。`,
  wrongCell: ({ file, line, column, wrong, mayBeMark }) =>
    `“${file}”第 ${line} 行，列“${column}”：${wrong}。${mayBeMark ? '若它表示缺失值，请将它加入 "missing" 的 "marks"。' : ""}`,
};
