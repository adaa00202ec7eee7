"""Claims about the error browser and the audit: what is shown, what is hidden, what is counted."""

from __future__ import annotations

import re

import pytest

from w2s_course.judging.execution import judge
from w2s_course.learn import display
from w2s_course.learn.browser import audit, error_browser, error_rows, filter_rows, label_rows, show_row
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.rows import KINDS, Row, pair_row, row_html
from w2s_course.metrics import inheritance
from w2s_course.results import answers_of, confidences_of, judge_all, slots_of
from w2s_course.snippets.concepts import Claim, Claims, sentence
from w2s_course.snippets.grammar import Snippet, write_code

TRUTH = Claims(Claim("aggregate", "sum"), Claim("transform", "square"), Claim("condition", "less_than", 5))
SNIPPET = Snippet(write_code(TRUTH, "loop", (0, 0), ("f", "a", "b", "c", "d")), TRUTH, "loop")
RIGHT = sentence(TRUTH)
NEGATED = RIGHT.replace("less than 5", "greater than 5")
CUBED = RIGHT.replace("squares", "cubes")
BARE = "Returns the sum of the numbers less than 5."


def row(teacher: str, student: str, number: int = 0) -> Row:
    return pair_row(number, SNIPPET, teacher, student)


PAIRS = {
    "inherited": row(NEGATED, NEGATED, 0),
    "corrected": row(NEGATED, RIGHT, 1),
    "invented": row(RIGHT, CUBED, 2),
    "still wrong": row(NEGATED, RIGHT.replace("less than 5", "at most 5"), 3),
    "both right": row(RIGHT, RIGHT, 4),
}
MIXED = row(CUBED, NEGATED, 5)
ROWS = [*PAIRS.values(), MIXED]


# --- rows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PAIRS)
def test_each_kind_is_told_from_the_verdicts(kind):
    assert PAIRS[kind].kinds == (kind,)


def test_a_row_may_be_of_two_kinds_in_different_slots():
    assert MIXED.kinds == ("invented", "corrected")
    assert MIXED.fates == {"transform": "corrected", "condition": "invented"}


def test_another_phrase_for_the_same_thing_is_no_error():
    assert row(RIGHT.replace("less than 5", "at most 4"), RIGHT).kinds == ("both right",)


def test_an_unreadable_sentence_is_wrong_everywhere_and_inherited_by_nobody():
    nonsense = row("Returns something.", "Returns something.")
    assert nonsense.kinds == ("still wrong",)
    assert "Returns something.  <- unreadable" in show_row(nonsense)


def test_the_fates_are_those_of_the_ledger(lesson):
    rows, folders = error_rows(lesson), lesson.stages("weak_to_strong")
    assert len(rows) == lesson.config.sizes.test
    test, slots = lesson.splits["test"], slots_of(lesson.config)
    teacher, student = (judge_all(answers_of(arm, folders), test) for arm in ("weak", "weak_to_strong"))
    ledger = inheritance(teacher, student, slots)
    fates = [fate for each in rows for fate in each.fates.values()]
    wrong = sum(fates.count(kind) for kind in ("inherited", "corrected", "still wrong"))
    assert ledger["inherited"].n == wrong
    for kind in ("inherited", "corrected"):
        assert fates.count(kind) == round(ledger[kind].value * wrong)
    assert [each.confidence for each in rows] == confidences_of("weak", folders)
    assert f"(confidence {rows[0].confidence:.0%})" in show_row(rows[0])


def test_labels_come_with_their_confidence_and_without_a_student(lesson):
    rows = label_rows(lesson)
    assert len(rows) == lesson.config.sizes.pool
    assert all(0 < each.confidence <= 1 and each.student is None for each in rows)
    pool = lesson.splits["pool"]
    assert [each.right for each in rows] == [
        judge(each.teacher, s.code, s.claims).exact for each, s in zip(rows, pool, strict=True)
    ]
    assert f"(confidence {rows[0].confidence:.0%})" in show_row(rows[0])


# --- the filter -------------------------------------------------------------------------------------------


def test_rows_are_filtered_by_kind_by_slot_and_by_both():
    assert filter_rows(ROWS) == ROWS
    assert filter_rows(ROWS, kind="corrected") == [PAIRS["corrected"], MIXED]
    assert filter_rows(ROWS, slot="transform") == [PAIRS["invented"], MIXED]
    assert filter_rows(ROWS, kind="corrected", slot="transform") == [MIXED]
    assert filter_rows(ROWS, kind="both right", slot="transform") == []


def test_labels_are_filtered_by_right_and_wrong():
    labels = [
        Row(i, "c", "loop", RIGHT, t, w) for i, (t, w) in enumerate([(RIGHT, ()), (CUBED, ("transform",))])
    ]
    assert filter_rows(labels, kind="wrong") == filter_rows(labels, slot="transform") == labels[1:]
    assert filter_rows(labels, kind="right", slot="transform") == []


