"""The quiz bank of unit 3: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from math import exp

from w2s_course.learn.bank import Item, right, wrong

_READS = "#3.1-What-the-student-reads"
_MASK = "#3.2-The-mask-in-a-picture"
_LOSS = "#3.3-Equation-4.10-as-code"
_LORA = "#3.5-LoRA:-train-little,-keep-the-rest"
_TRUTH = "#3.7-Loss-is-not-accuracy"
_FLOOR = "#3.8-A-loss-with-a-floor"

BANK = (
    Item(
        "3.end_mark",
        "A fine-tuned student writes the right sentence, then a second one, a third, and so on up to the "
        "limit. Its loss fell as usual. What do you check first?",
        (
            wrong(
                "Whether it was trained for enough steps",
                "Its first sentence is right, so it learned what it was shown. What was it not shown?",
                "more steps cure everything",
                _READS,
            ),
            wrong(
                "Whether its learning rate was too high",
                "Then the sentence itself would suffer. Here only its end is missing.",
                "whatever is odd comes from the learning rate",
                _READS,
            ),
            right(
                "Whether the end mark is among what is learned",
                "Where padding and end mark share an id, a mask by id drops both, and the loss does not show "
                "it.",
            ),
            wrong(
                "Whether the prompt is among what is learned, too",
                "Then it would also learn to write code. It would still learn where a label ends.",
                "who learns the prompt talks on",
                _READS,
            ),
        ),
    ),
    Item(
        "3.two_losses",
        "You and a colleague train on the same labels. Your final loss is 0.4 over label tokens, hers is 0.3 "
        "over all tokens, code included. Whose student writes the better explanations?",
        (
            right(
                "Open: the two means are over different tokens",
                "Compute both over label tokens. And even then it is the fit to the labels, not how many "
                "sentences are true.",
            ),
            wrong(
                "Hers: the lower of two losses is the better fit",
                "A better fit to what? Most of her tokens are code.",
                "losses compare by size",
                _MASK,
            ),
            wrong(
                "Yours: hers has spent most of its training on code",
                "It may have, and learning code need not harm explanations. These numbers don't say.",
                "learning the prompt must do harm",
                _MASK,
            ),
            wrong(
                "Neither: with the same labels both learn the same",
                "Gradients from the code go into her student's weights as well, so it is another student.",
                "labels alone decide what is learned",
                _MASK,
            ),
        ),
    ),
    Item(
        "3.nats",
        "After training the mean loss on new labels is 0.1 nats a token, and a label has 15 tokens. Roughly "
        "how likely does the student find a whole label?",
        (
            wrong(
                f"{exp(-0.1 / 15):.0%}: the loss is spread over 15 tokens",
                "It is a mean per token already. Divided by 15 once more it would belong to a fifteenth of "
                "a token.",
                "the loss belongs to the sentence",
                _LOSS,
            ),
            wrong(
                f"{exp(-0.1):.0%}: a loss of 0.1 says how likely it is",
                "So likely is a typical token. The log-probability of a sentence is a sum over its tokens.",
                "a sentence is as likely as one of its tokens",
                _LOSS,
            ),
            right(
                f"{exp(-1.5):.0%}: the losses of 15 tokens add up to 1.5",
                "e to the power of -1.5. A student that is nearly sure of each token may still be unsure of "
                "the sentence.",
            ),
            wrong(
                "10%: the loss is a share, that is one in ten",
                "A loss in nats is no share: 0.1 nats means a probability near 90%, for a token.",
                "the loss is a percentage",
                _LOSS,
            ),
        ),
    ),
    Item(
        "3.agreement",
        "On many validation snippets a student agrees with its teacher on 50% at step 60 and on 70% at step "
        "120; it is right on 65%, then on 55%. A team without gold watches agreement. Which step does it "
        "keep?",
        (
            wrong(
                "Step 60, since more of its answers are true there",
                "Who would tell the team? By the one number that it can see, step 120 is better.",
                "truth can be watched without gold",
                _TRUTH,
            ),
            right(
                "Step 120, whose student has learned the teacher's errors",
                "Agreement rose while truth fell: that is how overfitting the weak labels looks, and the "
                "team takes it for progress.",
            ),
            wrong(
                "Step 120, whose student is better by either measure",
                "Only by agreement. 'Right' is judged against the truth, and fell by ten points.",
                "agreement with the teacher is accuracy",
                _TRUTH,
            ),
            wrong(
                "Neither, since a trained student agrees nearly throughout",
                "A student that is better than its teacher has to disagree with it somewhere.",
                "a good student agrees with its teacher",
                _TRUTH,
            ),
        ),
    ),
    Item(
        "3.floor",
        "Two students, the same model with the same recipe, steps and snippets, learn from weak labels and "
        "from gold. Why does the loss of the first stay above that of the second?",
        (
            wrong(
                "The strong model is too small to learn all sentences",
                "The same model learns the same kind of sentence from gold in the same steps.",
                "blames the capacity",
                _FLOOR,
            ),
            wrong(
                "A larger loss means that more of its answers are false",
                "The loss compares with the labels it is trained on, not with the truth. A student that "
                "writes the truth where the label is false pays for it in this loss.",
                "takes the training loss for an error rate",
                _TRUTH,
            ),
            wrong(
                "Weak labels are longer, so there is more to add up",
                "The loss is a mean over label tokens: length alone changes nothing.",
                "takes the loss for a sum",
                _LOSS,
            ),
            right(
                "Errors of the teacher that follow no rule cannot be foreseen",
                "In the first pass every label is new: the student is surprised by each error that it could "
                "not foresee. Errors with a rule behind them do not show here: they can be learned, and the "
                "loss rewards it.",
            ),
        ),
    ),
)
