"""Claims about label sets: the package keeps the old imports, and the way back to programs is exact."""

from __future__ import annotations

import subprocess
import sys

import pytest

from w2s_course.errors import CourseError
from w2s_course.labeling import LabelCard, gold_answers, label_set, load_labels, save_labels, snippets_of
from w2s_course.snippets.grammar import make_splits


def test_a_label_set_leads_back_to_its_programs_and_their_truth():
    pool = make_splits({"pool": 30}, seed=4, with_view=True)["pool"]
    assert snippets_of(label_set(pool, gold_answers(pool), "gold")) == pool


def test_labels_about_real_code_cannot_be_judged_claim_by_claim():
    pool = make_splits({"pool": 2}, seed=4)["pool"]
    labels = label_set(pool, gold_answers(pool), "gold")
    labels = labels.remove_columns("gold").add_column("gold", ["Chunk an iterable.", "Flatten."])
    with pytest.raises(CourseError, match=r"truth about a program cannot be read .*Chunk.* generated"):
        snippets_of(labels)


@pytest.mark.parametrize(
    "module",
    ["labeling", "labeling.planted", "labeling.styles", "ledger", "agreement", "stopping", "generations"],
)
def test_importing_loads_no_heavy_library(module):
    heavy = "{'torch', 'transformers', 'datasets', 'numpy'}"
    code = f"import sys, w2s_course.{module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rows_that_a_selection_left_out_are_not_written(tmp_path):
    pool = make_splits({"pool": 6}, seed=0)["pool"]
    chosen = label_set(pool, gold_answers(pool), "gold").select([4, 1])
    save_labels(chosen, LabelCard("Chosen", "gold", "nothing"), tmp_path)
    found = load_labels(tmp_path)
    assert found.to_dict() == chosen.to_dict()
    assert found.features == chosen.features
