"""Claims about four-way choices: no answer can be told from the options, and scores are the formulas."""

from __future__ import annotations

import pytest

from w2s_course.errors import CourseError, UsageError
from w2s_course.judging.choices import (
    CHANCE,
    OPTIONS,
    SCORES,
    TRUE_TOO,
    Likelihood,
    chosen,
    groups_of_four,
    make_questions,
    score_named,
    similarity,
    tf_idf,
)
from w2s_course.snippets.harvest import RealFunction, harvest, overlap, subject, words


def function(sentence: str, package: str = "p") -> RealFunction:
    return RealFunction("def f(): pass", sentence, "g", package, "1", f"{package}/m.py", 1, "MIT")


@pytest.fixture(scope="module")
def questions():
    return make_questions(harvest()[::4], seed=3)


def test_whoever_does_not_look_at_the_code_is_right_once_in_four(questions):
    rules = {
        "the longest": len,
        "the shortest": lambda option: -len(option),
        "the first in the alphabet": lambda option: -ord(option[0]) - ord(option[1]) / 1000,
    }
    for name, rule in rules.items():
        # By the sentence alone, ties to the same one of them: not to a place, which is random.
        right = sum(max(sorted(q.options), key=rule) == q.options[q.answer] for q in questions)
        assert right / len(questions) == CHANCE, name


def test_the_most_typical_of_the_four_is_true_once_in_four(questions):
    def most_typical(options):
        vectors = tf_idf(options)
        return max(
            sorted(options),
            key=lambda o: round(sum(similarity(vectors[options.index(o)], v) for v in vectors), 9),
        )

    assert sum(most_typical(q.options) == q.function.sentence for q in questions) / len(questions) == CHANCE


def test_the_four_questions_of_a_group_have_the_same_options_each_true_once(questions):
    for i in range(0, len(questions), OPTIONS):
        group = questions[i : i + OPTIONS]
        (options,) = {frozenset(q.options) for q in group}
        assert {q.function.sentence for q in group} == options
        assert len({q.function.package for q in group}) == 1


def test_the_answer_is_the_maintainers_sentence_and_no_function_comes_twice(questions):
    assert all(q.options[q.answer] == q.function.sentence for q in questions)
    assert len({q.function for q in questions}) == len(questions)
    places = [q.answer for q in questions]
    assert all(places.count(place) > len(places) / 8 for place in range(OPTIONS))


def test_options_are_near_but_not_the_same_thing_said_twice(questions):
    for q in questions:
        said = [words(subject(option)) for option in q.options]
        assert max(overlap(a, b) for i, a in enumerate(said) for b in said[:i]) < TRUE_TOO


def test_two_sentences_that_may_both_be_true_never_stand_together():
    apart = [function(s) for s in ("Close that file.", "Print all numbers twice.", "Draw one circle in red.")]
    assert len(groups_of_four([*apart, function("Sort a given list of values.")])) == 1
    alike = [function("Sort a given list of values."), function("Sort a list of values in place.")]
    assert groups_of_four([*apart[:2], *alike]) == []


def test_the_nearest_in_words_stand_together():
    lists = (
        "Merge every pair inside",
        "Count what one finds within",
        "Draw some picture about",
        "Write data out for",
    )
    trees = ("Prune any dead ends of", "Balance if needed", "Measure how deep goes", "Fold up and store away")
    rows = [
        function(f"{verb} {thing}.")
        for pair in zip(lists, trees, strict=True)
        for verb, thing in zip(pair, ("a linked list in place", "the binary tree from its root"), strict=True)
    ]
    groups = groups_of_four(rows)
    assert sorted({"list" in f.sentence for f in group} for group in groups) == [{False}, {True}]


def test_the_same_seed_gives_the_same_questions_and_another_another_order():
    rows = harvest()[:40]
    assert make_questions(rows, 1) == make_questions(rows, 1)
    assert make_questions(rows, 1) != make_questions(rows, 2)


def test_too_few_functions_of_a_package_are_refused():
    rows = [
        function(s, package)
        for package in "pq"
        for s in ("Sort it.", "Print all numbers.", "Close that file.")
    ]
    with pytest.raises(CourseError, match="No four of these 6 functions are of one package"):
        make_questions(rows, 0)


def test_the_three_scores_can_choose_differently():
    options = [Likelihood(-10, -11, 2), Likelihood(-14, -25, 5), Likelihood(-12, -13, 9)]
    assert {name: chosen([score(y) for y in options]) for name, score in SCORES.items()} == {
        "total": 0,
        "mean": 2,
        "pmi": 1,
    }


def test_no_scores_and_what_is_no_number_are_refused():
    for scores in ([], [1.0, float("nan")]):
        with pytest.raises(ValueError, match="must be numbers, at least one"):
            chosen(scores)


def test_an_unknown_score_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"Unknown score 'pmii'\. Did you mean 'pmi'\?"):
        score_named("pmii")
