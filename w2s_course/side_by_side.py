"""The experiment's stages side by side, in processes of their own: the same folders in less time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from w2s_course.arms.small import OnLabel
from w2s_course.cache import is_complete
from w2s_course.config import Config
from w2s_course.experiment import STAGES, OnFolder, stage_named, telling
from w2s_course.models.answers import Answer
from w2s_course.processes import tell, told_queue, worker_processes
from w2s_course.speed import expected_seconds
from w2s_course.stages import Stage, folder_of, run_stage
from w2s_course.wording import words

Folders = dict[str, Path]
FIRST = ("weak", "labels")  # a learner waits for the first weak label, which is shown when it is there


def run_side_by_side(
    config: Config,
    jobs: int,
    on_stage: Callable[[str], None] = lambda name: None,
    on_folder: OnFolder = lambda name, folder: None,
    on_label: OnLabel = lambda step, said: None,
) -> Folders:
    """Run every stage that the cache does not hold, `jobs` at once; the folder of each, by its name.

    Of the stages whose inputs are there, those of `FIRST` go first, then the one on which the longest chain
    of others waits.
    on_stage: called with a stage's name before it starts or is found; on_folder: when its folder is complete;
    on_label: within a second, with what the weak model says while it learns.
    Raises: CourseError of a stage that failed; the stages that were running are finished first, and kept.
    """
    with ExitStack() as inside:
        pool, told = None, None
        if not is_complete(folder_of(STAGES[0], config, {})):  # there is work to do: begin, then look on
            told = told_queue()
            pool = inside.enter_context(worker_processes(jobs, told))
            for _ in range(jobs):
                pool.submit(_import_libraries)
        expected, folders = expected_seconds(config), _found(config, on_stage)
        for name, folder in folders.items():
            on_folder(name, folder)
        if len(folders) < len(STAGES):
            pool = pool or inside.enter_context(worker_processes(jobs))
            draw = inside.enter_context(_bar(expected, folders))

            def show(done: Folders, running: _Running) -> None:
                while told and not told.empty():
                    on_label(*told.get())
                draw(done, running)

            _work(config, pool, jobs, expected, folders, on_stage, on_folder, show)
    return {stage.name: folders[stage.name] for stage in STAGES}


def _import_libraries() -> None:
    """In a worker, while its parent looks at what the cache holds: two seconds that every stage needs."""
    import transformers.models.llama.modeling_llama  # noqa: F401 - imported to be there


def by_urgency(seconds: Mapping[str, float]) -> list[Stage]:
    """The stages of `FIRST`, then the others by how long they and the longest chain that waits for them take.

    >>> [stage.name for stage in by_urgency(dict.fromkeys((s.name for s in STAGES), 1.0))][:3]
    ['weak', 'labels', 'lower_layers']
    """
    chain: dict[str, float] = {}
    for stage in reversed(STAGES):  # whatever needs a stage stands behind it
        after = [chain[other.name] for other in STAGES if stage.name in other.needs]
        chain[stage.name] = seconds[stage.name] + max(after, default=0.0)
    return sorted(STAGES, key=lambda stage: (stage.name not in FIRST, -chain[stage.name]))


def _inputs(stage: Stage, folders: Folders) -> Folders:
    return {name: folders[name] for name in stage.needs}


def _found(config: Config, on_stage: Callable[[str], None]) -> Folders:
    """The folders of the stages that the cache holds, damage mended."""
    folders: Folders = {}
    for stage in STAGES:
        if folders.keys() >= set(stage.needs):
            inputs = _inputs(stage, folders)
            if is_complete(folder_of(stage, config, inputs)):
                on_stage(stage.name)
                folders[stage.name] = run_stage(stage, config, inputs)
    return folders


@dataclass
class _Running:
    """The stages that are being computed, and since when."""

    stages: dict[Future[str], Stage] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)


def _work(
    config: Config,
    pool: ProcessPoolExecutor,
    jobs: int,
    expected: Mapping[str, float],
    folders: Folders,
    on_stage: Callable[[str], None],
    on_folder: OnFolder,
    show: Callable[[Folders, _Running], None],
) -> None:
    """Compute the stages that `folders` lacks, and add them to it."""
    left = [stage for stage in by_urgency(expected) if stage.name not in folders]
    running, arrived = _Running(), list[str]()
    while left or running.stages or arrived:
        ready = [stage for stage in left if folders.keys() >= set(stage.needs)]
        for stage in ready[: jobs - len(running.stages)]:
            on_stage(stage.name)
            plain = {name: str(folder) for name, folder in _inputs(stage, folders).items()}
            running.stages[pool.submit(_elsewhere, stage.name, config.as_dict(), plain)] = stage
            running.since[stage.name] = time.perf_counter()
            left.remove(stage)
        # The next stages have begun: what is done with a folder may take seconds.
        for name in arrived:
            on_folder(name, folders[name])
        arrived.clear()
        for done in wait(running.stages, timeout=1, return_when=FIRST_COMPLETED).done:
            arrived.append(running.stages.pop(done).name)
            folders[arrived[-1]] = Path(done.result())
        show(folders, running)


def _elsewhere(name: str, config: dict[str, Any], inputs: dict[str, str]) -> str:
    """In a worker: run a stage; all is given and returned as plain values."""
    folders = {need: Path(folder) for need, folder in inputs.items()}
    return str(run_stage(telling(stage_named(name), _tell), Config.from_dict(config), folders))


def _tell(step: int, said: Answer) -> None:
    tell((step, said))


@contextmanager
def _bar(expected: Mapping[str, float], cached: Folders) -> Iterator[Callable[[Folders, _Running], None]]:
    """One bar for all stages, in expected seconds of work; what runs counts by the time that it has run."""
    from tqdm.auto import tqdm

    before = set(cached)
    total = sum(seconds for name, seconds in expected.items() if name not in before)
    whole = max(1, round(total))
    with tqdm(total=whole, bar_format="{l_bar}{bar}| {elapsed} passed, about {remaining} left") as bar:

        def show(folders: Folders, running: _Running) -> None:
            now, names = time.perf_counter(), [stage.name for stage in running.stages.values()]
            done = sum(expected[name] for name in folders if name not in before)
            done += sum(min(now - running.since[name], 0.95 * expected[name]) for name in names)
            bar.set_description(" + ".join(words(name) for name in names) or "done", refresh=False)
            bar.n = min(round(done), whole)
            bar.refresh()

        yield show
