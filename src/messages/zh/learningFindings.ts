import type { learningFindings as english } from "../en/learningFindings.ts";
import { wordOf } from "../wordOf.ts";

const sides: { readonly [side: string]: string } = { inputs: "输入", targets: "目标" };

export const learningFindings: typeof english = {
  side: (side, array) => `${wordOf(sides, side)}${array === null ? "" : `“${array}”`}`,
  reaches: ({ subject, extreme, spread, few }) => `${subject}达到 ${extreme}（${spread}${few}）`,
  scaleThem: (off) => `${off}：请做缩放`,
  notMainCause: (code) => `这不是主要原因：请先解决 ${code}。`,
  wildRate: ({ learningRate, times }) => `学习率 ${learningRate} 是常用值的 ${times} 倍：请先调整它。`,
  theMost: "尤其严重",
  columnsOf: ({ several, columns, side, array, name }) =>
    `${wordOf(sides, side)}${array === null ? "" : `“${array}”`}的 ${columns} 列中有 ${several} 列${name}`,
  varyLittle: ({ subject, deviation, mean }) => `${subject}的变化不超过 ${deviation}（均值 ${mean}）`,
  outliers: (share) => `；离群值：${share}`,
  outliersWhy: (side) =>
    `${wordOf(sides, side)}中有少数值远离其他值，每一个都会引起与其大小相当的更新。请检查它们是否有误；缩放之后它们与其他值的距离依然如故。`,
  smallInputs: "样本之间的差别被偏置淹没：输入有多小，权重就得有多大。",
  smallTargets: "样本之间的差别被随机权重网络的输出淹没；误差和梯度与目标一样小。",
  largeInputs: ({ size, curvature }) =>
    `初始权重和学习率是为均值 0、标准差 1 的输入设计的。大小为 ${size} 的输入会使激活函数的输入同样变大，并使损失的曲率变为 ${curvature} 倍：最大稳定学习率也相应缩小同样的倍数。`,
  largeTargets: (size) => `在输出增长到与目标相当之前，误差和梯度都与目标一样大（${size}）。`,
  maskTooLate: (name) => `${name} 来得太晚，无法为其加掩码`,
  nothingMasks: "没有为其加掩码",
  padding: ({ share, at, mask }) => `${share} 的时间步是填充（${at === "end" ? "末尾" : "开头"}的零），并且${mask}`,
  maskAfter: ({ changer, type, mask }) =>
    `${changer}（${type}）在 ${mask} 查找零之前改变了这些零：请把掩码放在最前面。`,
  paddingWhy: ({ longest, late, isEnd }) =>
    `最长的样本除去填充有 ${longest} 个时间步。${late}${isEnd ? "循环层会在填充上继续计算：它的最后状态以及从那里往回传的梯度都必须穿过全部填充。" : "循环层从填充开始计算，因此它最初的状态不反映任何内容。"}`,
  maskIndex: (name) => `为索引 0 加掩码（${name} 的 maskZero）`,
  maskZeros: "为全零的时间步加掩码（最前面放 masking）",
  moveBefore: ({ mask, first }) => `把 ${mask} 移到 ${first} 之前`,
  plateau: ({ standing, steps }) => `经过 ${steps} 步，${standing}`,
  stillFalling: "运行结束时损失仍在下降。",
  batchesVary: "；单个批次的损失波动太大，无法判断",
  needThatLong: "；许多网络需要这么久才会开始学习",
  shareIsOver: ({ share, reservation }) => `运行已完成 ${share}${reservation}。`,
  plateauWhy: ({ baseline, tolerance, course, recurrent }) =>
    `最佳常数答案的损失为 ${baseline}；损失在其 ${tolerance} 以内或更高的网络还没有从输入中学到任何东西。${course}${recurrent ? "梯度能到达所有时间步是学习的必要条件，但不是充分条件：请看更新的大小。" : "请看更新的大小。"}`,
  to: (now) => `到 ${now}`,
  toAsMuchAs: (worst) => `最高到 ${worst}`,
  grown: ({ to, first }) => `损失从最初的 ${first} 增长${to}`,
  isNow: (now) => `现在为 ${now}。`,
  divergingWhy: ({ factor, isFirst, reference, steps, step, stable, now }) =>
    `从第 ${step} 步起连续 ${steps} 步超过${isFirst ? "最初损失" : "平凡基线"} ${reference} 的 ${factor} 倍。更新过大：步子太长，损失不降反升。${stable}${now}`,
  nothingFound: ({ loss, baseline }) => `快速模型在这里找不到基线以外可学的东西：损失 ${loss}，基线 ${baseline}`,
  nothingFoundWhy: (advice) =>
    `快速模型考察单个输入和成对的输入，没有找到能预测未见样本目标的内容。要么目标不依赖于输入（噪声、不对应的行），要么目标同时依赖三个或更多输入，其中有些可能相距很远；快速模型无法区分这两种情况。${advice}`,
  areAll: (value) => `都是 ${value}`,
  areSame: "在每个样本中都相同",
  constantInputs: (what) => `输入${what}：任何网络都无法区分这些样本`,
  constantInputsWhy:
    "每个样本看起来都一样，因此最好的答案是一个常数，改变网络或训练方式都没有帮助。请检查列或文件是否正确，以及是否有某个转换把所有值都舍入成了同一个值。",
  constantTargets: (what) => `目标${what}：从输入中没有什么可学的`,
  constantTargetsWhy:
    "常数答案没有任何代价，因此损失无法说明网络是否在学习。请检查目标是否正确，以及样本是否包含不止一个值或类别。",
  checkPairs: "请先检查输入和目标是否对应。",
  stateTheLag:
    '如果确实对应，请用 "diagnosis": { "requiredLag": … } 设定所需时滞：规则随后会判断梯度是否能到达那么远。',
  scheduleEnds: ({ end, rate, share }) => `学习率调度在第 ${end} 步就结束了：学习率为 ${rate}，是完整值的 ${share}`,
  scheduleEndsWhy: ({ share, ended, full, movement, steps, standing }) =>
    `在运行的最后 ${share} 中，学习率低于 ${full} 的 ${ended}，因此整个运行中没有任何核权重的变化超过自身的 ${movement}。经过 ${steps} 步，${standing}。`,
  cosine: "让学习率在整个运行中下降（cosine）",
  constantRate: "保持学习率不变",
  warmsUp: ({ warmup, steps }) => `预热需要 ${warmup} 步，但整个运行只有 ${steps} 步`,
  warmsUpWhy: ({ highest, full, movement, steps, standing }) =>
    `学习率最高只到 ${highest}，而完整值为 ${full}，因此整个运行中没有任何核权重的变化超过自身的 ${movement}。经过 ${steps} 步，${standing}。`,
  shorterWarmup: (steps) => `在 ${steps} 步内预热，即运行的十分之一`,
  noWarmup: "从完整的学习率开始",
  epsilon: ({ epsilon, optimizer }) => `${optimizer} 的 epsilon 为 ${epsilon}：更新几乎为零`,
  epsilonWhy: ({ usual, movement, steps, standing }) =>
    `优化器把每个梯度除以它的通常大小加上 epsilon。单个权重的梯度大多远小于这个值，因此只有 epsilon 起作用，更新随梯度一起变小。${usual} 只用来防止除以零。整个运行中没有任何核权重的变化超过自身的 ${movement}。经过 ${steps} 步，${standing}。`,
  usualEpsilon: (usual) => `把 epsilon 设为 ${usual}`,
  momentum: ({ momentum, factor }) => `动量 ${momentum} 把 ${factor} 个梯度累加起来：权重冲过了头`,
  momentumWhy: ({ factor, rate, usual, steps, standing }) =>
    `每个梯度会在大约 ${factor} 步内继续推动权重，即使方向早已改变；学习率实际相当于 ${rate}。通常的动量是 ${usual}，即累加十个梯度；更强的动量需要更小的学习率和更长的运行。经过 ${steps} 步，${standing}。`,
  usualMomentum: (usual) => `把动量设为 ${usual}`,
  constraint: ({ layer, constraint, norm }) => `${layer} 的 ${constraint} 只允许权重的范数不超过 ${norm}`,
  constraintWhy: ({ usual, steps, standing }) =>
    `每一步之后，每个单元的权重都被缩小到这个范数，因此输入和梯度几乎都传不过去。初始权重的范数约为 1，通常的上限为 ${usual} 到 4。经过 ${steps} 步，${standing}。`,
  usualNorm: (usual) => `允许范数为 ${usual}`,
  rescaled: ({ layer, min, max }) => `${layer} 又缩小了已经在 ${min} 到 ${max} 之间的输入`,
  rescaledWhy: ({ factor, left, steps, standing }) =>
    `乘以 ${factor} 之后，输入的标准差只有 ${left}，而初始权重适合的标准差约为 1：对网络来说，各个样本几乎没有差别。字节只需除以 255 一次，这些输入似乎已经除过了。经过 ${steps} 步，${standing}。`,
  weightClip: ({ limit, left }) => `weightClip ${limit} 只给权重留下 ${left}`,
  weightClipWhy: ({ steps, standing }) =>
    `每次更新之后，这个上限对整个模型都有效。这么小的权重几乎不传递输入，也几乎不传递梯度。经过 ${steps} 步，${standing}。`,
  noWeightClip: "不限制权重",
  pruning: (share) => `剪枝去掉了 ${share} 的权重`,
  pruningWhy: ({ left, usual, steps, standing }) =>
    `每个矩阵只剩 ${left} 可以用来学习。通常去掉 ${usual} 以内损失很小（Zhu & Gupta 2017）。经过 ${steps} 步，${standing}。`,
  lessPruning: (usual) => `去掉 ${usual} 的权重`,
  accumulator: (value) => `Adagrad 的平方和从 ${value} 开始：更新几乎为零`,
  accumulatorWhy: ({ factor, usual, movement, steps, standing }) =>
    `每个梯度都除以这个和的平方根，起初为 ${factor}，直到累加了同样大小的梯度平方。通常的初始值为 ${usual}。整个运行中没有任何核权重的变化超过自身的 ${movement}。经过 ${steps} 步，${standing}。`,
  usualAccumulator: (usual) => `从 ${usual} 开始`,
  noise: ({ layer, times }) => `${layer} 的噪声是它所加到的信号的 ${times} 倍`,
  noiseWhy: ({ stddev, signal, steps, standing }) =>
    `噪声的标准差为 ${stddev}，信号的标准差为 ${signal}：到达的几乎全是噪声，而且每一步都不同。通常取信号标准差的十分之一。经过 ${steps} 步，${standing}。`,
  lessNoise: (stddev) => `加入标准差为 ${stddev} 的噪声`,
  noRescaling: "保持输入不变（scale 为 1）",
  loneBatch: (layer) => `${layer} 对只有一个样本的批次做归一化：什么都传不过去`,
  loneBatchWhy: ({ steps, standing }) =>
    `它减去批次的均值。只有一个样本时，均值就是这个值本身，因此无论输入是什么，该层的输出都相同，梯度也无法通过它。经过 ${steps} 步，${standing}。`,
  largerBatch: (size) => `用大小为 ${size} 的批次训练`,
  layerNormalization: (layer) => `对每个样本单独归一化（${layer} 改为 layerNormalization）`,
  dropout: ({ rate, layer }) => `dropout 丢弃了通过 ${layer} 的值中的 ${rate}`,
  dropoutWhy: ({ rate, factor, usual, steps, standing }) =>
    `每一步看到的是不同的  ${rate} 的值，并放大到 ${factor} 倍，因此各步学到的东西无法累积。通常的比率不超过 ${usual}。经过 ${steps} 步，${standing}。`,
  lowerDropout: (rate) => `把 dropout 降到 ${rate}`,
  penalty: ({ penalty, times }) => `权重的惩罚项从 ${penalty} 开始，是数据损失的 ${times} 倍`,
  andMore: (more) => `等（另有 ${more} 层）`,
  penaltyWhy: ({ layer, more, factor, usual, now, left, steps, standing }) =>
    `${layer}${more}的正则化系数最高为 ${factor}；通常为 ${usual}。更新受惩罚项（现为 ${now}）支配：有一个核权重已缩小到初始范数的 ${left}。经过 ${steps} 步，${standing}。`,
  lowerPenalty: (usual) => `把正则化系数降到 ${usual}`,
  noPenalty: "去掉正则化",
  clipped: ({ share, kept, kind, limit }) => `${share} 的步被裁剪，只保留梯度的 ${kept}：“${kind}”为 ${limit}`,
  clippedWhy: ({ usual, left, movement }) =>
    `所有梯度的总范数通常为 ${usual}；裁剪后只剩 ${left}。因此整个运行中没有任何核权重的变化超过自身的 ${movement}。裁剪阈值是针对尖峰的：设为通常范数的几倍，就不会影响普通的步。`,
  raiseClip: (limit) => `把阈值提高到 ${limit}，即通常梯度的几倍`,
  noClip: "不裁剪梯度",
};
