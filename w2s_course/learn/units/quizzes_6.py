"""The quiz bank of unit 6: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_COUNT = "#6.2-Count-it"
_PRICES = "#6.3-Your-prices"
_COMPUTE = "#6.5-At-equal-compute"
_WORTH = "#6.6-What-are-they-worth?"
_PUBLISHED = "#6.8-Published-figures"

BANK = (
    Item(
        "6.frozen",
        "LoRA trains well under a tenth of the weights. Why does a step not cost well under a tenth?",
        (
            wrong(
                "Adapters have to be merged into the weights after each step",
                "They stay beside the weights for the whole training. Merging once, at the end, is a choice.",
                "adapters are merged at every step",
                _COUNT,
            ),
            right(
                "Frozen ones are multiplied all the same, forward and backward",
                "What falls away is the gradient of the frozen weights, one product of three, and the "
                "backward pass below the lowest adapter.",
            ),
            wrong(
                "The optimizer keeps two more numbers for each of the frozen ones",
                "It keeps them for what it changes, and frozen weights are not among that. That saves "
                "memory, which is what LoRA is best at.",
                "the optimizer handles frozen weights",
                _COUNT,
            ),
            wrong(
                "It does: only a laptop's processor makes the steps so slow",
                "Look at the counted operations, which know no processor.",
                "few trained weights mean few operations",
                _COUNT,
            ),
        ),
    ),
    Item(
        "6.margin",
        "'Our weak labels cost a ten-thousandth of a cent each.' Which question comes first?",
        (
            right(
                "What was paid before the first one, and how many share it?",
                "The next label is nearly free; the first one was not. Both are true, and only the number of "
                "labels says which of them matters.",
            ),
            wrong(
                "How fast was the computer, and is there a cheaper one to rent?",
                "At this price a factor of ten either way changes nothing that anyone would decide.",
                "computing is what the plan costs",
                _PRICES,
            ),
            wrong(
                "Which tokenizer counted the tokens, the weak model's or another?",
                "That matters when operations are compared. In dollars of this computer, seconds were "
                "measured.",
                "tokens set the price of one's own model",
                _PRICES,
            ),
            wrong(
                "Is it cheap enough to label the whole pool a second time?",
                "The same model would write the same labels again. More labels of new snippets is another "
                "matter.",
                "cheap labels are worth repeating",
                _PRICES,
            ),
        ),
    ),
    Item(
        "6.equal",
        "At equal operations a weak model writes many labels where a strong one writes few. When is that "
        "comparison fair to your decision?",
        (
            wrong(
                "Whenever prices are not known: operations need none",
                "They need no prices, and that is why they may miss what you pay for: gold, and people's "
                "time.",
                "operations are the cost",
                _COMPUTE,
            ),
            wrong(
                "When the strong model's labels are not the better ones",
                "The comparison is not of numbers of labels but of the students that come out. Better and "
                "fewer against worse and more is just the question.",
                "only labels of one quality can be compared",
                _COMPUTE,
            ),
            wrong(
                "When both of the models have about as many parameters",
                "Then there would be nothing to compare. Matching operations is meant for models of "
                "different size.",
                "matching needs equal models",
                _COMPUTE,
            ),
            right(
                "When operations limit you, the making of both included",
                "A lab short of compute asks this; one short of gold asks what the gold would have done "
                "elsewhere.",
            ),
        ),
    ),
    Item(
        "6.bought",
        "A weak model was trained on 300 gold labels, bought for this purpose. Its 1,000 labels are worth 90 "
        "gold ones. A gold label costs two dollars. What is the right conclusion?",
        (
            wrong(
                "The weak labels saved the price of 90 gold ones, 180 dollars",
                "And the 300 that were bought for the teacher? Put them on the same bill.",
                "the teacher's gold is not on the bill",
                _WORTH,
            ),
            wrong(
                "It would pay if a gold label cost more than a few dollars",
                "Both bills grow with that price: 300 gold labels on one side, 90 on the other.",
                "a high price of gold speaks for weak labels",
                _WORTH,
            ),
            right(
                "It pays at no price of gold: the 300 belong to the strong model",
                "Where the teacher takes more gold than its labels replace, a higher price only makes it "
                "worse. In the scenario that gold is nobody's to give, and the answer turns round.",
            ),
            wrong(
                "It pays as soon as 3,300 weak labels are made instead of 1,000",
                "More weak labels need not be worth more gold in proportion: how far the curve goes on "
                "rising is a thing to measure.",
                "worth grows in proportion to the weak labels",
                _WORTH,
            ),
        ),
    ),
    Item(
        "6.alpaca",
        "52,000 examples for under 500 dollars, and a model that learned from them (Alpaca 2023). Why is "
        "this no evidence that our plan pays?",
        (
            wrong(
                "Its price is out of date, and examples cost less today",
                "Then it would be even better evidence. What is different is not the price.",
                "only the price matters for the transfer",
                _PUBLISHED,
            ),
            wrong(
                "Its examples were instructions with answers, and no code",
                "True of much of it, and worth asking. But code would not change who teaches whom.",
                "the topic is what makes it another case",
                _PUBLISHED,
            ),
            wrong(
                "Its student was fine-tuned as a whole, and not by LoRA",
                "That changes what the training costs, which the figure does not contain at all.",
                "the way of fine-tuning decides the transfer",
                _PUBLISHED,
            ),
            right(
                "Its teacher was better than the student that learned",
                "A good copy is all that such a student needs. Ours has to pass what it copies.",
            ),
        ),
    ),
)
