# %% [markdown]
# # 1 The strategy
#
# *30 minutes, of which seconds are waiting; then 35 for the exercises · nothing is trained here*
#
# A weak model is to teach a strong one. Before anything runs, you state the plan, its parts and its bet, and
# put down what you expect.
#
# After this page you will be able to
# - say in the right order what the team wants to do, and what must *not* be in the plan;
# - explain *weak*, *strong*, *gold*, *weak label*, *ceiling* and *performance gap recovered*;
# - read equation 4.10 aloud in words, and say where a gain could come from;
# - tell the plan from ordinary distillation;
# - name its most significant trade-off.

# %% setup=true

# %% [markdown]
# ## 1.1 A decision to take
# You lead a small team whose product must explain code. Next month it goes out.
#
# | you have | you lack |
# |---|---|
# | a large collection of snippets | anyone with the time to explain them |
# | a powerful base model, yours to fine-tune | a better model that could be asked |
# | a small cheap model that explains some of them rightly | somebody who checks every sentence |
#
# A colleague proposes: *let the small model explain every snippet, then fine-tune the powerful one on those
# explanations.* You are to say yes or no today, before anyone has run anything.
#
# First, what would explanations cost?

# %%
import pandas as pd

from w2s_course.wording import money, times

cost = lesson.recorded(0)["cost"]
who = {"human": "an expert", "strong": "a hosted large model", "weak": "the weak model, once trained"}
prices = {name: money(cost["per_1000_labels"][key]) for key, name in who.items()}
pd.DataFrame(prices.items(), columns=["written by", "1,000 explanations"])

# %% [markdown]
# The last row pays for a computer's time in a recorded run and leaves out the gold that the weak model
# learned from (exercise 1.5 puts it in). The other two rest on assumptions, printed next: put in your own.
#
# The middle row is cheap as well. Whoever may ask a *better* model should: that is ordinary distillation, and
# 1.6 comes back to it. The plan is for those who own the best model that they can get.

# %%
for assumption in cost["assumptions"].values():
    print(f"{assumption['value']:8.2f} {assumption['unit']:28} {assumption['source']}")
ratio = cost["per_1000_labels"]["human"] / cost["per_1000_labels"]["strong"]
print(f"\nThe expert's price is {times(ratio)} times that of the hosted model.")

# %% [markdown]
# None of these is a fact about anyone's bill. But look at the last line: only if the assumptions were wrong
# by so large a factor would the expert not be the dearest.
#
# **Now decide.** Your answer is kept; unit 9 shows it to you again, beside the verdict that you will then
# have evidence for.

# %%
from w2s_course.learn import activity, predict

bet_on_the_verdict = predict(
    "1.verdict",
    "The small model explains every snippet, the powerful one is fine-tuned on that. Is the plan sound?",
    options=[
        "Sound: do it as proposed",
        "Sound only under conditions that have to be checked first",
        "Not sound: do not do it",
    ],
)

# %% [markdown]
# There is no right answer to be had yet. What counts in unit 9 is not which one you chose but whether
# evidence could move you.

# %% [markdown]
# ## 1.2 Snippet, gold, weak label
# Three snippets of the collection, the **pool**, each with a **gold** explanation, one that is true.

# %%
for snippet in lesson.splits["pool"][:3]:
    print(snippet.code, "\n   gold:", snippet.explanation, "\n")

# %% [markdown]
# The team has the code and not the sentences below it. *We* have both, because a program wrote the snippets
# from a table of concepts: without gold one could not measure anything.
#
# A **weak label** is the sentence that the weak model writes instead. The next cell takes a mistake that
# the weak model of a recorded run made, and puts it into the explanation of a snippet here.

# %%
from w2s_course.judging.execution import judge
from w2s_course.snippets.concepts import all_claims, sentence


