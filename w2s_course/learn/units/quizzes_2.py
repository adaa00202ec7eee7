"""The quiz bank of unit 2: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_CLAIMS = "#2.5-Which-claims-go-wrong?"
_DIRECTION = "#2.6-Scattered,-or-all-in-one-direction?"
_AUDIT = "#2.7-Audit-twenty-by-hand"
_SURE = "#2.8-Does-it-know-when-it-is-wrong?"
_ARGMAX = "#2.9-What-argmax-throws-away"

BANK = (
    Item(
        "2.together",
        "A teacher's labels are right about the aggregate in 90%, about the transform in 80% and about the "
        "condition in 80%. How many are right about all three?",
        (
            wrong(
                "About 83%: the mean of the three shares",
                "A mean says how often one claim is right. A label needs all three, so it cannot be right "
                "more often than its worst claim.",
                "a label is as good as its average claim",
                _CLAIMS,
            ),
            right(
                "From 50% to 80%: errors can meet in one label",
                "80% if errors fall on the same labels, 50% if no label has two, near "
                f"{0.9 * 0.8 * 0.8:.0%} if they fall independently. So whole labels must be counted.",
            ),
            wrong(
                "Exactly 80%: the share of the claim that is worst",
                "Only if the other errors fell on labels that are wrong anyway. Nothing says that they do.",
                "errors all fall on the same labels",
                _CLAIMS,
            ),
            wrong(
                "Exactly 50%: what is left after 10%, 20% and 20%",
                "Only if no label had two wrong claims. Where errors meet in one label, fewer labels are "
                "wrong.",
                "errors avoid each other",
                _CLAIMS,
            ),
        ),
    ),
    Item(
        "2.direction",
        "Two teachers label the filters that keep odd numbers, each 60 of 100 rightly. A's 40 errors name "
        "eight other filters, five times each; B's 40 say 'even'. Two students, who cannot memorise single "
        "snippets, each learn from one of them. What do you expect of odd filters?",
        (
            wrong(
                "The same of both students: their teachers are equally accurate",
                "Accuracy counts errors and does not see where they go. Compare what the second most "
                "frequent answer is in each case, and how close it comes to the truth.",
                "label accuracy is all that matters",
                _DIRECTION,
            ),
            wrong(
                "Right answers from both students: 'odd' has the majority twice",
                "The majority is where a student ends up that sees nothing but 'odd'. It sees programs, and "
                "if the errors hang together with something in the code it can learn exactly when to say "
                "'even'. Is that possible with both sets?",
                "a majority of right labels is always enough",
                _DIRECTION,
            ),
            right(
                "The student of B is the likelier one to repeat an error",
                "Forty equal errors are something to learn, above all if they come with a certain way of "
                "writing the code; five of each kind are noise to a model that has to find one rule for "
                "many snippets. Unit 5 plants both kinds at the same accuracy and measures it.",
            ),
            wrong(
                "The student of A is worse off: it sees more kinds of error",
                "It sees more kinds, but each of them rarely, against 60 labels that say 'odd'. Which single "
                "wrong answer could it learn?",
                "many kinds of error do more harm than many errors of a kind",
                _DIRECTION,
            ),
        ),
    ),
    Item(
        "2.twenty",
        "You audit 20 labels and find 15 right; Wilson's interval is 53% to 89%. A colleague needs labels of "
        "which at least 80% are right. What do you tell her?",
        (
            wrong(
                "No: 75% were right, and that is below 80%",
                "75% is the share of these twenty. A pool of which 85% are right gives such counts too.",
                "the share of a sample is that of the pool",
                _AUDIT,
            ),
            wrong(
                "Yes: 80% lies well within the interval",
                "So does 60%. That a value is not excluded does not show that it is reached.",
                "what is not excluded is shown",
                _AUDIT,
            ),
            wrong(
                "Nothing: twenty labels are too few to say anything",
                "They say that more than half of the pool is right. Only this question needs more.",
                "a small sample is worthless",
                _AUDIT,
            ),
            right(
                "Not settled: the interval reaches below 80% and above",
                "More than 80% of the pool may be right, or fewer. Four times as many labels would halve the "
                "interval.",
            ),
        ),
    ),
    Item(
        "2.calibrated",
        "A teacher gives every one of its labels a confidence of 0.5, and half of its labels are right. "
        "What is its confidence good for?",
        (
            wrong(
                "For nothing: it is a badly calibrated confidence",
                "Calibrated means that of the labels with confidence 0.5 half are right. They are.",
                "calibrated means that sure labels are right and unsure ones wrong",
                _SURE,
            ),
            right(
                "To say how many labels are right, but not which",
                "It is calibrated, and it does not discriminate: there is nothing to sort by. A useful "
                "confidence does both, and a plot of reliability shows both: how close the points lie to "
                "the line, and how far they reach along it.",
            ),
            wrong(
                "To throw out the wrong half before the training",
                "Which half? All labels have the same confidence.",
                "a calibrated confidence tells right from wrong",
                _SURE,
            ),
            wrong(
                "To train longer on the labels that it is sure of",
                "It is equally sure of all of them. Weights can only follow differences.",
                "equal confidences can be weighed differently",
                _SURE,
            ),
        ),
    ),
    Item(
        "2.filter",
        "Of all labels 60% are right, of the surer half 80%. Before a student learns from that half, what "
        "should the team find out?",
        (
            right(
                "Whether kinds of program have become rare",
                "Sorting by confidence thins out what the teacher finds hard. What a student hardly meets, "
                "it hardly learns.",
            ),
            wrong(
                "Nothing more: 80% is better than 60%",
                "Better labels of what? A filter also changes which snippets are left.",
                "a cleaner set is a better set",
                _SURE,
            ),
            wrong(
                "Whether the half's mean confidence is near 80%",
                "That is calibration. Each confidence that sorts the labels in this order keeps this half.",
                "calibration makes a filter good",
                _SURE,
            ),
            wrong(
                "Whether the teacher does the other half better if asked again",
                "It would write the same sentences: its most likely tokens stay the most likely.",
                "a second answer is a better one",
                _SURE,
            ),
        ),
    ),
    Item(
        "2.doubt",
        "Of a hundred sentences that the teacher draws for a snippet, 40 equal its label, which is wrong; 35 "
        "are true. By 4.10 a student learns from the label. What does it learn of the doubt?",
        (
            wrong(
                "That the truth has 35%: confidence stands beside the label",
                "The table has such a column, and 4.10 does not read it. It holds the label's probability, "
                "too, not that of the truth.",
                "the student is told the confidence",
                _ARGMAX,
            ),
            wrong(
                "Half of it: training is a mean over what was drawn",
                "No draw is trained on. In 4.10 each snippet has one sentence.",
                "labels are samples",
                _ARGMAX,
            ),
            right(
                "None of it: argmax has kept a single sentence",
                "Argmax keeps the most likely sentence and nothing else. Two remedies of unit 7 pass on "
                "more: ensembles, and distillation on whole distributions.",
            ),
            wrong(
                "All of it: an unsure label is worded with more care",
                "The most likely words of an unsure model read like those of a sure one.",
                "doubt shows in the wording",
                _ARGMAX,
            ),
        ),
    ),
)
