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
\`encoder.backward.h\` are those of the two halves of a \`bidirectional\` layer. \`initialState\` makes a recurrent layer begin
with such states. \`"initialState": "encoder"\` stands for all of them.

\`\`\`jsonc
"encoderDecoder": { "layers": [
  { "type": "lstm", "units": 32, "name": "encoder" },
  { "type": "repeatVector", "n": 10 },
  { "type": "lstm", "units": 32, "initialState": "encoder", "returnSequences": true },
  { "type": "dense", "units": 4, "activation": "softmax" } ] }
\`\`\`

The gradient of an initial state flows on into the layer that gave it: the encoder's last state gradient is what the
decoder sends back. The norm of a layer's output gradient includes the states that it gives.`;
}