def with_mistake(snippet, mistake):
    """The snippet's explanation with this mistake in it, or None where it doesn't fit or does no harm."""
    slot, truth, claimed = (mistake[key].replace(" ", "_") for key in ("slot", "truth", "claimed"))
    if snippet.claims[slot].name != truth or truth == claimed:
        return None
    claims = [claim for claim in all_claims(slot) if claim.name == claimed]
    wrong = min(claims, key=lambda claim: abs(claim.k - snippet.claims[slot].k))
    said = sentence(snippet.claims.with_claim(wrong))
    return None if judge(said, snippet.code, snippet.claims).exact else said


mistakes = lesson.recorded(0)["labels"]["confusions"]
cases = [(s, m, with_mistake(s, m)) for m in mistakes for s in lesson.splits["pool"]]
snippet, mistake, said = next(case for case in cases if case[2])

# %% [markdown]
# It looks for the recorded mistake that was made most often and fits a snippet of this collection. **Before
# you run the next cell:** could you tell from the sentence alone, without reading the code, that it is
# wrong?

# %%
print(snippet.code)
print("\n   weak label:", said)
print("   right?     ", judge(said, snippet.code, snippet.claims).exact)
print("   gold:      ", snippet.explanation)
print(
    f"\nThe recorded teacher wrote '{mistake['claimed']}' for '{mistake['truth']}' {mistake['count']} times."
)

# %% [markdown]
# The sentence is fluent and has the right form; one of its claims is false. That is what weak labels are
# like: not gibberish, but statements, some of them wrong. A mistake that is made again and again is the
# sort to worry about.

# %%
activity("1.fluent")

# %% [markdown]
# In unit 2 you train this model, read its own sentences, and audit some by hand.
#
# ## 1.3 Weak and strong are roles
# **Predict:** how many times as many parameters does our strong model have as our weak one: about 5, 50 or
# 150? (The next cell builds the weak one, untrained; some seconds.)

# %%
from w2s_course.config import PRESETS
from w2s_course.models.catalog import MODELS
from w2s_course.models.weak import new_weak_model, train_tokenizer

config = PRESETS["cpu"].config
tokenizer = train_tokenizer([s.code + s.explanation for s in lesson.splits["gold"]], config.weak.vocabulary)
weak = new_weak_model(config.weak, tokenizer, seed=0).num_parameters()
strong = MODELS[config.strong_model].parameters
print(f"weak: {weak:,} parameters, strong: {strong:,}, {strong / weak:.0f} times as many")

# %% [markdown]
# But size is not what the words mean. The weak model starts from random weights and sees a small gold set,
# nothing else. The strong one has read a great deal of text and code before (its *pre-training*). **Weak**
# is who labels and does the task imperfectly; **strong** is who learns, and would do it better if somebody
# taught it the truth.
#
# The roles can be played by others. A person who judges the work of a model that is better than people is a
# weak supervisor. That future is why the question was first asked ([Burns et al.
# 2023](https://arxiv.org/abs/2312.09390)).

# %%
activity("1.roles")

# %% [markdown]
# So ask of any such pair: who does the task worse now, and who would do it better if taught the truth?
#
# ## 1.4 The plan
# Put it in order before you see it drawn.

# %%
activity("1.order")

# %% [markdown]
# Two of the steps may change places, since neither needs the other. The order of all others follows if you
# ask of each step what it *reads*, and who *wrote* that. Three steps sound sensible and belong to other
# plans.
#
# Now the drawing. The first cell is the plan as data, the second one draws it.

# %%
boxes = {  # key: (x, y, text, arm that gives the colour)
    "gold": (0, 2, "a few gold\nexplanations", None),
    "pool": (0, 1, "the collection\nof snippets", None),
    "truth": (0, 0, "gold for the\nsame snippets", None),
    "weak": (1, 2, "weak model\nlearns, then writes", "weak"),
    "labels": (2, 1.45, "weak labels", "weak"),
    "student": (3, 1, "strong model\non weak labels", "weak_to_strong"),
    "ceiling": (3, 0, "strong model\non gold: ceiling", "ceiling"),
    "test": (4, 1.2, "test snippets:\nwho is right\nhow often?", None),
}
plan = ["gold weak", "pool weak", "weak labels", "labels student", "pool student", "student test"]
measurement = ["truth ceiling", "pool ceiling", "ceiling test", "weak test"]

