"""Run files: what TensorBoard reads of them, what a killed process leaves, and their size."""

from __future__ import annotations

import linecache
import math
import os
import socket
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import gradlens
from gradlens import events
from gradlens.runfile import EventFile, RunFile


def run_of(folder: Path, **options: Any) -> Path:
    torch.manual_seed(0)
    model = nn.ModuleDict({"rnn": nn.LSTM(2, 4), "out": nn.Linear(4, 1)})
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    lens = gradlens.watch(model, folder=folder, every=1, name="net", required_lag=5, baseline=0.5, **options)
    for _ in range(3):
        loss = model["out"](model["rnn"](torch.randn(6, 3, 2))[0][-1]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lens.step(loss)
    lens.close()
    return next(iter(folder.glob("*/*tfevents*")), folder)


def test_crc_has_the_values_of_the_rfc() -> None:
    assert events.crc32c(bytes(32)) == 0x8A9136AA
    assert events.crc32c(b"\xff" * 32) == 0x62A8AB43
    assert events.crc32c(bytes(range(32))) == 0x46DD794E
    assert events.crc32c(b"123456789") == 0xE3069283


def test_tensorboard_reads_the_scalars(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    file = run_of(tmp_path)
    loaded = accumulator.EventAccumulator(str(file.parent))
    loaded.Reload()
    tags = loaded.Tags()["scalars"]
    assert "loss" in tags and "rnn/h/horizon" in tags
    values, _ = events.read(file.read_bytes())
    ours = [v.content for v in values if v.tag == "loss"]
    assert [e.value for e in loaded.Scalars("loss")] == pytest.approx(ours)
    assert [e.step for e in loaded.Scalars("loss")] == [1, 2, 3]


def test_a_summary_writer_may_be_handed_over(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(tmp_path))
    run_of(tmp_path, writer=writer)
    writer.add_scalar("mine", 1.0, 1)
    writer.close()
    (file,) = tmp_path.glob("*tfevents*")
    tags = {v.tag for v in events.read(file.read_bytes())[0]}
    assert {"gradlens/run.1", "loss", "mine", "gradlens/end.1"} <= tags


def test_the_description_names_layers_columns_and_places(tmp_path: Path) -> None:
    values, damaged = events.read(run_of(tmp_path).read_bytes())
    assert damaged == 0
    described = next(v.content for v in values if v.tag == "gradlens/run.1")
    assert (described["host"], described["pid"]) == (socket.gethostname(), os.getpid())
    assert described["requiredLag"] == 5 and described["baselineLoss"] == 0.5
    lstm, linear = described["layers"]
    assert lstm["type"] == "lstm" and lstm["source"]["text"] == "nn.LSTM(2, 4)" and lstm["source"]["file"] == __file__
    assert lstm["recurrent"] == {
        "timesteps": 6, "units": 4, "states": ["h", "c"], "gates": ["input", "forget", "output"], "reversed": False
    }  # fmt: skip
    assert lstm["weights"] == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    assert linear["source"]["text"] == "nn.Linear(4, 1)"
    assert described["source"]["text"].startswith("gradlens.watch(model, folder=folder")
    tags = {column["tag"] for column in described["columns"]}
    written = {v.tag for v in values if not v.tag.startswith("gradlens/")}
    assert written <= tags
    profiles = {v.tag for v in values if v.tag.startswith("gradlens/profile.1/0/")}
    assert {f"gradlens/profile.1/0/{c}" for c in ("h.logNorm", "c.gain", "logContribution", "gate.forget.low")} <= profiles
    assert values[-1].tag == "gradlens/end.1" and values[-1].content == {"kind": "completed", "reason": None}


def notes_of(folder: Path) -> Any:
    (file,) = folder.glob("*/*tfevents*")
    return [v.content for v in events.read(file.read_bytes())[0] if v.tag == "gradlens/notes.1"]


def test_notes_are_written_when_they_change(tmp_path: Path) -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    lens = gradlens.watch(model, folder=tmp_path, every=1)
    for step in range(6):
        loss = model(torch.randn(3, 2)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step >= 3:
            lens.step(loss)
    lens.close()
    unreported = {"layer": None, "text": "no loss was reported: call lens.step(loss) once per update"}
    assert notes_of(tmp_path) == [[unreported], []]
    assert lens.notes == []


def test_a_note_names_the_layer_that_cannot_be_measured(tmp_path: Path) -> None:
    model = nn.ModuleDict({"first": nn.Linear(2, 2), "gru": nn.GRU(2, 4)})
    # Its gradient would need the input as it was.
    model["gru"].weight_ih_l0.requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    lens = gradlens.watch(model, folder=tmp_path, every=1)
    for _ in range(2):
        x = torch.randn(5, 3, 2)
        loss = model["gru"](x)[0].square().mean() + model["first"](torch.ones(2)).sum()
        x.add_(1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lens.step(loss)
    lens.close()
    ((note,),) = notes_of(tmp_path)
    assert note["layer"] == 1 and note["text"].startswith("the module's input was changed in place")
    assert lens.notes == [f"gru: {note['text']}"]


def test_a_layer_of_a_notebook_has_the_source_of_its_cell(tmp_path: Path) -> None:
    source = "import torch\nfrom torch import nn\nimport gradlens\nmodel = nn.GRU(2, 4)\nlens = gradlens.watch(model, folder=folder)\n"
    name = "/tmp/ipykernel_7/42.py"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    scope = {"folder": tmp_path}
    exec(compile(source, name, "exec"), scope)
    scope["lens"].close()
    (file,) = tmp_path.glob("*/*tfevents*")
    described = next(v.content for v in events.read(file.read_bytes())[0] if v.tag == "gradlens/run.1")
    place = described["layers"][0]["source"]
    assert (place["file"], place["line"], place["text"], place["cell"]) == (name, 4, "nn.GRU(2, 4)", source)
    assert described["source"]["cell"] == source


def test_a_file_cut_anywhere_keeps_every_whole_record(tmp_path: Path) -> None:
    data = run_of(tmp_path).read_bytes()
    whole = len(events.read(data)[0])
    last = 0
    for length in range(len(data) - 200, len(data) + 1):
        values, damaged = events.read(data[:length])
        assert damaged == 0 and len(values) >= last
        last = len(values)
    assert last == whole


def test_a_damaged_record_is_skipped_and_counted(tmp_path: Path) -> None:
    data = bytearray(run_of(tmp_path).read_bytes())
    whole = len(events.read(bytes(data))[0])
    data[-20] ^= 1
    values, damaged = events.read(bytes(data))
    assert damaged == 1 and len(values) == whole - 1


def test_numbers_beyond_float32_survive(tmp_path: Path) -> None:
    file = EventFile(tmp_path)
    numbers = {"big": 1e300, "small": 1e-300, "nan": math.nan, "inf": -math.inf, "one": 1.0, "zero": 0.0}
    RunFile(file).step(1, numbers, {(0, "h.logNorm"): [-math.inf, 1e200]})
    read = {v.tag: v.content for v in events.read(file.path.read_bytes())[0]}
    for tag, number in numbers.items():
        assert read[tag] == pytest.approx(number, nan_ok=True)
    assert read["gradlens/profile.1/0/h.logNorm"] == [-math.inf, 1e200]


def test_a_long_run_stays_within_its_bound_and_keeps_spikes(tmp_path: Path) -> None:
    file = EventFile(tmp_path)
    run = RunFile(file, limit=200_000)
    row = [0.0] * 50
    for step in range(1, 20_001):
        run.step(step, {"loss": 1.0}, {(0, "h.gain"): row} if step % 4 == 0 else {}, important=step == 15_001)
    assert file.path.stat().st_size < 200_000
    steps = {v.step for v in events.read(file.path.read_bytes())[0]}
    assert 15_001 in steps and {1, 2, 3, 4} <= steps and len(steps) > 500 and max(steps) > 19_000
