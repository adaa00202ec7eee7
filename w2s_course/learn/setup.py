"""The first cell of every notebook: finds or installs what is needed, and says what this machine can do.

Until everything is installed, nothing may be imported here that is not in the standard library, or in every
notebook kernel: on Colab this module is all of the course that is there at first.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_course import __version__
from w2s_course.errors import unknown_name
from w2s_course.learn.install import install_missing, unmet, version_of
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.repository import ADDRESS, install_requirement
from w2s_course.wording import wrapped

if TYPE_CHECKING:
    from w2s_course.config import Config
    from w2s_course.learn.lesson import Lesson

PRESET_VARIABLE = "W2S_PRESET"
SHOWN = ("torch", "transformers", "ipywidgets")
COLAB_FORGETS = (
    "Colab forgets this file, and what you write into a notebook that its badge opened. So now: File > Save "
    "a copy in Drive. At the end download the file from the Files panel on the left; the next time, also in "
    "another notebook of the course, upload it there after this cell and before the next. "
    f"All notebooks: {ADDRESS}"
)

_CELL = """\
# Set-up. Run this cell first: it finds the course, or installs it, and says what to expect on this machine.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("w2s_course") is None:
    course = "{requirement}"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", course], check=True)
    importlib.invalidate_caches()
from w2s_course.learn.setup import setup

lesson = setup(unit={unit})
"""


def setup_cell(unit: int) -> str:
    """The source of the set-up cell of a unit's notebooks: 12 lines, no newline at the end.

    >>> len(setup_cell(2).splitlines()), setup_cell(2).splitlines()[-1]
    (12, 'lesson = setup(unit=2)')
    """
    return _CELL.format(requirement=install_requirement(), unit=unit).rstrip("\n")


def stages_of(unit: int) -> tuple[str, ...]:
    """The stages that a unit's notebooks wait for; unit 0 runs the smoke preset and waits for none.

    Raises: UsageError for a unit that does not exist.
    """
    from w2s_course.learn.exercises import all_units

    stages = {0: (), **{each.number: each.stages for each in all_units()}}
    if unit not in stages:
        raise unknown_name("unit", str(unit), map(str, stages))
    return stages[unit]


def is_colab() -> bool:
    """Whether this is a Colab session."""
    return "google.colab" in sys.modules


@friendly_errors()
def setup(unit: int) -> Lesson:
    """Make everything ready for a unit, and say in a few lines what this session is.

    Installs requirements that are missing, fetches the model, and replaces nothing that is there. The preset
    is 'cpu', or what the environment variable W2S_PRESET says.

    Raises: Friendly for a unit or a preset that does not exist, and for what cannot be had here and now.
    """
    if missing := unmet():
        print(f"Installing {', '.join(each.name for each in missing)}; a minute or two ...")
        install_missing()
    _quieten()
    stages_of(unit)
    _explain_unanswered(unit)
    config = _config()
    _fetch_models(config)
    from w2s_course.learn.lesson import Lesson

    lesson = Lesson(unit, config)
    print("\n".join(report(lesson)))
    return lesson


def _quieten() -> None:
    # Transformers' own bars and advice are for its developers; ours say what is happening.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


def _explain_unanswered(unit: int) -> None:
    from w2s_course.learn.check import explain_unanswered
    from w2s_course.learn.exercises import all_units

    for each in all_units():
        if each.number == unit:
            explain_unanswered(each)


def _config() -> Config:
    from w2s_course.config import preset_config

    return preset_config(os.environ.get(PRESET_VARIABLE, "").strip() or "cpu", seed=0)


def _fetch_models(config: Config) -> None:
    """Fetch and convert the models of this run that are neither here nor a folder of the user's."""
    from w2s_course.models.catalog import MODELS
    from w2s_course.models.weights import fetch, is_present

    for name in (config.weak_model, config.strong_model):
        if name in MODELS and not is_present(name):
            size = f"{MODELS[name].size_bytes / 1e6:.0f} MB"
            print(f"Fetching the model {name}, once ({size} in the cache; about 20 s after the download) ...")
            fetch(name)


def report(lesson: Lesson) -> list[str]:
    """The lines that the set-up prints: versions, device, preset, waits, and where progress is kept."""
    from w2s_course.findings import SMOKE_NOTICE

    libraries = " · ".join(f"{name} {version_of(name)}" for name in SHOWN)
    where = "Colab" if is_colab() else platform.system()
    lines = [
        f"Python {platform.python_version()} on {where} · w2s-course {__version__} · {libraries}",
        f"{_device()} · {lesson}, {lesson.config.precision}",
        waits(lesson),
        _progress(),
    ]
    return [*lines, SMOKE_NOTICE] if lesson.config.preset == "smoke" else lines


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return f"Device: {torch.cuda.get_device_name(0)}"
    return f"Device: processor, {torch.get_num_threads()} of {os.cpu_count()} cores"


def waits(lesson: Lesson) -> str:
    """How long one waits in this unit, here and now: only for stages that the cache does not hold."""
    from w2s_course.learn.lesson import listed, steps_to
    from w2s_course.speed import in_words

    steps = steps_to(lesson.config, stages_of(lesson.unit))
    if not steps:
        return "Waits in this unit: a minute at most."
    total = sum(step.seconds for step in steps)
    if not total:
        return wrapped(f"Waits in this unit: seconds, all is cached: {listed(steps)}.")
    return wrapped(f"Waits in this unit: about {in_words(total)} in all: {listed(steps)}.")


def _progress() -> str:
    from w2s_course.learn.progress import Progress

    path = Progress.load().path
    if path is None:
        return "Progress: not kept in this session (W2S_HEADLESS=1)."
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    kept = f"Progress: kept in {shown}, in this notebook's folder."
    return wrapped(f"{kept} {COLAB_FORGETS}") if is_colab() else kept
