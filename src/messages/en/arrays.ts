/** Arrays in files, and whether they suit the layers and the loss. `name` is the array as messages call it. */

export const arrays = {
  noNpy: (name: string) => `${name} is not an NPY file: it does not begin like one.`,
  cutHeader: (name: string) => `${name} is cut off in its header.`,
  npyVersion: ({ name, version }: { name: string; version: number }) =>
    `${name} has NPY version ${version}; versions 1 to 3 can be read.`,
  npyHeader: (name: string) => `${name} has a header that cannot be understood.`,
  npyRecords: (name: string) =>
    `${name} holds records with fields, not an array of numbers. In Python, numpy.lib.recfunctions.structured_to_unstructured(a, dtype="float32") makes one of it.`,
  npyValues: ({ name, kind, code, remedy }: { name: string; kind: string; code: string; remedy: string }) =>
    `${name} holds ${kind} ("${code}"), but only whole numbers of 8 to 64 bits, booleans, and real numbers of 16 to 64 bits can be read. ${remedy}`,
  npyKinds: {
    objects: "Python objects, which are never read",
    complex: "complex numbers",
    texts: "texts",
    times: "times",
    others: "values of another kind",
  },
  npyRemedies: {
    objects:
      'In Python, numpy.array(a.tolist(), dtype="float32") makes numbers of it; pad lists of unequal length first.',
    complex: "Save a.real, a.imag or numpy.abs(a).",
    texts:
      'If they are numbers, save a.astype("float32"); if they are labels, save their indices, numpy.unique(a, return_inverse=True)[1].',
    times: 'Save a.astype("int64").',
    others: 'Save a.astype("float32").',
  },
  axes: ({ name, n, most }: { name: string; n: number; most: number }) =>
    `${name} has ${n} axes; the limit is ${most}.`,
  values: ({ name, n, most }: { name: string; n: number; most: number }) =>
    `${name} has ${n} values; the limit is ${most} (400 MB). Use a part of it.`,
  cutValues: ({ name, shape, needed, left }: { name: string; shape: string; needed: number; left: number }) =>
    `${name} is cut off: its shape (${shape}) needs ${needed} bytes, but ${left} are left.`,
  extraBytes: ({ name, shape, n }: { name: string; shape: string; n: number }) =>
    `${name} has ${n} bytes more than its shape (${shape}) needs.`,
  inFile: ({ array, file }: { array: string; file: string }) => `"${array}" in ${file}`,

  noNpz: (file: string) => `${file} is not an NPZ file, or it is damaged or cut off.`,
  npzTwice: ({ file, why }: { file: string; why: string }) =>
    `${file}: ${why}. Save its arrays anew with numpy.savez, each under its own name.`,
  npzUnpacked: ({ file, why }: { file: string; why: string }) =>
    `${file} cannot be unpacked: ${why}. Use a part of it, saved by numpy.savez.`,
  noName: (file: string) => `${file} holds one array, which has no name. Leave "array" out.`,
  noArrayFile: ({ file, table }: { file: string; table: boolean }) =>
    `${file} is neither NPY, NPZ nor JSON, or it is damaged.${table ? ` A table is named as "file": ${file}, with "inputs" and "targets" as lists of its columns.` : ""}`,

  notLearnt: ({ name, value, at }: { name: string; value: string; at: string }) =>
    `${name} has ${value} at [${at}], which a net cannot learn from. Fill in a number or leave the sample out.`,
  infinite: ({ name, value, at }: { name: string; value: string; at: string }) =>
    `${name} has ${value} at [${at}], an infinite value, which a net cannot learn from. Fill in a number or leave the sample out.`,
  tooLarge: ({ name, value, at }: { name: string; value: string; at: string }) =>
    `${name} has ${value} at [${at}], which is too large for a 32-bit number.`,

  badJson: ({ file, line, column, why }: { file: string; line: number; column: number; why: string }) =>
    `${file} is not well-formed JSON (line ${line}, column ${column}): ${why}.`,
  jsonAxes: ({ why, most }: { why: string; most: number }) => `${why}; an array has at most ${most} axes`,
  jsonLists: (file: string) => `${file} must hold nested lists of numbers, or an object with such lists.`,
  jsonList: ({ file, name }: { file: string; name: string }) =>
    `${file} is a list; it has no array "${name}". Leave "array" out.`,
  notLists: (name: string) => `${name} must be nested lists of numbers.`,
  noRecord: ({ file, index }: { file: string; index: number }) =>
    `${file} has records, but its entry [${index}] is none.`,
  noField: ({ file, index, name }: { file: string; index: number; name: string }) =>
    `${file}: record [${index}] has no "${name}".`,
  atIndices: (indices: string) => ` at [${indices}]`,
  listForNumber: ({ name, place }: { name: string; place: string }) =>
    `${name} has a list${place}, where a number is expected.`,
  manyAxes: ({ name, most }: { name: string; most: number }) => `${name} has more than ${most} axes, the limit.`,
  numberForList: ({ name, found, place, n }: { name: string; found: string; place: string; n: number }) =>
    `${name} has ${found}${place}, where a list of ${n} is expected.`,
  manyValues: ({ name, most }: { name: string; most: number }) =>
    `${name} has more than ${most} values, the limit (400 MB). Use a part of it.`,
  aList: "a list",
  anObject: "an object",

  noValues: ({ file, shape }: { file: string; shape: string }) => `"${file}" has no values: its shape is (${shape}).`,
  unequal: ({ inputs, targets }: { inputs: number; targets: number }) =>
    `There are ${inputs} inputs, but ${targets} targets: the first axis of both counts the samples.`,
  manyNumbers: ({ n, most }: { n: number; most: number }) =>
    `Inputs and targets are ${n} numbers; the limit is ${most} (400 MB). Use a part of them.`,
  weightsShape: ({ shape, samples, each }: { shape: string; samples: number; each: string | null }) =>
    `its shape is (${shape}), but there must be one weight per sample, (${samples})${each === null ? "" : `, or one per sample and timestep, (${each})`}.`,
  badWeight: (value: number) => `a weight must be a number, at least 0, but there is ${value}.`,
  zeroWeights: "all weights are 0, so nothing could be learnt.",
  valuePerClass: "a value per class, at least two, on the last axis",
  columnPerClass: "one column per class, at least two",
  sharesHere: ({ loss, found }: { loss: string; found: number }) =>
    `the loss "${loss}" takes shares from 0 to 1, but there is ${found}.`,
  sharesInColumn: ({ loss, column, found }: { loss: string; column: string; found: number }) =>
    `The loss "${loss}" takes shares from 0 to 1, but column "${column}" has ${found}.`,
  oneColumn: ({ loss, n }: { loss: string; n: number }) =>
    `The loss "${loss}" takes one column of class indices, not ${n} columns.`,
  classesUnscaled: (loss: string) =>
    `The loss "${loss}" takes classes, and those stay as they are: this has no effect.`,
  classWeightOfMany: (n: number) =>
    `"classWeight" is for targets that are one class each; these have ${n} yes-or-no values side by side. Use the data's "weights".`,
  noClass: ({ name, last }: { name: string; last: number }) =>
    `There is no class ${name}: the targets have the classes 0 to ${last}.`,
  constantColumn: ({ column, tested }: { column: string; tested: boolean }) =>
    `Column "${column}" has the same value in every row${tested ? " to learn from" : ""}. There is nothing to divide by, so the values are only shifted, to zeros.`,
  constantFeatures: ({ n, of, file, tested }: { n: number; of: number; file: string; tested: boolean }) =>
    `${n} of ${of === 1 ? "the 1 feature" : `the ${of} features`} of "${file}" ${n === 1 ? "has" : "have"} the same value in every sample${tested ? " to learn from" : ""}. There is nothing to divide by, so the values are only shifted, to zeros.`,
  taskTooLarge: ({ samples, n, most, fit }: { samples: number; n: number; most: number; fit: number }) =>
    `${samples} sequences of this task are ${n} numbers; the limit is ${most} (400 MB). ${fit >= 1 ? `At most ${fit} samples fit.` : "Make the sequences shorter."}`,
  numberTarget: ({ task, loss }: { task: string; loss: string }) =>
    `The target of "${task}" is a number, but "${loss}" is for classes. Use "meanSquaredError".`,
  nextCharacter: (loss: string) =>
    `The next character is one of many classes, which "${loss}" does not support. Use "sparseCategoricalCrossentropy".`,
  shortText: ({ file, n, piece }: { file: string; n: number; piece: number }) =>
    `"${file}" has ${n} ${n === 1 ? "character" : "characters"}; one piece of ${piece} and the character after it need ${piece + 1}.`,
  longText: (of: { file: string; n: number; loss: string; most: number; sparse: boolean; stride: number | null }) =>
    `"${of.file}" makes ${of.n} numbers with "${of.loss}"; the limit is ${of.most} (400 MB). Use a part of it${of.sparse ? ', or "sparseCategoricalCrossentropy"' : ""}${of.stride === null ? "" : `, or a "stride" of at least ${of.stride}`}.`,
  unevenNumbers: ({ key, n, features }: { key: string; n: number; features: number }) =>
    `"${key}" has ${n} numbers for ${features} features.`,
  unevenLists: ({ key, n, timesteps }: { key: string; n: number; timesteps: number }) =>
    `"${key}" has ${n} lists for ${timesteps} timesteps.`,
};
