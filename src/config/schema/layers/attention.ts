/** Attention: layers that look at all timesteps at once. */

import { maxUnits } from "../../limits.ts";
import { arg, required } from "../arg.ts";
import { above, choice, flag, halfOpen, whole } from "../values.ts";
import { activation, initial, layer, useBias, weight } from "./common.ts";

const maxHeads = 1024;

const heads = required(
  whole(1, maxHeads),
  "Number of heads. Without `keyDim` they share the features, so their number has to divide the number of features.",
);
const keyDim = arg(whole(1, maxUnits), "Size of the queries, keys and values of each head. Default: features / heads.");
const causal = arg(
  flag(),
  "Whether a timestep sees only itself and earlier ones, as a language model must. The gradient then flows only back in time.",
  false,
);

const shareDropout = arg(halfOpen(0, 1), "Share of the attention that is dropped in training.", 0);
const headWeights = {
  useBias,
  ...weight("kernel", "query, key, value and output matrices", "glorotUniform"),
  ...weight("bias", "biases of these matrices", "zeros"),
};

const scored = {
  causal: arg(flag(), "Whether timestep t of the query sees only the first t timesteps of the values.", false),
  dropout: shareDropout,
};

export const attentionLayers = [
  layer(
    "selfAttention",
    {
      heads,
      keyDim,
      causal,
      residual: arg(
        flag(),
        "Adds the input to the output, so that the gradient also has an unchanged path (He et al. 2016).",
        false,
      ),
      dropout: shareDropout,
      ...headWeights,
    },
    "Multi-head self-attention: each timestep is a weighted mean over all timesteps (Vaswani et al. 2017). The gradient travels from any timestep to any other in one step, at any distance.",
  ),
  layer(
    "crossAttention",
    {
      heads,
      keyDim: arg(
        whole(1, maxUnits),
        "Size of the queries and keys of each head. Default: features of the query / heads.",
      ),
      valueDim: arg(whole(1, maxUnits), "Size of the values of each head. Default: that of the keys."),
      units: arg(whole(1, maxUnits), "Number of features of the output. Default: those of the query."),
      causal: arg(
        flag(),
        "Whether timestep t of the query sees only the first t timesteps of the other sequence.",
        false,
      ),
      dropout: shareDropout,
      ...headWeights,
    },
    'Multi-head attention of one sequence to another, as between the decoder and the encoder of a Transformer (Vaswani et al. 2017): `"inputs": ["decoder", "encoder"]` names the query and the values, and perhaps the keys. Each timestep of the query gets a weighted mean over all timesteps of the values.',
  ),
  layer(
    "dotAttention",
    {
      scoreMode: arg(
        choice("dot", "concat"),
        "The scores: `dot`, the products of query and key; `concat`, Σ tanh(query + key), times a learnt factor.",
        "dot",
      ),
      useScale: arg(flag(), "Whether the scores are multiplied by a learnt factor.", false),
      scaleInitializer: initial("factors", "ones"),
      ...scored,
    },
    'Attention without projections (Luong et al. 2015), Keras\'s `Attention`: `"inputs": ["decoder", "encoder"]` names the query and the values, and perhaps the keys. Query and keys have the same number of features; the scores are not divided by its root.',
  ),
  layer(
    "additiveAttention",
    {
      useScale: arg(flag(), "Whether each feature has a learnt factor in the scores.", true),
      scaleInitializer: initial("factors", "glorotUniform"),
      ...scored,
    },
    'Additive attention without projections (Bahdanau et al. 2015), Keras\'s `AdditiveAttention`: the scores are Σ scale · tanh(query + key). `"inputs": ["decoder", "encoder"]` names the query and the values, and perhaps the keys.',
  ),
  layer(
    "attention",
    {
      units: arg(whole(1, maxUnits), "Size of the layer that scores the states. Default: the size of the states."),
      ...weight("kernel", "scoring weights", "glorotUniform"),
      biasInitializer: initial("scoring bias", "zeros"),
      contextInitializer: initial("vector that turns the scores' layer into one number", "glorotUniform"),
    },
    "Attention over the states: the mean of a sequence weighted by each timestep's score (Bahdanau et al. 2015; as a pooling: Yang et al. 2016). After a recurrent layer with `returnSequences`, each state gets its share of the gradient directly instead of through all later timesteps: a remedy for vanishing.",
  ),
  layer(
    "positionalEncoding",
    {
      encoding: arg(
        choice("sinusoidal", "learned"),
        "Sines and cosines of growing wavelength (Vaswani et al. 2017), or one learnt vector per timestep.",
        "sinusoidal",
      ),
      positionsInitializer: initial("learnt vectors", "randomUniform"),
    },
    "Adds a position-dependent vector to each timestep, because attention alone does not know positions. The gradient passes unchanged.",
  ),
  layer(
    "transformerEncoder",
    {
      heads,
      keyDim,
      units: arg(
        whole(1, maxUnits),
        "Size of the hidden layer of the feed-forward part. Default: four times the features.",
      ),
      activation: activation("relu", "Activation of the hidden layer."),
      normalization: arg(
        choice("post", "pre"),
        "Place of the layer normalization: after each residual sum (`post`, Vaswani et al. 2017), where it rescales the gradient at every block, or before each part (`pre`, Xiong et al. 2020), which leaves the gradient an unchanged path through any depth.",
        "post",
      ),
      causal,
      dropout: arg(halfOpen(0, 1), "Share of each part's output that is dropped during training.", 0),
      epsilon: arg(above(0), "Added to the variance in the normalization.", 1e-6),
      kernelInitializer: initial("all matrices", "glorotUniform"),
    },
    "Self-attention and a feed-forward part, each with a residual connection and layer normalization. Keeps the shape of its input.",
  ),
] as const;