# %% [markdown]
# An arrow is a pair: who gives, who takes. What only the measurement needs is kept apart, since the team of
# the story cannot do it.

# %%
import matplotlib.pyplot as plt

from w2s_course.plots import ARM_COLOURS, style

with style():
    figure, ax = plt.subplots(figsize=(9, 4), layout="constrained")
ax.set(xlim=(-0.5, 4.5), ylim=(-0.4, 2.4))
ax.axis("off")
drawn = {}
for key, (x, y, text, arm) in boxes.items():
    edge = {"boxstyle": "round,pad=0.5", "fc": "#ffffff", "ec": ARM_COLOURS.get(arm, "#a3abb4"), "lw": 2.5}
    drawn[key] = ax.text(x, y, text, ha="center", va="center", fontsize=10, bbox=edge).get_bbox_patch()
for line, arrows in (("-", plan), ("--", measurement)):
    for start, end in (arrow.split() for arrow in arrows):
        ends = {"patchA": drawn[start], "patchB": drawn[end], "shrinkA": 3, "shrinkB": 3}
        look = {"arrowstyle": "-|>", "ls": line, "color": "#656d76", **ends}
        ax.annotate("", boxes[end][:2], boxes[start][:2], arrowprops=look)
plt.show()
for name, arrows in (("Solid arrows, the plan", plan), ("Dashed, its measurement", measurement)):
    print(f"{name}:", "; ".join(arrow.replace(" ", " to ") for arrow in arrows))

# %% [markdown]
# Follow the solid arrows: gold enters once, at the weak model, and never reaches the student. Then the
# dashed ones: the ceiling takes the *same* snippets as the student and differs in the sentences alone.

# %% [markdown]
# ## 1.5 The plan in one line
# The book that this course follows (*Foundations of Large Language Models*,
# [arXiv 2501.09223](https://arxiv.org/abs/2501.09223), section 4.2.5) writes it so:
#
# $$\hat y = \arg\max_y \Pr\nolimits^{w}(y \mid x) \qquad\qquad
# \tilde\theta = \arg\max_\theta \sum_{x \in X} \log \Pr\nolimits^{s}_{\theta}(\hat y \mid x) \tag{4.10}$$
#
# | you see | you say |
# |---|---|
# | $x \in X$ | each snippet of the collection |
# | $\hat y$ | the explanation that the **w**eak model finds most likely: its label |
# | $\Pr^{s}_\theta(\hat y \mid x)$ | how likely the **s**trong model finds it, its weights being $\theta$ |
# | $\tilde\theta$ | the weights that make the weak model's sentences as likely as can be |
#
# In practice $\hat y$ is found word by word, always taking the likeliest next token, which need not give
# the likeliest sentence; and training stops long before the maximum over $\theta$.

# %%
activity("1.copy")

# %% [markdown]
# Note what is *not* in the equation: gold, a check of the labels, a weight for doubtful ones. The book names
# the worry at once: a student that imitates may also imitate the errors, and may stay unable to solve what
# its teacher could not. That the student becomes better all the same is the **bet** of the plan; the question
# above asks what this bet rests on.

