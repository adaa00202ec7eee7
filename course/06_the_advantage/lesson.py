# %% [markdown]
# # 6 The advantage
#
# *25 minutes, of which seconds are waiting; then 43 for the exercises · nothing is trained here*
#
# Weak labels are cheap: that is the whole advantage of the plan. How cheap, counted honestly, and what do
# they buy? After this lesson you will be able to
# - count the operations of a training, and say why they are neither seconds nor dollars;
# - price a label by your own assumptions, at the margin and with its making;
# - read a cost-quality frontier with its intervals;
# - compare plans at equal compute, and say what weak labels are worth in gold;
# - decide under a budget, and judge whether a published figure carries over.

# %% setup=true

# %% [markdown]
# ## 6.1 Where did the time go?
# The numbers below come from a recorded run, with the clock of the machine that made it. To price your own
# run instead, write `True`; the cell says first how long that takes if it is not in the cache.

# %%
OWN_RUN = False

results = lesson.results() if OWN_RUN else lesson.recorded(seed=0)
print("made by:", results["command"])

# %% [markdown]
# The line names the run. Its plan has three stages that compute. **Predict first.**

# %%
from w2s_course.learn import predict

time_bet = predict(
    "6.time",
    "Which stage of the plan took most of the time?",
    options=["training the weak model", "labelling the pool", "fine-tuning the strong model"],
)

# %% [markdown]
# Keep an answer, then look at the clock.

# %%
import pandas as pd

from w2s_course.costs.tables import stage_table

time_bet.required()
stages = results["cost"]["stages"]
clock = {
    "training the weak model": stages["weak training"]["seconds"],
    "labelling the pool": stages["weak labels"]["seconds"],
    "fine-tuning the strong model": sum(
        stages[name]["seconds"] for name in ("lower layers", "weak_to_strong training")
    ),
}
time_bet.compare(max(clock, key=clock.get), ", ".join(f"{k} {v:.0f} s" for k, v in clock.items()))
pd.DataFrame(stage_table(results)).set_index("stage")

# %% [markdown]
# Fine-tuning is two rows: the pass through the frozen *lower layers*, which the ceiling shares, and the
# training above them. Everything else in the table is *measuring*: the other arms, and answers to validation
# and test snippets. Whoever only follows the plan pays for four rows: *weak training*, *weak labels*, *lower
# layers* and *weak to strong training*. The last column is the rent of the whole computer while a stage ran.
# Two stages may have run side by side, so the sum may be twice the bill. The rent is an assumption that you
# may change in 6.3; look at its size before you go on.

# %%
import matplotlib.pyplot as plt

from w2s_course import plots

with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    drawn = plots.stages(results, ax)
    plt.show()
print(drawn)

# %% [markdown]
# Find the labelling in the first row. Where it is only a sliver, weak labels are not expensive to write; if
# they cost much, it is for what came before.

# %% [markdown]
# ## 6.2 Count it
# Seconds belong to a machine; operations belong to a model. To read a token, each of $N$ weights takes part
# in one product and one sum: $2N$ operations (Kaplan et al. 2020). Let us count instead of believing it: a
# fresh model in the shape of our weak one, 64 tokens, and PyTorch's own counter.

# %%
import torch
from torch.utils.flop_counter import FlopCounterMode

from w2s_course.config import PRESETS
from w2s_course.models.weak import new_weak_model, train_tokenizer

config = PRESETS["cpu"].config
tokenizer = train_tokenizer(["def f(xs): return sum(xs)"], config.weak.vocabulary)
model = new_weak_model(config.weak, tokenizer, seed=0)
tokens = torch.randint(len(tokenizer), (1, 64))


# %%
def counted(learning):
    with FlopCounterMode(display=False) as counter:
        loss = model(tokens).logits.sum()
        if learning:
            loss.backward()
    return counter.get_total_flops()


# %% [markdown]
# **Predict:** in a full training step, how many times as many operations as for reading? And if all weights
# are frozen but one tiny one, at the very bottom?

