/** The examples that can be copied into a workspace. */

import type { ExampleName } from "../exampleNames.ts";

/** What each example shows, also in the README's table. */
const shown: { readonly [name in ExampleName]: string } = {
  "adding-problem": "三种单元结构学习长度为 49 的时滞",
  "char-lm": "字符语言模型；所有权重取 N(0, 1)，与通常的初始化比较",
  classification: "多对一分类，数据来自 NPY 文件：简单 RNN、LSTM 和 GRU",
  "copy-memory": "每个时间步都有损失：只有增益能说明问题；还有一个双向层",
  depth: "十二个层与八个循环层，有残差连接和没有残差连接",
  digits: "逐像素读取图像，按原顺序和打乱的顺序",
  "encoder-decoder": "解码器从编码器的最后状态开始：梯度沿同一条路返回；还有对所有状态的注意力",
  "exploding-gaussian": "一个混沌的网络；裁剪不改变它的梯度，正交矩阵则会",
  "exploding-remedies": "按值、按范数、按全局范数裁剪；权重裁剪；更低的学习率；截断；L1 与 L2",
  "external-memory": "神经图灵机的记忆与 LSTM 并列",
  forecasting: "正弦波，以及混沌的 Mackey–Glass 序列",
  gates: "窥视孔连接、chrono 偏置、前置或后置重置、双向：一个比特要保持 39 个时间步",
  initializers: "不同的初始权重下，梯度一开始能传多远",
  "saved-model": "Keras 保存的模型，在它的权重处诊断",
  stacked: "两层 LSTM 或 GRU，数据来自 NPZ 文件；每轮计算测试损失，并提前停止",
  "temporal-order": "小的随机权重与正交矩阵比较",
  "training-remedies": "九种优化器、学习率调度、剪枝、梯度累积、截断、dropout、归一化",
  transformer: "自注意力，有残差路径和没有残差路径；编码器块，后置归一化与前置归一化",
  "vanishing-remedies": "Ω 正则项、正交矩阵与单位矩阵、门控、注意力；以及没有帮助的办法",
  "vanishing-sigmoid": "跨越 99 个时间步：sigmoid 的斜率与 tanh 的斜率比较",
  weather: "CSV 文件中的真实数据，用 LSTM 和堆叠的 GRU 预测",
};

export const gallery = {
  shows: (name: ExampleName) => shown[name],
  choose: "选择哪个示例？它的文件夹会被复制过来。",
  copyHere: "把示例复制到这里",
  notCopied: (reason: string) => `无法复制示例：${reason}`,
};
