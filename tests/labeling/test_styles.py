"""Claims about voices: other words, the same claims."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.judging.claims import LONGEST_SENTENCE, parse
from w2s_course.judging.execution import judge
from w2s_course.labeling import gold_answers, label_set, snippets_of
from w2s_course.labeling.planted import Plan, plant
from w2s_course.labeling.styles import VOICES, fluent, reworded, terse
from w2s_course.snippets.concepts import CONCEPTS, SLOTS, Claim, Claims, all_claims, sentence
from w2s_course.snippets.grammar import make_splits

BASE = Claims(Claim("aggregate", "sum"), Claim("transform", "square"), Claim("condition", "at_most", 9))


@pytest.mark.parametrize("voice", VOICES)
def test_each_claim_of_each_slot_survives_each_voice(voice):
    for slot in SLOTS:
        for claim in all_claims(slot):
            claims = BASE.with_claim(claim)
            text = VOICES[voice](claims)
            assert parse(text) == claims, text
            assert len(text) <= LONGEST_SENTENCE


def test_every_pair_of_aggregate_and_view_can_be_read_in_every_voice():
    for aggregate in CONCEPTS["aggregate"]:
        for view in all_claims("view"):
            claims = BASE.with_claim(Claim("aggregate", aggregate.name)).with_claim(view)
            assert all(parse(speak(claims)) == claims for speak in VOICES.values())


def test_a_number_without_a_word_stays_a_number():
    large = BASE.with_claim(Claim("condition", "at_most", 137))
    assert "137" in fluent(large)
    assert parse(fluent(large)) == large


def test_fluent_is_long_and_terse_is_short():
    splits = make_splits({"pool": 50}, seed=0)
    for s in splits["pool"]:
        assert len(terse(s.claims)) < len(sentence(s.claims)) < len(fluent(s.claims))


def test_fluent_but_wrong_stands_beside_terse_but_right():
    pool = make_splits({"pool": 48}, seed=0)["pool"]
    gold = label_set(pool, gold_answers(pool), "gold")
    labels = reworded(plant(gold, Plan("random", 0.5), seed=0), "terse", planted="fluent")
    for text, altered, s in zip(labels["explanation"], labels["planted"], snippets_of(labels), strict=True):
        assert text.startswith("This function computes") == altered
        assert judge(text, s.code, s.claims).exact != altered
    assert list(labels["gold"]) == list(gold["gold"])


def test_what_cannot_be_read_stays_as_it_is():
    pool = make_splits({"pool": 2}, seed=0)["pool"]
    gold = label_set(pool, gold_answers(pool), "gold")
    labels = gold.remove_columns("explanation").add_column("explanation", ["Hm.", gold["explanation"][1]])
    assert list(reworded(labels, "terse")["explanation"]) == ["Hm.", terse(pool[1].claims)]


def test_an_unknown_voice_is_refused():
    pool = make_splits({"pool": 2}, seed=0)["pool"]
    with pytest.raises(UsageError, match=r"Unknown voice 'ters'. Did you mean 'terse'"):
        reworded(label_set(pool, gold_answers(pool), "gold"), "plain", planted="ters")
