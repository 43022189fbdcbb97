"""A program whose lens has something to say: the input of a layer is changed in place, and no loss is reported."""

import torch
from torch import nn

import gradlens

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 4)
        self.out = nn.Linear(4, 1)

    def forward(self, x):
        y, _ = self.gru(x)
        x.add_(1)
        return self.out(y[-1])


net = Net()
# Its gradient would need the input as it was.
net.gru.weight_ih_l0.requires_grad_(False)
optimizer = torch.optim.SGD(net.parameters(), 0.1)
lens = gradlens.watch(net, every=1, name="noted")
for _ in range(3):
    optimizer.zero_grad()
    net(torch.randn(5, 2, 3).clone()).square().mean().backward()
    optimizer.step()
lens.close()
