"""Recurrent modules unrolled in elementary operations, each sample on its own: the truth that autograd knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn.functional import linear


@dataclass
class Unrolled:
    y: Tensor
    h: Tensor
    c: Optional[Tensor]
    states: "dict[Tuple[int, int], Tuple[List[List[Tensor]], List[List[Tensor]]]]"
    """By (layer, direction): per sample, h and c of each timestep in reading order."""

    def gradients(self, layer: int, way: int, state: str, steps: int) -> Tensor:
        """(T, B, N) of ∂L/∂s_t after backward; zero where nothing arrived."""
        rows = self.states[layer, way][0 if state == "h" else 1]
        result = torch.zeros(steps, len(rows), rows[0][0].shape[1])
        for b, row in enumerate(rows):
            for t, value in enumerate(row):
                if value.grad is not None:
                    result[t, b] = value.grad[0]
        return result


def _cell(mode: str, zx: Tensor, h: Tensor, c: Tensor, u: Tensor, bias: Optional[Tensor], hr: Optional[Tensor]):
    zh = linear(h, u, bias)
    if mode == "RNN_TANH":
        return torch.tanh(zx + zh), c
    if mode == "RNN_RELU":
        return torch.relu(zx + zh), c
    if mode == "GRU":
        size = h.shape[1]
        r, z = torch.sigmoid(zx + zh)[:, : 2 * size].split(size, 1)
        n = torch.tanh(zx[:, 2 * size :] + r * zh[:, 2 * size :])
        return (1 - z) * n + z * h, c
    i, f, g, o = (zx + zh).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    c.retain_grad()
    m = torch.sigmoid(o) * torch.tanh(c)
    return (m if hr is None else m @ hr.T), c


def unrolled(
    module: nn.RNNBase,
    x: Tensor,
    h0: Tensor,
    c0: Optional[Tensor],
    lengths: Optional[Tensor] = None,
    masks: Optional[List[Tensor]] = None,
) -> Unrolled:
    """x: (T, B, I); masks: (T, B, D · P) per layer but the last."""
    ways = 2 if module.bidirectional else 1
    steps, batch = x.shape[:2]
    states, last_h, last_c = {}, [], []
    below = x
    for layer in range(module.num_layers):
        outputs = []
        for way in range(ways):
            suffix = f"_l{layer}" + ("_reverse" if way else "")
            kernel, u = getattr(module, "weight_ih" + suffix), getattr(module, "weight_hh" + suffix)
            bias_ih, bias_hh = (getattr(module, n + suffix, None) for n in ("bias_ih", "bias_hh"))
            hr = getattr(module, "weight_hr" + suffix, None)
            k = layer * ways + way
            rows, all_h, all_c, ends, ends_c = [], [], [], [], []
            for b in range(batch):
                n = steps if lengths is None else int(lengths[b])
                h = h0[k, b : b + 1]
                c = h if c0 is None else c0[k, b : b + 1]
                row: List[Tensor] = [torch.empty(0)] * n
                hs, cs = [], []
                for t in reversed(range(n)) if way else range(n):
                    h, c = _cell(module.mode, linear(below[t, b : b + 1], kernel, bias_ih), h, c, u, bias_hh, hr)
                    h.retain_grad()
                    row[t] = h
                    hs.append(h)
                    cs.append(c)
                rows.append(torch.cat(row + [torch.zeros_like(h)] * (steps - n)))
                all_h.append(hs)
                all_c.append(cs)
                ends.append(h)
                ends_c.append(c)
            outputs.append(torch.stack(rows, 1))
            states[layer, way] = (all_h, all_c)
            last_h.append(torch.cat(ends))
            last_c.append(torch.cat(ends_c))
        below = torch.cat(outputs, -1)
        if masks is not None and layer < module.num_layers - 1:
            below = below * masks[layer]
    return Unrolled(below, torch.stack(last_h), None if c0 is None else torch.stack(last_c), states)
