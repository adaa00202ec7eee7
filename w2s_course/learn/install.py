"""Installs what the course lacks in this environment, and replaces nothing that is in use.

On Colab a library that is replaced in mid-session breaks the session, and another torch is gigabytes. So
every installed version is a constraint, and only what is missing, or too old and not loaded, is installed.

Imports nothing but the standard library and `packaging`, which every notebook kernel brings.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from w2s_course.errors import CourseError

COURSE = "w2s-course"
KEPT = frozenset({"torch", "numpy", "transformers"})
"""Never replaced, whether they are loaded or not."""

Pip = Callable[[Sequence[str]], None]


def declared(distribution: str = COURSE) -> list[Requirement]:
    """What a distribution requires on this system, its extras left out.

    Raises: CourseError if it is not installed: then nobody knows what it requires.
    """
    try:
        texts = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError as error:
        raise CourseError(
            f"{distribution} can be imported but is not installed. In the course's folder run `make setup`, "
            "or `pip install -e .`."
        ) from error
    requirements = [Requirement(text) for text in texts]
    return [each for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})]


def installed_versions() -> dict[str, str]:
    """Version by canonical name of everything that can be imported here. Reads a file for each: a second."""
    versions: dict[str, str] = {}
    for distribution in metadata.distributions():
        facts = distribution.metadata
        name, version = facts["Name"], facts["Version"]  # None where an uninstallation was interrupted
        if name and version:
            versions.setdefault(canonicalize_name(name), version)
    return versions


def version_of(name: str) -> str | None:
    """The version of a distribution that is installed here, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def unmet(distribution: str = COURSE) -> list[Requirement]:
    """The requirements that are missing here, or here in a version outside their range."""
    return [each for each in declared(distribution) if not _meets(version_of(each.name), each)]


def _meets(version: str | None, requirement: Requirement) -> bool:
    return version is not None and requirement.specifier.contains(version, prereleases=True)


def _loaded(name: str) -> bool:
    """Whether a module of that distribution has been imported already."""
    providers = metadata.packages_distributions()
    return any(
        canonicalize_name(provider) == name
        for module in {loaded.partition(".")[0] for loaded in list(sys.modules)}
        for provider in providers.get(module, ())
    )


def _refuse_replacing(wanted: Sequence[Requirement]) -> None:
    for requirement in wanted:
        name, here = canonicalize_name(requirement.name), version_of(requirement.name)
        if here is not None and (name in KEPT or _loaded(name)):
            needed = f"{requirement.name}{requirement.specifier}"
            raise CourseError(
                f"The course needs {needed}, and {here} is here. Replacing it would break this "
                "session, so it stays. Use an environment of the course's own (`make setup`), or run "
                f"`%pip install '{needed}'` and restart the session."
            )


def constraints(wanted: Sequence[Requirement]) -> list[str]:
    """A line for everything that is installed and stays as it is: all but what is wanted in another version.

    >>> any(line.startswith("packaging==") for line in constraints([]))
    True
    """
    changing = {canonicalize_name(requirement.name) for requirement in wanted}
    lines = []
    for name, version in sorted(installed_versions().items()):
        if name not in changing and _is_version(version):
            lines.append(f"{name}=={version}")
    return lines


def _is_version(text: str) -> bool:
    """Some packages of operating systems carry versions that pip refuses to read."""
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def run_pip(arguments: Sequence[str]) -> None:
    """Run pip in this environment. Raises: CourseError with pip's own last word."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        errors = [line for line in said if line.startswith("ERROR")] or said
        raise CourseError(
            f"pip could not install what the course lacks. Its last word: {errors[-1]} Check the network and "
            "run the cell again, or use an environment of the course's own (`make setup`)."
        )


def install_missing(distribution: str = COURSE, pip: Pip = run_pip) -> list[str]:
    """Install the unmet requirements and nothing else; what was installed.

    Raises: CourseError if one of them is loaded in a wrong version, or if pip fails.
    """
    wanted = unmet(distribution)
    if not wanted:
        return []
    _refuse_replacing(wanted)
    texts = [f"{each.name}{_extras(each)}{each.specifier}" for each in wanted]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "constraints.txt"
        path.write_text("\n".join(constraints(wanted)) + "\n", encoding="utf-8")
        pip(["install", "--quiet", "--constraint", str(path), *texts])
    importlib.invalidate_caches()
    return texts


def _extras(requirement: Requirement) -> str:
    return f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