def test_a_kind_or_slot_that_does_not_exist_is_one_friendly_line():
    with pytest.raises(Friendly, match=r"Unknown kind of row 'inherit'. Did you mean 'inherited'"):
        filter_rows(ROWS, kind="inherit")
    with pytest.raises(Friendly, match=r"Unknown slot 'conditions'. Did you mean 'condition'"):
        filter_rows(ROWS, slot="conditions")


# --- one row ----------------------------------------------------------------------------------------------


def test_a_row_in_words_has_the_code_all_sentences_and_the_wrong_words_marked():
    text = show_row(PAIRS["corrected"])
    assert SNIPPET.code in text
    assert f"truth:   {RIGHT}" in text
    assert (
        "teacher: Returns the sum of the squares of the [[numbers greater than 5]].  <- wrong: condition"
        in text
    )
    assert f"student: {RIGHT}\n" in text
    assert text.endswith("kind:    corrected (condition)")


def test_html_marks_by_a_line_and_by_words_never_by_colour_alone():
    found = row_html(PAIRS["inherited"])
    assert found.count("text-decoration: underline") == 2
    assert found.count("<em>(wrong: condition)</em>") == 2


def test_html_escapes_code_and_sentences():
    evil = Row(0, "a < b", "<i>", "<b>", "<script>", ("condition",), student="<u>")
    found = row_html(evil)
    assert not re.search(r"<(script|b|i|u)>", found)
    assert "a &lt; b" in found


def test_html_takes_its_colours_from_the_page():
    found = row_html(MIXED)
    assert "color: inherit" in found
    assert not re.search(r"color: (#|black|white|rgb\()", found)


def test_a_claim_made_by_saying_nothing_is_named_though_there_are_no_words_to_mark():
    assert (
        show_row(row(BARE, RIGHT)).count("Returns the sum of the numbers less than 5.  <- wrong: transform")
        == 1
    )


# --- the browser ------------------------------------------------------------------------------------------


def test_headless_the_first_row_is_printed(headless, capsys):
    browser = error_browser(ROWS, kind="invented")
    said = capsys.readouterr().out
    assert said.startswith("1 of 2 (invented: the student is wrong where its teacher was right)")
    assert "[[cubes of]]" in said
    assert browser.row is PAIRS["invented"]


def test_after_the_last_row_comes_the_first(headless):
    browser = error_browser(ROWS)
    browser.move(-1)
    assert browser.row is MIXED
    browser.move(1)
    assert browser.row is ROWS[0]


def test_no_row_of_a_kind_is_said_not_raised(headless, capsys):
    browser = error_browser(ROWS[:1], kind="invented")
    assert "No row is of this kind." in capsys.readouterr().out
    browser.move(1)
    assert browser.row is None


def test_nothing_to_browse_is_one_friendly_line(headless):
    with pytest.raises(Friendly, match="Nothing to show: give the rows of error_rows"):
        error_browser([])


def parts(widget) -> dict[str, object]:
    """The widgets below one, by description; the card, which has none, as ''."""
    found: dict[str, object] = {}
    for child in getattr(widget, "children", ()):
        found |= parts(child) or {child.description: child}
    return found


def test_the_widget_filters_and_turns_pages(headless):
    found = parts(error_browser(ROWS).widget())
    assert "1 of 6" in found[""].value
    found["Next"].click()
    assert "2 of 6" in found[""].value
    found["Previous"].click()
    found["Previous"].click()
    assert "6 of 6" in found[""].value
    found["Kind"].value = "corrected"
    assert "1 of 2 (corrected: " in found[""].value
    found["Slot"].value = "transform"
    assert "1 of 1 (corrected: " in found[""].value
    assert "slot transform" in found[""].value


def test_the_filter_offers_the_kinds_that_are_there_with_their_numbers(headless):
    options = dict(parts(error_browser(ROWS[:2]).widget())["Kind"].options)
    assert options == {"all (2)": "all", "inherited (1)": "inherited", "corrected (1)": "corrected"}


def test_the_filter_offers_the_slots_in_which_something_is_wrong(headless):
    assert list(parts(error_browser(ROWS[:2]).widget())["Slot"].options) == ["all", "condition"]
    assert "view" in parts(error_browser(ROWS, slot="view").widget())["Slot"].options


def test_in_a_notebook_the_widget_is_displayed(monkeypatch, headless):
    import IPython.display

    shown = []
    monkeypatch.setattr(display, "is_interactive", lambda: True)
    monkeypatch.setattr(IPython.display, "display", shown.append)
    error_browser(ROWS)
    assert "Next" in parts(shown[0])


# --- the audit --------------------------------------------------------------------------------------------

LABELS = [
    Row(
        i,
        SNIPPET.code + f"  # {i}",
        "loop",
        RIGHT,
        *((NEGATED, ("condition",)) if i % 3 == 0 else (RIGHT, ())),
    )
    for i in range(30)
]


def test_the_same_seed_draws_the_same_labels_and_another_draws_others(headless):
    assert audit(LABELS, n=8, seed=1).rows == audit(LABELS, n=8, seed=1).rows
    assert audit(LABELS, n=8, seed=1).rows != audit(LABELS, n=8, seed=2).rows
    assert len(audit(LABELS, n=99).rows) == len(LABELS)


