"""The cure: an identity matrix as recurrent weight with ReLU (Le, Jaitly & Hinton, 2015) carries the gradient all the way.

    pip install ./python
    python examples/pytorch/cured.py
"""

import torch
from torch import nn

import gradlens
from adding import BASELINE, REQUIRED_LAG, batch


class Adder(nn.Module):
    def __init__(self, hidden: int = 32) -> None:
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu", batch_first=True)
        nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.05)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        states, _ = self.rnn(x)
        return self.out(states[:, -1])


def main() -> None:
    torch.manual_seed(1)
    torch.set_num_threads(1)  # So small a net is slower on several.
    model = Adder()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    lens = gradlens.watch(model, required_lag=REQUIRED_LAG, baseline=BASELINE)
    for step in range(1, 901):
        x, target = batch()
        loss = nn.functional.mse_loss(model(x), target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        lens.step(loss)
        if step % 300 == 0:
            print(f"step {step}: loss {loss.item():.3f} (baseline {BASELINE:.3f})")
    print(f"the gradient reaches {lens.figures['rnn/h/horizon']:.0f} of {REQUIRED_LAG} timesteps")


if __name__ == "__main__":
    main()
