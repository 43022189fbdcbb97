"""A simple RNN whose gradient vanishes: it never learns to add, and its loss stays near the baseline.

    pip install ./python
    python examples/pytorch/vanishing.py
"""

import torch
from torch import nn

import gradlens
from adding import BASELINE, REQUIRED_LAG, batch


class Adder(nn.Module):
    def __init__(self, hidden: int = 32) -> None:
        super().__init__()
        # PyTorch's usual initialization: U(−1/√H, 1/√H), which shrinks the gradient at every timestep.
        self.rnn = nn.RNN(2, hidden, batch_first=True)
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
    total = 0.0
    for step in range(1, 301):
        x, target = batch()
        loss = nn.functional.mse_loss(model(x), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lens.step(loss)
        total += loss.item()
        if step % 100 == 0:
            print(f"steps {step - 99} to {step}: mean loss {total / 100:.3f} (baseline {BASELINE:.3f})")
            total = 0.0
    print(f"the gradient reaches {lens.figures['rnn/h/horizon']:.0f} of {REQUIRED_LAG} timesteps")


if __name__ == "__main__":
    main()
