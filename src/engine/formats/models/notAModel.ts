/** What to do with a file that is sound but not a model that can be read. */

import { type FileKind, kindNames } from "../../reading/fileSignature.ts";

const describeLayers = "Write its layers into the config to train them here.";
const saveAgain = 'Load it in Keras and save it there: model.save("model.keras").';
const isData = "Arrays and tables are data: name it in `data`.";
const unpack = "Unpack it and name the model that is in it.";

const nextSteps: { readonly [K in FileKind]?: string } = {
  pytorch: `It is a Python pickle, and nothing in a file is executed. ${describeLayers}`,
  pickle: `Nothing in a file is executed. If it is a Keras model, ${saveAgain[0]?.toLowerCase()}${saveAgain.slice(1)}`,
  safetensors: `It has weights but no layers. ${describeLayers}`,
  gguf: `It has weights but no layers. ${describeLayers}`,
  onnx: 'It has operations but no layers. Save the model that it was made from: in Keras, model.save("model.keras").',
  tflite: 'It has operations but no layers. Save the Keras model that it was made from: model.save("model.keras").',
  savedModel: `It has operations but no layers. ${saveAgain}`,
  gitLfs: "Get the file with `git lfs pull` in its repository.",
  html: "Download the file itself, not the page that shows it.",
  npy: isData,
  npz: isData,
  excel: isData,
  oldExcel: isData,
  parquet: isData,
  feather: isData,
  matlab: isData,
  sqlite: isData,
  gzip: unpack,
  tar: unpack,
  zip: unpack,
};

/** Why a file of this kind is refused, and what to do instead. */
export function notAModel(kind: FileKind): string {
  const nextStep = nextSteps[kind];
  return `It is ${kindNames[kind]}.${nextStep ? ` ${nextStep}` : ""}`;
}

/** The kinds of files that can be read, for messages about other files. */
export const readableModels = "Keras's .keras or .h5, or tfjs's model.json";
