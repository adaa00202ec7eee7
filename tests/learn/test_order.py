"""Any order that respects the dependencies is right; what is wrong is named, with its reason."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from w2s_course.errors import UsageError
from w2s_course.learn.order import Distractor, Order, order
from w2s_course.learn.progress import Progress

STEPS = {
    "teach": "train the weak model",
    "label": "label the pool",
    "base": "load the `base` model",
    "tune": "train the strong model",
}
BEFORE = [("teach", "label"), ("label", "tune", "it needs the labels"), ("base", "tune")]
DISTRACTORS = {"buy": Distractor("buy gold labels", "nobody has them.")}


def task(**how: Any) -> Order:
    return order(
        "1.steps", "In which order?", **{"steps": STEPS, "before": BEFORE, "distractors": DISTRACTORS} | how
    )


def find(widget: Any, kind: str) -> list[Any]:
    """The widgets of a class, from the top."""
    found = [widget] if type(widget).__name__ == kind else []
    return found + [each for child in getattr(widget, "children", ()) for each in find(child, kind)]


def row_of(widget: Any, text: str) -> Any:
    """The row that shows a step."""
    (row,) = [row for row in find(widget, "HBox") if text in row.children[0].value]
    return row


def test_every_linear_extension_is_right_and_nothing_else_is(headless: None) -> None:
    asked = task()
    right = {keys for keys in permutations(STEPS) if asked.judge(keys).right}
    assert right == {
        ("teach", "label", "base", "tune"),
        ("teach", "base", "label", "tune"),
        ("base", "teach", "label", "tune"),
    }


def test_the_first_violated_pair_is_named_with_its_reason(headless: None) -> None:
    result = task().judge(["base", "tune", "teach", "label"])
    assert not result.right
    assert result.violated == ("tune", "label")
    assert "'train the strong model' stands before 'label the pool': it needs the labels." in str(result)


def test_of_several_violations_the_first_from_the_top_is_named(headless: None) -> None:
    assert task().judge(["label", "tune", "teach", "base"]).violated == ("label", "teach")


def test_of_several_steps_that_it_needs_the_nearest_is_named(headless: None) -> None:
    assert task().judge(["tune", "teach", "label", "base"]).violated == ("tune", "label")
    assert task().judge(["tune", "base", "teach", "label"]).violated == ("tune", "base")


def test_a_pair_without_a_reason_still_says_something(headless: None) -> None:
    assert "stands before 'train the weak model': it needs that first." in str(
        task().judge(["label", "teach", "base", "tune"])
    )


def test_a_kept_distractor_is_named_with_why_it_does_not_belong(headless: None) -> None:
    result = task().judge(["buy", "teach", "label", "base", "tune"])
    assert (result.right, result.violated, result.kept) == (False, None, ("buy",))
    assert "'buy gold labels' does not belong: nobody has them." in str(result)


def test_a_needed_step_that_is_left_out_is_named(headless: None) -> None:
    result = task().judge(["teach", "label", "tune"])
    assert (result.right, result.left_out) == (False, ("base",))
    assert "'load the base model' is left out" in str(result)


def test_an_empty_order_misses_everything(headless: None) -> None:
    assert task().judge([]).left_out == tuple(STEPS)


def test_an_unknown_step_is_refused_with_the_nearest(headless: None) -> None:
    with pytest.raises(UsageError, match=r"Unknown step of 1\.steps 'tuna'. Did you mean 'tune'\?"):
        task().judge(["tuna"])


def test_a_step_given_twice_is_refused_and_not_recorded(headless: None) -> None:
    with pytest.raises(UsageError, match=r"'base' of 1\.steps stands twice"):
        task().judge(["base", "base"])
    assert Progress.load().get("orders", "1.steps") is None


def test_attempts_are_recorded_with_the_orders_that_were_tried(desk: Path) -> None:
    task().judge(["tune"])
    task().judge(["base", "teach", "label", "tune"])
    record = Progress.load().get("orders", "1.steps")
    assert (record["attempts"], record["right_at"]) == (2, 2)
    assert record["choices"][0] == ["tune"]


def test_the_first_order_is_the_same_in_every_process_and_another_for_another_id(headless: None) -> None:
    script = (
        "from w2s_course.learn.order import order\n"
        "print(*order('1.many', '?', {str(n): f's{n}' for n in range(9)}, [('1', '2')]).start)"
    )
    shown = [
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"W2S_HEADLESS": "1"},
        ).stdout.splitlines()[-1]
        for _ in range(2)
    ]
    many = {str(n): f"s{n}" for n in range(9)}
    assert shown[0] == shown[1] == " ".join(order("1.many", "?", many, [("1", "2")]).start)
    assert order("1.others", "?", many, [("1", "2")]).start != order("1.many", "?", many, [("1", "2")]).start


@pytest.mark.parametrize("id", [f"1.{n}" for n in range(8)])
def test_the_first_order_is_never_right(headless: None, id: str) -> None:
    asked = order(id, "?", {"a": "first", "b": "second"}, [("a", "b")])
    assert asked.start == ("b", "a")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"before": []}, "needs pairs in `before`"),
        (
            {"before": [("teach", "lable")]},
            r"Unknown step in `before` of 1\.steps 'lable'. Did you mean 'label'",
        ),
        ({"before": [("teach", "buy")]}, "Unknown step in `before`"),
        (
            {"before": [("teach", "label"), ("label", "teach")]},
            "No order of 1.steps can be right: .* before ",
        ),
        ({"distractors": {"base": Distractor("x", "y")}}, "steps that are also distractors: base"),
        ({"distractors": {"x": Distractor("label the pool", "y")}}, "two steps of the same text"),
    ],
)
def test_a_task_that_none_or_all_would_solve_is_refused(
    headless: None, how: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        task(**how)


def test_the_static_page_lists_keys_and_texts_and_no_answer(
    headless: None, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = task()
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "In which order?"
    assert {line for line in out.splitlines() if line.startswith("- ")} == {
        "- teach: train the weak model",
        "- label: label the pool",
        "- base: load the base model",
        "- tune: train the strong model",
        "- buy: buy gold labels",
    }
    assert "nobody has them" not in out + asked.static()[0]


def test_buttons_bring_the_steps_in_order(desk: Path) -> None:
    widget = task().widget()
    wanted = ["train the weak model", "label the pool", "<code>base</code>", "train the strong model"]
    row_of(widget, "buy gold").children[3].click()
    for place, text in enumerate(wanted):
        rows = find(widget, "HBox")
        for _ in range(rows.index(row_of(widget, text)) - place):
            row_of(widget, text).children[1].click()
    find(widget, "Button")[-1].click()
    assert "Right: every step stands after all that it needs." in find(widget, "HTML")[-1].value
    assert Progress.load().get("orders", "1.steps")["choices"] == [["teach", "label", "base", "tune"]]


def test_up_and_down_are_opposites_and_the_move_is_said(desk: Path) -> None:
    widget = task().widget()
    before = [row.children[0].value for row in find(widget, "HBox")]
    find(widget, "HBox")[1].children[1].click()
    assert "is now number 1 from the top" in find(widget, "HTML")[-1].value
    assert [row.children[0].value for row in find(widget, "HBox")] != before
    find(widget, "HBox")[0].children[2].click()
    assert [row.children[0].value for row in find(widget, "HBox")] == before


@pytest.mark.parametrize(("row", "button", "said"), [(0, 1, "already first"), (-1, 2, "already last")])
def test_at_the_ends_nothing_moves_and_the_learner_is_told(
    desk: Path, row: int, button: int, said: str
) -> None:
    widget = task().widget()
    before = [row.children[0].value for row in find(widget, "HBox")]
    find(widget, "HBox")[row].children[button].click()
    assert said in find(widget, "HTML")[-1].value
    assert [row.children[0].value for row in find(widget, "HBox")] == before


def test_no_button_is_ever_disabled_which_would_lose_the_focus(desk: Path) -> None:
    widget = task().widget()
    find(widget, "HBox")[0].children[1].click()
    find(widget, "HBox")[0].children[3].click()
    find(widget, "Button")[-1].click()
    assert not any(button.disabled for button in find(widget, "Button"))


def test_what_is_left_out_stays_in_its_place_and_can_be_put_back(desk: Path) -> None:
    widget = task().widget()
    first = find(widget, "HBox")[0]
    first.children[3].click()
    assert "(left out)" in first.children[0].value
    assert first.children[3].description == "Put back"
    assert "<b>1.</b>" in find(widget, "HBox")[1].children[0].value
    first.children[3].click()
    assert "<b>1.</b>" in first.children[0].value
