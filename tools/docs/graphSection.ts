/** The section of docs/config.md about models that are not chains. */

export function graphs(): string {
  return `### Branches and states

A layer takes what its \`inputs\` name: other layers, \`"input"\` for the model's input, or last states. The layers may be
written in any order, as long as they form no circle; every layer must be used. Merging layers (\`add\`, \`concatenate\`,
\`average\`, \`multiply\`, \`maximum\`, \`minimum\`, \`dot\`) combine several inputs.

\`\`\`jsonc
"residual": { "layers": [
  { "type": "lstm", "units": 32, "returnSequences": true, "name": "below" },
  { "type": "lstm", "units": 32, "returnSequences": true, "name": "above" },
  { "type": "add", "inputs": ["below", "above"] },
  { "type": "dense", "units": 1 } ] }
\`\`\`

\`encoder.h\` is the last state h of the recurrent layer \`encoder\`, and \`encoder.c\` its c; \`encoder.forward.h\` and
\`encoder.backward.h\` are those of the two halves of a \`bidirectional\` layer, \`encoder.0.h\` and \`encoder.1.h\` those of the cells of a stack. \`initialState\` makes a recurrent layer begin
with such states. \`"initialState": "encoder"\` stands for all of them.

\`\`\`jsonc
"encoderDecoder": { "layers": [
  { "type": "lstm", "units": 32, "name": "encoder" },
  { "type": "repeatVector", "n": 10 },
  { "type": "lstm", "units": 32, "initialState": "encoder", "returnSequences": true },
  { "type": "dense", "units": 4, "activation": "softmax" } ] }
\`\`\`

The gradient of an initial state flows on into the layer that gave it: the encoder's last state gradient is what the
decoder sends back. The norm of a layer's output gradient includes the states that it gives.

### Several inputs and outputs

A model with several inputs names them in \`inputs\`, one with several outputs names the layers that give them in
\`outputs\`. The data then have an array for each name, and \`training.loss\` may have a loss for each output; without, all
have the same. The loss of the model is the sum, each multiplied by its \`weight\` (1 unless set).

\`\`\`jsonc
"data": { "inputs": { "source": { "file": "x.npz" }, "previous": { "file": "x.npz" } },
          "targets": { "words": { "file": "x.npz" }, "length": { "file": "x.npz" } } },
"training": { "loss": { "words": "sparseCategoricalCrossentropy", "length": { "type": "meanSquaredError", "weight": 0.1 } } },
"models": { "translate": { "inputs": ["source", "previous"], "outputs": ["words", "length"], "layers": [
  { "type": "embedding", "inputDim": 50, "outputDim": 16, "inputs": ["source"] },
  { "type": "lstm", "units": 32, "name": "encoder" },
  { "type": "dense", "units": 1, "name": "length", "inputs": ["encoder"] },
  { "type": "embedding", "inputDim": 50, "outputDim": 16, "name": "look", "inputs": ["previous"] },
  { "type": "lstm", "units": 32, "initialState": "encoder", "returnSequences": true },
  { "type": "dense", "units": 50, "activation": "softmax", "name": "words" } ] } }
\`\`\`

Each output's loss is reported as a metric (\`words loss\`), with those metrics of \`training.metrics\` that suit it.
\`classWeight\` is for one output. Each input and output has its own facts, and \`data-scale\` and \`output-mismatch\` judge each by
itself.

The required lag is estimated, and the need is measured, for inputs with a common time axis: sequences of the same length, and
inputs without timesteps, which count as part of the last one. For sequences of different lengths, for words, and with masks a
lag in timesteps would have no meaning for all inputs: set \`requiredLag\` if you know it.`;
}
