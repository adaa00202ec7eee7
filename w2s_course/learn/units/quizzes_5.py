"""The quiz bank of unit 5: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_FATES = "#5.1-Three-fates-of-an-error"
_AVERAGE = "#5.4-What-can-be-averaged-out"
_CEILING = "#5.5-More-labels,-or-better-ones?"
_CONTROL = "#5.6-Where-does-the-gain-come-from?"
_AUDIT = "#5.9-Find-the-blind-spot"

BANK = (
    Item(
        "5.equal",
        "A student is right on 60% of the test snippets, exactly as many as its teacher. What do you know "
        "about its errors?",
        (
            wrong(
                "That it inherited all of them, and corrected none",
                "It may have corrected a hundred and broken a hundred others. The accuracy is the balance, "
                "not the ledger.",
                "equal accuracy means the same errors",
                _FATES,
            ),
            right(
                "That it corrected as many sentences as it broke",
                "Gain is corrected minus broken, so no gain means that the two are equal: none of each, or "
                "many of each. Only the ledger tells which.",
            ),
            wrong(
                "That it learned nothing from its teacher's labels",
                "Without learning it would not have written such sentences. What it learned, and which "
                "errors with it, the accuracy does not say.",
                "no gain means no learning",
                _FATES,
            ),
            wrong(
                "That they are random, and those of its teacher not",
                "Nothing in the two numbers speaks of the kind of error. Compare what teacher and student "
                "say on the same snippets.",
                "accuracy shows the kind of error",
                _FATES,
            ),
        ),
    ),
    Item(
        "5.average",
        "Three teachers have equally many labels wrong. Whose errors should a student average out best?",
        (
            wrong(
                "Those of the teacher that has one concept wrong throughout",
                "There no label says the truth, so there is nothing to average it from: the error is the "
                "only lesson.",
                "few kinds of error are little harm",
                _AVERAGE,
            ),
            wrong(
                "Those of the teacher that has one coding style wrong throughout",
                "In that style no label is right. A student that sees the style can learn exactly when to "
                "err.",
                "errors confined to one place stay small",
                _AVERAGE,
            ),
            wrong(
                "Those of each of them alike: equally many labels are right",
                "Accuracy counts errors and does not see where they go. In which case do the right labels "
                "have the majority everywhere?",
                "label accuracy is all that matters",
                _AVERAGE,
            ),
            right(
                "Those of the teacher that errs at random, here and there",
                "For each kind of program most labels still agree on the truth, and no single error has many "
                "votes.",
            ),
        ),
    ),
    Item(
        "5.flat",
        "Suppose that with weak labels the curve is flat from 500 labels on, while with gold labels for the "
        "same snippets it goes on rising. What is worth trying next?",
        (
            right(
                "Better labels: those of another teacher, or a little gold",
                "The student could still learn from these snippets, as the gold curve shows. What it lacks "
                "is not snippets but truth about them.",
            ),
            wrong(
                "More labels of the same teacher, ten times as many",
                "The last ones changed nothing, and the teacher's consistent errors come with each new "
                "label.",
                "more of the same labels help",
                _CEILING,
            ),
            wrong(
                "A smaller student, which cannot memorise its errors",
                "The same student reaches more on gold, so its size is not what holds it back here; what a "
                "smaller one does was not measured.",
                "the plateau is the student's capacity",
                _CEILING,
            ),
            wrong(
                "Nothing: weak supervision has reached its own limit",
                "It has reached the limit of these labels. The gold curve says that this is not the limit "
                "of the student.",
                "the plateau is the ceiling of the method",
                _CEILING,
            ),
        ),
    ),
    Item(
        "5.pretrained",
        "Suppose the control, of the teacher's architecture and without pre-training, gained nothing from "
        "the weak labels, while the strong student gained. What does that support?",
        (
            wrong(
                "That any model of more parameters would have gained",
                "The control differs in size and in pre-training. A large model from random weights was "
                "not tried.",
                "a control that differs in two things isolates one",
                _CONTROL,
            ),
            wrong(
                "That the teacher's labels hold no errors to repeat",
                "Both students saw the same errors. What became of them stands in the ledger, not in the "
                "control.",
                "the control measures the labels",
                _CONTROL,
            ),
            right(
                "That the labels alone do not bring the gain about",
                "The same labels gave nothing to the control. What the strong student brings along is "
                "needed: pre-training, with its size. Which of the two, this control cannot say.",
            ),
            wrong(
                "That the strong student has seen the test set before",
                "The programs are generated, and no test program is in the pool. A control of the same "
                "labels says nothing about leaks.",
                "a gain without an explanation is a leak",
                _CONTROL,
            ),
        ),
    ),
    Item(
        "5.clean",
        "You read 20 labels drawn at random and find no error. A kind of code that makes up 5% of the pool "
        "is labelled wrongly throughout. How likely is such a clean audit, if all else is right?",
        (
            wrong(
                "About 5%: the share of that kind of code",
                "That is the chance that one label is an error. All 20 have to be something else.",
                "the chance to miss it is its share",
                _AUDIT,
            ),
            wrong(
                "It cannot be: 5% of 20 is one label",
                "One on average: sometimes two or three, and quite often none.",
                "a sample holds each kind in proportion",
                _AUDIT,
            ),
            wrong(
                "About 95%: nearly all labels are right",
                "So it is for one label. It has to happen 20 times in a row.",
                "the chance does not fall with the number of labels",
                _AUDIT,
            ),
            right(
                f"About {0.95**20:.0%}: so often all 20 are others",
                f"0.95 to the power of 20 is {0.95**20:.2f}. A clean audit of 20 labels is weak evidence "
                "against a small blind spot; exercise 5.7 says how many are needed.",
            ),
        ),
    ),
)
