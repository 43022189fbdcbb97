/**
 * Upper bounds of sizes. They are far above anything trained in an editor; their purpose is a message instead of a
 * crash.
 */

/** Units, filters, vocabulary-independent widths. A 65536² float32 matrix would take 17 GB, so nothing real is excluded. */
export const maxUnits = 65_536;
/** A recurrent matrix is H × 4H in an LSTM: 8192 units are 268 million weights, 1 GB. */
export const maxRecurrentUnits = 8192;
/** Rows of an embedding; the largest published vocabularies have about a million. */
export const maxVocabulary = 10_000_000;
export const maxTimesteps = 100_000;
/** τ of the Mackey–Glass equation: every timestep of the series takes ten integration steps. */
export const maxDelay = 1000;
/** Number of digit images shipped with the engine. */
export const digitImages = 1797;
export const maxSamples = 10_000_000;
export const maxBatchSize = 1_000_000;
export const maxSteps = 100_000_000;
export const maxEpochs = 1_000_000;
export const maxSeed = 2_147_483_647;
/** Samples × timesteps × features of a built-in task: 250 million float32 values are 1 GB. */
export const maxTaskValues = 250_000_000;
export const maxLayers = 1000;
/** Characters of the source text: a thousand times those of a usual config, and still read quickly. */
export const maxLength = 2_000_000;
/** Nesting of the source text. The deepest valid config needs about ten levels; parsers recurse once per level. */
export const maxDepth = 64;

/** Most problems that are reported one by one: readers look at no more, and an editor draws each. */
export const maxProblems = 100;
/** Properties of one object. Class weights need the most. */
export const maxKeys = 10_000;
/** Models of a config. Each is resolved, drawn and listed separately. */
export const maxModels = 500;
/**
 * Length of a chain of models that extend each other: each is searched for everything that the last one does not set.
 */
export const maxExtends = 32;
/** Characters of a model's name, which appears in menus, on terminals and in tables. */
export const maxModelName = 200;
/**
 * JSON values that are visited again because models override parts of sections that they share; values that are only
 * shared count once. About as many as 500 models over usual `data` and `training` sections need.
 */
export const maxSharedWork = 30_000;
/**
 * Above this number of characters, an editor reads a config when typing pauses, not at each edit: 25 times the usual
 * size.
 */
export const promptLength = 50_000;

/** Class labels: whole numbers that float32 represents exactly. */
export const maxLabel = 2 ** 24;
export const maxListedClasses = 1000;
/** Float32 values (inputs and targets together) that a data set may have: 100 million are 400 MB. */
export const maxDataValues = 100_000_000;
/** Weights of a model: 20 million take 80 MB, and as much again for gradients and each of an optimizer's moments. */
export const maxParameters = 20_000_000;

/** Characters of a file's path: Linux's PATH_MAX. */
export const maxFilePath = 4096;