# %%
frozen_bet = predict(
    "6.frozen_step",
    "All weights frozen but one at the bottom. What share of a full training step's operations is left?",
    options=["next to nothing", "about a third", "about two thirds", "all of it"],
)

# %% [markdown]
# Three counts: reading, full training, and training with that one weight.

# %%
frozen_bet.required()
weights = sum(p.numel() for p in model.parameters()) - model.get_input_embeddings().weight.numel()
weights += model.get_output_embeddings().weight.numel() * (model.config.tie_word_embeddings or 0)
reading, full = counted(False), counted(True)
for weight in model.parameters():
    weight.requires_grad_(False)
model.model.layers[0].input_layernorm.weight.requires_grad_(True)
share = counted(True) / full
print(
    f"reading: {reading / (2 * weights * 64):.2f} times 2N; full step: {full / (2 * weights * 64):.2f} times"
)
near = {"next to nothing": 0, "about a third": 1 / 3, "about two thirds": 2 / 3, "all of it": 1}
frozen_bet.compare(min(near, key=lambda said: abs(near[said] - share)), f"Counted: {share:.2f}.")

# %% [markdown]
# Reading is close to $2N$ (attention is on top where the counter knows it; a few weights only scale). A full
# step is close to $6N$: backward there is one product for the gradient of what *enters* a layer, and one for
# the gradient of its *weights*. Freezing spares the second. The first is needed down to the lowest adapter,
# which is why this course puts adapters in the upper layers only, and computes what lies below once.

# %%
from w2s_course.learn import activity

activity("6.frozen")

# %% [markdown]
# Now the other half of the sentence: an operation is not a second, either.

# %%
from w2s_course.wording import words

speed = {words(name): s["flops"] / s["seconds"] / 1e9 for name, s in stages.items()}
print(f"fastest and slowest stage: a factor of {max(speed.values()) / min(speed.values()):.1f}")
pd.Series(speed, name="billion operations a second").round(0).to_frame()

# %% [markdown]
# One machine, one run, and each stage gets through another number of operations in a second: small models
# and token-by-token writing leave the processor waiting. Counting operations compares *methods*; for a bill
# take seconds.

# %% [markdown]
# ## 6.3 Your prices
# Nobody measured what people cost *you*. So these are assumptions, each with its source, made to be
# replaced. You have timed yourself in unit 2: put your own minutes in.

# %%
from w2s_course.learn.prices import label_prices, price_panel, price_sheet
from w2s_course.wording import wrapped

MINE = {"expert_hour": 60, "expert_minutes": 2, "computer_hour": 0.10}

print(wrapped(price_sheet(results, **MINE)))

# %% [markdown]
# Two prices for every source: of one label *more* (the price *at the margin*), and all in, with what had to
# be paid before the first label. The weak model learned from gold; if that was bought, it is by far the
# largest part. **Predict:**

# %%
making_bet = predict(
    "6.making",
    "1,000 weak labels, the weak model's gold bought for them. What does one of the 1,000 cost, all in?",
    options=["less than a cent", "a cent to ten cents", "more than ten cents"],
)

# %% [markdown]
# The next cell spreads the making over more and more labels.

# %%
from w2s_course.costs.prices import SOURCES
from w2s_course.wording import money

making_bet.required()
prices = label_prices(results, **MINE)
each = prices["weak"].per_1000(1000) / 1000
options = making_bet.options
making_bet.compare(options[0 if each < 0.01 else 1 if each <= 0.1 else 2], f"{money(each)}, at your prices.")
counts = [100, 1_000, 10_000, 100_000, 1_000_000]
spread = {SOURCES[who]: [money(price.per_1000(n)) for n in counts] for who, price in prices.items()}
pd.DataFrame(spread, index=[f"1,000 of {n:,}" for n in counts])

