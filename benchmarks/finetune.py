"""Seconds until a target accuracy, ways of fine-tuning the same model on the same gold pairs.

    python -m benchmarks.finetune                                  an hour and a half on two cores
    python -m benchmarks.finetune --seeds 0 --examples 160 --keep part.jsonl
    BENCH_JSON=bench.json python -m benchmarks.finetune            leaves the numbers there

Each way runs in a process of its own with all of the machine's threads; ways take turns over seeds, so that
what else the machine does falls on all alike. Let nothing else run. Needs the extra [bench], for TRL
(`make bench`).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.compare import (
    FULL,
    PADDED,
    SFT,
    TRAINER,
    Row,
    default_target,
    footnotes,
    reached,
    same_losses,
    summary,
    table,
    unpadded,
)
from benchmarks.record import Kept, add_results, machine, one_thread, read_results, results_file
from benchmarks.task import Task
from benchmarks.trainers import require_trl
from benchmarks.ways import USUAL, WAYS, run_way
from w2s_course.errors import CourseError, UsageError
from w2s_course.processes import end_with_parent


def in_own_process(way: str, task: Task) -> Row:
    """`run_way` in a new process. Raises: CourseError where it was killed."""
    # Spawned: nothing of this process is in its memory, or in PyTorch's threads.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, initializer=begin) as pool:
        try:
            return pool.submit(run_way, way, task).result()
        except BrokenProcessPool as err:
            raise CourseError(
                f"The process of {way} was killed, perhaps for want of memory. With --keep FILE what is "
                "finished is kept: close other programs and give the same command again."
            ) from err


def begin() -> None:
    """In the new process: it ends with its parent, and shows no bars of libraries, and none of their
    announcements about versions to come."""
    import datasets
    from transformers.utils import logging

    end_with_parent()
    warnings.simplefilter("ignore", FutureWarning)
    logging.disable_progress_bar()
    datasets.disable_progress_bars()


class Bench:
    """All measurements of one command: ways take turns over seeds, and what is known is not done again."""

    def __init__(self, ways: list[str], seeds: list[int], task: Task, passes: int, kept: Kept) -> None:
        """task: of any seed, with the target where one was given. passes: the most of any way."""
        self.ways, self.seeds, self.task, self.passes, self.kept = ways, seeds, task, passes, kept
        self.rows: dict[tuple[str, int], Row] = {}
        self.borrowed = False  # whether a curve of sft_trainer is trainer_peft's

    def run(self) -> float:
        """Measure everything. Returns: the target accuracy."""
        given = self.task.target
        # A single pass is the same whatever its target: so it is kept under one key.
        single = given is None or self.passes == 1
        self._round(
            replace(self.task, passes=1, target=None) if single else replace(self.task, passes=self.passes)
        )
        target = given
        if target is None:
            target = default_target([self.rows[TRAINER, seed] for seed in self.seeds], self.task.examples)
        if not target > 0:
            raise CourseError(
                f"{TRAINER} answered nothing right after {self.task.examples} examples, so there is no "
                "target to reach: give more --examples, or a --target."
            )
        if given is None and self.passes > 1:
            self._round(replace(self.task, passes=self.passes, target=target), again=True)
        return target

    def _round(self, task: Task, again: bool = False) -> None:
        """Every seed, every way. again: only those that have not reached the task's target."""
        for seed in self.seeds:
            for way in self.ways:
                if again and reached(self.rows[way, seed], task.target):
                    continue
                self.rows[way, seed] = self._row(way, replace(task, seed=seed))

    def _row(self, way: str, task: Task) -> Row:
        if way != SFT or not task.sft_steps:
            return self._measured(way, task)
        timed = self._measured(way, replace(task, passes=1, target=None))
        whole = self.rows[TRAINER, task.seed]
        if not same_losses(timed["losses"], whole["losses"]):
            say(f"  its losses are not those of {TRAINER} on the same batches: running it in full")
            return self._measured(way, replace(task, sft_steps=0))
        self.borrowed = True
        return {**timed, "curve": whole["curve"]}

    def _measured(self, way: str, task: Task) -> Row:
        asked = os.environ.get("OMP_NUM_THREADS")
        key = {"way": way, "task": asdict(task), "machine": machine(0), "threads asked for": asked}
        found = self.kept.find(key)
        if found is not None:
            say(f"{way}, seed {task.seed}: kept from before")
            return found
        start = time.perf_counter()
        row = in_own_process(way, task)
        self.kept.add(key, row)
        ended = f", accuracy {row['curve'][-1][2]:.1%}" if row["curve"] else ""
        say(f"{way}, seed {task.seed}: {time.perf_counter() - start:.0f} s in all{ended}")
        return row

    def summaries(self, target: float) -> dict[str, Any]:
        """A summary of each way, and of the full fine-tune without the reference's padding."""
        rows = {way: [self.rows[way, seed] for seed in self.seeds] for way in self.ways}
        if PADDED in rows and self.task.reference_curve == "short":
            rows[FULL] = [unpadded(row) for row in rows[PADDED]]
        return {way: summary(each, target, self.task.examples) for way, each in rows.items()}


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    usual = Task(0)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(USUAL))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--model", default=usual.model, help="of the catalog, or a folder")
    parser.add_argument("--examples", type=int, default=usual.examples, help="gold pairs, a pass")
    parser.add_argument("--held-out", type=int, default=usual.held_out, help="snippets for accuracy")
    parser.add_argument("--every", type=int, default=usual.every, help="examples between accuracies")
    parser.add_argument("--passes", type=int, default=1, help="at most, until the target is reached")
    parser.add_argument(
        "--target", type=float, help=f"accuracy; what all seeds of {TRAINER} reach in one pass if not given"
    )
    parser.add_argument("--sft-steps", type=int, default=usual.sft_steps, help="timed; 0 runs it in full")
    parser.add_argument("--reference-curve", choices=("short", "faithful"), default=usual.reference_curve)
    parser.add_argument("--reference-steps", type=int, default=usual.reference_steps, help="padded, timed")
    parser.add_argument(
        "--context", type=int, default=usual.context, help="tokens that the reference pads to"
    )
    parser.add_argument(
        "--keep", type=Path, help="JSON lines of what is finished; a repeated command goes on"
    )
    return parser.parse_args()


