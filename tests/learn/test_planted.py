"""The blind spot that learners look for, and the two voices that they rate."""

from __future__ import annotations

import pytest

from w2s_course.labeling.styles import fluent, terse
from w2s_course.learn.planted import blind_spot, two_voices, wrong_by_style
from w2s_course.snippets.grammar import STYLES, make_splits


@pytest.fixture(scope="module")
def snippets():
    return make_splits({"pool": 80}, seed=3)["pool"]


def test_in_the_blind_spot_nearly_all_labels_are_wrong_and_elsewhere_few(snippets):
    spot = blind_spot(snippets, seed=5)
    counts = wrong_by_style(spot.rows, [row.right for row in spot.rows])
    shares = {style: wrong / read for style, (wrong, read) in counts.items()}
    inside = shares.pop(spot.style)
    assert inside > 0.7
    assert max(shares.values()) < 0.4


def test_the_answer_is_not_told_by_looking_at_the_object(snippets):
    spot, voices = blind_spot(snippets), two_voices(snippets)
    assert not any(style in repr(spot) for style in STYLES)
    assert "fluent" not in repr(voices)


def test_another_seed_may_hide_another_style(snippets):
    assert len({blind_spot(snippets, seed=seed).style for seed in range(12)}) > 1
    assert blind_spot(snippets, seed=1) == blind_spot(snippets, seed=1)


def test_voices_are_balanced_over_right_and_wrong(snippets):
    voices = two_voices(snippets, each=3)
    rated = voices.believed(voices.rows, [True] * len(voices.rows))
    assert all(entry == [3, 3] for entry in rated.values())
    by_number = {row.number: row for row in voices.rows}
    for number, voice in voices.voice.items():
        if by_number[number].right:
            speak = {"fluent": fluent, "terse": terse}[voice]
            assert by_number[number].teacher == speak(snippets[number].claims)


def test_of_few_snippets_each_voice_has_as_many_labels_as_there_are_snippets_for(snippets):
    voices = two_voices(snippets[:9], each=3)
    assert set(map(tuple, voices.believed(voices.rows, [True] * len(voices.rows)).values())) == {(2, 2)}


def test_answers_must_be_as_many_as_labels(snippets):
    spot = blind_spot(snippets)
    with pytest.raises(ValueError, match="shorter"):
        wrong_by_style(spot.rows, [True])
