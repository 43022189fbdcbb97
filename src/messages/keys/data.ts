/** Explanations of keys in Chinese, by the English ones: `data`, and the config as a whole. */

export const data: { readonly [english: string]: string } = {
  "A column with the weight of each sample in the loss, not negative; the weight is in the row of the sample's (first) target. Each loss is multiplied by its weight, and the sum is still divided by the number of losses, as in Keras's `sample_weight`. Samples with weight 0 do not count in the accuracy either. Default: all weigh the same.":
    "给出各样本在损失中的权重的列，不得为负；权重写在样本的（第一个）目标所在的行。每个损失乘以其权重，而总和仍除以损失的个数，与 Keras 的 `sample_weight` 相同。权重为 0 的样本也不计入准确率。默认：权重全部相同。",
  "A language model of characters: T characters of a text, as whole numbers for an `embedding` layer or one-hot. At every timestep, or at the last one alone, the net predicts the next character.":
    "字符语言模型：一段文本的 T 个字符，以整数（用于 `embedding` 层）或 one-hot 表示。网络在每个时间步或仅在最后一个时间步预测下一个字符。",
  "A model: its layers, or the file it was saved in, and its differences from the rest of the config.":
    "一个模型：它的层或保存它的文件，以及它与配置其余部分的不同之处。",
  "A saved model in place of `layers`, measured with its saved weights: Keras's `.keras` or `.h5`, or tfjs's `model.json` with its weights beside it (as written by `training.checkpoint`). The file's content determines its format, not its name. The path is relative to the config's folder. Nothing in the file is executed.":
    "用保存的模型代替 `layers`，以其保存的权重测量：Keras 的 `.keras` 或 `.h5`，或 tfjs 的 `model.json` 及其旁边的权重（如 `training.checkpoint` 所写）。格式由文件内容而非文件名决定。路径相对于配置所在的文件夹。文件中的代码一概不执行。",
  "A table in text: CSV, or cells separated by semicolons, tabs, `|` or blanks. The path is relative to the config's folder.":
    "文本形式的表格：CSV，或以分号、制表符、`|` 或空格分隔的单元格。路径相对于配置所在的文件夹。",
  "A table: a text file, such as CSV, whose rows are samples, or timesteps if there is a `window`.":
    "表格：文本文件（例如 CSV），每行是一个样本；若有 `window`，每行是一个时间步。",
  "A text file; the path is relative to the config's folder.": "文本文件；路径相对于配置所在的文件夹。",
  "An NPY, NPZ or JSON file, or JSON Lines; the path is relative to the config's folder.":
    "NPY、NPZ 或 JSON 文件，或 JSON Lines；路径相对于配置所在的文件夹。",
  "Another model of this config, from which this one takes everything that it does not set itself.":
    "本配置中的另一个模型；凡本模型没有设定的内容都取自它。",
  "Arrays of numbers: NPY and NPZ files (NumPy) or JSON (nested lists, or an object with such lists). Inputs and targets can be in two files or in one.":
    "数的数组：NPY 和 NPZ 文件（NumPy）或 JSON（嵌套列表，或含有这种列表的对象）。输入和目标可以在两个文件中，也可以在同一个文件中。",
  "Copy memory: `symbols` symbols, blanks, a delimiter. After the delimiter the net has to repeat the symbols in order.":
    "复制记忆任务：`symbols` 个符号，然后是空白和一个分隔符。在分隔符之后，网络要按顺序重复这些符号。",
  "Delayed recall, also called the latch: the first `cue` timesteps are 1 or −1 and show the class; Gaussian noise follows. At the end the net says which class it was.":
    "延迟回忆任务，也称锁存任务：前 `cue` 个时间步为 1 或 −1，表示类别；之后是高斯噪声。网络在结尾说出是哪个类别。",
  "Encoding of the file's characters. Default: `utf-8`, or UTF-16 if the file begins with its byte order mark.":
    "文件的字符编码。默认：`utf-8`；若文件以 UTF-16 的字节顺序标记开头，则为 UTF-16。",
  "Encoding of the file's characters. Default: `utf-8`, or UTF-16 if the file begins with its byte order mark. NPY and NPZ files have none.":
    "文件的字符编码。默认：`utf-8`；若文件以 UTF-16 的字节顺序标记开头，则为 UTF-16。NPY 和 NPZ 文件没有编码。",
  "Gradient Lens": "Gradient Lens",
  "How missing values are replaced. `forward`: by the last value before them; `interpolate`: by a straight line between the neighbours in time (the later neighbour can belong to a test sample); `drop`: every sample with a missing value is left out, and with a `window` all windows that contain the row, so that no window has a gap. Values that cannot be filled, at the beginning, are also left out, and so are samples whose class is missing. Default: missing values are refused.":
    "缺失值如何填补。`forward`：用前一个值；`interpolate`：用时间上相邻值之间的直线（后一个相邻值可能属于测试样本）；`drop`：略去每个有缺失值的样本，有 `window` 时略去所有含有该行的窗口，使窗口没有缺口。开头无法填补的值也会略去，缺少类别的样本也是如此。默认：不接受缺失值。",
  "How the net sees characters: as whole numbers, for an `embedding` layer, or one-hot, T × vocabulary, as a first recurrent layer takes them. Default: `indices`.":
    "网络如何看到字符：以整数（用于 `embedding` 层），或以 one-hot，即 T × 词表大小（直接用于第一个循环层）。默认：`indices`。",
  "How this array is scaled, whatever `standardize` and `minMax` say of its side: with several inputs, words as indices stay as they are beside prices that are standardized. Class targets are not scaled. Default: as its side.":
    "该数组如何缩放，不论 `standardize` 和 `minMax` 对它所在的一侧怎么说：有多个输入时，作为索引的词保持原样，而旁边的价格可以标准化。类别目标不缩放。默认：与它所在的一侧相同。",
  'Input columns that hold categories, each with its words: `{ "weather": ["sun", "rain", "snow"] }`. Such a column becomes one input for each word, named `weather = rain`, which is 1 in the rows with this word and 0 in all others; it is not scaled. A word that is not listed is an error, in the training and in the test part. Numbers can be categories, too.':
    '含有类别的输入列，以及各自的词：`{ "weather": ["sun", "rain", "snow"] }`。这样的列会为每个词变成一个输入，名为 `weather = rain`，在含该词的行中为 1，在其他行中为 0；它不缩放。训练部分或测试部分中出现未列出的词都是错误。数也可以作为类别。',
  "Mackey–Glass forecasting: the net sees windows of T timesteps of the chaotic series x′(t) = 0.2 x(t − τ) / (1 + x(t − τ)¹⁰) − 0.1 x(t). It forecasts the value `horizon` timesteps later.":
    "Mackey–Glass 预测：网络看到混沌序列 x′(t) = 0.2 x(t − τ) / (1 + x(t − τ)¹⁰) − 0.1 x(t) 的 T 个时间步的窗口，预测 `horizon` 个时间步之后的值。",
  "Marks of missing values in this file, e.g. `[-200]`. Empty cells, `NA`, `NaN`, `null`, `?`, `-` and similar ones always count as missing.":
    "该文件中表示缺失值的标记，例如 `[-200]`。空单元格、`NA`、`NaN`、`null`、`?`、`-` 等总是算作缺失。",
  "Missing values.": "缺失值。",
  'Names of the model\'s inputs, to which layers refer. If there are several, `data` has an array for each. Default: one input named "input".':
    "模型各输入的名称，供各层引用。若有多个，`data` 中每个都有一个数组。默认：一个名为“input”的输入。",
  "Number of characters from the beginning of a sample to that of the next one; less than `length` makes samples overlap. Default: `length`.":
    "从一个样本的开头到下一个样本开头的字符数；小于 `length` 时样本互相重叠。默认：`length`。",
  "Number of different symbols. The net has `alphabet + 2` classes: the symbols, the blank and the delimiter.":
    "不同符号的个数。网络有 `alphabet + 2` 个类别：各符号、空白和分隔符。",
  "Number of images to use.": "要使用的图像数。",
  "Number of rows from the window's last row to the target's; 0 is that row itself. Default: 1 with a window, otherwise 0.":
    "从窗口最后一行到目标行的行数；0 即那一行本身。默认：有窗口时为 1，否则为 0。",
  "Number of sequences, which are made once, from `seed`.": "序列的个数；它们由 `seed` 一次生成。",
  "Number of symbols to remember.": "要记住的符号数。",
  "Number of target rows: the row at `horizon` and those after it, e.g. 6 for the next 6 hours. The net outputs them side by side, row after row (a `dense` layer with `targetRows` × targets units), or on a time axis, [targetRows, targets].":
    "目标的行数：`horizon` 处的行及其后的行，例如 6 表示接下来的 6 小时。网络把它们逐行并排输出（有 `targetRows` × 目标数个单元的 `dense` 层），或输出在时间轴上，即 [targetRows, 目标数]。",
  "Number of timesteps T of a sequence. The required lag is T − 1 − ⌊0.1 T⌋: a longer sequence needs a gradient that reaches farther.":
    "一个序列的时间步数 T。所需时滞为 T − 1 − ⌊0.1 T⌋：序列越长，梯度要传得越远。",
  "Number of timesteps T of a sequence. The required lag is T − 1: a longer sequence needs a gradient that reaches farther.":
    "一个序列的时间步数 T。所需时滞为 T − 1：序列越长，梯度要传得越远。",
  "Number of timesteps T of a sequence. The required lag is T − `cue`: a longer sequence needs a gradient that reaches farther.":
    "一个序列的时间步数 T。所需时滞为 T − `cue`：序列越长，梯度要传得越远。",
  "Number of timesteps T of a sequence: the text is cut into pieces of this many characters, and no gradient reaches from one piece back into another.":
    "一个序列的时间步数 T：文本被切成这么多字符的片段，没有梯度从一个片段传回另一个片段。",
  "Number of timesteps T of the series that the net sees.": "网络所看到的序列的时间步数 T。",
  "Number of timesteps at the start that show the class; less than `length`.":
    "开头用于表示类别的时间步数；小于 `length`。",
  "Number of timesteps between the symbols and their recall; the last of them is the delimiter. A sequence has `length + 2 × symbols` timesteps.":
    "从符号到回忆之间的时间步数；其中最后一个是分隔符。一个序列有 `length + 2 × symbols` 个时间步。",
  "Number of timesteps from the last visible value to the value to forecast.":
    "从最后一个可见的值到要预测的值的时间步数。",
  "Number of timesteps of one oscillation.": "一次振荡的时间步数。",
  "Number of windows of the series; each begins one timestep after the previous one.":
    "序列的窗口数；每个窗口比前一个晚一个时间步开始。",
  'Overrides the config\'s `data`, key by key; another task or file replaces all of it. A key that is null removes what the model inherits, as if it had never been set: `"test": null`.':
    '逐键覆盖配置的 `data`；写出另一个任务或文件则替换全部。值为 null 的键去掉模型所继承的内容，如同从未设定：`"test": null`。',
  'Overrides the config\'s `diagnosis`, key by key. A key that is null removes what the model inherits, as if it had never been set: `"requiredLag": null`.':
    '逐键覆盖配置的 `diagnosis`。值为 null 的键去掉模型所继承的内容，如同从未设定：`"requiredLag": null`。',
  'Overrides the config\'s `training`, key by key. A key that is null removes what the model inherits, as if it had never been set: `"clip": null`.':
    '逐键覆盖配置的 `training`。值为 null 的键去掉模型所继承的内容，如同从未设定：`"clip": null`。',
  "Parity: T timesteps of 1 or −1. The net says whether the number of ones is odd. Every timestep inverts the answer, so there is no part of it to learn first.":
    "奇偶任务：T 个 1 或 −1 的时间步。网络说出一的个数是否为奇数。每个时间步都可能使答案反转，因此没有可以先学会的一部分。",
  "Read the pixels in a random order, the same for all images, drawn from `seed`. Neighbours are then far apart in time, and the gradient has to reach farther.":
    "以随机顺序读取像素，所有图像相同，由 `seed` 抽取。这样相邻像素在时间上相距很远，梯度必须传得更远。",
  'Reads only the rows in which each of these columns has this value, or one of a list: `{ "country": "France", "year": [2019, 2020] }`. A text must be equal to the whole cell; a number also matches it in another form (`1.0`). The columns need not be inputs. Default: all rows.':
    '只读取这些列各有该值（或列表中某个值）的行：`{ "country": "France", "year": [2019, 2020] }`。文本必须与整个单元格相同；数也匹配其另一种写法（`1.0`）。这些列不必是输入。默认：所有行。',
  "Rows per sample, in order: the timesteps T. Without it each row is a sample without a time axis.":
    "每个样本的行数，按顺序排列，即时间步数 T。没有它时，每行是一个没有时间轴的样本。",
  'Scales each column so that it runs from 0 to 1 in the training rows. Use it for values with fixed bounds; `standardize` suits most others. `true` scales inputs and targets, `"inputs"` or `"targets"` only one of them. Class targets are not scaled. Loss and baseline are in the unit of the scaled targets. A side cannot be scaled both ways.':
    '缩放每一列，使其在训练行中从 0 到 1。用于有固定界限的值；其他情形大多适合 `standardize`。`true` 缩放输入和目标，`"inputs"` 或 `"targets"` 只缩放其中之一。类别目标不缩放。损失和基线以缩放后的目标为单位。同一侧不能用两种方式缩放。',
  'Scales each feature so that it runs from 0 to 1 in all timesteps of the training samples except padding: rows of zeros at one end of the samples stay zeros and do not count. Use it for values with fixed bounds; `standardize` suits most others. `true` scales inputs and targets, `"inputs"` or `"targets"` only one of them. Class targets are not scaled. Loss and baseline are in the unit of the scaled targets. A side cannot be scaled both ways.':
    '缩放每个特征，使其在训练样本除填充之外的所有时间步中从 0 到 1：样本一端全为零的行保持为零，不计入。用于有固定界限的值；其他情形大多适合 `standardize`。`true` 缩放输入和目标，`"inputs"` 或 `"targets"` 只缩放其中之一。类别目标不缩放。损失和基线以缩放后的目标为单位。同一侧不能用两种方式缩放。',
  "Seed of the initial value of the series, long before the first window.":
    "序列初始值的随机种子，远在第一个窗口之前。",
  "Seed of the order of the images, and of the pixels if they are permuted.":
    "图像顺序的随机种子；若打乱像素，也是像素顺序的种子。",
  "Seed of the random numbers in the sequences: the same seed gives the same data.":
    "序列中随机数的种子：相同的种子给出相同的数据。",
  "Sequential digits: images of handwritten digits, 8 × 8 pixels, read as 64 timesteps of one pixel from 0 to 1, row by row from the top left. At the end the net says which of the ten digits it was.":
    "逐像素数字任务：8 × 8 像素的手写数字图像，从左上角起逐行读作 64 个时间步，每步一个 0 到 1 的像素。网络在结尾说出是十个数字中的哪一个。",
  "Share of the samples that is kept for testing, such as 0.2. The net never learns from them: their loss shows whether the net has learnt a rule or only memorised the samples. No effect on the gradient.":
    "留作测试的样本比例，例如 0.2。网络从不学习它们：它们的损失显示网络学会的是规律，还是只记住了样本。对梯度没有影响。",
  "Share of the samples that is kept for testing, such as 0.2. The net never learns from them: their loss shows whether the net has learnt a rule or only memorised the samples. No effect on the gradient. They are the last in time; windows that overlap them are left out.":
    "留作测试的样本比例，例如 0.2。网络从不学习它们：它们的损失显示网络学会的是规律，还是只记住了样本。对梯度没有影响。它们是时间上最后的样本；与之重叠的窗口会略去。",
  "Share of the samples that is kept for testing, such as 0.2. The net never learns from them: their loss shows whether the net has learnt a rule or only memorised the samples. No effect on the gradient. They are the last of the text.":
    "留作测试的样本比例，例如 0.2。网络从不学习它们：它们的损失显示网络学会的是规律，还是只记住了样本。对梯度没有影响。它们是文本最后的部分。",
  "Share of the samples that is kept for testing, such as 0.2. The net never learns from them: their loss shows whether the net has learnt a rule or only memorised the samples. No effect on the gradient. With windows, or targets in a later row, the last samples are kept (of each series), and samples that overlap them are left out.":
    "留作测试的样本比例，例如 0.2。网络从不学习它们：它们的损失显示网络学会的是规律，还是只记住了样本。对梯度没有影响。有窗口或目标在之后的行时，（每个序列）留出最后的样本，并略去与之重叠的样本。",
  "Sine forecasting: the net sees T timesteps of a sine with a random phase. It forecasts the value `horizon` timesteps later.":
    "正弦预测：网络看到随机相位的正弦的 T 个时间步，预测 `horizon` 个时间步之后的值。",
  'Subtracts each column\'s mean and divides by its standard deviation, both taken from the training rows. `true` scales inputs and targets, `"inputs"` or `"targets"` only one of them. Class targets are not scaled. Loss and baseline are in the unit of the scaled targets.':
    '减去每列的均值并除以其标准差，两者都取自训练行。`true` 缩放输入和目标，`"inputs"` 或 `"targets"` 只缩放其中之一。类别目标不缩放。损失和基线以缩放后的目标为单位。',
  'Subtracts each feature\'s mean and divides by its standard deviation, both taken from all timesteps of the training samples except padding: rows of zeros at one end of the samples stay zeros and do not count. `true` scales inputs and targets, `"inputs"` or `"targets"` only one of them. Class targets are not scaled. Loss and baseline are in the unit of the scaled targets.':
    '减去每个特征的均值并除以其标准差，两者都取自训练样本除填充之外的所有时间步：样本一端全为零的行保持为零，不计入。`true` 缩放输入和目标，`"inputs"` 或 `"targets"` 只缩放其中之一。类别目标不缩放。损失和基线以缩放后的目标为单位。',
  "Temporal order: among distractors there is an A or B in [0.1 T, 0.2 T) and an A or B in [0.5 T, 0.6 T). The net says which of the four orders it was.":
    "时间顺序任务：在干扰符号之间，[0.1 T, 0.2 T) 内有一个 A 或 B，[0.5 T, 0.6 T) 内有一个 A 或 B。网络说出是四种顺序中的哪一种。",
  "The adding problem: T timesteps of (u, marker), u uniform in [0, 1), the marker 1 at one timestep of each half. The target is the sum of the two marked numbers.":
    "加法任务：T 个时间步的 (u, 标记)，u 在 [0, 1) 内均匀分布，前后两半各有一个时间步的标记为 1。目标是两个被标记的数之和。",
  "The column that names the series of each row, or several such columns, if the table has several series below one another or row by row: one for each country, shop or sensor. Rows of one series are put together, in the order of the file or of `order`. A window, its target and a filled value never go beyond their series, and `test` keeps the last samples of each. A series with too few rows for a sample is left out, and one with too few samples to keep any is only learnt from; if all are that short, some are kept whole. Default: all rows are one series.":
    "写明每行属于哪个序列的列，可以是多列；用于表格含有上下排列或逐行交错的多个序列的情形：每个国家、商店或传感器一个。同一序列的行按文件或 `order` 的顺序放在一起。窗口、其目标和填补的值都不会超出所属的序列，`test` 留出每个序列最后的样本。行数不足一个样本的序列会略去，样本太少而留不出的序列只用于学习；若全都这么短，则有一些整个留作测试。默认：所有行是一个序列。",
  "The column with the time of each row, as dates or numbers, or several columns: date and time of day, or year, month and day. Rows are sorted by it, the earliest first; rows with equal times keep their order.":
    "写明每行时间的列，为日期或数，可以是多列：日期和时刻，或年、月、日。各行按它排序，最早的在前；时间相同的行保持原来的顺序。",
  "The columns that are the net's inputs.": "作为网络输入的列。",
  "The columns that the net should predict.": "网络要预测的列。",
  "The decimal mark. Default: detected from all numbers of a column, or from the other columns if the column is ambiguous (`1,234`).":
    "小数点。默认：由一列中的所有数判断；若该列有歧义（`1,234`），则由其他列判断。",
  "The labels of the targets, in the order of the outputs: the first is class 0. For labels that do not count from 0, such as `[-1, 1]` or `[1, 2, 3]`, with binaryCrossentropy (two labels) and sparseCategoricalCrossentropy. Default: the targets are already class indices.":
    "目标的标签，按输出的顺序：第一个是类别 0。用于不从 0 数起的标签，例如 `[-1, 1]` 或 `[1, 2, 3]`，配合 binaryCrossentropy（两个标签）和 sparseCategoricalCrossentropy。默认：目标已是类别索引。",
  'The labels of the targets, in the order of the outputs: the first is class 0. For words, such as `["setosa", "versicolor"]`, and for numbers that do not count from 0, such as `[-1, 1]`, with binaryCrossentropy (two labels) and sparseCategoricalCrossentropy. Default: the targets are already class indices.':
    '目标的标签，按输出的顺序：第一个是类别 0。用于词，例如 `["setosa", "versicolor"]`，也用于不从 0 数起的数，例如 `[-1, 1]`，配合 binaryCrossentropy（两个标签）和 sparseCategoricalCrossentropy。默认：目标已是类别索引。',
  "The layers whose outputs are the model's, by name. If there are several, `data` has an array of targets for each. Default: the last layer.":
    "以其输出为模型输出的层，按名称。若有多个，`data` 中每个都有一个目标数组。默认：最后一层。",
  "The layers. Each takes the output of the previous one unless it names its `inputs`.":
    "各层。每层取前一层的输出，除非写出了自己的 `inputs`。",
  "The list in a JSON file that is the table, by the keys on the way to it, such as `data.items`; `[0].rows` begins at the first element of a list. It can also be an object whose lists are the columns, or whose entries are the rows. Default: the one that has the requested columns.":
    "JSON 文件中作为表格的列表，以通往它的各键表示，例如 `data.items`；`[0].rows` 从列表的第一个元素开始。它也可以是以列表为列、或以条目为行的对象。默认：含有所需列的那一个。",
  "The mark that groups the digits of large numbers, by three or as in India (`1,43,926`). Default: detected from the columns.":
    "大数分组的标记，每三位一组，或如印度写法（`1,43,926`）。默认：由各列判断。",
  'The net\'s inputs: an array, or only its file (`"x.npy"`); for several inputs an object with one for each name. The first axis counts the samples; the other axes are the shape of one sample: timesteps × features, or timesteps alone for an `embedding` layer. The timesteps are the distance that the gradient has to travel.':
    '网络的输入：一个数组，或只写其文件（`"x.npy"`）；有多个输入时为对象，每个名称一个。第一个轴是样本数，其他轴是一个样本的形状：时间步 × 特征；用于 `embedding` 层时只有时间步。时间步就是梯度必须走过的距离。',
  "The order of the rows. The columns for it need not be inputs. Default: the file's order; if a column of dates contradicts it, there is a warning.":
    "各行的顺序。用于它的列不必是输入。默认：文件中的顺序；若有日期列与之矛盾，会给出警告。",
  'The separator between the cells of a row; `" "` stands for any number of blanks. Default: detected from the first rows.':
    '一行中各单元格之间的分隔符；`" "` 表示任意多个空格。默认：由最初的几行判断。',
  "The values that the net should give, or for several outputs an object with an array for each name. The first axis counts the samples; there must be as many as inputs.":
    "网络应当给出的值；有多个输出时为对象，每个名称一个数组。第一个轴是样本数，必须与输入的样本数相同。",
  "The weights to measure at, for a `file` that only describes layers (Keras's `to_json()`), or for a model written as `layers`. Keras's `.weights.h5`, or any saved model. Layers are matched by their names or, if these differ, by their order. Arguments must equal Keras's: its `recurrentActivation` defaults to `sigmoid`, and its GRU to `resetAfter`. The path is relative to the config's folder.":
    "测量时所用的权重，用于只描述了层的 `file`（Keras 的 `to_json()`），或写成 `layers` 的模型。可以是 Keras 的 `.weights.h5`，或任何保存的模型。层按名称对应；名称不同时按顺序对应。参数必须与 Keras 的相同：其 `recurrentActivation` 默认为 `sigmoid`，其 GRU 默认带 `resetAfter`。路径相对于配置所在的文件夹。",
  "Variance of the Gaussian noise after the cue. More noise makes the class harder to hold.":
    "提示之后高斯噪声的方差。噪声越大，类别越难保持。",
  "Weight of each sample in the loss, not negative: one number per sample, or one per sample and timestep if every timestep has a target. Each loss is multiplied by its weight, and the sum is still divided by the number of losses, as in Keras's `sample_weight`. Positions with weight 0 do not count in the accuracy either. Default: all weigh the same.":
    "各样本在损失中的权重，不得为负：每个样本一个数；若每个时间步都有目标，也可以每个样本的每个时间步一个数。每个损失乘以其权重，而总和仍除以损失的个数，与 Keras 的 `sample_weight` 相同。权重为 0 的位置也不计入准确率。默认：权重全部相同。",
  "Whether a numeric date begins with its day (31/12/1999) or its month (12/31/1999). Default: detected from all dates of the column.":
    "数字日期是日在前（31/12/1999）还是月在前（12/31/1999）。默认：由该列的所有日期判断。",
  "Whether capital letters are read as small ones. Default: false.": "大写字母是否读作小写。默认：false。",
  'Whether the first row contains the names of the columns. Otherwise the columns are named by their numbers: `"1"` is the first. Default: true; if the first row contains numbers, this key must say so.':
    '第一行是否为列名。否则各列以其序号命名：`"1"` 是第一列。默认：true；若第一行是数，必须写明此键。',
  'Which array of an NPZ file, or which key of an object, or of each record, in a JSON file. Default: the only one, otherwise "inputs".':
    "NPZ 文件中的哪个数组，或 JSON 文件的对象（或每条记录）中的哪个键。默认：唯一的那个，否则为“inputs”。",
  'Which array of an NPZ file, or which key of an object, or of each record, in a JSON file. Default: the only one, otherwise "targets".':
    "NPZ 文件中的哪个数组，或 JSON 文件的对象（或每条记录）中的哪个键。默认：唯一的那个，否则为“targets”。",
  'Which array of an NPZ file, or which key of an object, or of each record, in a JSON file. Default: the only one, otherwise "weights".':
    "NPZ 文件中的哪个数组，或 JSON 文件的对象（或每条记录）中的哪个键。默认：唯一的那个，否则为“weights”。",
  "Which characters the net predicts: at `each` timestep the next one, or only the one after the `last` timestep. Default: `each`.":
    "网络预测哪些字符：`each` 为在每个时间步预测下一个字符，`last` 为只预测最后一个时间步之后的字符。默认：`each`。",
  "Which samples `test` keeps: drawn at random, always the same ones, or (false) the last ones, which is right for samples in the order of time. It does not affect the order of the samples in training, which is new in every epoch.":
    "`test` 留出哪些样本：随机抽取（总是相同的那些），或（false）最后的那些；样本按时间排列时应取后者。它不影响训练中样本的顺序，那在每一轮都是新的。",
  "Which samples `test` keeps: drawn at random, always the same ones, or (false) the last ones. Default: true if each row is a separate sample; samples in the order of time are never drawn. It does not affect the order of the samples in training, which is new in every epoch.":
    "`test` 留出哪些样本：随机抽取（总是相同的那些），或（false）最后的那些。默认：若每行是单独的样本则为 true；按时间排列的样本从不抽取。它不影响训练中样本的顺序，那在每一轮都是新的。",
  "τ of the equation, in timesteps. It is also the required lag, if T allows it. From about 17 on the series is chaotic.":
    "方程中的 τ，以时间步计。若 T 允许，它也是所需时滞。约从 17 起序列是混沌的。",
};
