import type { outputFindings as english } from "../en/outputFindings.ts";

export const outputFindings: typeof english = {
  notProbabilities: ({ loss, name, what }) => `“${loss}”要求概率，但 ${name} 是 ${what}：它的值不是概率`,
  notProbabilitiesWhy: ({ isSoftmax, name, outside, activation }) =>
    `概率介于 0 和 1 之间${isSoftmax ? "，且总和为 1" : ""}；${name} 的值可能${outside}。损失在那里被截断，不传递梯度，因此走到那里的网络会停止学习。与这个损失函数相配的激活函数是 ${activation}。`,
  below0: "低于 0",
  above1: "高于 1",
  classByClass: ({ loss, name, activation }) =>
    `“${loss}”要求各类别上的分布，但 ${name}（${activation}）逐个判断每个类别`,
  classByClassWhy:
    "各个 sigmoid 的值总和不为 1，因此损失函数会用总和去除它们：梯度只改变它们的比例，所有值都可能一直很小。如果每个样本恰好属于一个类别，请用 softmax；如果可以同时属于几个类别，请用损失函数 binaryCrossentropy。",
  targetSum: ({ sum, name }) => `每个样本的目标之和平均为 ${sum}，但 ${name} 的 softmax 之和总是 1`,
  tiedTogether: ({ width, name }) =>
    `“binaryCrossentropy”逐个判断 ${name} 的 ${width} 个单元，但它的 softmax 把这些单元绑在一起`,
  tiedTogetherWhy:
    "在 softmax 下，一个类别的概率变大，其他类别的就必须变小。如果几个类别可以同时成立，或一个都不成立，每个单元都需要 sigmoid。",
  tiedSmall: "与 softmax 相配的损失函数是 categoricalCrossentropy。现在这个也能学习，但梯度的大小不同。",
  notLogits: ({ loss, name, activation }) =>
    `“${loss}”要求 logits（“fromLogits”），但 ${name}（${activation}）给出的是概率`,
  notLogitsWhy: "损失函数已经应用了激活函数。应用两次会把概率挤在一起：网络永远无法确定，梯度也小了好几倍。",
  deadOutput: ({ name, activation }) => `输出层 ${name} 已失活：${activation} 对每个样本都给出零`,
  deadOutputWhy: (steps) =>
    `最近 ${steps} 步中每个输出都恰好为 0，那里激活函数是平的：没有权重得到梯度，网络无法改变。回归的输出应为线性，即使目标从不小于零。`,
  labels: ({ first, last }) => `类别 0 从未出现：标签从 ${first} 到 ${last}`,
  labelsWhy:
    "类别索引从 0 开始，因此输出中有些单元没有任何样本用到。它们只多占少量权重，并在开始时带来一点损失。请检查标签是否应从 0 开始。",
  outOfReach: ({ low, high, name, activation, range }) =>
    `目标从 ${low} 到 ${high}，但 ${name}（${activation}）只能给出${range}`,
  constantLoss: (loss) => `；最佳常数答案的损失为 ${loss}`,
  outOfReachWhy: ({ share, leastLoss, constant }) =>
    `${share} 的目标在这个范围之外，任何权重都无法让输出到达那里。在其范围内最小的损失为 ${leastLoss}${constant}。被推到范围端点的输出在那里是平的，因此梯度也会消失。请把回归的输出设为线性，或把目标缩放到它的范围内。`,
  notBelow: (from) => `不低于 ${from} 的值`,
  fromTo: ({ from, to }) => ` ${from} 到 ${to}`,
  notAbove: (to) => `不高于 ${to} 的值`,
  softmaxOfOne: (name) => `${name} 是只有一个单元的 softmax，其值总是 1`,
  softmaxOfOneWhy:
    "softmax 用所有单元之和去除每个单元。只有一个单元时，无论输入是什么，结果都是 1，斜率恰好为 0：没有梯度能通过，它之前的部分都无法学习。回答“是”或“否”的单个单元需要 sigmoid。",
  twice: (squash) => `${squash} 之后再用 ${squash}`,
  ofWhatGives: ({ squash, name, activation }) => `对 ${name}（${activation}）的输出再用 ${squash}`,
  canOnlyBe: ({ squashed, range }) => `${squashed}，结果只能是${range}`,
  squashedTwiceWhy: ({ name, range, squash, low, high }) =>
    `${name} 给出${range}，再经过 ${squash} 只能到 ${low} 和 ${high}：网络永远无法对答案确定，损失一直很高。${squash} 的输入不应有激活函数。`,
  softmaxState: "softmax 使状态的各单元总和为 1：每个约为 1 / 单元数，所有单元一起变化，几乎没有梯度能随时间传播。",
  exponentialState: "exponential 会从一个时间步到下一个时间步无限增长。",
  softplusState: "softplus 从不小于 0，且无限增长：状态只能不断累积。",
  stateSoftmaxOfOne: (name) => `${name} 的状态是只有一个单元的 softmax，其值总是 1`,
  stateUnsuited: ({ activation, name }) => `${activation} 不适合作为 ${name} 的状态激活函数`,
  usualState: (reason) => `${reason}常用的是 tanh，值在 ±1 以内，在 0 处斜率为 1。`,
  gatesUnsuited: ({ gateActivation, name }) => `${gateActivation} 不适合作为 ${name} 的门`,
  gatesUnsuitedWhy:
    "门是通过的比例，从 0 到 1。超出这个范围的值会在每个时间步反转状态的符号或放大状态，而被放大的状态会爆炸。常用的是 sigmoid。",
  sharesOfWhole: "在 softmax 下，一个输出变大，其他输出就必须变小：它给出的是整体中的份额。回归的输出应为线性。",
};
