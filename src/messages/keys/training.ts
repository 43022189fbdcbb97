/** Explanations of keys in Chinese, by the English ones: `training`, initializers, regularizers and constraints. */

export const training: { readonly [english: string]: string } = {
  "1 gives a straight line; above 1 the decrease is steeper at first.": "1 为直线；大于 1 时开始下降得更陡。",
  "AdaGrad (Duchi et al. 2011): divides by the root of the sum of all squared gradients.":
    "AdaGrad（Duchi et al. 2011）：除以所有梯度平方之和的平方根。",
  "AdaMax (Kingma & Ba 2015, section 7.1).": "AdaMax（Kingma & Ba 2015，第 7.1 节）。",
  "Adadelta (Zeiler 2012).": "Adadelta（Zeiler 2012）。",
  "Adam (Kingma & Ba 2015, algorithm 1; as in PyTorch. Keras adds `epsilon` before the correction of the mean square, which gives it thirty times the weight in the first step).":
    "Adam（Kingma & Ba 2015，算法 1；与 PyTorch 相同。Keras 在校正均方之前加上 `epsilon`，使它在第一步的权重大三十倍）。",
  "AdamW (Loshchilov & Hutter 2019, algorithm 2): Adam with weight decay separate from the gradient.":
    "AdamW（Loshchilov & Hutter 2019，算法 2）：权重衰减与梯度分开的 Adam。",
  "Added to the denominator, so that it is never zero.": "加到分母上，使其不为零。",
  "All ones.": "全为一。",
  "All zeros.": "全为零。",
  "An epoch's mean loss is an improvement if it is lower than the best by more than this.":
    "一轮的平均损失比最佳值低出这么多以上，才算改进。",
  "An improvement is a loss that is lower than the best by more than this.": "损失比最佳值低出这么多以上，才算改进。",
  "Axis along which norms are taken; 0 is each unit's incoming weights.": "计算范数所沿的轴；0 为每个单元的输入权重。",
  "Clipping of the gradients before the update. It limits an explosion but does nothing against vanishing.":
    "在更新之前裁剪梯度。它限制梯度爆炸，但对梯度消失没有作用。",
  "Decay per step of the running mean of the gradient.": "梯度滑动均值每步的衰减率。",
  "Decay per step of the running mean of the squared gradient.": "梯度平方的滑动均值每步的衰减率。",
  "Decay per step of the running means.": "各滑动均值每步的衰减率。",
  "Divides by the estimated variance instead of the mean square.": "除以方差的估计值，而不是均方。",
  "Ends a training run when a loss has not improved for some epochs. A net that has not learnt yet because its gradient does not reach far enough also stands still: look at the horizon before giving up on it. Default: none.":
    "当损失在若干轮内没有改进时结束训练。因梯度传得不够远而尚未学会的网络也会停滞不前：放弃之前请先看可达距离。默认：无。",
  "Factor of the identity matrix.": "单位矩阵的系数。",
  "Factor of the learning rate at each reduction.": "每次降低时学习率所乘的系数。",
  "Factor of the learning rate on a plateau.": "进入平台期时学习率所乘的系数。",
  "Factor of the learning rate over `every` steps.": "每 `every` 步学习率所乘的系数。",
  "Factor of the orthogonal matrix: every singular value of a square matrix.":
    "正交矩阵的系数：方阵的每个奇异值都等于它。",
  "Factor of the sum of absolute values.": "绝对值之和的系数。",
  "Factor of the sum of squares.": "平方和的系数。",
  "Factor of the variance.": "方差的系数。",
  "Factor of this loss in the sum of all losses.": "该损失在总损失中的系数。",
  "Falls along half a cosine: learningRate × (final + (1 − final) × (1 + cos(π × step / steps)) / 2) (Loshchilov & Hutter 2017, without restarts).":
    "沿半个余弦下降：learningRate × (final + (1 − final) × (1 + cos(π × step / steps)) / 2)（Loshchilov & Hutter 2017，不重启）。",
  "Falls in steps: learningRate × factor^⌊step / every⌋.": "阶梯式下降：learningRate × factor^⌊step / every⌋。",
  "Falls smoothly: learningRate × factor^(step / every).": "平滑下降：learningRate × factor^(step / every)。",
  "Falls whenever the mean training loss of an epoch has not improved for a while. A net that has lost its gradient is on a plateau from the start: it is then slowed down although it needs a longer reach.":
    "每当一轮的平均训练损失有一段时间没有改进时下降。梯度已经丢失的网络从一开始就处于平台期：它需要传得更远，却反而被放慢。",
  "Final share of zero entries in each matrix.": "每个矩阵中零元素的最终比例。",
  "Folder below the config's folder; each model has a folder of its own name in it.":
    "配置所在文件夹之下的文件夹；每个模型在其中有一个与自己同名的文件夹。",
  "For the bias of lstm and gru: b = log u, u uniform in [1, `maxLag` − 1], for the gate that keeps the state (LSTM's forget gate, GRU's update gate), −b for LSTM's input gate, 0 for the others (Tallec & Ollivier 2018). From the first step on, the state gradient then survives about as many timesteps. It is made for sigmoid gates: with `hardSigmoid`, a bias beyond 2.5 closes the input gate permanently.":
    "用于 lstm 和 gru 的偏置：保持状态的门（LSTM 的遗忘门、GRU 的更新门）为 b = log u，u 在 [1, `maxLag` − 1] 内均匀分布；LSTM 的输入门为 −b，其他为 0（Tallec & Ollivier 2018）。这样从第一步起，状态梯度就能存留大约那么多个时间步。它是为 sigmoid 门设计的：用 `hardSigmoid` 时，超过 2.5 的偏置会使输入门永久关闭。",
  "Gaussian, redrawn beyond two standard deviations.": "高斯分布，超出两个标准差的重新抽取。",
  "Gaussian.": "高斯分布。",
  "Gradient accumulation: batches per step. Their gradients are averaged before clipping and before the single update. This is the update of a batch that many times as large, with the memory of one (except for `batchNormalization`, which normalizes each batch separately). All figures of a step are those of the large batch; only the contributions of timesteps to a weight's gradient are summed over the batches as if they were independent.":
    "梯度累积：每步的批次数。这些批次的梯度先取平均，再裁剪，然后只更新一次。这等于用大这么多倍的批次更新，却只占一个批次的内存（`batchNormalization` 除外，它对每个批次分别归一化）。一步的所有数值都是大批次的数值；只有各时间步对权重梯度的贡献是把各批次当作互相独立来求和的。",
  "Gradient descent with momentum.": "带动量的梯度下降。",
  "How the learning rate changes over the steps, starting from the optimizer's `learningRate`. It scales the update, never the gradient: norms, gains and horizon are those of the unscaled gradient.":
    "学习率从优化器的 `learningRate` 开始，如何随步数变化。它只缩放更新，从不缩放梯度：范数、增益和可达距离都是未缩放梯度的。",
  "How the models are trained.": "模型如何训练。",
  "Initial value of the sum of squared gradients.": "梯度平方之和的初始值。",
  "Its weight. The sum grows with the number of timesteps (the authors' code takes its mean, which corresponds to alpha / T here): clip the gradient, or use an optimizer that is indifferent to its scale.":
    "它的权重。总和随时间步数增大（作者的代码取平均，相当于这里的 alpha / T）：请裁剪梯度，或使用不受其尺度影响的优化器。",
  "Keeps the norm of weights within an interval.": "把权重的范数保持在一个区间内。",
  "Learning rate: the factor of the update.": "学习率：更新所乘的系数。",
  "Length of a training run in passes over the data; instead of `steps`.":
    "训练的长度，以遍历数据的轮数计；代替 `steps`。",
  "Limits each entry of each gradient to [−value, value]. Changes the direction of the update.":
    "把每个梯度的每个元素限制在 [−value, value]。这会改变更新的方向。",
  "Limits each entry of every weight to [−value, value].": "把每个权重的每个元素限制在 [−value, value]。",
  "Limits on the weights themselves after an update, for the whole model; a layer's constraints limit its own weights. Smaller recurrent weights mean a smaller gain: this bounds an explosion at its root and shortens the reach of a gradient that vanishes. Default: none.":
    "更新之后对整个模型的权重本身的限制；层的约束只限制该层自己的权重。循环权重越小，增益越小：这从根源上限制了梯度爆炸，也会缩短正在消失的梯度所能到达的距离。默认：无。",
  "Lower bound.": "下界。",
  "Magnitude pruning (Zhu & Gupta 2017): step by step, the smallest entries of each matrix (kernels, recurrent kernels, embeddings; no biases) become zero and stay zero. Sparsity rises from 0 as a cubic, fast at first. Zeros in a recurrent kernel lower its gain: watch the horizon while it grows. Default: none.":
    "按幅值剪枝（Zhu & Gupta 2017）：每个矩阵（核权重、循环核权重、嵌入；不含偏置）中最小的元素逐步变为零并保持为零。稀疏度从 0 按三次曲线上升，开始时快。循环核权重中的零会降低其增益：请在它上升时注意可达距离。默认：无。",
  "Mean.": "均值。",
  "Nesterov's variant: look ahead before the update.": "Nesterov 变体：更新之前先向前看。",
  "Number of epochs after a reduction that do not count.": "降低学习率之后不计入的轮数。",
  "Number of epochs without improvement after which the run ends.": "多少轮没有改进后结束运行。",
  "Number of epochs without improvement that make a plateau.": "多少轮没有改进算作平台期。",
  "Number of steps after which `factor` has been applied once.": "多少步之后恰好乘过一次 `factor`。",
  "Number of steps between two checkpoints; the end of the run is also one.":
    "两个检查点之间的步数；运行结束时也会写一个。",
  "Number of steps between two clippings.": "两次裁剪之间的步数。",
  "Number of steps between two prunings; in between, the set of pruned entries does not change.":
    "两次剪枝之间的步数；其间被剪去的元素不变。",
  "Number of steps over which the learning rate first rises linearly from (nearly) zero to its full value (Goyal et al. 2017); the schedule begins after them. It keeps the first updates small while the optimizer's running means know little about the gradient.":
    "学习率先从（接近）零线性上升到全值所用的步数（Goyal et al. 2017）；之后学习率调度才开始。在优化器的滑动均值还不了解梯度时，它使最初的更新保持较小。",
  "Number of steps to the final value, which is kept from there on. Default: the steps of a training run after the warm-up.":
    "到达最终值所用的步数，此后保持不变。默认：训练中预热之后的步数。",
  "One value everywhere.": "处处相同的值。",
  "Plain stochastic gradient descent.": "普通的随机梯度下降。",
  "RMSProp: divides by a running root mean square of the gradient.": "RMSProp：除以梯度的滑动均方根。",
  "Scales all gradients down together to this L2 norm (Pascanu et al. 2013, algorithm 1), which keeps the direction of the update. Half to ten times the usual norm is a good threshold.":
    "把所有梯度一起缩小到该 L2 范数（Pascanu et al. 2013，算法 1），更新的方向不变。通常范数的一半到十倍是合适的阈值。",
  "Scales each unit's incoming weights, in every matrix, down to this L2 norm (per column, as Keras's MaxNorm; biases are not changed).":
    "把每个矩阵中每个单元的输入权重缩小到该 L2 范数（逐列，同 Keras 的 MaxNorm；偏置不变）。",
  "Scales each weight's gradient down to this L2 norm, one weight at a time.": "把每个权重的梯度分别缩小到该 L2 范数。",
  "Scales weights down to a largest norm.": "把权重缩小到最大范数以内。",
  "Scales weights to norm 1.": "把权重缩放到范数 1。",
  "Seed of the initial weights and of the order of the samples: the same seed and the same backend give the same numbers.":
    "初始权重和样本顺序的随机种子：相同的种子和相同的后端给出相同的数值。",
  "Seed of this initializer's random numbers. Default: drawn from the training seed.":
    "该初始化器的随机数种子。默认：由训练的种子抽取。",
  "Sequences per forward and backward pass. Must not exceed the number of samples.":
    "每次前向和反向传播的序列数，不得超过样本数。",
  "Sets negative weights to zero.": "把负的权重设为零。",
  "Share of every weight, times the learning rate, that each step subtracts. Unlike an `l2` regularizer, it does not pass through the gradient's running means.":
    "每步从每个权重减去的比例，乘以学习率。与 `l2` 正则化器不同，它不经过梯度的滑动均值。",
  "Share of the distance to the interval that is moved per step.": "每步向区间移动的距离比例。",
  "Share of the learning rate that remains at the end.": "结束时剩余的学习率比例。",
  "Share of the previous update that is kept.": "保留前一次更新的比例。",
  "Speed of the decrease.": "下降的速度。",
  "Standard deviation before the truncation.": "截断之前的标准差。",
  "Standard deviation. An H × H recurrent matrix of stddev g/√H has a spectral radius of about g.":
    "标准差。标准差为 g/√H 的 H × H 循环矩阵，其谱半径约为 g。",
  "Step after whose update pruning begins.": "在哪一步的更新之后开始剪枝。",
  "Step after whose update the final sparsity is reached. Default: halfway through a training run.":
    "在哪一步的更新之后达到最终稀疏度。默认：训练的一半。",
  "The distribution. `normal` is also truncated, at two standard deviations, and widened so that the variance is as stated.":
    "分布。`normal` 也在两个标准差处截断，并加宽使方差符合所述。",
  "The fan by which the variance is divided.": "方差所除以的扇入或扇出。",
  "The largest norm.": "最大范数。",
  "The learning rate does not fall below this.": "学习率不低于此值。",
  "The longest dependency of the task, in timesteps: the units' time-scales are spread from 2 to this value.":
    "任务中最长的依赖，以时间步计：各单元的时间尺度分布在 2 到此值之间。",
  "The loss, mean over the batch; names are Keras's. An object can also state that the model gives logits. Masked timesteps (`masking`, or an embedding with `maskZero`) do not count in it if the mask reaches the model's output, as in Keras. A cross-entropy includes the last layer's `softmax` or `sigmoid`, as in Keras: an answer that is certain and wrong keeps its gradient, and the figures of that layer's output are those before the activation. Default: meanSquaredError for the adding problem and tables, sparseCategoricalCrossentropy for copy memory and temporal order.":
    "损失，对批次取平均；名称同 Keras。也可以写成对象，说明模型给出 logits。如果掩码到达模型的输出，被遮住的时间步（`masking`，或带 `maskZero` 的嵌入）不计入损失，与 Keras 相同。交叉熵会包含最后一层的 `softmax` 或 `sigmoid`，与 Keras 相同：确信而错误的答案仍保有梯度，而该层输出的数值是激活之前的数值。默认：加法任务和表格为 meanSquaredError，复制记忆和时间顺序任务为 sparseCategoricalCrossentropy。",
  "The loss; names are Keras's.": "损失；名称同 Keras。",
  "The metrics to report besides the loss, for each step's batch and for each test: `accuracy` for cross-entropies, the share of right answers; `meanAbsoluteError` and `rootMeanSquaredError` for the losses of numbers, in the unit of the targets that the net sees. Positions that are masked or have weight 0 do not count; other weights make no difference, as in Keras.":
    "除损失之外还要报告的指标，针对每步的批次和每次测试：`accuracy` 用于交叉熵，是正确答案的比例；`meanAbsoluteError` 和 `rootMeanSquaredError` 用于数的损失，以网络所见目标为单位。被掩码遮住或权重为 0 的位置不计入；其他权重不起作用，与 Keras 相同。",
  "The optimizer and its arguments.": "优化器及其参数。",
  "The regularizer Ω of Pascanu, Mikolov & Bengio (2013): keeps gradients from vanishing by making each recurrent kernel U of a simpleRNN pass them from timestep to timestep at the same size. alpha × Σ (‖(d_t ∘ σ′(h_t)) Uᵀ‖² / ‖d_t‖² − 1)² over the timesteps 2 to T, mean over the batch. Its gradient with respect to U alone, with the state gradients d and states h held constant, is added to the loss's, before clipping. (Norms are squared, as in the authors' code; in equation 9 of the paper they are not, with the same minimum.) Other recurrent layers, and those with recurrent dropout, are not affected. Default: none.":
    "Pascanu, Mikolov & Bengio (2013) 的正则化项 Ω：使 simpleRNN 的每个循环核权重 U 以相同的大小逐时间步地传递梯度，从而防止梯度消失。在时间步 2 到 T 上求和 alpha × Σ (‖(d_t ∘ σ′(h_t)) Uᵀ‖² / ‖d_t‖² − 1)²，对批次取平均。它只对 U 求梯度，状态梯度 d 和状态 h 视为常数；该梯度在裁剪之前加到损失的梯度上。（范数取平方，与作者的代码相同；论文的式 9 没有平方，最小值相同。）其他循环层以及带循环 dropout 的层不受影响。默认：无。",
  "The same learning rate throughout.": "学习率始终相同。",
  "The smallest norm.": "最小范数。",
  "The value of every entry.": "每个元素的值。",
  "Treats the model's output as logits, before any softmax or sigmoid, as Keras's `from_logits=True`; the last layer should have no activation. For the cross-entropies only.":
    "把模型的输出作为 logits 处理，即在 softmax 或 sigmoid 之前，同 Keras 的 `from_logits=True`；最后一层不应有激活函数。仅用于交叉熵。",
  "Truncated back-propagation through time: cuts the gradient at every multiple of this many timesteps, counted back from the last one. The state itself is carried on, and there is still one update per batch. No gradient reaches further back than this, so it bounds an explosion and makes every longer lag unlearnable. Default: never.":
    "截断的随时间反向传播：从最后一个时间步往回数，每隔这么多个时间步就切断梯度。状态本身继续传递，每个批次仍只更新一次。没有梯度能传到比这更远之前，因此它限制了梯度爆炸，也使更长的时滞无法学会。默认：从不截断。",
  "Truncated normal, variance 1 / fanIn (LeCun et al. 1998).": "截断的正态分布，方差 1 / fanIn（LeCun et al. 1998）。",
  "Truncated normal, variance 2 / (fanIn + fanOut) (Glorot & Bengio 2010).":
    "截断的正态分布，方差 2 / (fanIn + fanOut)（Glorot & Bengio 2010）。",
  "Truncated normal, variance 2 / fanIn, for ReLU (He et al. 2015).":
    "截断的正态分布，方差 2 / fanIn，用于 ReLU（He et al. 2015）。",
  "Uniform between two bounds.": "两个界限之间的均匀分布。",
  "Uniform, variance 1 / fanIn (LeCun et al. 1998).": "均匀分布，方差 1 / fanIn（LeCun et al. 1998）。",
  "Uniform, variance 2 / (fanIn + fanOut) (Glorot & Bengio 2010).":
    "均匀分布，方差 2 / (fanIn + fanOut)（Glorot & Bengio 2010）。",
  "Uniform, variance 2 / fanIn, for ReLU (He et al. 2015).": "均匀分布，方差 2 / fanIn，用于 ReLU（He et al. 2015）。",
  "Upper bound.": "上界。",
  "Variance `scale` / fan, the family of Glorot, He and LeCun.": "方差为 `scale` / fan，即 Glorot、He 和 LeCun 一族。",
  'Weights of the classes in the training loss: each sample\'s loss is multiplied by its class\'s weight, and the sum is still divided by the number of samples, as in Keras\'s `class_weight`. Either an object with class indices, such as `{ "0": 1, "1": 20 }`, where classes that are not named have weight 1; or `"balanced"`, samples / (classes × samples of the class), so that all classes have the same total weight. If every timestep has a target, each timestep counts by its own class. The baseline is that of the best constant answer under the same weights; the loss on test samples is not weighted by class. Default: all weigh the same.':
    '训练损失中各类别的权重：每个样本的损失乘以其类别的权重，而总和仍除以样本数，与 Keras 的 `class_weight` 相同。可以是以类别索引为键的对象，例如 `{ "0": 1, "1": 20 }`，未写出的类别权重为 1；也可以是 `"balanced"`，即 样本数 / (类别数 × 该类别的样本数)，使所有类别的总权重相同。若每个时间步都有目标，每个时间步按自己的类别计。基线是在相同权重下最佳常数答案的损失；测试样本的损失不按类别加权。默认：权重全部相同。',
  "Writes the model to disk during training, as tfjs's model.json with its weights. A model with that `file` measures the gradient at that point. For training runs only; it changes nothing in the training.":
    "训练时把模型写到磁盘上，为 tfjs 的 model.json 及其权重。以该文件为 `file` 的模型会测量那一刻的梯度。仅用于训练；对训练没有任何影响。",
  "`gain` × a random orthogonal matrix (Saxe et al. 2014): as a recurrent matrix it keeps the length of the state gradient, up to the slope of the activation.":
    "`gain` × 随机正交矩阵（Saxe et al. 2014）：作为循环矩阵，除激活函数的斜率之外，它保持状态梯度的长度。",
  "`gain` × the identity, square matrices only. With ReLU this is the IRNN (Le et al. 2015).":
    "`gain` × 单位矩阵，仅用于方阵。配合 ReLU 即 IRNN（Le et al. 2015）。",
  "`l1` × Σ|w| + `l2` × Σw². It affects the gradients of the weights, but neither the displayed loss nor the state gradients: those belong to the data loss.":
    "`l1` × Σ|w| + `l2` × Σw²。它影响权重的梯度，但不影响显示的损失和状态梯度：后两者属于数据的损失。",
  "`l1` × Σ|w|. Shrinks every weight by the same amount at each step: small ones become zero, and the gain falls. It affects the gradients of the weights, but neither the displayed loss nor the state gradients: those belong to the data loss.":
    "`l1` × Σ|w|。每步使每个权重缩小同样的量：小的变为零，增益随之下降。它影响权重的梯度，但不影响显示的损失和状态梯度：后两者属于数据的损失。",
  "`l2` × Σw². Pulls weights towards zero, and so lowers the gain. It affects the gradients of the weights, but neither the displayed loss nor the state gradients: those belong to the data loss.":
    "`l2` × Σw²。把权重拉向零，从而降低增益。它影响权重的梯度，但不影响显示的损失和状态梯度：后两者属于数据的损失。",
  "`last` can be resumed from (`gradlens train --resume`). `best` has the smallest loss on the samples kept for testing (`data.test`) or, if there are none, the smallest mean training loss since the previous checkpoint.":
    "`last` 可用于继续训练（`gradlens train --resume`）。`best` 是在留作测试的样本（`data.test`）上损失最小的；没有这样的样本时，是自上一个检查点以来平均训练损失最小的。",
  "`loss`: the mean training loss of each epoch; `testLoss`: the loss on the samples that the data keep for testing (`data.test`).":
    "`loss`：每轮的平均训练损失；`testLoss`：在数据留作测试的样本（`data.test`）上的损失。",
  "learningRate / (1 + factor × step / every).": "learningRate / (1 + factor × step / every)。",
  "learningRate × (final + (1 − final) × (1 − step / steps)^power).":
    "learningRate × (final + (1 − final) × (1 − step / steps)^power)。",
};
