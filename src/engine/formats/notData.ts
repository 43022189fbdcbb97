/** What to do with a file that is sound but not a data file that can be read. */

import { type FileKind, kindNames } from "../reading/fileSignature.ts";

const isModel = "It is a model, not data: name it in a model's `file`.";
const unpack = "Unpack it and name the file that is in it.";
const asCsv = (read: string) => `Save it as CSV: in Python, pandas.${read}.to_csv("data.csv", index=False).`;
const asNpz = (code: string) => `Save its arrays as NPZ: in Python, ${code}.`;

const nextSteps: { readonly [K in FileKind]?: string } = {
  keras: isModel,
  onnx: "It is a model, not data.",
  tflite: "It is a model, not data.",
  savedModel: "It is a model, not data.",
  safetensors: "It has the weights of a model, not data.",
  gguf: "It has the weights of a model, not data.",
  hdf5: `If it is a Keras model, name it in a model's \`file\`. ${asNpz('numpy.savez("data.npz", inputs=f["x"], targets=f["y"]) with f = h5py.File(…)')}`,
  pytorch: `It is a Python pickle, and nothing in a file is executed. ${asNpz('numpy.savez("data.npz", inputs=x.numpy(), targets=y.numpy())')}`,
  pickle: `Nothing in a file is executed. ${asNpz('numpy.savez("data.npz", inputs=x, targets=y)')}`,
  npy: 'Name arrays as "inputs": { "file": … } and "targets": { "file": … }.',
  npz: 'Name arrays as "inputs": { "file": … } and "targets": { "file": … }.',
  gitLfs: "Get the file with `git lfs pull` in its repository.",
  html: "Download the file itself, not the page that shows it.",
  excel: asCsv('read_excel("data.xlsx")'),
  oldExcel: asCsv('read_excel("data.xls")'),
  parquet: asCsv('read_parquet("data.parquet")'),
  feather: asCsv('read_feather("data.feather")'),
  matlab: asNpz('numpy.savez("data.npz", inputs=m["x"], targets=m["y"]) with m = scipy.io.loadmat(…)'),
  sqlite: "Save one of its tables as CSV.",
  arff: 'Save its data as CSV: in Python, pandas.DataFrame(scipy.io.arff.loadarff("data.arff")[0]).to_csv("data.csv", index=False), or sktime\'s loader for .ts and .tsf.',
  gzip: unpack,
  tar: unpack,
  zip: unpack,
};

/** Why a file of this kind is refused, and what to do instead. */
export function notData(kind: FileKind, shown: string): string {
  const nextStep = nextSteps[kind];
  return `${shown} is ${kindNames[kind]}.${nextStep ? ` ${nextStep}` : ""}`;
}
