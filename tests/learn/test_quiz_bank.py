"""The quiz bank, reviewed as an examiner would: nothing but knowledge finds the keys.

Most checks are readers who know nothing: one takes the longest option, one always the letter b, one whatever
shares most words with the question. Each may be right as often as a guesser, within chance, and no more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import pairwise
from math import sqrt
from pathlib import Path

import pytest

from w2s_course.authoring.faults import anchors
from w2s_course.authoring.notebooks import lesson_notebook
from w2s_course.authoring.sources import unit_sources
from w2s_course.judging.choices import similarity, tf_idf
from w2s_course.learn.bank import Item
from w2s_course.learn.exercises import all_units
from w2s_course.learn.order import Order
from w2s_course.learn.quiz import Option, Quiz

ROOT = Path(__file__).resolve().parents[2]
UNITS = [unit.number for unit in all_units()]
BANKS: dict[int, Sequence[Item]] = {
    number: import_module(f"w2s_course.learn.units.quizzes_{number}").BANK for number in UNITS
}
BANK = [item for bank in BANKS.values() for item in bank]
LESSONS = {unit.number: lesson_notebook(unit) for unit in unit_sources(ROOT)}
SCENARIO = {"1.trade_off"}
"""The source's question that is an item; its ordering task is 1.order, its critical evaluation essay 9.8."""
A_UNIT, IN_ALL = 4, 36
LEAST, MOST, QUESTION, OPTION = 3, 5, 60, 14
"""Options an item; words that a question, and an option, may have."""
LONGER, SHORTER = 1.15, 0.8
"""By which factor a key may surpass the longest distractor, or fall below the shortest."""
SIGMAS = 1.96

items = pytest.mark.parametrize("item", BANK, ids=lambda item: item.id)
units = pytest.mark.parametrize("number", UNITS)


def key(item: Item) -> Option:
    (found,) = [option for option in item.options if option.right]
    return found


def distractors(item: Item) -> list[Option]:
    return [option for option in item.options if not option.right]


def shown_in(number: int) -> list[str]:
    """The ids that the code cells of a lesson show, in order."""
    sources = [cell.source for cell in LESSONS[number].cells if cell.cell_type == "code"]
    return [found for source in sources for found in re.findall(r'activity\("([^"]+)"\)', source)]


def words(text: str) -> set[str]:
    """The words of four letters and more, by their first five: 'labelled' and 'labels' are one."""
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())}


# --- each item -------------------------------------------------------------------------------------------


@items
def test_an_item_has_three_to_five_options_and_one_key(item):
    assert LEAST <= len(item.options) <= MOST
    assert len({option.text for option in item.options}) == len(item.options)
    assert sum(option.right for option in item.options) == 1


@items
def test_every_option_says_why_and_every_wrong_one_names_a_misconception_of_its_own(item):
    for option in item.options:
        assert len(option.feedback.split()) >= 5, option.text
    names = [option.misconception for option in distractors(item)]
    assert all(names)
    assert len(set(names)) == len(names)
    assert not key(item).misconception
    assert len({option.feedback for option in item.options}) == len(item.options)


@items
def test_the_feedback_of_a_wrong_option_does_not_quote_the_key(item):
    for option in distractors(item):
        assert key(item).text.lower() not in option.feedback.lower()


@items
def test_an_item_is_short_enough_for_a_tired_reader(item):
    assert len(item.question.split()) <= QUESTION
    for option in item.options:
        assert len(option.text.split()) <= OPTION, option.text
        assert not option.text.endswith((".", "!")), option.text


@items
def test_no_text_shows_the_asterisks_of_markdown(item):
    """Texts of quizzes know `code` and nothing else."""
    shown = [item.question, *(text for o in item.options for text in (o.text, o.feedback, o.misconception))]
    assert not [text for text in shown if "*" in text]


@items
def test_the_key_stands_out_by_neither_length(item):
    lengths = [len(option.text) for option in distractors(item)]
    assert len(key(item).text) <= LONGER * max(lengths), key(item).text
    assert len(key(item).text) >= SHORTER * min(lengths), key(item).text


@items
def test_no_option_speaks_of_the_others(item):
    for option in item.options:
        assert not re.search(
            r"\b(all|none|both|any) of (the above|these|them are right)", option.text.lower()
        )
        assert not re.search(r"\b(options?|answers?) [a-e]\b", option.text.lower())


