"""Taps on fused recurrent modules: ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``.

A forward hook keeps what went in and came out, and tensor hooks keep the gradients that arrive. (Full backward hooks
would wrap the outputs in views, and in-place operations on those fail.) Everything hangs on the output tensors: what
is never differentiated is freed with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from .adjoint import CellWeights, LayerGradients, OutputGradients, StateGradients, analyse
from .adjoint.weights import directions, weights_of
from .dropout import has_inner_dropout, replayed_masks
from .figures import SequencePass, sequence_pass
from .graph import descends
from .hooks import Hook
from .probe import Probe, opaque, samples


@dataclass
class Call:
    """One forward pass of a module and the gradients that came back to it."""

    x: Tensor
    y: Tensor
    versions: Tuple[int, int]
    """Versions of x and y: autograd counts changes in place."""
    packed: Optional[PackedSequence]
    """Shape of the packed batch."""
    h0: Optional[Tensor]
    c0: Optional[Tensor]
    generator: Optional[Tensor]
    dropped: bool
    weights: Optional[List[CellWeights]]
    follows: Optional["Call"] = None
    """The call whose last states this one began with: the same sequence, cut into pieces."""
    last_h: Any = None
    """Autograd's node of the last h."""
    gradients: Dict[str, Tensor] = field(default_factory=dict)


