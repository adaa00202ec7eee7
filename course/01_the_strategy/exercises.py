# %% [markdown]
# # 1 The strategy: exercises
#
# *About 35 minutes · 15 points · waiting: the start of the set-up cell only*
#
# Six exercises on the lesson *1 The strategy*. Write your answer where a cell says *not attempted*, run it,
# then run the check below it. A check names what it verified, or what your answer suggests that you think;
# it can be run as often as you like. `hint("1.1")` gives a hint, three in all, each saying more.

# %% setup=true

# %% [markdown] exercise="1.1"
# The lesson ordered the plan. A team that wants to *know* whether the plan worked must do more. These steps
# were written on cards and dropped:
#
# | key | step |
# |---|---|
# | `answers` | let the weak model, the student and the ceiling explain the test snippets |
# | `ceiling` | fine-tune a second copy of the strong model on gold for the pool's snippets |
# | `correct` | let the strong model correct the weak labels before it is fine-tuned |
# | `experts` | have an expert check each weak label |
# | `gap` | judge the answers, and compute how much of the gap came back |
# | `labels` | let the weak model explain each snippet of the pool |
# | `pick` | keep whichever training step of the student did best on the test snippets |
# | `reverse` | fine-tune the weak model on explanations by the strong one |
# | `split` | set test snippets aside, from which nothing will learn |
# | `student` | fine-tune the strong model on the weak labels |
# | `teacher` | train the weak model on its small gold set |
#
# Here somebody can buy the gold that `ceiling` needs: this is an experiment *about* the plan.

# %% exercise="1.1"
### BEGIN SOLUTION
schedule = ["split", "teacher", "labels", "student", "ceiling", "answers", "gap"]
### END SOLUTION

# %% [markdown] solution="1.1"
# The ceiling needs neither the teacher nor its labels, so it may stand anywhere between `split` and
# `answers`. Choosing the best step by the test snippets (`pick`) makes them part of the training; that
# is what a validation set is for.

# %% [markdown] exercise="1.2"
# A lab on a limited budget must decide about the plan. Choose one letter for each question.
#
# **"advantage"**: what is the main one?
# - a: the weak model's explanations are nearly as accurate as an expert's
# - b: every snippet gets a label, at a price at which experts would label a handful
# - c: the strong model is bound to reach its ceiling
# - d: nobody has to provide anything true, neither for teaching nor for checking
#
# **"risk"**: which is the most significant one?
# - a: running the weak model over the whole collection eats up the budget
# - b: each single slip of the weak model is repeated, so that the student can never pass it
# - c: the strong model cannot read explanations that were written with another model's tokens
# - d: what the weak model gets wrong consistently is learned like a rule, and without gold nobody notices
#
# **"against"**: which finding would speak most strongly against the plan?
# - a: trained on the few gold pairs that the weak model had, the strong model beats the student
# - b: after training, the loss on the weak labels is still well above zero
# - c: twice as many weak labels make little difference
# - d: a larger strong model than the lab's is announced

# %% exercise="1.2"
### BEGIN SOLUTION
decision = {"advantage": "b", "risk": "d", "against": "a"}
### END SOLUTION

# %% [markdown] solution="1.2"
# *Against*, the loss above zero is even welcome: a student whose loss on the weak labels is zero has learned
# each error by heart. Little from twice as many labels says that the team may stop labelling, not that the
# student is bad. But if the gold that the plan uses up anyway does more in the strong model's hands, the
# detour through the weak model has lost to its cheapest rival. In the story that gold is not for sale; in
# unit 9 you argue whether that is so in yours.

# %% [markdown] exercise="1.3"
# The six arms differ in their model and in what they learn from. Write the function that decides the second.
# **Decide first:** which two arms must have *identical* snippets, so that the gap between them is due to the
# labels alone?


# %% exercise="1.3"
def training_pairs(arm, gold, pool, weak_labels, pool_gold):
    ### BEGIN SOLUTION
    with_weak_labels = list(zip(pool, weak_labels, strict=True))
    pairs = {
        "weak": gold,
        "strong_prompted": [],
        "strong_on_gold": gold,
        "weak_to_strong": with_weak_labels,
        "ceiling": list(zip(pool, pool_gold, strict=True)),
        "control": with_weak_labels,
    }
    if arm not in pairs:
        raise ValueError(f"There is no arm '{arm}'. Arms: {', '.join(pairs)}.")
    return pairs[arm]
    ### END SOLUTION


# %% [markdown]
# **On real snippets.** The next cell gives your function the snippets of this preset. There are no weak
# labels in this unit, so a placeholder stands in for them.

# %%
own_gold = [(snippet.code, snippet.explanation) for snippet in lesson.splits["gold"]]
own_pool = [snippet.code for snippet in lesson.splits["pool"]]
truth = [snippet.explanation for snippet in lesson.splits["pool"]]
unknown = ["(what the weak model writes)"] * len(own_pool)
for arm in ("weak", "strong_prompted", "strong_on_gold", "weak_to_strong", "ceiling", "control"):
    pairs = training_pairs(arm, own_gold, own_pool, unknown, truth)
    print(f"{arm:16}{len(pairs):6,} pairs   {pairs[0][1] if pairs else '(nothing)'}")

