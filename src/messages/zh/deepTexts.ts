import type { deepTexts as english } from "../en/deepTexts.ts";

export const deepTexts: typeof english = {
  noLoss: "没有损失的梯度进入该层：没有任何梯度往回传。",
  entersOnce: (last) => `损失只在时间步 ${last} 进入。`,
  entersOften: ({ timesteps, last }) => `损失在 ${timesteps} 个时间步进入；以下说的是最后一个，即时间步 ${last}。`,
  reachAndRest: ({ reach, rest }) => `${reach}。${rest}。`,
  perTimestep: (end) => `，每个时间步 ${end}`,
  nothingArrives: "没有任何梯度到达时间步 1",
  changedBy: (end) => `到时间步 1 时变化了 ${end} 个数量级`,
  survives: (lost) => `一直往回传后，其梯度仍保留 ${lost} % 以上`,
  lost: ({ lost, lag }) => `往回传 ${lag} 个时间步后，其梯度剩下不到 ${lost} %`,
  oneTimestep: "只有一个时间步，没有可测量的转移。",
  forgetsAll: "一个时间步之后任何扰动都会消失：状态会忘掉之前的一切。",
  overSequences: ({ low, high, sequences }) => `（${sequences} 个序列上为 ${low} 到 ${high}）`,
  keepsSize: ({ spread, factor }) => `沿最不稳定的方向，扰动的大小保持不变${spread}：每个时间步 ${factor}。`,
  explodes: ({ growing, leading }) => `${leading} 个主要方向中有 ${growing} 个在增长：跨度长时梯度会爆炸。`,
  perturbation: ({ shrinks, factor, spread, chaos }) =>
    `沿最不稳定的方向，扰动每个时间步${shrinks ? "缩小" : "增长"}为 ${factor}${spread}。${chaos}`,
  matrixTooLarge: "循环矩阵太大，无法在此分析。",
  canOnlyShrink: "：斜率至多为 1（如 tanh）时，梯度只会缩小",
  stretches: ({ smallest, sigma, spectralRadius, meaning }) =>
    `U 的伸缩在 ×${smallest} 与 ×${sigma} 之间；谱半径为 ${spectralRadius}${meaning}。`,
  gatesStretch: (each) => `各个门的循环矩阵的最大伸缩倍数及其谱半径：${each}。`,
  statesTooWide: "状态太宽，无法计算乘积的奇异值。",
  nothing: "零",
  decades: (best) => `${best} 个数量级`,
  products: ({ span, kept, width, lost, most }) =>
    `跨 ${span} 个时间步，${width} 个方向中有 ${kept} 个保留 ${lost} % 以上；最好的保留 ${most}。`,
};
