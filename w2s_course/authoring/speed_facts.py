"""The figures in docs/speed.md: counted on paper, or taken from the recorded runs and benchmark."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from w2s_course import blocks
from w2s_course.config import preset_config
from w2s_course.costs import forward_flops
from w2s_course.recorded import recorded_runs
from w2s_course.work import COLAB_T4, H100, Machine, Work, size_of, work_of

PAGE = Path("docs") / "speed.md"
KIND = "speed"
BENCH = Path(__file__).parent.parent / "recorded" / "bench.json"
PRESET = "cpu"

WAYS = {
    "trainer_peft": "`transformers.Trainer` and `peft`",
    "sft_trainer": "TRL's `SFTTrainer`",
    "reference_2023": "all weights, as the reference code of 2023",
    "ours": "ours",
}


def bench() -> dict[str, Any]:
    """The recorded benchmark, as `make bench` wrote it."""
    found: dict[str, Any] = json.loads(BENCH.read_text(encoding="utf-8"))
    return found


def this_machine() -> Machine:
    """One core of the machine of the recorded benchmark, as measured there."""
    machine = bench()["machine"]
    rate, bandwidth = (
        machine["one_thread"]["operations_per_second"],
        machine["one_thread"]["bytes_per_second"],
    )
    return Machine(f"one core ({machine['processor']})", rate, bandwidth, "measured by `make bench`")


# --- stages -----------------------------------------------------------------------------------------------


def measured_seconds() -> dict[str, float]:
    """Mean seconds of each stage in the recorded runs, one thread each."""
    runs = [run["cost"]["stages"] for run in recorded_runs()]
    parts = {name: fmean(run[name]["seconds"] for run in runs if name in run) for run in runs for name in run}
    named = {
        "weak": ("weak training",),
        "labels": ("weak labels", "weak validation", "weak answers"),
        "strong_prompted": ("strong_prompted answers",),
        "lower_layers": ("lower layers",),
    }
    found = {}
    for stage in work_of(preset_config(PRESET, precision="bfloat16")):
        names = named.get(stage) or tuple(name for name in parts if name.startswith(f"{stage} "))
        found[stage] = sum(parts.get(name, 0.0) for name in names)
    return found


def _floors(argument: str) -> str:
    """A row a stage: what it computes and reads, the floor on three machines, and what it took."""
    config, here, took = preset_config(PRESET, precision="bfloat16"), this_machine(), measured_seconds()
    machines = (here, COLAB_T4, H100)
    heads = ("stage", "operations", "bytes", f"floor, {here.name}", "measured", "floor of it")
    lines = [table_row(*heads, *(machine.name for machine in machines[1:])), "|---" * 8 + "|"]
    everything, floors = Work(0, 0), [0.0] * len(machines)
    for stage, parts in work_of(config).items():
        work = sum(parts, Work(0, 0))
        own = [machine.floor(work) for machine in machines]
        everything, floors = everything + work, [a + b for a, b in zip(floors, own, strict=True)]
        lines.append(_stage_row(f"`{stage}`", work, own, took[stage]))
    return "\n".join([*lines, _stage_row("all", everything, floors, sum(took.values()))])


def _stage_row(name: str, work: Work, floors: Sequence[float], took: float) -> str:
    here, t4, h100 = floors
    share = f"{here / took:.0%}" if took else ""
    does = (f"{work.operations / 1e12:.1f} T", f"{work.read / 1e9:.0f} GB")
    return table_row(name, *does, f"{here:.0f} s", f"{took:.0f} s", share, f"{t4:.2f} s", f"{h100:.3f} s")


def table_row(*cells: str) -> str:
    """A line of a Markdown table.

    >>> table_row("a", "b")
    '| a | b |'
    """
    return f"| {' | '.join(cells)} |"


# --- growth -----------------------------------------------------------------------------------------------


def _growth(argument: str) -> str:
    """How the operations of a token grow with the text that it stands in, and with the model."""
    heads = ("model", "tokens of an example", "operations a token, forward", "of it attention")
    lines = [table_row(*heads), "|---" * len(heads) + "|"]
    for model, tokens in (*(("smollm2-135m", n) for n in (56, 512, 2048)), ("smollm2-360m", 56)):
        size = size_of(model)
        whole, plain = forward_flops(size, 1, 0, tokens / 2), forward_flops(size, 1, 0, 0)
        lines.append(
            table_row(f"`{model}`", f"{tokens:,}", f"{whole / 1e6:,.0f} M", f"{1 - plain / whole:.1%}")
        )
    return "\n".join(lines)


# --- the benchmark ----------------------------------------------------------------------------------------


def _spread(cell: Mapping[str, Any], scale: float = 1.0, digits: int = 0) -> str:
    if cell["value"] is None:
        return "not reached"
    spread = f" ± {cell['spread'] * scale:.{digits}f}" if cell.get("spread") is not None else ""
    return f"{cell['value'] * scale:.{digits}f}{spread}"


def _bench(argument: str) -> str:
    """Side by side: seconds to the target, and what they were spent on."""
    found = bench()["finetune"]
    heads = ("way", "seconds to the target", "times ours", "accuracy, %", "examples a second")
    lines = [table_row(*heads, "peak memory, GiB", "of the matmul rate, %"), "|---" * 7 + "|"]
    ours = found["ours"]["seconds_to_target"]["value"]
    for way, name in WAYS.items():
        row = found[way]
        seconds = row["seconds_to_target"]
        times = f"{seconds['value'] / ours:.1f}" if seconds["value"] is not None and ours else ""
        cells = (
            *(name, _spread(seconds), times, _spread(row["accuracy"], 100, 1)),
            *(_spread(row["examples_per_second"], 1, 1), _spread(row["peak_bytes"], 2**-30, 2)),
            _spread(row["fraction_of_matmul_rate"], 100),
        )
        lines.append(table_row(*cells))
    return "\n".join(lines)


def _machine(argument: str) -> str:
    machine = bench()["machine"]
    return f"{machine['processor']}, {machine['threads']} threads, torch {machine['torch']}"


_FACTS: dict[str, Callable[[str], str]] = {
    "floors": _floors,
    "growth": _growth,
    "bench": _bench,
    "machine": _machine,
}


def refresh(root: Path, *, only_check: bool = False) -> bool:
    """Whether docs/speed.md says what the records say; unless only checked, it does afterwards."""
    page = root / PAGE
    return not page.is_file() or blocks.refresh(page, KIND, _FACTS, only_check=only_check)