# %% [markdown]
# Compare the lines of `weak_to_strong` and `ceiling`: the same number of pairs, of the same snippets, with
# other sentences. That is what makes the gap between them mean something. `strong_on_gold` has other
# snippets and another number of them; a comparison with it needs more care.

# %% [markdown] exercise="1.4"
# Five projects. In which does a weaker supervisor teach a stronger model (`"weak to strong"`), in which a
# stronger one a weaker (`"strong to weak"`), and in which neither?
#
# - **assistant**: a small open model is fine-tuned on 52,000 answers that were bought from a large commercial
#   model, the better of the two at this (as Stanford's Alpaca was in 2023).
# - **proofs**: mathematicians judge proofs by a model that has become better at mathematics than they are;
#   their judgements are what it is fine-tuned on.
# - **filter**: a small old spam filter, often wrong, sorts a million messages; a large language model, which
#   would do better with true labels, is fine-tuned on the result.
# - **votes**: a model answers each question ten times; it is fine-tuned on the answer that it gave most
#   often.
# - **cascade**: a small model answers users when it is sure, and passes the rest on to a large one.

# %% exercise="1.4"
### BEGIN SOLUTION
roles = {
    "assistant": "strong to weak",
    "proofs": "weak to strong",
    "filter": "weak to strong",
    "votes": "neither",
    "cascade": "neither",
}
### END SOLUTION

# %% [markdown] solution="1.4"
# *Votes* is self-training: teacher and student are one model, and majority vote makes its labels a little
# better than its single answers. *Cascade* is use (e) of weak models in the book: nothing is trained at all.
# *Proofs* is why the subject exists: the weak supervisor of the future is a person.

# %% [markdown] exercise="1.5"
# The weak model's labels look free. They are not: before it can label anything, somebody pays for the gold
# that it learns from. Count what a budget really buys.


# %% exercise="1.5"
def affordable(budget, price, fixed, pool):
    ### BEGIN SOLUTION
    left = budget - fixed
    if left < 0:
        return 0
    if price == 0:
        return pool
    return min(pool, int(left // price))
    ### END SOLUTION


# %% [markdown]
# **With the recorded prices.** Three labellers, five budgets and a collection of the size that a company has.
# Prices come from a recorded run and from assumptions that it names; the gold of the weak model is bought at
# the expert's price.

# %%
import pandas as pd

run = lesson.recorded(0)
price = {who: run["cost"]["per_1000_labels"][who] / 1000 for who in ("human", "strong", "weak")}
fixed = {"human": 0, "strong": 0, "weak": run["arms"]["weak"]["labels"] * price["human"]}
collection = 100_000
print(f"The weak model's {run['arms']['weak']['labels']} gold pairs cost ${fixed['weak']:,.0f}.")
pd.DataFrame(
    [
        {"budget": f"${budget:,}"} | {w: affordable(budget, price[w], fixed[w], collection) for w in price}
        for budget in (100, 500, 1_000, 2_000, 10_000)
    ]
)

# %% [markdown]
# The columns: *human* is an expert, *strong* a hosted large model, *weak* our weak model with its gold. Go
# down the column *weak*: it jumps from nothing to the whole collection once the gold is paid for. Set
# `collection` to the number of gold pairs: what is left of its lead over the expert? If the weak model
# learned its task elsewhere, for another purpose, set its fixed cost to 0. And look at *strong*: where
# there is a better model to ask, it is hard to beat; the plan is for those who have none.

# %% [markdown] exercise="1.6"
# A run gives three 95% intervals; from them your function says which of three statements the run settles.
# That two intervals overlap does not show that two arms are equal, only that this comparison leaves it open
# (unit 4 has a sharper one, on the same snippets).


# %% exercise="1.6"
def what_follows(gain, student, gold):
    ### BEGIN SOLUTION
    def settled(above, below):
        return "yes" if above else "no" if below else "open"

    return {
        "beats": settled(gain[0] > 0, gain[1] < 0),
        "gold_better": settled(gold[0] > student[1], gold[1] < student[0]),
        "sound": "open",
    }
    ### END SOLUTION


# %% [markdown]
# **On real runs.** These are the recorded ones, each with its own seed. Once you have a run of your own
# (units 2 to 4), put `lesson.results()` into the list.

# %%
import pandas as pd

runs = lesson.recorded_all()
rows = []
for run in runs:
    student, gold = (run["arms"][arm]["exact"]["ci95"] for arm in ("weak_to_strong", "strong_on_gold"))
    rows.append({"seed": run["config"]["seed"]} | what_follows(run["gain"]["ci95"], student, gold))
pd.DataFrame(rows)

# %% [markdown]
# Read it by column. If `beats` differs between seeds, one run was not enough to say what the plan does. If
# `gold_better` is *yes* throughout, you have met the finding of 1.2 that speaks against the plan. And
# `sound` is open in every row, whatever the others say: that takes an argument, and unit 9 is where you
# make it.

# %% [markdown] solution="1.6"
# *Sound* asks more than these intervals hold: other code, other errors, what gold would have cost, and who
# would notice. A function that always returns the same word is a strange solution, and that is its point.

# %% [markdown]
# **You can now** say what belongs to the plan and what to its measurement, count what a budget buys, and say
# what a run leaves open. To see what you have done so far, in any cell: `from w2s_course.learn import
# progress; progress()`.
#
# **Next:** the lesson *2 Weak labels*, `notebooks/02_weak_labels.ipynb`.