# %% [markdown]
# ## 1.6 This is not ordinary distillation
# Both train one model on what another wrote. The difference is who stands where:
#
# | | ordinary distillation | weak to strong |
# |---|---|---|
# | teacher | the better model | the worse one |
# | student | smaller or cheaper to run | the more able one |
# | aim | to come near the teacher | to *pass* the teacher |
# | a perfect imitation is | a success | no gain at all |
#
# A well-known case of the first kind is Alpaca (2023): a model fine-tuned on 52,000 examples, bought
# for under 500 dollars, from a model stronger than itself. Cheap machine labels, then, but not weak ones.
# That it worked says little about our plan. And imitation has a trap of its own: a student may take over a
# strong teacher's *style* and fool its raters while the substance stays behind (Gudibande et al. 2023,
# [arXiv 2305.15717](https://arxiv.org/abs/2305.15717)). Our judge runs the code for that reason.

# %%
activity("1.repeats")

# %% [markdown]
# ## 1.7 How will we know?
# Three accuracies on the same test snippets: the teacher's, the student's, and the **ceiling**: the strong
# model trained on gold for the pool's snippets. The **performance gap recovered** (PGR) asks how far the
# student came on the way from the first to the last. **Predict** the last column's sign and size before you
# run the cell (accuracies invented).

# %%
from w2s_course.metrics import performance_gap_recovered

invented = [
    {"teacher": 0.5, "student": 0.9, "ceiling": 0.9},
    {"teacher": 0.5, "student": 0.7, "ceiling": 0.9},
    {"teacher": 0.5, "student": 0.5, "ceiling": 0.9},
    {"teacher": 0.5, "student": 0.4, "ceiling": 0.9},
]
pd.DataFrame([row | {"PGR": performance_gap_recovered(*row.values())} for row in invented])

# %% [markdown]
# From top to bottom: everything came back, half of it, nothing, and *harm*: the student is worse than its
# teacher. The book's version of the formula (4.11) turns the last row into 0, so that harm looks like no
# effect; that is why this table does without it. Unit 4 shows the two side by side, and says when PGR means
# nothing at all.

# %%
activity("1.harm")

# %% [markdown]
# ## 1.8 What is traded for what?
# You know the plan, its price and its worry. Each plan gives something up in order to gain something else.

# %%
activity("1.trade_off")

# %% [markdown]
# If your answer was not the right one, its feedback says where to read again. Exercise 1.2 asks for
# advantage, risk and the finding that would change your mind.

# %% [markdown]
# ## 1.9 Two bets
# You have no evidence from your own run yet. If you saw the recorded runs in notebook 0, use them, and mind
# how far they lie apart. Put down two numbers; later units set the outcomes beside them.

# %%
bet_on_the_gain = activity("1.gain")

# %% [markdown]
# A *point* is one in a hundred test snippets. The scale goes below zero, because the outcome can.

# %%
bet_on_the_errors = activity("1.errors")

# %% [markdown]
# 100% would be a copy, 0% a student that repeats no error of its teacher (it may still make others of its
# own).
#
# The next cell shows your three predictions. If one is missing, it stops and says which. (The output that is
# stored here comes from a run in which nobody predicted: *nothing* three times.)

# %%
for bet in (bet_on_the_verdict, bet_on_the_gain, bet_on_the_errors):
    bet.required()
    print(bet)

# %% [markdown]
# That is your starting point. You cannot bend it later, which is what makes it worth having.

# %% [markdown]
# ## What to take away
# 1. **The plan:** a weak model labels a large collection, and a strong one is fine-tuned on those labels.
#    Nobody corrects in between.
# 2. **Weak and strong are roles:** who labels, and who learns and could do better.
# 3. **The bet:** the strong model learns the rule behind most labels before it learns the slips. Slips that
#    follow a rule may be learned as well.
# 4. **The trade-off:** quantity for next to nothing, against the teacher's limits.
# 5. **The measure:** teacher, student and ceiling on the same snippets, the ceiling with the student's own
#    inputs.
#
# **Next:** [the exercises of this unit](../exercises/01_the_strategy/01_the_strategy.ipynb); then [2 Weak
# labels](02_weak_labels.ipynb), where you train the weak model, read what it wrote, and audit it by hand.