# %% [markdown]
# These are prices of labels, right or wrong. Down the first column: the making is divided by more and more
# labels, the label itself stays nearly free. Along a row: who is cheapest. A hosted strong model is a rival
# where it may be asked and is *better*; but then the plan is weak-to-strong no more.
#
# The same as a panel, with a field for each assumption:

# %%
panel = price_panel(results, **MINE)

# %% [markdown]
# Try an expert at a tenth of the price, and one at ten times. Which conclusions survive? (Prices of hosted
# tokens can be changed only where a run kept its token counts; where it did not, the panel says so.)

# %%
activity("6.margin")

# %% [markdown]
# ## 6.4 The frontier
# Price is half of it. Now each plan gets its quality too: the strong model on gold alone, on weak labels
# alone, or on a mix, all with equally many steps. First with 850 dollars at the course's prices, the weak
# model's gold on the bill. **Predict first.**

# %%
mix_bet = predict(
    "6.mix",
    "For 850 dollars, a human label at 2 dollars: which plan's student is the most accurate?",
    options=["weak labels alone", "gold alone", "some of both"],
)

# %% [markdown]
# The table has whatever mixes were recorded, and interpolates none. Its students are of the recorded sweep,
# by an older recipe than the recorded runs' (unit 5): compare them with each other.

# %%
from w2s_course.learn.frontier import explore

mix_bet.required()
found = explore(budget=850)
print(found)
if found.best is not None:
    kind = 1 if found.best.weak == 0 else 0 if found.best.gold == 0 else 2
    mix_bet.compare(mix_bet.options[kind], "By the means, among what was recorded.")

# %% [markdown]
# *Frontier*: nothing else is both cheaper and better. *Clearly dominated*: something is, and the intervals
# lie apart. *Maybe dominated*: something is by its mean, which may be luck. An interval is over seeds here:
# where their mean lies. Now the question that changes the picture: must the weak model be *bought*?

# %%
from w2s_course.plots.frontier import pareto

drawn = {}
with plots.style():
    figure, axes = plt.subplots(2, 1, figsize=(6.5, 8.8), layout="constrained", gridspec_kw={"hspace": 0.08})
    for ax, gold in zip(axes, ("bought", "already there"), strict=True):
        drawn[gold] = pareto(explore(teacher_is_bought=gold == "bought").placed, ax)
        ax.set_xlabel(f"US dollars for labels; weak model's gold {gold}")
    plt.show()
for gold, said in drawn.items():
    print(f"The weak model's gold {gold}:", said, sep="\n")

# %% [markdown]
# Blue has weak labels in it, green is gold alone; filled is on the frontier. Compare the place of the blue
# mixes above and below. Their quality is the same; only the bill of their teacher's gold has moved. In the
# team's story the small model has its skill from elsewhere (the lower picture); in our laboratory we fed it
# (the upper one). Any sentence about 'the price of weak labels' has already chosen one.
#
# Mallen and Belrose ([arXiv 2410.13215](https://arxiv.org/abs/2410.13215)) find regimes in which quantity,
# quality or a mix wins. Look for the borders between your own regimes:

# %%
from w2s_course.learn.frontier import frontier_explorer

explorer = frontier_explorer(budget=700, **MINE)

# %% [markdown]
# Without a browser: `print(explore(gold_share=0, budget=50, expert_hour=20, teacher_is_bought=False))`. With
# the weak model already there, find the smallest budget at which gold alone is the best that money buys; then
# a price of a human hour that doubles it.

# %% [markdown]
# ## 6.5 At equal compute
# Bansal et al. ([arXiv 2408.16737](https://arxiv.org/abs/2408.16737)) ask it without prices: give a weak and
# a strong model *equally many operations* for writing data. The weak one writes more, covers more, is wrong
# more often; and in their reasoning tasks students of its data came out better.
#
# (They kept only samples with the right final answer; our team could not have checked that.)
#
# **Predict**, for our strong model, prompted, and our weak one:

# %%
equal_bet = predict(
    "6.equal_flops",
    "How many labels does the weak model write for the operations of one by the strong model?",
    low=1,
    high=2000,
    unit="labels",
)

