"""The wall: what a sandbox sees of this machine, as arguments of bubblewrap, and what is done without it.

Started by root, the sandbox's user is root's own id without any capability, in a user namespace; started by
a user, it is that user's id. Better to grade as an ordinary user.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import w2s_course
from w2s_course.errors import CourseError
from w2s_course.grading.limits import MB, Limits

PACKAGE = Path(w2s_course.__file__).resolve().parent
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "nobody",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "HF_HUB_OFFLINE": "1",
    "W2S_HEADLESS": "1",
    "PYTHONPATH": str(PACKAGE.parent),
}
UNSAFE = (
    "Graded WITHOUT a sandbox, as was asked for: the submission ran as you, with your files, your network "
    "and the solutions in reach. Do this only with notebooks that you have read."
)


def visible() -> list[Path]:
    """The folders of this machine that a sandbox sees, as they are named there."""
    base = Path(sys.executable).resolve().parents[1]
    folders = {Path("/usr"), Path(sys.prefix), Path(sys.base_prefix), base}
    return sorted(
        folder for folder in folders if not any(folder.is_relative_to(o) for o in folders - {folder})
    )


def refuse_if_visible(private: Sequence[Path]) -> None:
    """Raises: CourseError if a sandbox would show one of these folders, or something inside it."""
    for folder in (path.resolve() for path in private):
        for shown in [*(path.resolve() for path in visible()), PACKAGE]:
            if folder.is_relative_to(shown) or shown.is_relative_to(folder):
                raise CourseError(
                    f"A submission could read {folder}: {shown} is shown to it, since Python needs that. "
                    "Keep the course outside of Python's own folders, and grade again."
                )


def _system() -> list[str]:
    """Arguments that show the system's libraries, wherever this system keeps them."""
    made = []
    for name in ("bin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/") / name
        if path.is_symlink():
            made += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            made += ["--ro-bind", str(path), str(path)]
    for name in ("ld.so.cache", "alternatives", "localtime"):
        made += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return made


def program() -> str:
    """bubblewrap with its path: it is started without the user's PATH, which may be what leads to it."""
    found = shutil.which("bwrap")
    return str(Path(found).absolute()) if found else "bwrap"


@cache
def _isolation() -> tuple[str, ...]:
    """The arguments that separate; nested user namespaces are forbidden where bubblewrap can."""
    said = subprocess.run([program(), "--help"], capture_output=True, text=True, check=False).stdout
    nested = ["--disable-userns"] if "--disable-userns" in said else []
    ids = ["--uid", "65534", "--gid", "65534", "--hostname", "sandbox"]
    ends = ["--cap-drop", "ALL", "--die-with-parent", "--new-session", "--clearenv"]
    return ("--unshare-all", "--unshare-user", *nested, *ids, *ends)


def bubblewrap(limits: Limits) -> list[str]:
    """The command up to what is run inside."""
    size = str(limits.file_mb * MB)
    # The scratch space first: the course or its Python may stand below the machine's own /tmp.
    command = [program(), *_isolation(), "--size", size, "--tmpfs", "/tmp", "--dir", "/tmp/work", *_system()]
    shown, home = visible(), PACKAGE.parent
    # An empty folder in the repository's place, into which only the package is put; not where the package is
    # installed among Python's own.
    emptied = [] if any(home.is_relative_to(folder) for folder in shown) else [str(home)]
    for hidden in emptied:
        command += ["--tmpfs", hidden]
    for folder in shown:
        command += ["--ro-bind", str(folder.resolve()), str(folder)]
    command += ["--ro-bind", str(PACKAGE), str(PACKAGE), "--tmpfs", str(PACKAGE / "learn" / "units")]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm"]
    for read_only in (str(PACKAGE / "learn" / "units"), *emptied, "/dev", "/"):
        command += ["--remount-ro", read_only]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    return [*command, "--chdir", "/tmp/work"]


@cache
def why_no_sandbox() -> str:
    """Why submissions can't be shut in on this machine; '' where they can."""
    if not sys.platform.startswith("linux"):
        return "bubblewrap exists for Linux only"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (Debian and Ubuntu: sudo apt install bubblewrap)"
    done = subprocess.run(
        [*bubblewrap(Limits()), "true"], capture_output=True, text=True, check=False, env={"PATH": os.defpath}
    )
    return "" if done.returncode == 0 else f"bubblewrap does not work here: {done.stderr.strip()[:300]}"


def require_sandbox(unsafe: bool) -> None:
    """Raises: CourseError where there is no sandbox and it was not said that none is wanted."""
    if not unsafe and (why := why_no_sandbox()):
        raise CourseError(
            f"Submissions cannot be graded safely here: {why}. Grade on a Linux machine (on Windows: in "
            "WSL). With --unsafe they run as you, with your files, your network and the solutions in reach: "
            "only for notebooks that you have read."
        )
    if unsafe and not hasattr(os, "fork"):
        raise CourseError("Grading needs Linux or macOS; on Windows run it in WSL.")


def own_process_count() -> bool:
    """Whether the kernel counts a user's processes for each user namespace: Linux 5.14 and later.

    Before that a limit on processes would count everything that this user runs.
    """
    version = (
        os.uname().release.split("-")[0].split(".")[:2] if sys.platform.startswith("linux") else ["0", "0"]
    )
    return tuple(int(part) for part in version if part.isdigit()) >= (5, 14)
