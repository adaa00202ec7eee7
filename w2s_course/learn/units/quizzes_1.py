"""The quiz bank of unit 1: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_PRICES = "#1.1-A-decision-to-take"
_LABEL = "#1.2-Snippet,-gold,-weak-label"
_ROLES = "#1.3-Weak-and-strong-are-roles"
_PLAN = "#1.4-The-plan"
_LINE = "#1.5-The-plan-in-one-line"
_OTHER = "#1.6-This-is-not-ordinary-distillation"
_MEASURE = "#1.7-How-will-we-know?"

BANK = (
    Item(
        "1.fluent",
        "A team reads fifty weak labels without looking at the code, and none of them sounds odd. What does "
        "it know now?",
        (
            wrong(
                "That most are right, or some would sound odd",
                "A label with one false claim reads like a true one. Only the code tells them apart.",
                "what is false sounds false",
                _LABEL,
            ),
            wrong(
                "That the weak model was sure of these sentences",
                "A sentence does not show how sure its writer was: the same words can come from doubt.",
                "good style is certainty",
                _LABEL,
            ),
            right(
                "That the labels have the form of explanations",
                "Form is what a reader without the code can judge. Whether a claim is true is between the "
                "sentence and the code.",
            ),
            wrong(
                "That a student learns from them to explain code",
                "It learns to write such sentences. Whether they are true of the code, nobody has looked.",
                "fluent labels are good lessons",
                _LABEL,
            ),
        ),
    ),
    Item(
        "1.roles",
        "Model A has 7 billion parameters and explains 30% of the snippets rightly. Model B has 1 billion; "
        "taught by gold it would explain 80% rightly. A is to label, B to learn. Is that weak to strong?",
        (
            wrong(
                "No: the labeller has more parameters than the learner",
                "Size is not what the words mean. Compare what A does with what B could do.",
                "strong means large",
                _ROLES,
            ),
            right(
                "Yes: B could do the task better than A does it",
                "Weak is who labels and does the task imperfectly; strong is who learns and could do it "
                "better. The number of parameters decides neither.",
            ),
            wrong(
                "No: the one that knows more about code has to label",
                "That is the usual arrangement, and this plan turns it round: the worse one writes, the "
                "better one learns.",
                "who knows more must teach",
                _ROLES,
            ),
            wrong(
                "Yes: whichever model labels is called the weak one",
                "A model that is better than its student can label too, and then it is the strong one that "
                "teaches. Ask who could do the task better.",
                "weak means labelling",
                _ROLES,
            ),
        ),
    ),
    Item(
        "1.copy",
        "Equation 4.10 is at its greatest when the student repeats every weak label of the pool, errors "
        "included. How could a student become better than its teacher all the same?",
        (
            wrong(
                "The gold labels in the sum pull it towards the truth",
                "Look at what stands behind the log: every label in the sum was written by the weak model.",
                "some truth must be hidden in the objective",
                _LINE,
            ),
            wrong(
                "It compares each label with its own answer and drops doubtful ones",
                "Nothing in 4.10 does that: each label counts the same. A remedy of unit 7 goes this way.",
                "the student corrects first",
                _LINE,
            ),
            wrong(
                "Its size alone does it: with more parameters errors cancel out",
                "A model with more parameters can also memorise more errors. What it knows before the first "
                "weak label is another matter.",
                "size is strength",
                _ROLES,
            ),
            right(
                "It learns common rules before odd slips, and training ends early",
                "That is the bet, for a model that already knows much about code. It is best for slips that "
                "follow no rule: an error that the teacher makes every time is itself a rule. Unit 5 plants "
                "one.",
            ),
        ),
    ),
    Item(
        "1.repeats",
        "On 99 of 100 new snippets a student writes the same sentence as its teacher, true or false. "
        "For which aim is that good news?",
        (
            right(
                "For distillation: it can be used in its teacher's place",
                "If the teacher is the better model and the student cheaper to run, that is the whole aim. "
                "In weak to strong it would be no gain at all.",
            ),
            wrong(
                "For weak to strong: what the teacher knows was passed on",
                "Its errors too, and nearly nothing was added. A student that repeats its teacher cannot "
                "pass it.",
                "passing on is the aim",
                _OTHER,
            ),
            wrong(
                "For both of them: a student that learns its lessons works",
                "It learned them well. Whether that is enough depends on who of the two is better.",
                "a good imitation is a good result",
                _OTHER,
            ),
            wrong(
                "For neither of them: a student should find its own answers",
                "Where the teacher is the better model, being like it is what one pays for.",
                "imitation is a failure",
                _OTHER,
            ),
        ),
    ),
    Item(
        "1.harm",
        "On the same test snippets the teacher scores 0.60, its student 0.55 and the ceiling 0.80. Which "
        "report is right?",
        (
            wrong(
                "PGR 0.25, clamped 0.25: a quarter of the gap came back",
                "Mind the order of the difference: the student is below its teacher.",
                "a share has no sign",
                _MEASURE,
            ),
            wrong(
                "PGR 0, clamped 0: the student has gained nothing",
                "It has lost: five points. Only the clamped formula turns a loss into 0.",
                "no gain is no effect",
                _MEASURE,
            ),
            wrong(
                "PGR -0.05, clamped 0: the student has lost five points",
                "Five points is the difference. PGR divides it by the gap from teacher to ceiling.",
                "PGR is a difference",
                _MEASURE,
            ),
            right(
                "PGR -0.25, clamped 0: the student is worse than its teacher",
                "-0.05 over 0.20. The clamped number alone would make the harm look like no effect, so both "
                "are reported.",
            ),
        ),
    ),
    Item(
        "1.trade_off",
        "A lab on a limited budget follows this plan. Which trade-off is the most significant for it?",
        (
            wrong(
                "Electricity for the weak model, against an expert's wages",
                "Compare the rows of the price table: if one side weighs next to nothing, there is little to "
                "trade.",
                "labelling by the weak model is a cost worth weighing",
                _PRICES,
            ),
            right(
                "Labels in any quantity, against the errors that they teach",
                "Cheap and many, but with the teacher's limits in them: what the weak model gets wrong, its "
                "student may learn. All that follows in this course measures one side or the other.",
            ),
            wrong(
                "Time for its training, against the size of the strong model",
                "True of any fine-tuning, whoever wrote the labels. What is special about this plan?",
                "the main cost is compute, as always",
                _PLAN,
            ),
            wrong(
                "More snippets, against a worse match of the two vocabularies",
                "What passes from one to the other is text, and any tokenizer can read that. Equation 4.12, "
                "in unit 7, is the one that needs a common vocabulary.",
                "teacher and student must share tokens",
                _LINE,
            ),
            wrong(
                "None: whatever the weak model gets wrong, the strong one corrects",
                "It may correct some of it. If it corrected everything, PGR would always be near 1.",
                "strength protects from bad lessons",
                _MEASURE,
            ),
        ),
    ),
)
