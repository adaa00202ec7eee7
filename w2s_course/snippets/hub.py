"""More real code, for those online: CodeSearchNet's Python part through `datasets`, in the rows of `harvest`.

CodeSearchNet (Husain et al. 2019, arXiv 1909.09436) holds about half a million Python functions of public
repositories with their docstrings. The same rules apply to them as to harvested ones: names hidden, vague
sentences and near-duplicates left out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from w2s_course.errors import CourseError, UsageError
from w2s_course.snippets.harvest import RealFunction, documented, without_near_duplicates

CODESEARCHNET = "code-search-net/code_search_net"
PARQUET = "refs/convert/parquet"  # the hub's own conversion: `datasets` no longer runs loading scripts
SPLITS = ("train", "validation", "test")
LICENCE = "see the repository"  # the set keeps one licence a repository, and none a row
_URL = re.compile(r"/blob/(?P<commit>[0-9a-f]{7,40})/.*#L(?P<line>\d+)")


def to_function(row: Mapping[str, Any]) -> RealFunction | None:
    """A row of the hub as one of ours, None where it is not Python 3 or says too little.

    Methods come as functions: CodeSearchNet cuts them out of their classes.
    """
    found = list(documented(textwrap.dedent(str(row["whole_func_string"]))))
    if len(found) != 1:
        return None
    code, sentence, name, _ = found[0]
    at = _URL.search(str(row.get("func_code_url", "")))
    return RealFunction(
        code=code,
        sentence=sentence,
        name=name,
        package=str(row["repository_name"]),
        version=at["commit"] if at else "",
        file=str(row["func_path_in_repository"]),
        line=int(at["line"]) if at else 0,
        licence=LICENCE,
    )


def _rows(source: str, split: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a split as they are read, none of them kept on disk."""
    from datasets import load_dataset

    revision = {} if Path(source).is_dir() else {"revision": PARQUET}
    try:
        yield from load_dataset(source, data_dir="python", split=split, streaming=True, **revision)
    except Exception as error:  # the client's own kinds, its HTTP library's, and the system's
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise CourseError(
            f"CodeSearchNet could not be read from {source}: {reason}. It needs the internet (and no "
            "HF_HUB_OFFLINE). Offline, use the packages that came with the course: "
            "w2s_course.snippets.harvest.harvest()."
        ) from error


def code_search_net(limit: int, split: str = "test", source: str = CODESEARCHNET) -> list[RealFunction]:
    """The first `limit` usable functions of a split, without near-duplicates; read as a stream.

    Only as much is downloaded as is needed. Repositories are disjoint between the splits.

    Args: source: the hub's data set, or a local folder in its layout: `python/SPLIT/*.parquet`.
    Raises: UsageError for an unknown split or a limit below 1; CourseError where it cannot be read.
    """
    if split not in SPLITS or limit < 1:
        raise UsageError(
            f"CodeSearchNet was asked for {limit} functions of '{split}'. Ask for 1 or more, of one of "
            f"{', '.join(SPLITS)}."
        )
    usable: Iterable[RealFunction] = (f for row in _rows(source, split) if (f := to_function(row)))
    # Near-duplicates are compared with all that came before, so a few more than needed are read at once.
    kept: list[RealFunction] = []
    while len(kept) < limit and (more := list(islice(usable, limit - len(kept)))):
        kept = without_near_duplicates([*kept, *more])
    return kept[:limit]
