"""What a learner judged by hand, item by item: labels of an audit, explanations of a rating.

It is kept among the predictions, being said before the outcome is shown, and told so in the dossier.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from w2s_course.learn.progress import Progress
from w2s_course.wording import plural

SECTION = "predictions"
"""Of the progress file."""


def kept_judgements(id: str) -> list[Any]:
    """The answers that the progress file holds, those to the first items; none where it has no list."""
    kept = (Progress.load().get(SECTION, id) or {}).get("answer")
    return list(kept) if isinstance(kept, list) else []


def keep_judgements(
    id: str, task: str, given: Sequence[Any], key: Sequence[Any], *, item: str, done: str, judge: str
) -> None:
    """Keep the answers to the first items; after the last one, with how many of them the judge's are equal.

    Args: key: the judge's answer to every item; item, done, judge: words, as in '3 of 20 labels judged' and
        'the judge agrees with 17'.
    """
    record = {
        "task": task,
        "answer": list(given),
        "shown": f"{len(given)} of {plural(len(key), item)} {done}",
    }
    if len(given) == len(key):
        agreed = sum(said == right for said, right in zip(given, key, strict=True))
        record["outcome"] = f"{judge} agrees with {agreed}"
    Progress.load().record(SECTION, id, record)