# %% [markdown]
# Counted in the run, not derived from the sizes.

# %%
from w2s_course.costs import flops_per_label, weak_labels_at_equal_flops

equal_bet.required()
per = flops_per_label(results)
many = weak_labels_at_equal_flops(1, per["strong_own"], per["weak"])
equal_bet.compare(many, "At the margin: the weak model's training is not in it.")
even = int(per["making"] / (per["strong_own"] - per["weak"])) + 1
print(f"With its training, the weak model is the smaller spender from {even:,} labels on.")
right = {"weak": results["labels"]["exact"], "strong_own": results["arms"]["strong_prompted"]["exact"]}
for who, share in right.items():
    many_right = 1e12 / per[who] * share["value"]
    print(f"{SOURCES[who]}: {share['value']:.1%} right, {many_right:,.1f} right ones a trillion")

# %% [markdown]
# The last two lines are what matters: *right* labels for a trillion operations. In the paper the strong model
# knows the task, so that it is quality against quantity. Look at what ours knows when it is only prompted:
# if next to nothing, then here equal compute decides little, since the rival hardly labels at all.
#
# Our real rival is gold. So the same discipline, *one* budget, in dollars: the gold that made the teacher,
# given to the strong model instead.

# %%
from w2s_course.costs import compare_plans, label_cost
from w2s_course.learn.frontier import recording

price_of = label_cost(prices)
priced = [{**row, "dollars": price_of(row)} for row in recording("runs").rows]
gold = [row for row in priced if row["weak_labels"] == 0]
weak = [row for row in priced if row["gold_labels"] == 0]
same = compare_plans(gold, weak, compute="dollars")
print("First plan: gold to the strong model. Second: gold to the teacher, its labels to the strong model.")
print(wrapped(f"For {money(same.budget)}: {same.one:.1%} against {same.other:.1%}. {same}"))

# %% [markdown]
# This is the first question of every critic, answered at equal money and paired by seed. Where the first plan
# is better, buying gold *in order to make weak labels* is the wrong use of it. It says nothing against weak
# labels of a model that one has anyway.

# %%
activity("6.equal")

# %% [markdown]
# ## 6.6 What are they worth?
# Turn the question round. The weak model is there, its labels cost next to nothing. How many *bought* gold
# labels would the strong model need for a student as good? **Predict.**

# %%
worth_bet = predict(
    "6.worth", "1,000 weak labels are worth how many gold ones?", low=0, high=1000, unit="gold labels"
)

# %% [markdown]
# Each seed's student is looked up on the gold curve of its own seed, between recorded sizes along the
# logarithm, and never beyond them.

# %%
from w2s_course.learn.frontier import recorded_worth
from w2s_course.plots.frontier import gold_equivalent

worth_bet.required()
swap = recorded_worth(1000)
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    drawn = gold_equivalent(swap.worth, swap.weak, swap.curves, ax)
    plt.show()
print(wrapped(f"From {swap.about}. {drawn.alt}"))
if swap.worth.labels is not None:
    worth_bet.compare(round(swap.worth.labels), f"The geometric mean over seeds. {swap.worth}")

# %% [markdown]
# A filled dot was found on its curve. (A hollow one would lie beyond the recorded sizes: only a bound is
# known then, and no mean is given.) Mind how steep the curve is: where a few gold labels more change much, a
# small difference in the student moves its worth by a factor.
#
# From it follows the price of a human explanation at which weak labels begin to pay:

# %%
from w2s_course.costs import break_even_price

found_at = [equivalent.labels for equivalent in swap.worth.per_seed.values()]
for teacher_gold in (0, swap.teacher_gold):
    for gold_labels in sorted({min(found_at), max(found_at)}):
        print(wrapped(break_even_price(gold_labels, 1000, prices["weak"], teacher_gold).meaning))

