"""A chaotic RNN: its recurrent weights are far too large, and its gradient grows at every timestep back.

    pip install ./python
    python examples/pytorch/exploding.py
"""

import torch
from torch import nn

import gradlens
from adding import BASELINE, REQUIRED_LAG, batch


class Adder(nn.Module):
    def __init__(self, hidden: int = 32) -> None:
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu", batch_first=True)
        # Spectral radius about 1.7: every timestep multiplies the gradient.
        nn.init.normal_(self.rnn.weight_hh_l0, std=0.3)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        states, _ = self.rnn(x)
        return self.out(states[:, -1])


def main() -> None:
    torch.manual_seed(1)
    torch.set_num_threads(1)  # So small a net is slower on several.
    model = Adder()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    lens = gradlens.watch(model, required_lag=REQUIRED_LAG, baseline=BASELINE)
    for _ in range(100):
        x, target = batch()
        loss = nn.functional.mse_loss(model(x), target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        lens.step(loss)
    figures = lens.figures
    print(f"gradient norm {figures['gradientNorm']:.3g} before clipping, {figures['clippedGradientNorm']:.3g} after")
    print(f"each timestep back multiplies the gradient by {figures['rnn/h/meanGain']:.2f}")


if __name__ == "__main__":
    main()