@items
def test_always_and_never_do_not_mark_the_distractors(item):
    for absolute in ("always", "never"):
        found = {
            option.right for option in item.options if re.search(rf"\b{absolute}\b", option.text.lower())
        }
        assert found != {False}, absolute


@items
def test_the_key_does_not_echo_the_question(item):
    shared = {option.text: len(words(option.text) & words(item.question)) for option in item.options}
    most = max(shared[option.text] for option in distractors(item))
    assert shared[key(item).text] <= most + 1, shared


# --- where it stands -------------------------------------------------------------------------------------


@items
def test_an_item_is_shown_once_and_in_its_own_unit(item):
    places = [number for number in LESSONS for shown in shown_in(number) if shown == item.id]
    assert places == [int(item.id.split(".")[0])]


@items
def test_the_place_to_read_again_exists_and_stands_before_the_item(item):
    cells = LESSONS[int(item.id.split(".")[0])].cells
    (at,) = [i for i, cell in enumerate(cells) if f'activity("{item.id}")' in cell.source]
    above, whole = anchors(cells[:at]), anchors(cells)
    for option in distractors(item):
        assert option.see.startswith("#"), option.text
        assert option.see[1:] in whole, f"{option.see} is no heading of the lesson"
        assert option.see[1:] in above, f"{option.see} comes after the item: nobody has read it yet"


@items
def test_an_item_closes_its_cell_and_text_follows(item):
    cells = LESSONS[int(item.id.split(".")[0])].cells
    (at,) = [i for i, cell in enumerate(cells) if f'activity("{item.id}")' in cell.source]
    assert cells[at].source.endswith(f'activity("{item.id}")')
    assert cells[at + 1].cell_type == "markdown"


@units
def test_the_ids_follow_the_unit_and_are_its_activities(number):
    (unit,) = [unit for unit in all_units() if unit.number == number]
    for item in BANKS[number]:
        assert re.fullmatch(rf"{number}\.[a-z_]+", item.id)
        assert item.id in unit.activities


@units
def test_each_quiz_of_a_unit_stands_in_its_bank(number, headless):
    (unit,) = [unit for unit in all_units() if unit.number == number]
    quizzes = [name for name, make in unit.activities.items() if isinstance(make(), Quiz)]
    assert quizzes == [item.id for item in BANKS[number]]


@units
def test_the_bank_has_the_order_of_the_lesson(number):
    known = [item.id for item in BANKS[number]]
    assert [shown for shown in shown_in(number) if shown in known] == known


def test_ids_and_questions_are_unique():
    assert len({item.id for item in BANK}) == len(BANK) == len({item.question for item in BANK})


# --- the bank as a whole ---------------------------------------------------------------------------------


def most(values: Sequence[float]) -> list[int]:
    return [i for i, value in enumerate(values) if value == max(values)]


def fewest(values: Sequence[float]) -> list[int]:
    return [i for i, value in enumerate(values) if value == min(values)]


def lengths(item: Item) -> list[float]:
    return [len(option.text) for option in item.options]


def echoes(item: Item) -> list[float]:
    return [len(words(option.text) & words(item.question)) for option in item.options]


def likeness(item: Item) -> list[float]:
    """How like an option is to the others: the reader of unit 8 that never looks at the code."""
    vectors = tf_idf([option.text for option in item.options])
    return [round(sum(similarity(one, other) for other in vectors), 9) for one in vectors]


def count_of(pattern: str) -> Callable[[Item], list[float]]:
    return lambda item: [len(re.findall(pattern, option.text.lower())) for option in item.options]


ABSOLUTE = (
    r"\b(all|any|every|each|no|none|nothing|neither|nobody|only|exactly|always|never|cannot|whatever)\b"
)
HEDGED = r"\b(may|might|can|could|some|most|often|about|nearly|hardly|between|open|depends)\b"
NEGATED = r"\b(no|not|none|nothing|neither|nobody|never|cannot)\b"