class RecurrentTap:
    """Measures one module."""

    def __init__(self, name: str, module: nn.RNNBase, probe: Probe, copies_weights: bool) -> None:
        self.name, self.module = name, module
        self.steps: Optional[int] = None
        """T of the first measured pass."""
        self.unmeasured: Optional[str] = None
        """Why something could not be measured, for people."""
        self.passes: Dict[int, List[SequencePass]] = {}
        """By index of layer and direction, since the last `take`."""
        self.kept: Optional[List[List[LayerGradients]]] = None
        """Full gradients of each pass, if somebody asks for them by making this a list."""
        self._probe, self._copies = probe, copies_weights
        self._ready: List[Call] = []
        self._previous: Optional[Call] = None
        self._generator: Optional[Tensor] = None
        self._weights: Optional[List[CellWeights]] = None
        self._hooks = (Hook(opaque(self._before)), Hook(opaque(self._after)))
        probe.at_end_of_backward(self._analyse)

    def layer_names(self) -> List[str]:
        """One name per layer and direction; the module's own if there is only one."""
        module = self.module
        suffixes = [s[1:] for layer in range(module.num_layers) for s in directions(layer, module.bidirectional)]
        return [self.name or "rnn"] if len(suffixes) == 1 else [f"{self.name}.{s}" if self.name else s for s in suffixes]

    def take(self) -> Dict[int, List[SequencePass]]:
        """The passes since the last call."""
        passes, self.passes = self.passes, {}
        self._ready, self._previous = [], None
        return passes

    def hook(self) -> Sequence[Any]:
        before, after = self._hooks
        handle = self.module.register_forward_hook(after, with_kwargs=True)
        if not self._copies and not (self.module.dropout > 0 and self.module.num_layers > 1):
            return [handle]
        return [self.module.register_forward_pre_hook(before, with_kwargs=True), handle]

    def _before(self, module: nn.RNNBase, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> None:
        if self._copies and self._probe.recording:
            # FSDP has gathered the weights by now, and frees them in a hook that comes before `_after`.
            with self._probe.timed():
                self._weights = weights_of(module, copy=True)
        if self._probe.recording and has_inner_dropout(module):
            x = args[0] if args else kwargs["input"]
            on_cpu = (x.data if isinstance(x, PackedSequence) else x).device.type == "cpu"
            with self._probe.timed():
                self._generator = torch.get_rng_state() if on_cpu else None

    def _after(self, module: nn.RNNBase, args: Tuple[Any, ...], kwargs: Dict[str, Any], output: Any) -> None:
        if not self._probe.recording:
            return
        with self._probe.timed():
            call = self._call(module, args, kwargs, output)
            y, last = output
            states = last if isinstance(last, tuple) else (last,)
            rows = y.data if isinstance(y, PackedSequence) else y
            for tensor, key in ((rows, "y"), *zip(states, ("h", "c"))):
                if tensor.requires_grad:
                    tensor.register_hook(keeper(self, call, key))

    def _call(self, module: nn.RNNBase, args: Tuple[Any, ...], kwargs: Dict[str, Any], output: Any) -> Call:
        x = args[0] if args else kwargs["input"]
        hx = args[1] if len(args) > 1 else kwargs.get("hx")
        y, last = output
        packed = x if isinstance(x, PackedSequence) else None
        rows_x = x.data if packed is not None else x
        rows_y = y.data if packed is not None else y
        h0, c0 = hx if isinstance(hx, (tuple, list)) else (hx, None)
        generator, self._generator = self._generator, None
        last_h = last[0] if isinstance(last, tuple) else last
        call = Call(
            rows_x.detach(),
            rows_y.detach(),
            (rows_x._version, rows_y._version),
            packed,
            None if h0 is None else h0.detach(),
            None if c0 is None else c0.detach(),
            generator,
            has_inner_dropout(module),
            self._weights,
            last_h=last_h.grad_fn,
        )
        if self._previous is not None and h0 is not None and descends(h0.grad_fn, self._previous.last_h):
            call.follows = self._previous
        self._previous = call
        return call

    def arrived(self, call: Call, key: str, gradient: Tensor) -> None:
        if not call.gradients:
            self._ready.append(call)
        former = call.gradients.get(key)
        gradient = gradient.detach()
        # The graph of a call may be walked twice (retain_graph): both gradients count.
        call.gradients[key] = gradient if former is None else former + gradient
        self._probe.queue()

    def _analyse(self) -> None:
        ready, self._ready = self._ready, []
        done: Dict[int, List[LayerGradients]] = {}
        weight = 1.0
        # Backward reaches later calls first.
        for call in _in_order(ready):
            found, weight = self._gradients(call)
            call.gradients = {}
            if found is None:
                continue
            before = done.pop(id(call.follows), None) if call.follows is not None else None
            joined = found if before is None else [_joined(a, b) for a, b in zip(before, found)]
            done[id(call)] = joined
        for layers in done.values():
            if self.kept is not None:
                self.kept.append(layers)
            for layer in layers:
                index = layer.layer * (2 if self.module.bidirectional else 1) + int(layer.reverse)
                one = sequence_pass(layer, weight)
                self.passes.setdefault(index, []).append(one)
                if self.steps is None:
                    self.steps = one.present.shape[0]

    def _gradients(self, call: Call) -> Tuple[Optional[List[LayerGradients]], float]:
        module = self.module
        form = _Form(module, call)
        simple = module.mode.startswith("RNN")
        unknown_masks = call.dropped and call.generator is None
        if call.x._version != call.versions[0] or unknown_masks:
            self.unmeasured = (
                "dropout between the layers of a module draws its masks inside cuDNN"
                if unknown_masks
                else "the module's input was changed in place after the forward pass"
            )
            self.unmeasured += ": only the states of the top layer of a simple RNN are known then"
            if not simple:
                return None, 1.0
        top_only = simple and (unknown_masks or call.x._version != call.versions[0])
        masks: Optional[Sequence[Optional[Tensor]]] = None
        if call.dropped and call.generator is not None:
            masks = replayed_masks(module, call.generator, call.y, form.packing, form.steps, form.batch)
        # A changed output no longer holds the states: they are computed again.
        y = form.sequence(call.y) if call.y._version == call.versions[1] else None
        if y is None and top_only:
            return None, 1.0
        chosen = samples(form.batch, self._probe.batch_share, self._probe.turn)

        def some(value: Optional[Tensor]) -> Optional[Tensor]:
            return value if value is None or chosen is None else value[:, chosen].contiguous()

        lengths = form.lengths
        if lengths is not None and chosen is not None:
            lengths = lengths[chosen]
        gradient = call.gradients.get("y")
        found = analyse(
            weights_of(module) if call.weights is None else call.weights,
            None if top_only else some(form.sequence(call.x)),
            some(y),
            OutputGradients(
                None if gradient is None else some(form.sequence(gradient)),
                some(form.state(call.gradients.get("h"))),
                some(form.state(call.gradients.get("c"))),
            ),
            bidirectional=module.bidirectional,
            h0=some(form.state(call.h0)),
            c0=some(form.state(call.c0)),
            lengths=lengths,
            masks=None if masks is None else [some(mask) for mask in masks],
            top_only=top_only,
        )
        measured = form.batch if chosen is None else len(range(form.batch)[chosen])
        return found, form.batch / measured


class _Form:
    """How a call's tensors become (T, B, N)."""

    def __init__(self, module: nn.RNNBase, call: Call) -> None:
        self.packing = call.packed
        self._single = call.packed is None and call.x.dim() == 2
        self._batch_first = module.batch_first and not self._single and call.packed is None
        self.lengths: Optional[Tensor] = None
        if call.packed is not None:
            padded, lengths = pad_packed_sequence(call.packed)
            self.steps, self.batch = padded.shape[0], padded.shape[1]
            self.lengths = lengths.to(call.x.device)
        else:
            shape = call.x.shape
            self.steps = shape[1] if self._batch_first else shape[0]
            self.batch = 1 if self._single else shape[0] if self._batch_first else shape[1]

    def sequence(self, values: Tensor) -> Tensor:
        """A module's input, output, or a gradient of one."""
        if self.packing is not None:
            p = self.packing
            whole = PackedSequence(values, p.batch_sizes, p.sorted_indices, p.unsorted_indices)
            return pad_packed_sequence(whole)[0]
        if self._single:
            return values[:, None]
        return values.transpose(0, 1) if self._batch_first else values

    def state(self, values: Optional[Tensor]) -> Optional[Tensor]:
        """Adds the batch axis to a single sample's first or last states, or to their gradient: (L · D, B, N)."""
        return values[:, None] if values is not None and self._single else values


def keeper(tap: RecurrentTap, call: Call, key: str) -> Any:
    """A hook that keeps the gradient of one of a call's outputs."""

    def keep(gradient: Tensor) -> None:
        tap.arrived(call, key, gradient)

    return keep


def _in_order(ready: Sequence[Call]) -> List[Call]:
    """Each call after the one that it follows."""
    waiting = {id(call): call for call in ready}
    result: List[Call] = []
    for call in ready:
        chain: List[Call] = []
        at: Optional[Call] = call
        while at is not None and id(at) in waiting:
            chain.append(waiting.pop(id(at)))
            at = at.follows
        result.extend(reversed(chain))
    return result


def _joined(first: LayerGradients, second: LayerGradients) -> LayerGradients:
    """Two pieces of one sequence, along time."""

    def states(a: StateGradients, b: StateGradients) -> StateGradients:
        return StateGradients(
            torch.cat([a.total, b.total]),
            torch.cat([a.transported, b.transported]),
            torch.cat([a.exponent, b.exponent]),
        )

    return LayerGradients(
        first.layer,
        first.reverse,
        states(first.h, second.h),
        None if first.c is None or second.c is None else states(first.c, second.c),
        torch.cat([first.previous, second.previous]),
        torch.cat([first.products, second.products]),
        {name: torch.cat([first.gates[name], second.gates[name]]) for name in first.gates},
        None,
    )
