"""The quizzes of unit 9, with their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def _number() -> Any:
    from w2s_course.learn.quiz import Option, quiz

    return quiz(
        "9.number",
        "'The student is better than its teacher, also with other teachers.' Which number could refute it?",
        [
            Option(
                "The student's accuracy in my own run",
                feedback="A high accuracy says nothing of the teacher's, and a single run has a single "
                "teacher.",
                misconception="a good accuracy is a gain",
                see="#9.2-Evidence-has-a-key",
            ),
            Option(
                "The mean gain over the recorded seeds",
                right=True,
                feedback="Each seed brings another teacher, so an interval that reaches below zero would "
                "refute the sentence.",
            ),
            Option(
                "The paired gain of my own run alone",
                feedback="Its interval draws other test snippets for the same teacher. Other teachers are "
                "not in it.",
                misconception="one run stands for all",
                see="#9.2-Evidence-has-a-key",
            ),
            Option(
                "The PGR of the run with the best teacher",
                feedback="PGR is a share of a gap. And why the best teacher: who chose it, and by what?",
                misconception="the best case is the evidence",
                see="#9.2-Evidence-has-a-key",
            ),
        ],
    )


def _average() -> Any:
    from w2s_course.learn.quiz import Option, quiz

    return quiz(
        "9.average",
        "'The student is right more often than its teacher, so the inherited errors are no concern.' What is "
        "the matter with this?",
        [
            Option(
                "Nothing, as long as the interval of the gain lies above zero",
                feedback="The interval makes the average trustworthy, and the average still hides who is "
                "hit.",
                misconception="a significant gain settles the risk",
                see="#9.4-The-arm-that-is-awkward",
            ),
            Option(
                "Accuracy should be replaced by PGR, which contains the risk",
                feedback="PGR is made of three averages. It cannot see a kind of program either.",
                misconception="a better average sees more",
                see="#9.4-The-arm-that-is-awkward",
            ),
            Option(
                "The gain is an average, and a kind of program may still be always wrong",
                right=True,
                feedback="A student can be right more often and still be wrong wherever one rule applies.",
            ),
            Option(
                "The student should first have been trained for more steps on the labels",
                feedback="More steps on the same labels teach what is consistent in them, errors included.",
                misconception="training longer removes what the labels contain",
                see="#9.4-The-arm-that-is-awkward",
            ),
        ],
    )


def _reverse() -> Any:
    from w2s_course.learn.quiz import Option, quiz

    return quiz(
        "9.reverse",
        "Which of these says what would reverse a verdict, so that somebody could go and look?",
        [
            Option(
                "If one kind of weak label is wrong in most of an audited sample, I stop",
                right=True,
                feedback="A measurement, and a value from which on the verdict turns.",
            ),
            Option(
                "If a stronger base model appears, the question must be asked again",
                feedback="Which measurement of it, and which value? As it stands it can never be said to "
                "have happened.",
                misconception="a hope is a condition",
                see="#9.5-Where-the-verdict-turns",
            ),
            Option(
                "If further research showed that the method fails, I would reconsider",
                feedback="That is the verdict with a minus sign. What would be measured, and how much of it?",
                misconception="the opposite is a condition",
                see="#9.5-Where-the-verdict-turns",
            ),
            Option(
                "If anybody finds an error of the student, the plan is not sound",
                feedback="Somebody will, tomorrow: this turns the verdict at a value that is always reached.",
                misconception="a bar that everything fails is strict",
                see="#9.5-Where-the-verdict-turns",
            ),
        ],
    )


def _undecided() -> Any:
    from w2s_course.learn.quiz import Option, quiz

    return quiz(
        "9.undecided",
        "When does *undecided* deserve as much as *sound* or *not sound*?",
        [
            Option(
                "Never: whoever is asked for a verdict has to give one",
                feedback="A verdict that the evidence does not carry is no braver, only wrong more often.",
                misconception="a verdict must choose a side",
                see="#9.6-Mark-before-you-write",
            ),
            Option(
                "Whenever a weakness can be found in the experiment",
                feedback="There is always one. Then nothing could ever be decided.",
                misconception="any doubt is enough doubt",
                see="#9.6-Mark-before-you-write",
            ),
            Option(
                "If the numbers of advantage and risk are about equally large",
                feedback="They have different units. Points of accuracy do not cancel a kind of error.",
                misconception="advantage and risk cancel",
                see="#9.6-Mark-before-you-write",
            ),
            Option(
                "If it says which measurement is missing, and what follows from each outcome",
                right=True,
                feedback="Then it is a decision: what to measure, and what to do in either case.",
            ),
        ],
    )


def _comment() -> Any:
    from w2s_course.learn.quiz import Option, quiz

    return quiz(
        "9.comment",
        "Which comment of a reviewer will change the next version most?",
        [
            Option(
                "Very convincing, well written, I enjoyed reading it!",
                feedback="Kind, and nothing can be done with it.",
                misconception="praise is feedback",
                see="#9.8-Two-readers,-then-again",
            ),
            Option(
                "You say the gain holds for other seeds, and cite the interval of one run",
                right=True,
                feedback="A sentence, its evidence, and why the two do not fit: the writer knows what to do.",
            ),
            Option(
                "I disagree: I believe that the plan is sound, so this is a 2",
                feedback="It marks the verdict. The rubric asks how it is argued.",
                misconception="agreement is quality",
                see="#9.8-Two-readers,-then-again",
            ),
            Option(
                "More evidence would be good in several of the sections",
                feedback="Which evidence, for which sentence? One key at the right place does more than "
                "five.",
                misconception="more keys are a better argument",
                see="#9.8-Two-readers,-then-again",
            ),
        ],
    )


ACTIVITIES: Mapping[str, Callable[[], Any]] = {
    "9.number": _number,
    "9.average": _average,
    "9.reverse": _reverse,
    "9.undecided": _undecided,
    "9.comment": _comment,
}
