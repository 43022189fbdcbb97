import type { reading as english } from "../en/reading.ts";
import { spaced } from "../spaced.ts";

const isModel = "这是模型而不是数据：请在模型的 `file` 中写出它。";
const modelNotData = "这是模型，而不是数据。";
const weightsNotData = "其中是模型的权重，而不是数据。";
const nameArrays = '请把数组写为 "inputs": { "file": … } 和 "targets": { "file": … }。';
const unpack = "请解压，并写出其中的文件。";
const unpackModel = "请解压，并写出其中的模型。";
const pull = "请在其仓库中用 `git lfs pull` 取得该文件。";
const download = "请下载文件本身，而不是显示它的网页。";
const describeLayers = "要在这里训练，请把它的各层写入配置。";
const isData = "数组和表格是数据：请在 `data` 中写出它。";
const asCsv = (read: string) => `请保存为 CSV，例如在 Python 中：pandas.${read}.to_csv("data.csv", index=False)。`;
const asNpz = (code: string) => `请把其中的数组保存为 NPZ，例如在 Python 中：${code}。`;
const saveAgain = '请在 Keras 中加载，再保存：model.save("model.keras")。';

const needed = {
  comma: '"," 或者列表、对象的结尾',
  key: "带双引号的键",
  colon: '":"',
  value: "一个值",
  digit: "一个数字",
};

export const reading: typeof english = {
  kinds: {
    hdf5: "HDF5 文件",
    keras: "Keras 模型（.keras）",
    npy: "NumPy 数组（NPY）",
    npz: "NumPy 数组的归档（NPZ）",
    pytorch: "PyTorch 检查点",
    onnx: "ONNX 模型",
    tflite: "TensorFlow Lite 模型",
    savedModel: "TensorFlow SavedModel",
    safetensors: "safetensors 文件",
    gguf: "GGUF 文件",
    gitLfs: "Git LFS 指针，而不是文件本身",
    html: "网页",
    json: "JSON 文件",
    arff: "ARFF 文件或其同类（.ts、.tsf）",
    gzip: "gzip 归档",
    tar: "tar 归档",
    zip: "zip 归档",
    excel: "Excel 工作簿",
    oldExcel: "旧式 Excel 工作簿（.xls）",
    parquet: "Parquet 文件",
    feather: "Arrow 或 Feather 文件",
    matlab: "MATLAB 文件",
    pickle: "Python pickle 文件",
    sqlite: "SQLite 数据库",
    picture: "图片",
    pdf: "PDF 文档",
  },
  isKind: ({ what, kind, next }) => spaced(`${what} 是${kind}。`) + next,
  itIsKind: ({ kind, next }) => spaced(`这是${kind}。`) + next,
  insteadOfData: {
    keras: isModel,
    onnx: modelNotData,
    tflite: modelNotData,
    savedModel: modelNotData,
    safetensors: weightsNotData,
    gguf: weightsNotData,
    hdf5: `如果它是 Keras 模型，请在模型的 \`file\` 中写出它。${asNpz('numpy.savez("data.npz", inputs=f["x"], targets=f["y"])，其中 f = h5py.File(…)')}`,
    pytorch: `它是 Python pickle 文件，而文件中的代码一概不执行。${asNpz('numpy.savez("data.npz", inputs=x.numpy(), targets=y.numpy())')}`,
    pickle: `文件中的代码一概不执行。${asNpz('numpy.savez("data.npz", inputs=x, targets=y)')}`,
    npy: nameArrays,
    npz: nameArrays,
    gitLfs: pull,
    html: download,
    excel: asCsv('read_excel("data.xlsx")'),
    oldExcel: asCsv('read_excel("data.xls")'),
    parquet: asCsv('read_parquet("data.parquet")'),
    feather: asCsv('read_feather("data.feather")'),
    matlab: asNpz('numpy.savez("data.npz", inputs=m["x"], targets=m["y"])，其中 m = scipy.io.loadmat(…)'),
    sqlite: "请把其中一个表保存为 CSV。",
    arff: '请把其中的数据保存为 CSV，例如在 Python 中：pandas.DataFrame(scipy.io.arff.loadarff("data.arff")[0]).to_csv("data.csv", index=False)；.ts 和 .tsf 可用 sktime 读取。',
    gzip: unpack,
    tar: unpack,
    zip: unpack,
  },
  insteadOfModel: {
    pytorch: `它是 Python pickle 文件，而文件中的代码一概不执行。${describeLayers}`,
    pickle: `文件中的代码一概不执行。如果它是 Keras 模型，${saveAgain}`,
    safetensors: `其中有权重而没有层。${describeLayers}`,
    gguf: `其中有权重而没有层。${describeLayers}`,
    onnx: '其中有运算而没有层。请保存它所来自的模型，例如在 Keras 中：model.save("model.keras")。',
    tflite: '其中有运算而没有层。请保存它所来自的 Keras 模型：model.save("model.keras")。',
    savedModel: `其中有运算而没有层。${saveAgain}`,
    gitLfs: pull,
    html: download,
    npy: isData,
    npz: isData,
    excel: isData,
    oldExcel: isData,
    parquet: isData,
    feather: isData,
    matlab: isData,
    sqlite: isData,
    gzip: unpackModel,
    tar: unpackModel,
    zip: unpackModel,
  },

  jsonDeep: (most) => `嵌套超过 ${most} 层`,
  jsonAfterEnd: "结尾之后还有内容",
  jsonUnbegun: (mark) => `“${mark}”结束了并未开始的部分`,
  jsonKeyTwice: (name) => `有两个键都名为“${name}”`,
  jsonManyKeys: (most) => `键超过 ${most} 个`,
  jsonOpenString: "有一个字符串没有结束",
  jsonControl: "字符串中有控制字符",
  jsonHex: "\\u 之后需要四位十六进制数字",
  jsonEscape: "没有这样的转义序列",
  jsonManyValues: (most) => `值和键超过了 ${most} 个的上限`,
  jsonEnds: (wanted) => `应为${needed[wanted]}的地方已是结尾`,
  jsonFound: ({ found, wanted }) => `应为${needed[wanted]}的地方是 ${found}`,

  zipDamaged: "已损坏或不完整",
  zipManyEntries: ({ n, most }) => `其中有 ${n} 个条目，上限是 ${most} 个`,
  zipTwice: (name) => `有两个条目都名为“${name}”`,
  zipLarge: (most) => `各条目解压后超过了 ${most} MB 的上限`,
  zipBomb: ({ size, packed, ratio }) => `${size} MB 被压缩为 ${packed} MB，压缩比超过 ${ratio} 倍；请不压缩地保存`,

  tookLong: (seconds) => `读取超过 ${seconds} 秒，已停止：文件已损坏，或有意做成无法读完的样子。`,
  noMemory: "读取所需的内存超过了可用的内存。",
};
