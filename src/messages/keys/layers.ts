/** Explanations of keys in Chinese, by the English ones: dense and elementwise layers, and layers that merge or normalize. */

export const layers: { readonly [english: string]: string } = {
  "1 where a comparison holds, otherwise 0. No gradient passes.": "比较成立处为 1，否则为 0。没有梯度通过。",
  "A dense layer over several axes, as Keras's EinsumDense.": "作用于多个轴的全连接层，同 Keras 的 EinsumDense。",
  "A function of each value. `sign`, `floor` and `ceil` pass no gradient.":
    "逐值函数。`sign`、`floor` 和 `ceil` 不让梯度通过。",
  "A part of one axis, as Python's `x[:, start:end:step]`.": "一个轴的一部分，同 Python 的 `x[:, start:end:step]`。",
  "A vector for each index.": "每个索引对应一个向量。",
  "Added to the mean square, so that it is never zero.": "加到均方上，使其不为零。",
  "Added to the variance, so that it is never zero.": "加到方差上，使其不为零。",
  "Adds Gaussian noise.": "加上高斯噪声。",
  "Adds an axis of size 1.": "加上一个大小为 1 的轴。",
  "An activation function as a layer.": "作为一层的激活函数。",
  "Another layer of the model once more, with the same weights: for example an encoder that reads two inputs. Its `inputs` are its own; its findings are shown at the layer that it names.":
    "再次使用模型中的另一层，权重相同：例如读取两个输入的同一个编码器。它的 `inputs` 是自己的；它的诊断显示在它所指的层上。",
  "Axes along which one slope is shared, e.g. 1 for all timesteps.": "共用一个斜率的轴，例如 1 表示所有时间步。",
  "Axis along which the inputs are put side by side.": "把各输入并排拼接所沿的轴。",
  "Axis or axes of the two inputs along which the product is summed.": "两个输入的乘积求和所沿的轴。",
  "Axis that sums to 1. tfjs's documentation gives the default −1 but its code uses 1, which is time in sequences, so set −1 there.":
    "和为 1 的轴。tfjs 的文档写默认为 −1，但其代码用的是 1，对序列而言就是时间，因此请在那里设为 −1。",
  "Below it, the output is negativeSlope × (x − threshold).": "低于它时，输出为 negativeSlope × (x − threshold)。",
  "Concatenates its inputs.": "拼接各输入。",
  "Decay per step of the running mean and variance.": "滑动均值和滑动方差每步的衰减率。",
  "Distance of the positions; negative: backwards.": "位置之间的距离；负数表示反向。",
  "Divides each sample by the root mean square of its features, times a learnt factor (Zhang & Sennrich 2019).":
    "把每个样本除以其特征的均方根，再乘以可学习的系数（Zhang & Sennrich 2019）。",
  "Dot product of two inputs.": "两个输入的点积。",
  "Dropout that preserves mean and variance, for selu.": "保持均值和方差的 dropout，用于 selu。",
  "Drops whole features, the same at every timestep.": "整个特征一起丢弃，在每个时间步都相同。",
  "Exponential linear unit: x above zero, alpha × (eˣ − 1) below.":
    "指数线性单元：零以上为 x，零以下为 alpha × (eˣ − 1)。",
  "First position; from the end if negative. Default: the first one.": "第一个位置；负数从末尾数起。默认：第一个。",
  "Flattens all dimensions except the batch into one.": "把批次以外的所有维度展平为一维。",
  "Fully connected: activation(x W + b). On sequences it works on each timestep separately.":
    "全连接：activation(x W + b)。用于序列时对每个时间步分别计算。",
  "Its second input where the first one is not 0, elsewhere the third one.":
    "第一个输入不为 0 处取第二个输入，其他处取第三个输入。",
  "Largest of its inputs, entry by entry.": "各输入逐元素的最大值。",
  "Largest output.": "最大的输出。",
  "Largest output. Default: no limit.": "最大的输出。默认：没有上限。",
  "Marks timesteps for later layers to skip.": "标记后面的层应跳过的时间步。",
  "Mean of its inputs.": "各输入的平均值。",
  "Multiplies by Gaussian noise of mean 1 and variance rate / (1 − rate).":
    "乘以均值为 1、方差为 rate / (1 − rate) 的高斯噪声。",
  "Name of the layer that is used once more.": "要再次使用的层的名称。",
  "Normalizes each feature over the batch (Ioffe & Szegedy 2015).":
    "在批次上对每个特征做归一化（Ioffe & Szegedy 2015）。",
  "Normalizes each sample over all positions and the features of a group, the last axis being that of the features (Wu & He 2018).":
    "对每个样本在所有位置和一组特征上做归一化，最后一个轴是特征（Wu & He 2018）。",
  "Normalizes each sample over its features (Ba et al. 2016).": "对每个样本在其特征上做归一化（Ba et al. 2016）。",
  "Normalizes first, so that the output is the cosine.": "先归一化，使输出成为余弦。",
  "Number of groups, which divides the number of features; −1: one for each feature (instance normalization).":
    "组数，必须整除特征数；−1 表示每个特征一组（实例归一化）。",
  "Number of repetitions.": "重复的次数。",
  "Place of the new axis in the output; 0 would be the batch.": "新轴在输出中的位置；0 是批次。",
  "Position after the last one; from the end if negative. Default: the end.":
    "最后一个位置之后的位置；负数从末尾数起。默认：末尾。",
  "Probability that an entry is dropped.": "一个元素被丢弃的概率。",
  "Product of its inputs, entry by entry.": "各输入逐元素的乘积。",
  "ReLU whose slope below zero is learnt (He et al. 2015).": "零以下的斜率可学习的 ReLU（He et al. 2015）。",
  "Repeats a vector as a sequence of `n` timesteps.": "把一个向量重复成有 `n` 个时间步的序列。",
  "Sets random entries to zero during training (Srivastava et al. 2014).":
    "训练时随机把一些元素设为零（Srivastava et al. 2014）。",
  "Shape of the mask, with the batch first; each size is the input's or 1.":
    "掩码的形状，批次在前；每个大小与输入相同或为 1。",
  "Shape of the mask, with the batch first; null: same as the input. An axis with size 1 is dropped as a whole.":
    "掩码的形状，批次在前；null 表示与输入相同。大小为 1 的轴整个一起丢弃。",
  "Shape of the output, without the batch; null for an axis of the input.":
    "输出的形状，不含批次；null 表示取输入的轴。",
  "Share of the entries set to zero.": "设为零的元素的比例。",
  "Size of the input. Not needed: the data determine it.": "输入的大小。不需要：由数据决定。",
  "Size of the vectors.": "向量的大小。",
  "Size of the vocabulary: largest index + 1.": "词表的大小：最大的索引 + 1。",
  "Slope below the threshold.": "阈值以下的斜率。",
  "Slope below zero.": "零以下的斜率。",
  "Smallest of its inputs, entry by entry.": "各输入逐元素的最小值。",
  "Smallest output.": "最小的输出。",
  "Softmax.": "Softmax。",
  "Standard deviation of the noise.": "噪声的标准差。",
  "Sum of its inputs.": "各输入之和。",
  "Swaps axes.": "交换轴。",
  "The axes of the input, of the kernel and of the output, such as `abc,cde->abde`: an axis that is in input and kernel is summed over. The first one is the batch; `...` stands for any axes.":
    "输入、核权重和输出的轴，例如 `abc,cde->abde`：同时出现在输入和核权重中的轴会求和。第一个是批次；`...` 代表任意的轴。",
  "The axes of the output that the bias has, such as `de`. Default: there is no bias.":
    "偏置所具有的输出轴，例如 `de`。默认：没有偏置。",
  "The axis of the features.": "特征所在的轴。",
  "The axis or axes that are normalized.": "做归一化的轴。",
  "The axis or axes whose norm becomes 1.": "使范数变为 1 的轴。",
  "The axis or axes.": "一个或多个轴。",
  "The axis; 1 is time in a sequence.": "轴；在序列中 1 是时间。",
  "The comparison.": "比较方式。",
  "The exponent.": "指数。",
  "The first of its two inputs divided by the second, entry by entry.": "第一个输入逐元素地除以第二个。",
  "The first of its two inputs minus the second.": "第一个输入减去第二个。",
  "The function.": "函数。",
  "The limit towards −∞ is −alpha.": "趋向 −∞ 的极限为 −alpha。",
  "The mean, sum, largest or smallest value along axes.": "沿轴的平均值、总和、最大值或最小值。",
  "The model's input, explicitly. Not needed: the data determine its shape.":
    "明确写出的模型输入。不需要：形状由数据决定。",
  "The nearest value from low to high. No gradient passes where a value was cut off.":
    "从 low 到 high 之间最近的值。值被截去处没有梯度通过。",
  "The new order of the axes, without the batch, counted from 1.": "各轴的新顺序，不含批次，从 1 数起。",
  "The new shape, without the batch. −1 or null, at most once, stands for the size that follows from the others.":
    "新的形状，不含批次。−1 或 null 至多一次，表示由其他大小推出的大小。",
  "The number elsewhere, in place of an input.": "其他处的数，代替一个输入。",
  "The number where the condition holds, in place of an input.": "条件成立处的数，代替一个输入。",
  "The number with which each value is compared.": "每个值与之比较的数。",
  "The only position, whose axis is left out, e.g. −1 for the last timestep.":
    "唯一的位置，其轴会去掉，例如 −1 表示最后一个时间步。",
  "The same numbers in another shape.": "同样的数，换一种形状。",
  "The sum of all values up to each position of an axis.": "沿一个轴到每个位置为止的所有值之和。",
  "Threshold below which the output is zero.": "低于此阈值时输出为零。",
  "Timesteps T. Not needed: the data determine it.": "时间步数 T。不需要：由数据决定。",
  "Timesteps in which all features have this value are skipped.": "所有特征都等于此值的时间步会被跳过。",
  "What is taken along the axes.": "沿各轴取什么。",
  "Whether a factor is learnt (gamma).": "是否学习一个系数（gamma）。",
  "Whether an offset is learnt (beta).": "是否学习一个偏移（beta）。",
  "Whether index 0 is padding, which later layers skip.": "索引 0 是否为填充，后面的层会跳过它。",
  "Whether the axes stay, with size 1.": "各轴是否以大小 1 保留。",
  "max(0, x), or a variant of it.": "max(0, x)，或其变体。",
  "x / √(Σ x²).": "x / √(Σ x²)。",
  "x above theta, otherwise 0.": "大于 theta 时为 x，否则为 0。",
  "x above zero, alpha × x below.": "零以上为 x，零以下为 alpha × x。",
  "x to a constant power.": "x 的固定次幂。",
};
