/** Explanations of keys in Chinese, by the English ones: recurrent layers, wrappers, attention and the external memory. */

export const recurrent: { readonly [english: string]: string } = {
  "A Neural Turing Machine (Graves, Wayne & Danihelka 2014): a controller with heads that write to a memory and read from it, addressed by content and by location. The memory M is a separate state beside h and c: its gradient ∂L/∂M_t passes unchanged where nothing is erased.":
    "神经图灵机（Graves, Wayne & Danihelka 2014）：控制器通过读写头对记忆进行读写，按内容和位置寻址。记忆 M 是 h 和 c 之外的另一个状态：在没有擦除的地方，其梯度 ∂L/∂M_t 原样通过。",
  "A recurrent layer made of cells. tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.":
    "由单元结构（cell）构成的循环层。tfjs 的 `recurrentActivation` 默认为 hardSigmoid，Keras 的则是 sigmoid：与 Keras 比较时请设定它。",
  "A recurrent layer run forwards and backwards (Schuster & Paliwal 1997).":
    "正向和反向各运行一次的循环层（Schuster & Paliwal 1997）。",
  "Activation of the gates. **tfjs's default is `hardSigmoid`, Keras's is `sigmoid`**: hardSigmoid is exactly 0 or 1 beyond ±2.5, where no gradient passes to the gate.":
    "门的激活函数。**tfjs 默认为 `hardSigmoid`，Keras 默认为 `sigmoid`**：hardSigmoid 在 ±2.5 之外恰为 0 或 1，那里没有梯度传到门。",
  "Activation of the hidden layer.": "中间层的激活函数。",
  "Activation of the state. Its slope multiplies the gradient at every timestep: at most 1 for tanh and ReLU, at most 1/4 for sigmoid.":
    "状态的激活函数。其斜率在每个时间步都乘到梯度上：tanh 和 ReLU 至多为 1，sigmoid 至多为 1/4。",
  "Added to the variance in the normalization.": "在归一化中加到方差上。",
  'Additive attention without projections (Bahdanau et al. 2015), Keras\'s `AdditiveAttention`: the scores are Σ scale · tanh(query + key). `"inputs": ["decoder", "encoder"]` names the query and the values, and perhaps the keys.':
    '不带投影的加性注意力（Bahdanau et al. 2015），即 Keras 的 `AdditiveAttention`：得分为 Σ scale · tanh(query + key)。`"inputs": ["decoder", "encoder"]` 依次写出 query 和 value，也可以再写 key。',
  "Adds a position-dependent vector to each timestep, because attention alone does not know positions. The gradient passes unchanged.":
    "给每个时间步加上随位置变化的向量，因为注意力本身不知道位置。梯度原样通过。",
  "Adds the input to the output, so that the gradient also has an unchanged path (He et al. 2016).":
    "把输入加到输出上，使梯度还有一条原样通过的路径（He et al. 2016）。",
  "Applies a layer to every timestep with the same weights.": "以相同的权重把一层应用于每个时间步。",
  "Attention over the states: the mean of a sequence weighted by each timestep's score (Bahdanau et al. 2015; as a pooling: Yang et al. 2016). After a recurrent layer with `returnSequences`, each state gets its share of the gradient directly instead of through all later timesteps: a remedy for vanishing.":
    "对状态的注意力：以每个时间步的得分加权的序列平均值（Bahdanau et al. 2015；作为池化：Yang et al. 2016）。放在带 `returnSequences` 的循环层之后，每个状态都直接得到自己的那份梯度，而不必经过之后的所有时间步：这是梯度消失的一种对策。",
  'Attention without projections (Luong et al. 2015), Keras\'s `Attention`: `"inputs": ["decoder", "encoder"]` names the query and the values, and perhaps the keys. Query and keys have the same number of features; the scores are not divided by its root.':
    '不带投影的注意力（Luong et al. 2015），即 Keras 的 `Attention`：`"inputs": ["decoder", "encoder"]` 依次写出 query 和 value，也可以再写 key。query 和 key 的特征数相同；得分不除以其平方根。',
  "Features per timestep. Not needed: the data determine it.": "每个时间步的特征数。不需要：由数据决定。",
  "Gated recurrent unit (Cho et al. 2014). tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.":
    "门控循环单元（Cho et al. 2014）。tfjs 的 `recurrentActivation` 默认为 hardSigmoid，Keras 的则是 sigmoid：与 Keras 比较时请设定它。",
  "Gives the last state as an additional output. Not needed: a layer gives it if another one takes its state, such as `encoder.h`.":
    "把最后的状态作为附加输出。不需要：若另一层取用它的状态（例如 `encoder.h`），该层就会给出。",
  "Gives the output of every timestep instead of only the last one.": "给出每个时间步的输出，而不只是最后一个。",
  "Gives the state of every timestep instead of only the last one.": "给出每个时间步的状态，而不只是最后一个。",
  "Gives zeros for masked timesteps instead of repeating the last output. Only with `returnSequences`. Keras's `Bidirectional` sets it.":
    "被掩码遮住的时间步输出零，而不是重复上一个输出。仅与 `returnSequences` 一起使用。Keras 的 `Bidirectional` 会设定它。",
  "Height and width of the window.": "窗口的高和宽。",
  "How the outputs of the two directions are combined.": "两个方向的输出如何合并。",
  "Ignored: tfjs always loops.": "忽略：tfjs 总是循环计算。",
  "Ignored: tfjs always uses 2.": "忽略：tfjs 总是用 2。",
  "Initial values of the bias.": "偏置的初始值。",
  "Initial values of the bias. The bias of the gate that keeps the state determines how many timesteps the gradient survives at first: see `chrono`.":
    "偏置的初始值。保持状态的门的偏置决定梯度在开始时能存留多少个时间步：参见 `chrono`。",
  "Initial values of the initial memory of each sequence, which is learnt. Slots with equal initial values can be distinguished only by location. (The default has a standard deviation of 0.05.)":
    "每个序列的可学习的初始记忆的初始值。初始值相同的槽只能按位置区分。（默认的标准差为 0.05。）",
  "Initial values of the peephole weights. Only with `peepholes`.": "窥视孔权重的初始值。仅与 `peepholes` 一起使用。",
  "Initial values of the recurrent weights. Its singular values and the slope of the activation determine the gain per timestep: below 1 the gradient vanishes, above 1 it may explode.":
    "循环权重的初始值。其奇异值和激活函数的斜率决定每个时间步的增益：小于 1 时梯度消失，大于 1 时可能梯度爆炸。",
  "Initial values of the weights of h_{t−1} and of the read vectors. They determine the controller's own gain per timestep, and how much gradient enters the memory through the read vectors.":
    "h_{t−1} 和读出向量的权重的初始值。它们决定控制器自身每个时间步的增益，以及有多少梯度经读出向量进入记忆。",
  "LSTM over images, with convolutions instead of matrix products (Shi et al. 2015). tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.":
    "用于图像的 LSTM，以卷积代替矩阵乘积（Shi et al. 2015）。tfjs 的 `recurrentActivation` 默认为 hardSigmoid，Keras 的则是 sigmoid：与 Keras 比较时请设定它。",
  "Lets the gates see the cell, through diagonal weights: the input and forget gates see c_{t−1}, the output gate c_t (Gers & Schmidhuber 2000). The gradient of c then has a second way back, through the gates.":
    "让门通过对角权重看到细胞状态：输入门和遗忘门看到 c_{t−1}，输出门看到 c_t（Gers & Schmidhuber 2000）。于是 c 的梯度还有经过门的第二条回路。",
  "Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000). The gradient travels along the cell c through the forget gate. tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.":
    "长短期记忆（Hochreiter & Schmidhuber 1997；遗忘门：Gers et al. 2000）。梯度经过遗忘门沿细胞状态 c 传递。tfjs 的 `recurrentActivation` 默认为 hardSigmoid，Keras 的则是 sigmoid：与 Keras 比较时请设定它。",
  'Multi-head attention of one sequence to another, as between the decoder and the encoder of a Transformer (Vaswani et al. 2017): `"inputs": ["decoder", "encoder"]` names the query and the values, and perhaps the keys. Each timestep of the query gets a weighted mean over all timesteps of the values.':
    '一个序列对另一个序列的多头注意力，如 Transformer 的解码器与编码器之间（Vaswani et al. 2017）：`"inputs": ["decoder", "encoder"]` 依次写出 query 和 value，也可以再写 key。query 的每个时间步得到 value 所有时间步的加权平均。',
  "Multi-head self-attention: each timestep is a weighted mean over all timesteps (Vaswani et al. 2017). The gradient travels from any timestep to any other in one step, at any distance.":
    "多头自注意力：每个时间步都是所有时间步的加权平均（Vaswani et al. 2017）。梯度一步就能从任一时间步传到任何距离之外的另一时间步。",
  "Number of features of the output. Default: those of the query.": "输出的特征数。默认：与 query 相同。",
  "Number of heads that read; each gives the numbers of one slot per timestep.":
    "读头的个数；每个读头在每个时间步给出一个槽的数。",
  "Number of heads that write; each erases and adds at every timestep. Erased content passes no gradient to earlier timesteps.":
    "写头的个数；每个写头在每个时间步擦除并写入。被擦除的内容不会把梯度传到更早的时间步。",
  "Number of heads. Without `keyDim` they share the features, so their number has to divide the number of features.":
    "头的个数。没有 `keyDim` 时各头分摊特征，因此它必须整除特征数。",
  "Number of slots N of the memory. A slot that no head addresses keeps its gradient unchanged for any number of timesteps.":
    "记忆的槽数 N。没有被任何头寻址的槽，其梯度在任意多个时间步内都保持不变。",
  "One timestep of convLstm2d. tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.":
    "convLstm2d 的一个时间步。tfjs 的 `recurrentActivation` 默认为 hardSigmoid，Keras 的则是 sigmoid：与 Keras 比较时请设定它。",
  "One timestep of gru, for `rnn`. tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.":
    "gru 的一个时间步，用于 `rnn`。tfjs 的 `recurrentActivation` 默认为 hardSigmoid，Keras 的则是 sigmoid：与 Keras 比较时请设定它。",
  "One timestep of lstm, for `rnn`. tfjs's `recurrentActivation` defaults to hardSigmoid, while Keras's is sigmoid: set it to compare with Keras.":
    "lstm 的一个时间步，用于 `rnn`。tfjs 的 `recurrentActivation` 默认为 hardSigmoid，Keras 的则是 sigmoid：与 Keras 比较时请设定它。",
  "One timestep of simpleRNN, for `rnn`. (tfjs's `recurrentActivation`, which defaults to hardSigmoid while Keras's is sigmoid, exists only for the gates of lstm and gru.)":
    "simpleRNN 的一个时间步，用于 `rnn`。（tfjs 的 `recurrentActivation` 默认为 hardSigmoid，而 Keras 的是 sigmoid；它只用于 lstm 和 gru 的门。）",
  "Place of the layer normalization: after each residual sum (`post`, Vaswani et al. 2017), where it rescales the gradient at every block, or before each part (`pre`, Xiong et al. 2020), which leaves the gradient an unchanged path through any depth.":
    "层归一化的位置：在每次残差相加之后（`post`，Vaswani et al. 2017），它在每个块都重新缩放梯度；或在每个部分之前（`pre`，Xiong et al. 2020），它给梯度留下一条穿过任意深度而不变的路径。",
  "Reads masked timesteps like any other, but still passes the mask on. Keras 3 does so in a layer that begins with the states of another.":
    "像读取其他时间步一样读取被掩码遮住的时间步，但仍把掩码传下去。Keras 3 在以另一层的状态开始的层中就是这样做的。",
  "Reads the sequence from its end.": "从末尾开始读取序列。",
  "Self-attention and a feed-forward part, each with a residual connection and layer normalization. Keeps the shape of its input.":
    "自注意力和前馈部分，各带残差连接和层归一化。输入的形状保持不变。",
  "Several cells within one timestep, for `rnn`.": "一个时间步内的多个单元结构，用于 `rnn`。",
  "Share of each part's output that is dropped during training.": "训练时各部分输出中被丢弃的比例。",
  "Share of the attention that is dropped in training.": "训练时注意力中被丢弃的比例。",
  "Share of the inputs that is dropped.": "输入中被丢弃的比例。",
  "Share of the recurrent state that is dropped.": "循环状态中被丢弃的比例。",
  "Sines and cosines of growing wavelength (Vaswani et al. 2017), or one learnt vector per timestep.":
    "波长递增的正弦和余弦（Vaswani et al. 2017），或每个时间步一个可学习的向量。",
  "Size of a slot, M in the paper.": "一个槽的大小，即论文中的 M。",
  "Size of the hidden layer of the feed-forward part. Default: four times the features.":
    "前馈部分中间层的大小。默认：特征数的四倍。",
  "Size of the layer that scores the states. Default: the size of the states.":
    "为状态打分的层的大小。默认：状态的大小。",
  "Size of the queries and keys of each head. Default: features of the query / heads.":
    "每个头的 query 和 key 的大小。默认：query 的特征数 / 头数。",
  "Size of the queries, keys and values of each head. Default: features / heads.":
    "每个头的 query、key 和 value 的大小。默认：特征数 / 头数。",
  "Size of the values of each head. Default: that of the keys.": "每个头的 value 的大小。默认：与 key 相同。",
  "Starts each batch from the last state of the previous one, sample by sample, and each epoch from zero. The state's value is carried over, but no gradient. Batches are then not shuffled. With arrays, sample i of a batch continues sample i of the previous batch, in the order of the file, as Keras expects it; a text, and the rows of a table with a `window`, are cut accordingly.":
    "每个批次逐样本地从上一个批次的最后状态开始，每轮从零开始。传递的是状态的值，而不是梯度。此时批次不打乱。对于数组，按文件中的顺序，一个批次的样本 i 接着上一个批次的样本 i，与 Keras 的要求相同；文本以及带 `window` 的表格的行会相应地切分。",
  "Starts the bias of the LSTM controller's forget gate at 1, so that its cell, and the gradient in it, lasts at first.":
    "LSTM 控制器的遗忘门偏置从 1 开始，使其细胞状态及其中的梯度在开始时得以保持。",
  "Starts the bias of the forget gate at 1, so that the cell remembers at first (Jozefowicz et al. 2015). **tfjs's default is `false`, Keras's is `true`.**":
    "遗忘门偏置从 1 开始，使单元结构在开始时能够记住（Jozefowicz et al. 2015）。**tfjs 默认为 `false`，Keras 默认为 `true`。**",
  "The cell to run over the timesteps, or a list of stacked cells.":
    "在各时间步上运行的单元结构，或堆叠的单元结构的列表。",
  "The cells; each takes the state of the previous one as input.": "各单元结构；每个以前一个的状态为输入。",
  "The layer that is applied to each timestep separately.": "分别应用于每个时间步的层。",
  "The plain recurrent layer (Elman 1990): h_t = activation(W x_t + U h_{t−1} + b). (tfjs's `recurrentActivation`, which defaults to hardSigmoid while Keras's is sigmoid, exists only for the gates of lstm and gru.)":
    "普通的循环层（Elman 1990）：h_t = activation(W x_t + U h_{t−1} + b)。（tfjs 的 `recurrentActivation` 默认为 hardSigmoid，而 Keras 的是 sigmoid；它只用于 lstm 和 gru 的门。）",
  "The recurrent cell that controls the heads; the gradient travels through it as well as through the memory. An LSTM (sigmoid gates) also keeps a gradient in its own cell; a simple one (tanh) leaves long transport to the memory.":
    "控制读写头的循环单元结构；梯度既经过它，也经过记忆。LSTM（sigmoid 门）在自己的细胞状态中也保有梯度；简单的单元结构（tanh）把长距离传递留给记忆。",
  "The recurrent layer that is run in both directions, each with weights of its own.":
    "在两个方向上运行的循环层，各有自己的权重。",
  "The scores: `dot`, the products of query and key; `concat`, Σ tanh(query + key), times a learnt factor.":
    "得分：`dot` 为 query 与 key 的乘积；`concat` 为 Σ tanh(query + key) 乘以可学习的系数。",
  'The state with which the layer begins instead of zeros: usually the last state of another recurrent layer, as for a decoder that continues from its encoder. Either `"encoder"`, or each state separately: `["encoder.h", "encoder.c"]` for an lstm, `["encoder.h"]` for the others, `["encoder.0.h", "encoder.1.h"]` for a stack of two cells. The output of any layer of the right size also works. The gradient of the state flows on into that layer.':
    '该层不从零、而从这个状态开始：通常是另一个循环层的最后状态，例如接着编码器继续的解码器。可以写 `"encoder"`，也可以分别写出各状态：lstm 为 `["encoder.h", "encoder.c"]`，其他为 `["encoder.h"]`，两个单元结构的堆叠为 `["encoder.0.h", "encoder.1.h"]`。大小合适的任何层的输出也可以。状态的梯度会继续流入那一层。',
  "Units of the controller. The layer's output is wider: h_t followed by the read vectors, `units + readHeads × width`.":
    "控制器的单元数。该层的输出更宽：h_t 之后是读出的向量，即 `units + readHeads × width`。",
  "Whether a timestep sees only itself and earlier ones, as a language model must. The gradient then flows only back in time.":
    "一个时间步是否只看到自己和更早的时间步，语言模型必须如此。此时梯度只沿时间往回流动。",
  "Whether each feature has a learnt factor in the scores.": "每个特征在得分中是否有可学习的系数。",
  "Whether heads can also move from their previous positions: interpolation, shift by one slot, sharpening. Without this they find slots by content only. The weightings are then another path of the gradient from timestep to timestep.":
    "读写头是否也能从先前的位置移动：插值、移动一个槽、锐化。没有它，读写头只能按内容找到槽。此时权重分布是梯度在时间步之间的又一条路径。",
  "Whether the reset gate acts after the matrix product, with a bias of its own (as in cuDNN), instead of on the state before it. **tfjs's default is `false`, Keras's is `true`.** In both cases the gradient travels along the update gate; the reset gate determines how much of it also passes through the candidate.":
    "重置门是作用于矩阵乘积之后并带有自己的偏置（同 cuDNN），还是作用于乘积之前的状态。**tfjs 默认为 `false`，Keras 默认为 `true`。**两种情形下梯度都沿更新门传递；重置门决定其中多少还会经过候选状态。",
  "Whether the scores are multiplied by a learnt factor.": "得分是否乘以一个可学习的系数。",
  "Whether timestep t of the query sees only the first t timesteps of the other sequence.":
    "query 的时间步 t 是否只看到另一个序列的前 t 个时间步。",
  "Whether timestep t of the query sees only the first t timesteps of the values.":
    "query 的时间步 t 是否只看到 value 的前 t 个时间步。",
};
