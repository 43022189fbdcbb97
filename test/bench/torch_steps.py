"""Training steps in PyTorch, on demand: one JSON request per line of stdin, one answer per line of stdout.

A request is {"kind", "T", "H", "B", "D"}: makes two nets of that layer and a linear one, nn's own and a loop of cells that
keeps the gradient of every state (retain_grad). Then "fused" or "unrolled" takes one step and answers its milliseconds.
A request {"net"} makes one of `nets`, the counterparts of those in nets.ts; "fused" then takes its step. "processor" takes
one on a single thread and answers the processor's milliseconds, which do not depend on what else the machine does.
"""

import json
import sys
import time

import torch
from torch import nn

layers = {"simpleRNN": (nn.RNN, nn.RNNCell), "lstm": (nn.LSTM, nn.LSTMCell), "gru": (nn.GRU, nn.GRUCell)}


class Fused(nn.Module):
    def __init__(self, kind, inputs, units):
        super().__init__()
        self.rnn = layers[kind][0](inputs, units, batch_first=True)
        self.out = nn.Linear(units, 1)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


class Unrolled(nn.Module):
    def __init__(self, kind, inputs, units):
        super().__init__()
        self.cell = layers[kind][1](inputs, units)
        self.out = nn.Linear(units, 1)

    def forward(self, x):
        state = None
        self.states = []
        for x_t in x.unbind(1):
            state = self.cell(x_t, state)
            h = state[0] if isinstance(state, tuple) else state
            h.retain_grad()
            self.states.append(h)
        return self.out(h)


class Encoder(nn.Module):
    """A transformer encoder layer of 100 timesteps, 64 wide, 4 heads, then the mean over time."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(64, 4, dim_feedforward=256, dropout=0, batch_first=True)
        self.out = nn.Linear(64, 1)

    def forward(self, x):
        return self.out(self.encoder(x).mean(1))


class ConvLSTM(nn.Module):
    """PyTorch has no such layer: computes the four gates' convolutions at once, timestep by timestep."""

    def __init__(self):
        super().__init__()
        self.input = nn.Conv2d(1, 32, 3)
        self.recurrent = nn.Conv2d(8, 32, 3, padding=1, bias=False)
        self.out = nn.Linear(8 * 14 * 14, 1)

    def forward(self, x):
        h = c = x.new_zeros(x.shape[0], 8, 14, 14)
        for x_t in x.unbind(1):
            i, f, g, o = (self.input(x_t) + self.recurrent(h)).chunk(4, 1)
            c = nn.functional.hardsigmoid(f) * c + nn.functional.hardsigmoid(i) * torch.tanh(g)
            h = nn.functional.hardsigmoid(o) * torch.tanh(c)
        return self.out(h.flatten(1))


def cnn():
    pool = lambda: nn.MaxPool2d(2)
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3), nn.ReLU(), pool(), nn.Conv2d(16, 32, 3), nn.ReLU(), pool()),
        *(nn.Flatten(), nn.Linear(32 * 5 * 5, 1)),
    )