READERS: dict[str, Callable[[Item], list[int]]] = {
    "the longest": lambda item: most(lengths(item)),
    "the shortest": lambda item: fewest(lengths(item)),
    "nearest to the question in words": lambda item: most(echoes(item)),
    "farthest from the question in words": lambda item: fewest(echoes(item)),
    "most like the others": lambda item: most(likeness(item)),
    "least like the others": lambda item: fewest(likeness(item)),
    "without absolute words": lambda item: fewest(count_of(ABSOLUTE)(item)),
    "with absolute words": lambda item: most(count_of(ABSOLUTE)(item)),
    "with hedges": lambda item: most(count_of(HEDGED)(item)),
    "without hedges": lambda item: fewest(count_of(HEDGED)(item)),
    "without negation": lambda item: fewest(count_of(NEGATED)(item)),
    "with negation": lambda item: most(count_of(NEGATED)(item)),
    "with a colon": lambda item: most(count_of(":")(item)),
    "without a colon": lambda item: fewest(count_of(":")(item)),
    "with a number": lambda item: most(count_of(r"\d")(item)),
} | {
    f"always {letter}": lambda item, place=place: [place] if place < len(item.options) else []
    for place, letter in enumerate("abcd")
}
"""What somebody takes who knows nothing: one option's place, or several among which a coin decides."""


def hits(reader: Callable[[Item], list[int]], bank: Sequence[Item]) -> tuple[float, float, float]:
    """How often a reader is right, how often a guesser would be, and one standard deviation of a guesser.

    Where a reader has k favourites among n options, one of the k is drawn: right with 1/k if the key is among
    them. A guesser's key is among them with k/n, so the variance of that expectation is k/n (1 - k/n) / k^2.
    """
    got = expected = variance = 0.0
    for item in bank:
        taken, n = reader(item), len(item.options)
        k = len(taken) or n
        got += sum(item.options[i].right for i in taken) / k
        expected += 1 / n if taken else 0
        variance += k / n * (1 - k / n) / k**2
    return got, expected, sqrt(variance)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_who_knows_nothing_is_right_no_more_often_than_a_guesser(name):
    got, expected, sigma = hits(READERS[name], BANK)
    assert abs(got - expected) <= SIGMAS * sigma, f"{got:.1f} of {len(BANK)}, a guesser {expected:.1f}"


@units
def test_no_letter_holds_the_keys_of_a_unit(number):
    letters = [item.options.index(key(item)) for item in BANKS[number]]
    assert max(Counter(letters).values()) <= (len(letters) + 1) // 2
    assert not any(one == other == third for (one, other), (_, third) in pairwise(pairwise(letters)))


@units
def test_neither_the_longest_nor_the_shortest_is_the_key_in_most_items_of_a_unit(number):
    for name in ("the longest", "the shortest"):
        assert hits(READERS[name], BANKS[number])[0] <= (len(BANKS[number]) + 1) // 2, name


# --- the counts ------------------------------------------------------------------------------------------


def table() -> list[str]:
    lines = ["quiz bank   items  scenario  options  keys a b c d e   longest is key  shortest is key"]
    for name, bank in [*((f"unit {n}", bank) for n, bank in BANKS.items()), ("all", BANK)]:
        asked = sum(item.id in SCENARIO for item in bank)
        letters = Counter(item.options.index(key(item)) for item in bank)
        places = " ".join(str(letters[place]) for place in range(MOST))
        long, short = (hits(READERS[which], bank)[0] for which in ("the longest", "the shortest"))
        options = sum(len(item.options) for item in bank)
        lines.append(
            f"{name:11} {len(bank) - asked:5} {asked:9} {options:8}  {places:>14} {long:16.1f} {short:16.1f}"
        )
    lines.append(f"a guesser: {hits(READERS['the longest'], BANK)[1]:.1f} of {len(BANK)}")
    return lines


def test_the_counts_of_items(capsys):
    """Printed with -s, and by `make test ARGS=-s`."""
    with capsys.disabled():
        print("\n" + "\n".join(table()))
    further = {number: [item for item in bank if item.id not in SCENARIO] for number, bank in BANKS.items()}
    assert min(map(len, further.values())) >= A_UNIT
    assert sum(map(len, further.values())) >= IN_ALL


def test_the_questions_of_the_source_are_in_their_units(headless):
    known = {name: make for unit in all_units() for name, make in unit.activities.items()}
    assert {item.id for item in BANK} >= SCENARIO
    assert isinstance(known["1.order"](), Order)
    assert "1.order" in shown_in(1)
    graded = {exercise.id for unit in all_units() for exercise in unit.exercises}
    essays = {essay.id for unit in all_units() for essay in unit.essays}
    assert {"1.1", "1.2"} <= graded
    assert "9.8" in essays
