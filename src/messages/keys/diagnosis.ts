/** Explanations of keys in Chinese, by the English ones: `diagnosis`. */

export const diagnosis: { readonly [english: string]: string } = {
  "Clipping, regularization, dropout or a schedule leave almost nothing to learn with. `false` switches the rule off.":
    "裁剪、正则化、dropout 或学习率调度使几乎没有什么可供学习。设为 `false` 可关闭该规则。",
  "Deep stacks of post-norm blocks do not train without a warm-up. `false` switches the rule off.":
    "较深的后归一化块若没有预热就无法训练。设为 `false` 可关闭该规则。",
  "Gates that are closed, or stuck at both ends: the cell passes no gradient through them.":
    "门关闭，或停在两端：单元结构不让梯度通过。",
  "Gates that are closed, or stuck at both ends: the cell passes no gradient through them. `false` switches the rule off.":
    "门关闭，或停在两端：单元结构不让梯度通过。设为 `false` 可关闭该规则。",
  "How far back the task needs the gradient to reach, in timesteps. Default: known for the built-in tasks; for your own data estimated when they are loaded, otherwise assumed to be T − 1.":
    "任务需要梯度传到多远之前，以时间步计。默认：内置任务已知；自己的数据在加载时估计，否则假定为 T − 1。",
  "Inputs or targets are far from unit scale, and the run goes badly. `false` switches the rule off.":
    "输入或目标的尺度远离 1，而且运行不顺利。设为 `false` 可关闭该规则。",
  "NaN or Infinity in loss, weights or gradients. `false` switches the rule off.":
    "损失、权重或梯度中有 NaN 或无穷大。设为 `false` 可关闭该规则。",
  "Number of consecutive steps for which the median loss must stay there.": "损失的中位数必须连续停留在那里的步数。",
  "Number of measured steps before the rule may report.": "规则报告之前至少要测量的步数。",
  "Number of newest steps whose median is judged; before that many steps the rule does not report.":
    "取最新的多少步的中位数来判断；不足这么多步时规则不报告。",
  "Outputs at the flat ends of tanh or a sigmoid: almost no gradient passes through them.":
    "输出处于 tanh 或 sigmoid 的平坦两端：几乎没有梯度通过。",
  "Outputs at the flat ends of tanh or a sigmoid: almost no gradient passes through them. `false` switches the rule off.":
    "输出处于 tanh 或 sigmoid 的平坦两端：几乎没有梯度通过。设为 `false` 可关闭该规则。",
  "Rectified units that are zero for every sample: no gradient passes through them.":
    "对每个样本都为零的 ReLU 单元：没有梯度通过它们。",
  "Rectified units that are zero for every sample: no gradient passes through them. `false` switches the rule off.":
    "对每个样本都为零的 ReLU 单元：没有梯度通过它们。设为 `false` 可关闭该规则。",
  "Relative distance from the trivial baseline loss within which the net counts as not learning.":
    "与平凡基线损失的相对差距在此之内，就算网络没有学习。",
  "Sequences are padded with zeros, and nothing masks them. `false` switches the rule off.":
    "序列用零填充，而没有掩码遮住它们。设为 `false` 可关闭该规则。",
  "Share of a training run that passes before the rule may report. Probes are too short for it.":
    "训练过去这么大比例之后，规则才可以报告。探测太短，用不到它。",
  "Share of the last state gradient that must survive: the ε of the horizon.":
    "最后的状态梯度必须存留的比例，即可达距离的 ε。",
  "The gradient grows on its way back through the layers.": "梯度在穿过各层返回的途中增大。",
  "The gradient grows on its way back through the layers. `false` switches the rule off.":
    "梯度在穿过各层返回的途中增大。设为 `false` 可关闭该规则。",
  "The gradient of a weight jumps.": "某个权重的梯度突增。",
  "The gradient of a weight jumps. `false` switches the rule off.": "某个权重的梯度突增。设为 `false` 可关闭该规则。",
  "The gradient shrinks on its way back through the layers.": "梯度在穿过各层返回的途中减小。",
  "The gradient shrinks on its way back through the layers. `false` switches the rule off.":
    "梯度在穿过各层返回的途中减小。设为 `false` 可关闭该规则。",
  "The loss grows instead of falling.": "损失上升而不是下降。",
  "The loss grows instead of falling. `false` switches the rule off.":
    "损失上升而不是下降。设为 `false` 可关闭该规则。",
  "The loss is no better than that of the best constant answer.": "损失不比最佳常数答案的损失好。",
  "The loss is no better than that of the best constant answer. `false` switches the rule off.":
    "损失不比最佳常数答案的损失好。设为 `false` 可关闭该规则。",
  "The loss is the best that the data allow. `false` switches the rule off.":
    "损失已是数据所允许的最佳值。设为 `false` 可关闭该规则。",
  "The output cannot give what the loss or the targets require. `false` switches the rule off.":
    "输出给不出损失或目标所要求的值。设为 `false` 可关闭该规则。",
  "The rule reports above this gradient norm before clipping, even if it is usual.":
    "裁剪前的梯度范数超过此值时，即使经常如此，规则也会报告。",
  "The rule reports above this multiple of the first loss.": "超过最初损失的这个倍数时，规则会报告。",
  "The rule reports above this multiple of the running median of the gradient norm before clipping.":
    "超过裁剪前梯度范数的滑动中位数的这个倍数时，规则会报告。",
  "The rule reports above this share of a gate's values below 0.1 (or of values below 0.1 and above 0.9, if there are both).":
    "门的值低于 0.1 的比例（若两端都有，则为低于 0.1 和高于 0.9 的比例）超过此值时，规则会报告。",
  "The rule reports above this share of outputs within 1 % of the ends of the activation's range.":
    "处于激活函数值域两端 1 % 以内的输出比例超过此值时，规则会报告。",
  "The rule reports above this share of units that are zero for every sample.":
    "对每个样本都为零的单元比例超过此值时，规则会报告。",
  "The rule reports if the gradient norm of a layer's output is less than this share of the norm at a later layer.":
    "某层输出的梯度范数小于后面某层范数的这个比例时，规则会报告。",
  "The rule reports if the gradient norm of a layer's output is more than this multiple of the norm at a later layer.":
    "某层输出的梯度范数大于后面某层范数的这个倍数时，规则会报告。",
  "The state gradient does not reach as far back as the task needs.": "状态梯度传不到任务所需要的那么远之前。",
  "The state gradient does not reach as far back as the task needs. `false` switches the rule off.":
    "状态梯度传不到任务所需要的那么远之前。设为 `false` 可关闭该规则。",
  "The state gradient grows on its way back through time.": "状态梯度在沿时间返回的途中增大。",
  "The state gradient grows on its way back through time. `false` switches the rule off.":
    "状态梯度在沿时间返回的途中增大。设为 `false` 可关闭该规则。",
  "The units of a layer start identical and stay so. `false` switches the rule off.":
    "一层的各单元从一开始就相同，并一直相同。设为 `false` 可关闭该规则。",
  "Thresholds of the findings.": "各项诊断的阈值。",
  "Updates above this share of the weight count as too large.": "更新超过权重的这个比例时算作过大。",
  "Updates below this share of the weight, ‖Δw‖ / ‖w‖, count as too small.":
    "更新低于权重的这个比例（‖Δw‖ / ‖w‖）时算作过小。",
  "Updates that are very small or very large relative to the weight. Never more than information.":
    "更新相对于权重很小或很大。最多只作为信息。",
  "Updates that are very small or very large relative to the weight. Never more than information. `false` switches the rule off.":
    "更新相对于权重很小或很大。最多只作为信息。设为 `false` 可关闭该规则。",
  "log₁₀ growth of the state gradient from the last to the first timestep above which the rule reports.":
    "状态梯度从最后一个到第一个时间步的增长的 log₁₀ 超过此值时，规则会报告。",
};
