import type { programs as english } from "../en/programs.ts";

export const programs: typeof english = {
  openProgramFirst: "请先打开包含训练循环的 Python 程序。",
  threeLines: (why) => `${why}所需的三行代码见 docs/pytorch.md。`,
  openExternalRun: "打开外部运行",
  showRun: "显示运行",
  noEventFile: "此文件夹中没有运行的事件文件。",
  noPlace: "这里没有可以确定插入的行：请从悬停提示中复制。",
  tooLong: "程序太长。",
  hasLens: "程序中已有 lens。",
  noStep: "没有找到执行优化器更新的行，例如 optimizer.step()。",
  severalSteps: (lines) => `有多行执行优化器更新：${lines}。`,
  noLoop: (line) => `第 ${line} 行的更新不在其所属函数的循环中：循环之前的位置在别处。`,
  noLoss: "循环中没有对具名的损失计算梯度的行，例如 loss.backward()。",
  whoseParameters: (optimizer) => `程序没有说明 ${optimizer} 更新哪个模型的参数。`,
  madeElsewhere: (model, line) => `${model} 不是在第 ${line} 行的循环之前创建的，或在别处创建。`,
  namesTaken: "lens 可用的名称均已被占用。",
};
