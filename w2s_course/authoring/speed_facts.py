"""The figures in docs/speed.md: counted on paper, or taken from the recorded runs and benchmarks.

Two machines were measured: one that multiplies bfloat16, in bench.json, and an older one that does not, in
bench-float32.json, whose facts have `float32` as their argument.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from w2s_course import blocks
from w2s_course.blocks import table
from w2s_course.config import preset_config
from w2s_course.costs import forward_flops
from w2s_course.errors import CourseError
from w2s_course.findings import arm_name
from w2s_course.recorded import recorded_runs
from w2s_course.seeds import mean_with_interval
from w2s_course.wording import percent, plural
from w2s_course.work import COLAB_T4, H100, NOTHING, Machine, Work, size_of, work_of

PAGE = Path("docs") / "speed.md"
KIND = "speed"
BENCH = Path(__file__).parent.parent / "recorded" / "bench.json"
BEFORE = BENCH.with_name("speed-before.json")
PRESET = "cpu"

WAYS = {
    "trainer_peft": "`transformers.Trainer` and `peft`",
    "sft_trainer": "TRL's `SFTTrainer`",
    "reference_2023": "all weights, padded to 256 tokens",
    "full_finetune": "all weights, padded to the longest",
    "ours": "ours",
}
ASKING = {
    "ours": "ours",
    "generate, one prompt": "`generate()`, one prompt at a time",
    "generate, one batch": "`generate()`, all prompts in one batch",
}
NOT_RECORDED = "*Not recorded yet: `make bench` prints it.*"


def bench(precision: str = "") -> dict[str, Any]:
    """The benchmark recorded in that precision, as `make bench` wrote it; nothing where there is none yet."""
    file = BENCH.with_name(f"{BENCH.stem}-{precision}.json") if precision else BENCH
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def this_machine(precision: str = "") -> Machine:
    """One core of the machine of that benchmark, as measured there.

    Raises: CourseError where none was recorded.
    """
    machine = bench(precision).get("machine")
    if machine is None:
        raise CourseError("docs/speed.md needs the rates of a machine: BENCH_JSON=FILE make bench")
    one = machine["one_thread"]
    rate, bandwidth = one["operations_per_second"], one["bytes_per_second"]
    return Machine("one core here", rate, bandwidth, f"{machine['cpu']}, measured by `make bench`")


# --- stages -----------------------------------------------------------------------------------------------


def timed_run(precision: str = "") -> dict[str, Any]:
    """The run whose stages the benchmark holds: its command, its threads, its seconds by stage and part.

    Raises: CourseError where there is none.
    """
    found: dict[str, Any] | None = next(iter(bench(precision).get("stages", {}).values()), None)
    if found is None:
        raise CourseError(
            "docs/speed.md needs a run: BENCH_JSON=FILE python -m benchmarks.stages RESULTS.JSON"
        )
    return found


def measured_seconds(precision: str = "") -> dict[str, float]:
    """Seconds of each stage in the timed run."""
    seconds = timed_run(precision)["seconds"]
    parts = {f"{arm} {part}": each for arm, found in seconds.items() for part, each in found.items()}
    named = {"weak": ("weak training",), "labels": ("weak labels", "weak validation", "weak answers")}
    at = {
        stage: named.get(stage, tuple(p for p in parts if p.startswith(f"{stage} "))) for stage in _stages()
    }
    at["lower_layers"] = ("lower layers",)
    return {stage: sum(parts.get(name, 0.0) for name in names) for stage, names in at.items()}


def _stages() -> Sequence[str]:
    return list(work_of(preset_config(PRESET, precision="bfloat16")))


def _timed(argument: str) -> str:
    """How the timed run was made."""
    run = timed_run(argument)
    return f"`{run['command']}`, two stages at a time, {run['threads']} thread each"


def _floors(argument: str) -> str:
    """A row a stage: what it computes and reads, the floor, and what it took; in bfloat16 also on GPUs."""
    config = preset_config(PRESET, precision=argument or "bfloat16")
    here, took = this_machine(argument), measured_seconds(argument)
    gpus = () if argument else (COLAB_T4, H100)  # their rates are those of half precision
    machines = (here, *gpus)
    everything, floors, rows = NOTHING, [0.0] * len(machines), []
    for stage, work in ((stage, parts.whole) for stage, parts in work_of(config).items()):
        own = [machine.floor(work) for machine in machines]
        everything, floors = everything + work, [a + b for a, b in zip(floors, own, strict=True)]
        rows.append(_stage_row(f"`{stage}`", work, own, took[stage]))
    rows.append(_stage_row("all", everything, floors, sum(took.values())))
    heads = ("stage", "operations", "bytes", f"floor, {here.name}", "measured", "floor of it")
    return table((*heads, *(gpu.name for gpu in gpus)), rows)


def _stage_row(name: str, work: Work, floors: Sequence[float], took: float) -> tuple[str, ...]:
    here, *gpus = floors
    share = f"{here / took:.0%}" if took else ""
    does = (f"{work.operations / 1e12:.1f} T", f"{work.read / 1e9:.0f} GB")
    of_gpus = (f"{floor:.{digits}f} s" for floor, digits in zip(gpus, (2, 3), strict=False))
    return (name, *does, f"{here:.0f} s", f"{took:.0f} s", share, *of_gpus)


# --- before and after -------------------------------------------------------------------------------------


def _before_after(argument: str) -> str:
    """The recorded runs before anything was made faster, and those of today: accuracy and time by seed."""
    before = {run["seed"]: run for run in json.loads(BEFORE.read_text(encoding="utf-8"))["runs"]}
    after = {run["config"]["seed"]: run for run in recorded_runs(PRESET)}
    seeds = sorted(before.keys() & after.keys())
    rows = []
    for arm in before[seeds[0]]["arms"]:
        old = [before[seed]["arms"][arm] for seed in seeds]
        new = [after[seed]["arms"][arm]["exact"]["value"] for seed in seeds]
        change, ci95 = mean_with_interval([100 * (b - a) for a, b in zip(old, new, strict=True)])
        told = f"{change:+.1f} points" + (f" ({ci95[0]:+.1f} to {ci95[1]:+.1f})" if ci95 else "")
        rows.append((f"{arm_name(arm)}, right", _range(old, percent), _range(new, percent), told))
    old = [before[seed]["stage_seconds"] for seed in seeds]
    new = [sum(c["seconds"] for c in after[seed]["cost"]["stages"].values()) for seed in seeds]
    rows.append(
        (
            "seconds of all stages",
            _range(old, _whole),
            _range(new, _whole),
            f"{fmean(old) / fmean(new):.2f} times as fast",
        )
    )
    heads = (f"preset `{PRESET}`, {plural(len(seeds), 'seed')}", "before", "after", "change (95%)")
    return table(heads, rows)


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _range(values: Sequence[float], told: Callable[[float], str]) -> str:
    return f"{told(fmean(values))} ({told(min(values))} to {told(max(values))})"


# --- growth -----------------------------------------------------------------------------------------------


def _growth(argument: str) -> str:
    """How the operations of a token grow with the text that it stands in, and with the model."""
    rows = []
    for model, tokens in (*(("smollm2-135m", n) for n in (56, 512, 2048)), ("smollm2-360m", 56)):
        size = size_of(model)
        whole, plain = forward_flops(size, 1, 0, tokens / 2), forward_flops(size, 1, 0, 0)
        rows.append((f"`{model}`", f"{tokens:,}", f"{whole / 1e6:,.0f} M", f"{1 - plain / whole:.1%}"))
    return table(("model", "tokens of an example", "operations a token, forward", "of it attention"), rows)


# --- the benchmark ----------------------------------------------------------------------------------------


def _spread(cell: Mapping[str, Any], scale: float = 1.0, digits: int = 0) -> str:
    """A mean and its standard deviation over seeds; of seconds that some seeds did not reach, a bound."""
    if cell["value"] is None:
        return f"{cell['reached']}, above {cell['at_least'] * scale:.{digits}f}"
    spread = f" ± {cell['spread'] * scale:.{digits}f}" if cell.get("spread") is not None else ""
    return f"{cell['value'] * scale:.{digits}f}{spread}"


def _bench(argument: str) -> str:
    """Side by side: seconds to the target, and what they were spent on."""
    recorded = bench(argument)
    if "finetune" not in recorded:
        return NOT_RECORDED
    found, rows = recorded["finetune"], []
    ours = found["ours"]["seconds_to_target"]["value"]
    for way, name in ((way, name) for way, name in WAYS.items() if way in found):
        row, seconds = found[way], found[way]["seconds_to_target"]
        cells = (
            *(name, _spread(seconds), _times(seconds, ours), _spread(row["accuracy"], 100, 1)),
            *(_spread(row["examples_per_second"], 1, 1), _spread(row["peak_bytes"], 2**-30, 2)),
            _spread(row["fraction_of_matmul_rate"], 100),
        )
        rows.append(cells)
    heads = ("way", "seconds to the target", "times ours", "accuracy after a pass, %", "examples a second")
    settings = recorded["settings"]
    said = f"Target: {recorded['target']:.1%}, {settings['target_is']}; {settings['examples']} pairs a pass."
    return f"{table((*heads, 'peak memory, GiB', 'of the matmul rate, %'), rows)}\n\n{said}"


def _times(seconds: Mapping[str, Any], ours: float | None) -> str:
    if not ours:
        return ""
    known = seconds["value"] is not None
    return f"{'' if known else 'above '}{(seconds['value'] if known else seconds['at_least']) / ours:.1f}"


def _generation(argument: str) -> str:
    """Answers a second, of both models."""
    found = bench(argument).get("generation")
    if not found:
        return NOT_RECORDED
    rows = [
        (model, ASKING[way], _spread(row["answers_per_second"], 1, 1), f"{row['same_answers']:.0%}")
        for model in ("weak", "strong")
        for way, row in found.get(model, {}).items()
    ]
    return table(("model", "way", "answers a second", "same answers as ours"), rows)


def _machine(argument: str) -> str:
    found = bench(argument).get("machine")
    if not found:
        return "a machine"
    one = found["one_thread"]
    return (
        f"{found['cpu']}, {found['threads']} threads, torch {found['versions']['torch']}; one thread: "
        f"{one['operations_per_second'] / 1e9:.0f} billion operations a second in a matrix product, "
        f"{one['bytes_per_second'] / 1e9:.0f} GB a second"
    )


_FACTS: dict[str, Callable[[str], str]] = {
    "floors": _floors,
    "timed": _timed,
    "growth": _growth,
    "before_after": _before_after,
    "bench": _bench,
    "generation": _generation,
    "machine": _machine,
}


def refresh(root: Path, *, only_check: bool = False) -> bool:
    """Whether docs/speed.md says what the records say; unless only checked, it does afterwards."""
    page = root / PAGE
    return not page.is_file() or blocks.refresh(page, KIND, _FACTS, only_check=only_check)
