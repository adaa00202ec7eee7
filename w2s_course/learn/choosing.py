"""The judge of exercises in which one chooses, among lettered sentences, all that follow and no others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from w2s_course.learn.answers import Outcome
from w2s_course.learn.exercises import Verdict

MISSED = "misses what does follow"


def judge_chosen(
    follow: Collection[str], do_not: Mapping[str, str], example: str
) -> Callable[[Sequence[Outcome]], Verdict]:
    """Right with exactly the sentences that follow; else the first wrong one, else what is missed.

    follow: the letters of the sentences that follow; do_not: the misconception behind each other letter;
    example: an answer in the right form, which is not the right one.
    """

    def judge(outcomes: Sequence[Outcome]) -> Verdict:
        chosen = outcomes[0].value
        if not isinstance(chosen, list) or any(c not in (*follow, *do_not) for c in chosen):
            return Verdict(False, text=f"Give the letters that you choose as a list, such as {example}.")
        for letter in chosen:
            if letter in do_not:
                return Verdict(False, do_not[letter], f"This is about sentence {letter}.")
        return Verdict(True) if set(chosen) == set(follow) else Verdict(False, MISSED)

    return judge
