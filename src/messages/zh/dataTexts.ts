import type { dataTexts as english } from "../en/dataTexts.ts";
import { wordOf } from "../wordOf.ts";

const nouns: { readonly [noun: string]: string } = { input: "输入", target: "目标" };

export const dataTexts: typeof english = {
  comma: "，",
  side: (side) => (side === "inputs" ? "输入" : "目标"),
  columns: ({ names, more }) => `列 ${names}${more}`,
  spread: ({ mean, deviation }) => `均值 ${mean}，标准差 ${deviation}`,
  samples: ({ samples, indices, range, spread }) =>
    `可学习的样本 ${samples} 个；输入${indices ? "是索引，" : ""}${range}${spread}`,
  onlySamples: (samples) => `可学习的样本 ${samples} 个`,
  inputArray: ({ name, indices, range, spread }) => `输入“${name}”${indices ? "是索引，" : ""}${range}${spread}`,
  targetArray: ({ name, text }) => `目标“${name}”${text}`,
  targets: ({ range, spread }) => `目标${range}，${spread}`,
  classTargets: (classes) => `目标${classes}`,
  normalized: "网络中的一层会在第一个权重之前对输入做归一化",
  rescaled: (rescaled) => `网络中的一层会把输入缩放到 ${rescaled}`,
  offScale: (sides) => `${sides}的尺度远离 1`,
  padding: ({ share, at, masked, longest }) =>
    `${share} 的时间步是填充（${at === "end" ? "末尾" : "开头"}的零），${masked ? "已加掩码" : "未加掩码"}；最长的样本除去填充有 ${longest} 个时间步`,
  fromTo: ({ min, max }) => `从 ${min} 到 ${max}`,
  to: ({ low, high }) => `${low} 到 ${high}`,
  classes: ({ n, shown, more }) => `是类别：出现 ${n} 个，为 ${shown}${more ? "，…" : ""}`,
  constant: ({ noun, columns }) => `恒定的${wordOf(nouns, noun)}${columns}`,
  sameAs: ({ column, other }) => `${column}（与 ${other} 相同）`,
  duplicate: ({ noun, columns }) => `重复的${wordOf(nouns, noun)}${columns}`,
  outliers: ({ noun, columns }) => `${wordOf(nouns, noun)}${columns}中有离群值`,
  andMore: (more) => `等（另有 ${more} 列）`,
  ofMillion: (share) => `每一百万个值中 ${share} 个`,
  ofValues: (share) => `${share} 的值`,
  partialAutocorrelation: "偏自相关",
  mutualInformation: "每个词元与目标的互信息",
  measuredNeed: "训练后的网络所用的范围",
  configSays: "由配置给出",
  programSays: "由程序给出",
  nothingStates: "因为没有任何地方说明所需的范围",
  taskKnown: "由任务可知",
  estimatedBy: (estimate) => `由数据估计（${estimate}）`,
  estimated: "由数据估计",
  assumed: (whyAssumed) => `假定为整个序列，${whyAssumed}`,
  methodAndConfidence: ({ method, confidence }) => `${method}，置信度 ${confidence}`,
  dataDoNotTell: "因为数据没有给出答案",
  searchFindsNothing: "因为对数据的快速搜索没有找到依赖",
  shortDependence: ({ lag, confidence }) => `因为数据只显示出跨 ${lag} 个时间步的依赖，置信度 ${confidence}`,
  nothingPredicts: ({ method, sure }) =>
    `对单个输入和成对输入的快速搜索没有找到能预测目标的内容（${method}，置信度 ${sure}）；若同时依赖三个或更多输入，看起来也会是这样。`,
  quickModel: (achievable) => `；快速模型能达到基线的 ${achievable}`,
  dependOn: ({ last, how, explained, best }) =>
    `目标依赖于${last}（${how}）：它们解释了目标方差的 ${explained}${best}。`,
};