# %% [markdown]
# First for a teacher that was there, then for one that was bought: with the lowest worth of a seed, and with
# the highest where that is another. Where a seed's worth is only known to be *below* the smallest recorded
# size, that size stands in, so that the true break-even is higher than the line says (beyond the largest
# size: lower). Compare the first price with yours of an explanation; then ask, of the bought teacher,
# whether its labels replace more gold than it swallowed.

# %%
activity("6.bought")

# %% [markdown]
# ## 6.7 Decide
# Your team gets a budget. Which plan, and what carries it? Both answers are kept: unit 9 asks for them again.

# %%
decision = predict(
    "6.decision",
    "With your own prices and 700 dollars for labels: what do you do?",
    options=["weak labels alone", "gold alone", "some of both", "nothing yet: measure something first"],
)

# %% [markdown]
# And the reason. Choose the one that you would have to defend.

# %%
reason = predict(
    "6.reason",
    "What carries your decision most?",
    options=[
        "It is the most accurate that this money buys, beyond chance",
        "The difference is open, and it is the cheaper way",
        "People's time is not to be had, at whatever price",
        "The risk: errors in the labels that nobody would notice",
    ],
)

# %% [markdown]
# Now beside what the table says at your prices.

# %%
for kept in (decision, reason):
    kept.required()
    print(kept)
for bought in (True, False):
    best = explore(budget=700, teacher_is_bought=bought, **MINE).best
    print(f"weak model {'bought' if bought else 'already there'}: {best or 'nothing within the budget'}")

# %% [markdown]
# If the table disagrees with you, that is no mistake yet. It knows means and prices; it does not know that
# some errors are worse than others (unit 5), that nobody may have the time to explain code, or that the best
# of several plans looks best partly by luck. Exercise 6.7 checks whether *your numbers* carry your reason.

# %% [markdown]
# ## 6.8 Published figures
# Two figures are quoted wherever labels are priced. Gilardi et al. 2023
# ([PMC10372638](https://pmc.ncbi.nlm.nih.gov/articles/PMC10372638)): ChatGPT labelled tweets and news for
# less than $0.003 a label, about thirty times cheaper than crowd workers, and about 25 points more accurate.
# Set beside yours:

# %%
from w2s_course.wording import times

person, weak_price = prices["human"].per_1000(), prices["weak"]
table = {"Gilardi et al. 2023": [3.00, 3.00 * 30]}
table["here, one label more"] = [weak_price.per_1000(), person]
table["here, all in, of 1,000"] = [weak_price.per_1000(1000), person]
pd.DataFrame(
    {name: [money(m), money(p), times(p / m) if m else "free"] for name, (m, p) in table.items()},
    index=["1,000 by machine", "1,000 by people", "people cost so many times as much"],
).T

# %% [markdown]
# Thirty is neither of your two factors, and could not be: other people (crowd workers, not developers), other
# work (choosing a category, not explaining code), another labeller (a hosted strong model, not a small one of
# one's own). Nor does the lead in accuracy travel: our labeller is the *weaker* party.
#
# The second figure is Alpaca's: 52,000 examples for under 500 dollars.

# %%
activity("6.alpaca")

# %% [markdown]
# Before you quote a figure, ask four things: who labelled, compared with whom, on which task, and was the
# labeller better or worse than the student?

# %% [markdown]
# ## Takeaways
# - **Reading takes $2N$ operations a token, learning up to $6N$**; frozen weights spare one product of three.
#   Operations compare methods, seconds make the bill.
# - **A weak label is nearly free at the margin.** With bought gold behind it, it is not: say which you mean.
# - **A frontier without intervals is a league table of luck.** Compare at one budget.
# - **What weak labels are worth is the gold that they replace**, and gold belongs to the strong model first.
# - **A published price carries its labeller, its task and its rivals with it.**
#
# **Next:** [the exercises of this unit](../exercises/06_the_advantage/06_the_advantage.ipynb), where you
# build these tools and decide. Then [7 Remedies](07_remedies.ipynb), which try to get more out of the same
# labels.
