"""The quiz bank of unit 7: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_RECORDED = "#7.2-What-was-recorded"
_DOUBTS = "#7.3-Another-loss:-the-teacher's-doubts"
_TRUST = "#7.4-Another-loss:-trust-yourself"
_LIKES = "#7.5-Other-labels:-keep-what-the-teacher-likes"
_MORE = "#7.6-Other-labels:-ask-more-than-one"
_SHARE = "#7.7-No-new-training:-share-the-work,-stop-in-time"

BANK = (
    Item(
        "7.shown",
        "A remedy changes a student by +1 point over three seeds, with an interval from -6 to +8. Which "
        "sentence is right?",
        (
            wrong(
                "It makes no difference to this student, or a tiny one",
                "An interval that holds 0 holds +7 too. Nothing was shown, in either direction.",
                "no evidence is evidence of none",
                _RECORDED,
            ),
            wrong(
                "It helps this student, by about a point on average",
                "The mean is above 0 by luck as easily as not: look at the lower end.",
                "the sign of a mean is a finding",
                _RECORDED,
            ),
            right(
                "It may help or harm by some points; 15 are unlikely",
                "A wide interval still rules something out. What it rules out, and what not, is the whole "
                "finding.",
            ),
            wrong(
                "With so few seeds no interval can be computed at all",
                "It can: Student's t is made for few values, which is why it reaches so far.",
                "few seeds allow no statement",
                _RECORDED,
            ),
        ),
    ),
    Item(
        "7.vocabulary",
        "A team wants to distil a teacher with equation 4.12. Its teacher has a tokenizer of its own, with "
        "512 tokens; the student's has 49,152. How can it use 4.12, token by token?",
        (
            wrong(
                "Pad the teacher's distribution with zeros up to 49,152 entries",
                "Then entry 17 still means one word piece for the teacher and another for the student. Equal "
                "length is not equal meaning.",
                "a shared vocabulary is a matter of size",
                _DOUBTS,
            ),
            wrong(
                "Compare both distributions of whole sentences, sampled as text",
                "Possible in principle, with many samples of each. It is no longer 4.12, which is a sum over "
                "the tokens of one vocabulary.",
                "any divergence is the same loss",
                _DOUBTS,
            ),
            wrong(
                "Turn the divergence round: its reverse needs no common tokens",
                "Both directions compare probabilities of the same tokens. They differ in whose "
                "probabilities weigh the sum.",
                "the direction decides about the vocabulary",
                _DOUBTS,
            ),
            right(
                "Train a second teacher, one that writes in the student's ids",
                "That is what this course does. The price: it is another teacher, with other errors, so its "
                "student must be compared with a plain student of its labels.",
            ),
        ),
    ),
    Item(
        "7.warmup",
        "Why does the confidence loss begin with little trust in the student?",
        (
            right(
                "At first it is sure of words that belong to another task",
                "Before the first steps its likeliest tokens say how text goes on, not what the code does. "
                "Trusted then, it would be taught its own first guesses.",
            ),
            wrong(
                "The weak labels get worse while it learns, and lose their weight",
                "They were written once and stay as they are. What changes is the student.",
                "the labels change while the student learns",
                _TRUST,
            ),
            wrong(
                "Large losses at the start would make the first steps too long",
                "The own target gives the smaller loss of the two: a student agrees with itself most.",
                "own predictions raise the loss",
                _TRUST,
            ),
            wrong(
                "The learning rate has a warm-up as well, and the two must match",
                "Two schedules for two things: how far a step goes, and what it aims at. Neither needs the "
                "other.",
                "one warm-up is another",
                _TRUST,
            ),
        ),
    ),
    Item(
        "7.selects",
        "A teacher has a rule that is wrong: it calls every 'at most' a 'less than', and is sure of it. You "
        "keep the half of its labels that it finds likeliest. What becomes of these errors?",
        (
            wrong(
                "Most of them go, because wrong labels are unlikely ones",
                "Unlikely for the teacher? It never doubted this rule.",
                "likelihood is truth",
                _LIKES,
            ),
            right(
                "Most of them stay, and make up a larger share than before",
                "Doubts go, certainties stay, right or wrong. The set looks cleaner, and what is wrong in it "
                "is more systematic.",
            ),
            wrong(
                "About half of them stay, as selection is blind to kinds",
                "It is not blind: it ranks by the teacher's certainty, and these are certain.",
                "selection is random thinning",
                _LIKES,
            ),
            wrong(
                "They are corrected, because likelier labels outvote them",
                "Selecting changes no label. A vote among labels that share the rule would not change them "
                "either.",
                "selection corrects",
                _LIKES,
            ),
        ),
    ),
    Item(
        "7.members",
        "Three weak models differ in their seeds alone: same gold, same architecture. Which errors does "
        "their majority remove best?",
        (
            wrong(
                "Errors about concepts that the gold hardly shows",
                "All three saw the same gold, so all three lack the same thing. Here the majority is wrong "
                "together.",
                "a vote makes up for missing data",
                _MORE,
            ),
            wrong(
                "Errors of which all three of them are equally sure",
                "If all three make it, the vote is unanimous, whatever their confidence.",
                "confidence settles what is true",
                _MORE,
            ),
            right(
                "Errors that one of them makes and the others do not",
                "A vote removes what differs between its members. What they share it confirms, and with more "
                "confidence.",
            ),
            wrong(
                "Errors of all kinds, as two of three are seldom wrong",
                "That would need errors that are independent. Same gold and same architecture are good "
                "reasons for them not to be.",
                "errors of models are independent",
                _MORE,
            ),
        ),
    ),
    Item(
        "7.threshold",
        "Someone tries 200 thresholds of a cascade on the test snippets and reports the best accuracy. What "
        "is wrong with that?",
        (
            right(
                "The best of so many noisy values is partly luck",
                "On new snippets it will be lower on average. A threshold is chosen on validation snippets "
                "and tested once. The same holds for the best step, and for the best of several remedies.",
            ),
            wrong(
                "A threshold must not depend on any snippets",
                "It has to come from somewhere. The question is from which snippets.",
                "choosing is cheating",
                _SHARE,
            ),
            wrong(
                "So few thresholds may have missed the best one",
                "More of them would only make the luckiest one luckier.",
                "a finer search is a better test",
                _SHARE,
            ),
            wrong(
                "Nothing: no model was trained on these snippets",
                "Training is not the only way to use up a test set. Choosing by it is another.",
                "only training spoils a test set",
                _SHARE,
            ),
        ),
    ),
)
