"""Claims about CodeSearchNet, on a local folder in the hub's layout: no network is asked."""

from __future__ import annotations

import pytest

from w2s_course.errors import CourseError, UsageError
from w2s_course.snippets.hub import LICENCE, code_search_net, to_function

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def row(name: str, sentence: str, body: str, line: int = 7, indent: str = "") -> dict[str, str]:
    text = f'def {name}(items, limit=10):\n    """{sentence}"""\n    {body}\n'
    return {
        "repository_name": "someone/things",
        "func_path_in_repository": "things/core.py",
        "func_name": name,
        "whole_func_string": "".join(indent + part for part in text.splitlines(keepends=True)),
        "language": "python",
        "func_code_url": f"https://github.com/someone/things/blob/{COMMIT}/things/core.py#L{line}",
    }


SUM_AGAIN = "return sum(filter(limit.__gt__, items), start=0 * limit)"
LARGEST = "return max(items, key=lambda i: i, default=limit or None)"
ROWS = [
    row(
        "total",
        "Return the sum of all items below the limit.",
        "return sum(item for item in items if item is not None and item < limit)",
    ),
    row("old", "Print all items in the old way.", "print items"),  # Python 2
    row("vague", "See above.", "return [item for item in items if item is not limit]"),
    row("again", "Returns the sum of the items below the limit!", SUM_AGAIN),
    row("largest", "Find the greatest item in a list.", LARGEST, 30, "  "),
]


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory):
    from datasets import Dataset

    folder = tmp_path_factory.mktemp("hub")
    for split, rows in (("train", ROWS[:1]), ("test", ROWS)):
        (folder / "python" / split).mkdir(parents=True)
        Dataset.from_list(rows).to_parquet(folder / "python" / split / "0000.parquet")
    return str(folder)


def test_rows_of_the_hub_have_the_form_of_harvested_ones(hub_folder):
    one, other = code_search_net(9, source=hub_folder)
    assert one.code == "def f(a, b=10):\n    return sum((c for c in a if c is not None and c < b))"
    assert one.sentence == "Return the sum of all items below the limit."
    assert (one.package, one.version, one.file, one.line) == ("someone/things", COMMIT, "things/core.py", 7)
    assert one.licence == LICENCE
    assert (other.name, other.line) == ("largest", 30)  # indented, as methods are


def test_no_more_than_the_limit_and_only_of_the_split(hub_folder):
    assert [f.name for f in code_search_net(1, source=hub_folder)] == ["total"]
    assert [f.name for f in code_search_net(9, "train", hub_folder)] == ["total"]


def test_what_says_too_little_is_no_row():
    assert to_function(ROWS[1]) is None
    assert to_function(ROWS[2]) is None
    assert to_function(ROWS[0]) is not None


def test_a_set_that_cannot_be_read_is_an_error_with_a_way_out(tmp_path):
    with pytest.raises(CourseError, match=r"could not be read from .*needs the internet.*harvest\(\)"):
        code_search_net(1, source=str(tmp_path))


def test_offline_the_hub_is_an_error_with_a_way_out(monkeypatch):
    def fail(*args, **options):
        raise ConnectionError("no route")

    monkeypatch.setattr("datasets.load_dataset", fail)
    with pytest.raises(CourseError, match=r"no route\. It needs the internet"):
        code_search_net(1)


@pytest.mark.parametrize(("limit", "split"), [(0, "test"), (5, "dev")])
def test_senseless_requests_are_refused(limit, split):
    with pytest.raises(UsageError, match="Ask for 1 or more, of one of train, validation, test"):
        code_search_net(limit, split)