class Transposed(nn.Module):
    """One layer of a sequence, with the channels first, as PyTorch's convolutions take them."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x.transpose(1, 2)).transpose(1, 2)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)
        self.out = nn.Linear(64, 1)

    def forward(self, x):
        return self.out(self.attention(x, x, x, need_weights=False)[0].mean(1))


class Last(nn.Module):
    def __init__(self, rnn, width):
        super().__init__()
        self.rnn = rnn
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


def images(*layers, channels=1):
    """`layers` on images of 28 x 28 with 16 channels, made by a convolution; then the mean of each of `channels`."""
    return lambda: nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), *(make() for make in layers), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1)
    )


def sequences(*layers, channels):
    """`layers` on sequences of 200 timesteps with 32 channels, made by a convolution; then the mean over time."""
    return lambda: nn.Sequential(
        Transposed(nn.Sequential(nn.Conv1d(8, 32, 3, padding=1), *(make() for make in layers), nn.AdaptiveAvgPool1d(1))),
        nn.Flatten(),
        nn.Linear(channels, 1),
    )


def volumes(*layers, channels):
    return lambda: nn.Sequential(
        nn.Conv3d(1, 8, 3, padding=1), *(make() for make in layers), nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(channels, 1)
    )


image, sequence, volume = (1, 28, 28), (200, 8), (1, 12, 16, 16)
# For each net, how it is made and the shape of one sample.
nets = {
    "cnn": (cnn, (1, 28, 28)),
    "transformer": (Encoder, (100, 64)),
    "convLstm": (ConvLSTM, (10, 1, 16, 16)),
    "strided": (images(lambda: nn.Conv2d(16, 32, 3, stride=2, padding=1), channels=32), image),
    "dilated": (images(lambda: nn.Conv2d(16, 32, 3, dilation=2), channels=32), image),
    "transposed": (images(lambda: nn.ConvTranspose2d(16, 16, 3, stride=2), channels=16), image),
    "depthwise": (images(lambda: nn.Conv2d(16, 16, 3, groups=16), channels=16), image),
    "separable": (images(lambda: nn.Conv2d(16, 16, 3, groups=16), lambda: nn.Conv2d(16, 32, 1), channels=32), image),
    "maxPooling": (images(lambda: nn.MaxPool2d(2), channels=16), image),
    "averagePooling": (images(lambda: nn.AvgPool2d(2), channels=16), image),
    "upSampling": (images(lambda: nn.Upsample(scale_factor=2), channels=16), image),
    "batchNormalization": (images(lambda: nn.BatchNorm2d(16), channels=16), image),
    "conv1d": (sequences(lambda: nn.Conv1d(32, 64, 5), channels=64), sequence),
    "dilated1d": (sequences(lambda: nn.Conv1d(32, 64, 3, dilation=4), channels=64), sequence),
    "strided1d": (sequences(lambda: nn.Conv1d(32, 64, 5, stride=2), channels=64), sequence),
    "pooling1d": (sequences(lambda: nn.MaxPool1d(2), lambda: nn.AvgPool1d(2), channels=32), sequence),
    "conv3d": (volumes(lambda: nn.Conv3d(8, 16, 3), channels=16), volume),
    "transposed3d": (volumes(lambda: nn.ConvTranspose3d(8, 8, 2, stride=2), channels=8), volume),
    "pooling3d": (volumes(lambda: nn.MaxPool3d(2), lambda: nn.AvgPool3d(2), channels=8), volume),
    "attention": (Attention, (100, 64)),
    "bidirectional": (lambda: Last(nn.LSTM(8, 64, batch_first=True, bidirectional=True), 128), (100, 8)),
    "stacked": (lambda: Last(nn.LSTM(8, 64, num_layers=2, batch_first=True), 64), (100, 8)),
}


def stepper(net, x, y):
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

    def step():
        start = time.perf_counter()
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
        return 1000 * (time.perf_counter() - start)

    return step


def on_one_thread(step):
    def timed():
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        start = time.process_time()
        step()
        spent = 1000 * (time.process_time() - start)
        torch.set_num_threads(threads)
        return spent

    return timed


steps = {}
print(json.dumps({"label": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if isinstance(request, str):
        print(json.dumps(steps[request]()), flush=True)
    elif "net" in request:
        make, shape = nets[request["net"]]
        step = stepper(make(), torch.rand(32, *shape), torch.rand(32, 1))
        steps = {"fused": step, "processor": on_one_thread(step)}
        print("null", flush=True)
    else:
        x = torch.rand(request["B"], request["T"], request["D"])
        y = torch.rand(request["B"], 1)
        size = (request["kind"], request["D"], request["H"])
        steps = {"fused": stepper(Fused(*size), x, y), "unrolled": stepper(Unrolled(*size), x, y)}
        print("null", flush=True)
