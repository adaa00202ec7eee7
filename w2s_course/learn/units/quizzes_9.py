"""The quiz bank of unit 9: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_KEYS = "#9.2-Evidence-has-a-key"
_AWKWARD = "#9.4-The-arm-that-is-awkward"
_TURNS = "#9.5-Where-the-verdict-turns"
_MARK = "#9.6-Mark-before-you-write"
_READERS = "#9.8-Two-readers,-then-again"

BANK = (
    Item(
        "9.number",
        "'The student is better than its teacher, also with other teachers.' Which number could refute it?",
        (
            wrong(
                "The student's accuracy in my own run",
                "A high accuracy says nothing of the teacher's, and a single run has a single teacher.",
                "a good accuracy is a gain",
                _KEYS,
            ),
            right(
                "The mean gain over the recorded seeds",
                "Each seed brings another teacher, so an interval wholly below zero would refute the "
                "sentence; one that includes zero leaves it unsupported.",
            ),
            wrong(
                "The paired gain of my own run alone",
                "Its interval draws other test snippets for the same teacher. Other teachers are not in it.",
                "one run stands for all",
                _KEYS,
            ),
            wrong(
                "The PGR of the run with the best teacher",
                "PGR is a share of a gap. And why the best teacher: who chose it, and by what?",
                "the best case is the evidence",
                _KEYS,
            ),
        ),
    ),
    Item(
        "9.average",
        "'The student is right more often than its teacher, so the inherited errors are no concern.' What is "
        "the matter with this?",
        (
            wrong(
                "Nothing, as long as the interval of the gain lies above zero",
                "The interval makes the average trustworthy, and the average still hides who is hit.",
                "a significant gain settles the risk",
                _AWKWARD,
            ),
            wrong(
                "Accuracy should be replaced by PGR, which may show the risk",
                "PGR is made of three averages. It cannot see a kind of program either.",
                "a better average sees more",
                _AWKWARD,
            ),
            right(
                "The gain is an average: one kind of program may go all wrong",
                "A student can be right more often and still be wrong wherever one rule applies.",
            ),
            wrong(
                "More steps of training on the labels should have come first",
                "More steps on the same labels teach what is consistent in them, errors included.",
                "training longer removes what the labels contain",
                _AWKWARD,
            ),
        ),
    ),
    Item(
        "9.reverse",
        "Which of these says what would reverse a verdict, so that somebody could go and look?",
        (
            right(
                "If half of the audited labels of a kind are wrong, I stop",
                "A measurement, and a value from which on the verdict turns.",
            ),
            wrong(
                "If a stronger base model appears, I ask the question again",
                "Which measurement of it, and which value? As it stands it can never be said to have "
                "happened.",
                "a hope is a condition",
                _TURNS,
            ),
            wrong(
                "If further research shows that the method fails, I reconsider",
                "That is the verdict with a minus sign. What would be measured, and how much of it?",
                "the opposite is a condition",
                _TURNS,
            ),
            wrong(
                "If anybody finds an error of the student, it is not sound",
                "Somebody will, tomorrow: this turns the verdict at a value that is always reached.",
                "a bar that everything fails is strict",
                _TURNS,
            ),
        ),
    ),
    Item(
        "9.undecided",
        "When does 'undecided' deserve as much as 'sound' or 'not sound'?",
        (
            wrong(
                "If one side is named in the end, since a verdict needs one",
                "A verdict that the evidence does not carry is no braver, only wrong more often.",
                "a verdict must choose a side",
                _MARK,
            ),
            wrong(
                "As soon as somebody has found a weakness in the experiment",
                "There is always one. Then nothing could ever be decided.",
                "any doubt is enough doubt",
                _MARK,
            ),
            wrong(
                "If the numbers of advantage and risk are about equally large",
                "They have different units. Points of accuracy do not cancel a kind of error.",
                "advantage and risk cancel",
                _MARK,
            ),
            right(
                "If it names the missing measurement, and what would follow",
                "Then it is a decision: what to measure, and what to do in either case.",
            ),
        ),
    ),
    Item(
        "9.comment",
        "Which comment of a reviewer will change the next version most?",
        (
            wrong(
                "I find it convincing throughout, and it is a pleasure to read",
                "Kind, and nothing can be done with it.",
                "praise is feedback",
                _READERS,
            ),
            right(
                "You say that other seeds gain too, and cite a single run",
                "A sentence, its evidence, and why the two do not fit: the writer knows what to do.",
            ),
            wrong(
                "I disagree: I believe that the plan is sound, so this is a 2",
                "It marks the verdict. The rubric asks how it is argued.",
                "agreement is quality",
                _READERS,
            ),
            wrong(
                "More evidence would be good, at least in several sections",
                "Which evidence, for which sentence? One key at the right place does more than five.",
                "more keys are a better argument",
                _READERS,
            ),
        ),
    ),
)
