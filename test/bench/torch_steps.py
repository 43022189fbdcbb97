"""Training steps in PyTorch, on demand: one JSON request per line of stdin, one answer per line of stdout.

A request is {"kind", "T", "H", "B", "D"}: makes two nets of that layer and a linear one, nn's own and a loop of cells that
keeps the gradient of every state (retain_grad). Then "fused" or "unrolled" takes one step and answers its milliseconds.
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


def stepper(net, x, y):
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

    def step():
        start = time.perf_counter()
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
        return 1000 * (time.perf_counter() - start)

    return step


steps = {}
print(json.dumps({"label": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if isinstance(request, str):
        print(json.dumps(steps[request]()), flush=True)
    else:
        x = torch.rand(request["B"], request["T"], request["D"])
        y = torch.rand(request["B"], 1)
        size = (request["kind"], request["D"], request["H"])
        steps = {"fused": stepper(Fused(*size), x, y), "unrolled": stepper(Unrolled(*size), x, y)}
        print("null", flush=True)
