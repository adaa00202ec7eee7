"""Claims about the weak teacher: model 1 by hand, and what it learns from and does not."""

from __future__ import annotations

import math

import pytest

from w2s_course.errors import UsageError
from w2s_course.judging.choices import Question
from w2s_course.real_code.teacher import NOWHERE, code_words, learn_words, weak_choices
from w2s_course.snippets.harvest import RealFunction


def function(code: str, sentence: str) -> RealFunction:
    return RealFunction(code, sentence, "g", "p", "1", "p/m.py", 1, "MIT")


GOLD = [
    function("red", "rouge."),
    function("red car", "rouge voiture."),
    function("blue car", "bleue voiture."),
]


def test_model_1_learns_which_word_says_which():
    said = learn_words(GOLD, own=0.0).translation
    best = {c: max(said[c], key=said[c].__getitem__) for c in ("red", "car", "blue")}
    assert best == {"red": "rouge", "car": "voiture", "blue": "bleue"}
    assert all(sum(row.values()) == pytest.approx(1) for row in said.values())


def test_the_first_round_is_the_one_counted_by_hand(monkeypatch):
    monkeypatch.setattr("w2s_course.real_code.teacher.ROUNDS", 1)
    said = learn_words(GOLD[:2], own=0.0).translation
    # 'rouge' comes from red or nothing in the first pair (1/2 each), from red, car or nothing in the second
    # (1/3 each); 'voiture' in the second (1/3 each).
    assert said["red"] == pytest.approx(
        {"rouge": (1 / 2 + 1 / 3) / (1 / 2 + 2 / 3), "voiture": (1 / 3) / (7 / 6)}
    )
    assert said["car"] == pytest.approx({"rouge": 1 / 2, "voiture": 1 / 2})


def test_the_score_is_the_mean_log_ratio_per_word():
    table = learn_words(GOLD, own=0.0)
    base = table.frequency["rouge"]
    told = (table.translation["red"]["rouge"] + table.translation[NOWHERE]["rouge"]) / 2
    assert table.log_ratio("red", "Rouge.") == pytest.approx(math.log((told + base) / 2 / base))
    assert table.log_ratio("red", "Rouge, rouge!") == pytest.approx(table.log_ratio("red", "Rouge."))


def test_it_chooses_what_its_gold_taught_and_is_surer_of_it():
    question = Question(function("blue", "bleue."), ("rouge.", "bleue.", "voiture.", "verte."), 1)
    (choice,) = weak_choices(learn_words(GOLD, own=0.0), [question])
    assert choice.option == 1
    assert 0.25 < choice.confidence < 1


def test_a_word_that_says_itself_helps_only_if_it_is_trusted():
    question = Question(function("zip", "Zip it."), ("rouge it.", "voiture it.", "zip it.", "bleue it."), 2)
    assert weak_choices(learn_words(GOLD, own=0.5), [question])[0].option == 2
    plain = learn_words(GOLD, own=0.0)
    assert plain.log_ratio("zip", "zip") <= plain.log_ratio("red", "zip")


def test_names_are_cut_into_their_words():
    assert code_words("getMaxItem(x_2)") == {"get", "max", "item", "x", "2", NOWHERE}


@pytest.mark.parametrize(("gold", "own"), [([], 0.5), (GOLD, 1.0), (GOLD, -0.1)])
def test_no_gold_and_impossible_trust_are_refused(gold, own):
    with pytest.raises(UsageError, match=r"needs gold pairs .* and own in \[0, 1\)"):
        learn_words(gold, own)
