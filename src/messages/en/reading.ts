/** What stops the reading of a file: JSON and zip that are not well-formed, limits, and files of other kinds. */

const isModel = "It is a model, not data: name it in a model's `file`.";
const modelNotData = "It is a model, not data.";
const weightsNotData = "It has the weights of a model, not data.";
const nameArrays = 'Name arrays as "inputs": { "file": … } and "targets": { "file": … }.';
const unpack = "Unpack it and name the file that is in it.";
const unpackModel = "Unpack it and name the model that is in it.";
const pull = "Get the file with `git lfs pull` in its repository.";
const download = "Download the file itself, not the page that shows it.";
const describeLayers = "Write its layers into the config to train them here.";
const isData = "Arrays and tables are data: name it in `data`.";
const asCsv = (read: string) => `Save it as CSV: in Python, pandas.${read}.to_csv("data.csv", index=False).`;
const asNpz = (code: string) => `Save its arrays as NPZ: in Python, ${code}.`;

/** Something that JSON needs at a place. */
const needed = {
  comma: '"," or the end of the list or object',
  key: "a key in double quotes",
  colon: '":"',
  value: "a value",
  digit: "a digit",
};

export const reading = {
  /** The kinds of files, with an article. */
  kinds: {
    hdf5: "an HDF5 file",
    keras: "a Keras model (.keras)",
    npy: "an array of NumPy (NPY)",
    npz: "an archive of NumPy arrays (NPZ)",
    pytorch: "a PyTorch checkpoint",
    onnx: "an ONNX model",
    tflite: "a TensorFlow Lite model",
    savedModel: "a TensorFlow SavedModel",
    safetensors: "a safetensors file",
    gguf: "a GGUF file",
    gitLfs: "a Git LFS pointer, not the file itself",
    html: "a web page",
    json: "JSON",
    arff: "an ARFF file, or one of its kind (.ts, .tsf)",
    gzip: "a gzip archive",
    tar: "a tar archive",
    zip: "a zip archive",
    excel: "an Excel workbook",
    oldExcel: "an Excel workbook of the old kind (.xls)",
    parquet: "a Parquet file",
    feather: "an Arrow or Feather file",
    matlab: "a MATLAB file",
    pickle: "a Python pickle",
    sqlite: "a SQLite database",
    picture: "a picture",
    pdf: "a PDF document",
  },
  isKind: ({ what, kind, next }: { what: string; kind: string; next: string }) =>
    `${what} is ${kind}.${next === "" ? "" : ` ${next}`}`,
  /** A file of this kind, which its reader calls "it". */
  itIsKind: ({ kind, next }: { kind: string; next: string }) => `It is ${kind}.${next === "" ? "" : ` ${next}`}`,
  /** What to do with a file of another kind where data are expected. */
  insteadOfData: {
    keras: isModel,
    onnx: modelNotData,
    tflite: modelNotData,
    savedModel: modelNotData,
    safetensors: weightsNotData,
    gguf: weightsNotData,
    hdf5: `If it is a Keras model, name it in a model's \`file\`. ${asNpz('numpy.savez("data.npz", inputs=f["x"], targets=f["y"]) with f = h5py.File(…)')}`,
    pytorch: `It is a Python pickle, and nothing in a file is executed. ${asNpz('numpy.savez("data.npz", inputs=x.numpy(), targets=y.numpy())')}`,
    pickle: `Nothing in a file is executed. ${asNpz('numpy.savez("data.npz", inputs=x, targets=y)')}`,
    npy: nameArrays,
    npz: nameArrays,
    gitLfs: pull,
    html: download,
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
  },
  /** The same where a model is expected. */
  insteadOfModel: {
    pytorch: `It is a Python pickle, and nothing in a file is executed. ${describeLayers}`,
    pickle:
      'Nothing in a file is executed. If it is a Keras model, load it in Keras and save it there: model.save("model.keras").',
    safetensors: `It has weights but no layers. ${describeLayers}`,
    gguf: `It has weights but no layers. ${describeLayers}`,
    onnx: 'It has operations but no layers. Save the model that it was made from: in Keras, model.save("model.keras").',
    tflite: 'It has operations but no layers. Save the Keras model that it was made from: model.save("model.keras").',
    savedModel: 'It has operations but no layers. Load it in Keras and save it there: model.save("model.keras").',
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

  jsonDeep: (most: number) => `it is nested more than ${most} levels deep`,
  jsonAfterEnd: "there is something after its end",
  jsonUnbegun: (mark: string) => `"${mark}" ends something that did not begin`,
  jsonKeyTwice: (name: string) => `two keys are named "${name}"`,
  jsonManyKeys: (most: number) => `it has more than ${most} keys`,
  jsonOpenString: "a string is never closed",
  jsonControl: "a string has a control character",
  jsonHex: "\\u needs four hexadecimal digits",
  jsonEscape: "there is no such escape sequence",
  jsonManyValues: (most: string) => `it has more than ${most} values and keys, the limit`,
  jsonEnds: (wanted: keyof typeof needed) => `it ends where ${needed[wanted]} should be`,
  jsonFound: ({ found, wanted }: { found: string; wanted: keyof typeof needed }) =>
    `there is ${found} where ${needed[wanted]} should be`,

  zipDamaged: "it is damaged or cut off",
  zipManyEntries: ({ n, most }: { n: number; most: number }) => `it has ${n} entries; the limit is ${most}`,
  zipTwice: (name: string) => `two of its entries are named "${name}"`,
  zipLarge: (most: string) => `its entries unpack to more than ${most} MB, the limit`,
  zipBomb: ({ size, packed, ratio }: { size: string; packed: string; ratio: number }) =>
    `${size} MB are packed into ${packed} MB, more than ${ratio} times smaller; save it without compression`,

  tookLong: (seconds: number) =>
    `Reading it took more than ${seconds} s and was stopped: it is damaged, or made so that reading never ends.`,
  noMemory: "Reading it needs more memory than is available.",
};