def planned(given: argparse.Namespace) -> Bench:
    """The benchmark that the options ask for. Raises: CourseError, UsageError before any work."""
    ways = [way for way in WAYS if way in given.ways]  # in their order: SFT needs what the trainer measured
    if SFT in ways:
        require_trl()
    if TRAINER not in ways and (given.target is None or (SFT in ways and given.sft_steps)):
        raise UsageError(f"Without {TRAINER} there is no target and no curve for {SFT}: add it to --ways.")
    fields = ("model", "examples", "held_out", "every", "target", "sft_steps", "context")
    task = Task(0, **{name: getattr(given, name) for name in fields})
    task = replace(task, reference_curve=given.reference_curve, reference_steps=given.reference_steps)
    if given.passes < 1:
        raise UsageError(f"--passes is {given.passes}; it must be at least 1.")
    return Bench(ways, list(dict.fromkeys(given.seeds)), task, given.passes, Kept(given.keep))


def main() -> None:
    given = arguments()
    try:
        path = results_file()
        if path:
            read_results(path)
        bench = planned(given)
        target = bench.run()
        found = bench.summaries(target)
        first = next(iter(bench.rows.values()))
        settings = {
            **asdict(bench.task),
            "passes": given.passes,
            "seeds": bench.seeds,
            "target_is": f"the accuracy that all seeds of {TRAINER} reach in one pass"
            if given.target is None
            else "given by --target",
        }
        notes = footnotes(found, settings, bench.borrowed)
        print(table(found, target))
        print("\n".join(["", *notes]))
        if path:
            here = {**machine(first["threads"]), "one_thread": one_thread()}
            add_results(path, {"finetune": found, "target": target, "settings": settings, "machine": here})
    except CourseError as error:
        say(f"Error: {error}")
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
