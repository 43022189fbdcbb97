/** Functions and classes of the script for what Keras does not have, or has in another form. */

/** Keras makes the second layer of a bidirectional one from the names of its functions: they are registered, and not Keras's. */
const hardSigmoid = `
@keras.saving.register_keras_serializable()
def old_hard_sigmoid(x):
    """The one of Gradient Lens and Keras 2; Keras 3 has another slope."""
    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)
`;

const geluTanh = `
@keras.saving.register_keras_serializable()
def gelu_tanh(x):
    return keras.activations.gelu(x, approximate=True)
`;

const positions = `
class Positions(layers.Layer):
    """Adds a trained vector to each timestep."""

    def build(self, shape):
        self.positions = self.add_weight(shape=shape[1:], initializer="random_uniform", name="positions")

    def call(self, x):
        return x + self.positions
`;

const sinusoids = `
def sinusoids(timesteps, features):
    """Sines and cosines of growing wavelength (Vaswani et al. 2017, section 3.5): T × D."""
    d = np.arange(features)
    angle = np.arange(timesteps)[:, None] / 10_000 ** ((d - d % 2) / features)
    return np.where(d % 2 == 0, np.sin(angle), np.cos(angle)).astype(keras.config.floatx())
`;

const encoder = `
def transformer_block(name, heads, size, hidden, features, activation, pre=False, causal=False, dropout=0.0, epsilon=1e-6):
    """A Transformer encoder block, normalized after each sum or before each part (Xiong et al. 2020)."""
    attention = layers.MultiHeadAttention(heads, size, name=f"{name}_attention")
    norms = [layers.LayerNormalization(epsilon=epsilon, name=f"{name}_{part}_normalization") for part in ("attention", "feed_forward")]
    inside = layers.Dense(hidden, activation=activation, name=f"{name}_hidden")
    outside = layers.Dense(features, name=f"{name}_feed_forward")
    drops = [layers.Dropout(dropout) for _ in norms]
    parts = [lambda x: attention(x, x, use_causal_mask=causal), lambda x: outside(inside(x))]

    def block(x):
        for part, norm, drop in zip(parts, norms, drops):
            x = layers.add([x, drop(part(norm(x)))]) if pre else norm(layers.add([x, drop(part(x))]))
        return x

    return block
`;

const pooling = `
def pooled_by_attention(name, units):
    """The mean of a sequence, weighted by a score of each timestep (Yang et al. 2016): B × T × H → B × H."""
    score = layers.Dense(units, activation="tanh", name=f"{name}_score")
    context = layers.Dense(1, use_bias=False, name=f"{name}_context")
    return lambda x: ops.sum(ops.softmax(context(score(x)), axis=1) * x, axis=1)
`;

const unpacked = `
def unpacked(array, *shapes):
    """The arrays that travel as one: each sample's values follow one another."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    parts = np.split(array.reshape(len(array), -1), ends, axis=1)
    return tuple(part.reshape(len(array), *shape) for part, shape in zip(parts, shapes))
`;

/** In the order in which the script defines them. */
const sources = {
  old_hard_sigmoid: hardSigmoid,
  gelu_tanh: geluTanh,
  Positions: positions,
  sinusoids,
  transformer_block: encoder,
  pooled_by_attention: pooling,
  unpacked,
} as const;

export type HelperName = keyof typeof sources;

/** Names that the network's function has for something else. */
export const reserved: readonly string[] = [...Object.keys(sources), "inputs"];

export function helperSources(wanted: readonly HelperName[]): string[] {
  const needed = new Set<string>(wanted);
  return Object.entries(sources)
    .filter(([name]) => needed.has(name))
    .map(([, source]) => source.trim());
}