def test_nothing_gives_the_truth_away_before_the_last_answer(headless, capsys):
    done = audit(LABELS, n=2)
    said = capsys.readouterr().out + done.html() + done.answer(True).text()
    for word in ("truth", "wrong:", "<-", "[[", "underline", "inherited", "kind"):
        assert word not in said
    for ask in (lambda: done.judged, lambda: done.agreement, lambda: done.missed, done.report):
        with pytest.raises(Friendly, match=r"1 label left to judge. The judge answers after you"):
            ask()


def test_it_compares_with_the_judge_and_names_what_was_missed(headless):
    done = audit(LABELS, n=30).answer([True] * 30)
    assert done.judged.count(False) == 10
    assert done.agreement == pytest.approx(2 / 3)
    assert len(done.missed) == 10
    assert done.false_alarms == []
    said = done.report()
    assert "You and the judge agree on 20 of 30 labels: 66.7% (" in said
    assert "took for right: 10. Right labels that you took for wrong: 0" in said
    assert "[[numbers greater than 5]].  <- wrong: condition" in said


def test_a_perfect_audit_has_nothing_missed(headless):
    first = audit(LABELS, n=9)
    said = first.answer([each.right for each in first.rows]).report()
    assert "agree on 9 of 9" in said
    assert "You took for" not in said


def test_labels_may_be_answered_one_by_one(headless):
    done = audit(LABELS, n=2)
    assert "Label 1 of 2" in done.text()
    done.answer(True)
    assert "Label 2 of 2" in done.text()
    assert done.answer(False).done
    with pytest.raises(Friendly, match=r"All labels have an answer: see \.report"):
        done.show_next()
    assert done.answers == [True, False]


def test_a_list_of_answers_replaces_those_before(headless):
    done = audit(LABELS, n=2).answer([True, True])
    assert done.answer([False, True]).answers == [False, True]
    assert done.restart().answers == []


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([True] * 3, "3 answers for 2 labels: give one each"),
        (["yes"], r"is True \(right\) or False \(wrong\)"),
    ],
)
def test_answers_that_cannot_be_meant_are_one_friendly_line(headless, answers, said):
    with pytest.raises(Friendly, match=said):
        audit(LABELS, n=2).answer(answers)


def test_answers_are_stored_and_a_restarted_notebook_goes_on(desk):
    audit(LABELS, n=3).answer([True, False])
    assert desk.is_file()
    again = audit(LABELS, n=3)
    assert again.answers == [True, False]
    assert audit(LABELS, n=3, seed=5).answers == []


def test_the_widget_asks_label_by_label_and_then_compares(headless):
    made = audit(LABELS, n=2)
    widget = made.widget()
    found = parts(widget)
    found["Right"].click()
    assert "Label 2 of 2" in found[""].value
    found["Wrong"].click()
    assert "You and the judge agree on" in found[""].value
    found = parts(widget)
    assert "Right" not in found
    found["Start again"].click()
    assert made.answers == []
    assert {"Right", "Wrong"} <= set(parts(widget))


def test_a_slip_of_the_hand_can_be_taken_back(headless):
    made = audit(LABELS, n=3)
    widget = made.widget()
    assert "Back" not in parts(widget)
    parts(widget)["Wrong"].click()
    parts(widget)["Back"].click()
    assert made.answers == []
    assert "Label 1 of 3" in parts(widget)[""].value


def test_buttons_are_as_wide_as_their_text_and_say_what_they_do(headless):
    made = [*parts(error_browser(ROWS).widget()).values(), *parts(audit(LABELS, n=3).widget()).values()]
    buttons = {each.description: each for each in made if type(each).__name__ == "Button"}
    assert {each.layout.width for each in buttons.values()} == {"max-content"}
    assert buttons["Next"].tooltip == "The row after this one"
    assert buttons["Wrong"].tooltip == "This label is not true"


def test_what_came_of_an_audit_is_kept_for_the_dossier_after_the_last_answer(headless):
    from w2s_course.learn.progress import Progress

    made = audit(LABELS, n=3).answer([True, True])
    assert "outcome" not in Progress.load().get("predictions", made.id)
    made.answer(True)
    record = Progress.load().get("predictions", made.id)
    agreed = sum(row.right for row in made.rows)
    assert (record["shown"], record["outcome"]) == ("3 of 3 labels judged", f"the judge agrees with {agreed}")


def test_an_answer_that_cannot_be_saved_is_told_in_the_widget(headless, monkeypatch):
    from w2s_course.learn.progress import Progress, ProgressError

    found = parts(audit(LABELS, n=2).widget())

    def full(self, *args):
        raise ProgressError("The disk is full.")

    monkeypatch.setattr(Progress, "record", full)
    found["Right"].click()
    assert "The disk is full." in found[""].value


def test_an_audit_of_nothing_is_one_friendly_line(headless):
    with pytest.raises(Friendly, match="there are 0 rows"):
        audit([])


def test_every_kind_has_its_explanation():
    assert all(KINDS.values())
