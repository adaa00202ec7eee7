"""Claims about rating by hand: nothing is revealed early, and what is compared is counted rightly."""

from __future__ import annotations

import pytest

from w2s_course.learn.friendly import Friendly, Mistake
from w2s_course.learn.progress import Progress
from w2s_course.learn.rating import Rated, rate

ITEMS = [
    Rated(f"def f(a): return a  # {i}", f"Says {i}.", key, "Because.", "p 1, m.py:1", "Theirs.", fluent)
    for i, (key, fluent) in enumerate([("true", False), ("false", True), ("vague", True), ("false", False)])
]


def test_nothing_gives_the_key_away_before_the_last_answer(headless, capsys):
    mine = rate(ITEMS)
    said = capsys.readouterr().out + mine.html() + mine.answer("true").text()
    for word in ("Because", "Theirs", "Key:", "m.py"):
        assert word not in said
    for ask in (lambda: mine.key, mine.report, mine.kappas, mine.by_style):
        with pytest.raises(Friendly, match="3 explanations left to rate"):
            ask()


def test_it_compares_with_the_key_and_with_others_and_by_style(headless):
    mine = rate(ITEMS).answer(["true", "true", "true", "false"])
    assert mine.done
    # 2 of 4 equal. Chance: true 3/4 * 1/4, false 1/4 * 2/4, together 5/16.
    assert mine.kappas()["the key"] == pytest.approx((1 / 2 - 5 / 16) / (11 / 16))
    assert mine.kappas({"Ada": mine.answers})["Ada"] == 1
    assert mine.by_style() == {"fluent": (2, 2), "terse": (0, 1)}
    assert "You and the key agree on 2 of 4; kappa 0.27." in mine.report()
    assert "The maintainers: Theirs. (p 1, m.py:1)" in mine.html()


def test_answers_are_kept_for_the_same_explanations(headless):
    rate(ITEMS).answer(["vague", "true"])
    assert rate(ITEMS).answers == ["vague", "true"]
    assert rate(ITEMS[::-1]).answers == []


def test_what_is_no_rating_is_refused_with_what_to_do(headless):
    mine = rate(ITEMS)
    with pytest.raises(
        Mistake, match=r"'right' is no rating\. Give one of these, in quotes: \"true\", \"vague"
    ):
        mine.answer("right")
    with pytest.raises(Mistake, match="5 ratings for 4 explanations"):
        mine.answer(["true"] * 5)
    mine.answer(["true"] * 4)
    with pytest.raises(Mistake, match="Ada rated 1 explanations; there are 4"):
        mine.kappas({"Ada": ["true"]})
    with pytest.raises(Friendly, match="nothing to rate"):
        rate([])


def test_the_buttons_rate_and_go_away_after_the_last(headless):
    mine = rate(ITEMS[:2])
    *_, card, bar = mine.widget().children
    assert [each.description for each in bar.children] == ["True", "Vague", "False"]
    bar.children[1].click()
    bar.children[2].click()
    assert mine.answers == ["vague", "false"]
    assert "kappa" in card.value
    (again,) = bar.children
    again.click()
    assert mine.answers == []


def test_a_slip_of_the_hand_can_be_taken_back(headless):
    mine = rate(ITEMS)
    *_, card, bar = mine.widget().children
    bar.children[0].click()
    *_, back = bar.children
    assert (back.description, mine.answers) == ("Back", ["true"])
    back.click()
    assert mine.answers == []
    assert "Explanation 1 of 4" in card.value
    assert "Back" not in [each.description for each in bar.children]


def test_what_came_of_it_is_kept_for_the_dossier_after_the_last_answer(headless):
    mine = rate(ITEMS).answer(["true", "true", "true"])
    assert "outcome" not in Progress.load().get("predictions", mine.id)
    mine.answer("false")
    record = Progress.load().get("predictions", mine.id)
    assert (record["shown"], record["outcome"]) == ("4 of 4 explanations rated", "the key agrees with 2")
