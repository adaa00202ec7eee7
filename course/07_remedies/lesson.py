# %% [markdown]
# # 7 Remedies
#
# *25 minutes, of which less than one is waiting if units 1 to 4 have run here · then eight exercises*
#
# The student repeats some of its teacher's errors. The book and the literature know many cures. Which of
# them cure *this* student, and what do they ask in return? After this lesson you will be able to
# - say at which point of the plan each remedy acts, and what it needs;
# - read a comparison of remedies, paired by seed, without seeing more in it than is there;
# - explain what a KD loss (knowledge distillation) keeps that a label throws away, and why it needs shared
#   tokens;
# - say what selection by the teacher's likelihood selects, with your own labels as the evidence;
# - try a remedy live, and judge the result by an interval.

# %% setup=true

# %% [markdown]
# ## 7.1 Where a remedy acts
# | remedy | acts on | in the book (section 4.2.5) or paper |
# |---|---|---|
# | KD loss: learn the teacher's doubts too | the loss | (b), equations 4.12 and 4.13 |
# | confidence loss: trust yourself a little | the loss | Burns et al. 2023 |
# | selection: keep the likelier labels | the labels | (c) |
# | vote or average of several weak models | the labels | (d) |
# | a little gold among the labels | the labels | a small budget, well spent? |
# | keep what an early student agrees with | the labels | a filter, see 7.5 |
# | a model of middle size in between | the labels | Burns et al. 2023: *bootstrapping*, not that of unit 4 |
# | stop where the teacher's validation labels say | the training | Burns et al. 2023 |
# | cascade: small model first, then the large | the answers | (e) |
#
# All students start from the same weights and make equally many steps. (Selection and filter leave fewer
# labels, so each of these is seen more often.) **Predict first:**

# %%
from w2s_course.learn import predict

OPTIONS = {
    "select": "the likelier half of the labels",
    "confidence": "the confidence loss",
    "vote": "a vote of three teachers",
    "gold_fraction": "gold for a tenth of the labels",
    "kd": "the KD loss",
}
NONE = "none of them, beyond noise"
helps_bet = predict(
    "7.helps", "Which helps the student most, beyond noise?", options=[*OPTIONS.values(), NONE]
)

# %% [markdown]
# Keep an answer; the next section waits for it. One sentence of *why* on paper makes it worth more.

# %% [markdown]
# ## 7.2 What was recorded
# Recorded trials are read from a table, one row a student. Each remedy is compared with the plain student of
# the *same seed*, so that a lucky teacher helps both. (A KD student has a teacher of its own, see 7.3; it is
# compared with a plain student of that teacher. Stopping is judged on the validation snippets, where answers
# on the way were kept; all others on the test snippets.) The recipe is an older one than the recorded runs',
# so a seed here has other models than there.

# %%
from w2s_course.evidence.measured import effect
from w2s_course.evidence.remedy_rows import recorded_remedies, remedy_setting

helps_bet.required()
setting = remedy_setting()
found = recorded_remedies(setting)
print(setting.title if setting else "No table is recorded yet: `w2s sweep evidence` makes it.")
for remedy in found:
    print(f"{remedy.title:42} {remedy.change.points()}: {effect(remedy.change)}")

# %% [markdown]
# Read a line so: the mean change, in brackets its 95% interval and the number of seeds, then the word that
# the interval permits. *Helped* and *hurt* are said only where all of it lies on one side of 0. The names are
# those of the settings: *select* keeps the likelier labels, *gold fraction* puts gold among them, *filter
# agreement* keeps what an early student agrees with, *bootstrap* has the model of middle size in between, and
# in *kd decaying* the weight of the KD loss falls to 0 while the student learns. What is missing from the
# list is not recorded yet.

# %%
import matplotlib.pyplot as plt

from w2s_course import plots
from w2s_course.plots.remedies import remedies, selection
from w2s_course.wording import wrapped

with plots.style():
    height = 1.6 + 0.42 * len(found)
    figure, ax = plt.subplots(figsize=(6.5, height), layout="constrained")
    drawn = remedies({remedy.title: remedy.change for remedy in found}, ax)
    plt.show()
print(drawn)
print(wrapped(drawn.caption))

# %% [markdown]
# Look at the *widths* first. Where the small marks of one row lie further apart than the dots of different
# rows, another seed may well reverse the order. A row whose line crosses 0 has not failed: it was not shown
# to help, and not shown to be useless either.

# %%
known = {remedy.method: remedy for remedy in found if remedy.method in OPTIONS}
if len(known) < len(OPTIONS):
    missing = [name for method, name in OPTIONS.items() if method not in known]
    print("Your bet stays open. Not recorded yet:", "; ".join(missing))
else:
    helped = [remedy for remedy in known.values() if remedy.change.above]
    best = max(helped, key=lambda remedy: remedy.change.mean, default=None)
    text = f"Of these five, {len(helped)} helped beyond noise."
    helps_bet.compare(OPTIONS[best.method] if best else NONE, text)

# %% [markdown]
# 'The best of five' is itself a choice among noisy numbers: the winner's mean is flattered, and its interval
# knows nothing of the competition. Of twenty useless remedies one is expected to look helpful or harmful by
# its 95% interval.

# %%
from w2s_course.learn import activity

activity("7.shown")

# %% [markdown]
# And the price of each? Work counts the operations of making teachers, labels and student, as a multiple of
# those of the student that it is compared with.

# %%
import pandas as pd

from w2s_course.costs import ASSUMPTIONS

table = [[r.title, f"{r.work:.2f}" if r.work else "-", r.needs, effect(r.change)] for r in found]
label = ASSUMPTIONS["expert_hour"].value / 60 * ASSUMPTIONS["expert_minutes"].value
pool = len(lesson.splits["pool"])
print(f"Gold for a tenth of {pool:,} labels: ${0.1 * pool * label:,.0f}, at an assumed ${label:.2f} each.")
pd.DataFrame(table, columns=["remedy", "work", "needs", "effect"])

# %% [markdown]
# Work is the smaller part of a price. Gold costs people's time; more teachers cost gold in the real world,
# if they are to *differ*; a cascade keeps two models in service. A dash marks what trains nothing anew. Near
# 1.00 stands what takes hardly more operations: worth a try even for a small chance, if what it needs is at
# hand.

# %% [markdown]
# ## 7.3 Another loss: the teacher's doubts
# A label says one thing. What did your teacher think while it wrote? Here is the token of which it was least
# sure, in a label of medium confidence.

# %%
import torch

from w2s_course.arms.small import load_weak
from w2s_course.learn.rows import label_rows
from w2s_course.training.batches import encode

weak_model, weak_tokenizer = load_weak(lesson.stage("weak"))
rows = label_rows(lesson)
row = sorted(rows, key=lambda row: row.confidence)[len(rows) // 2]
(example,) = encode(weak_tokenizer, [row.code], [row.teacher])
ids = torch.tensor([[*example.prompt, *example.label]], device=weak_model.device)
with torch.no_grad():
    doubts = weak_model(input_ids=ids).logits[0, len(example.prompt) - 1 : -1].float().softmax(-1)
at = int(doubts.max(-1).values.argmin())
print(row.code, "\n  →", row.teacher, f"({'right' if row.right else 'wrong'})\n")
print("after:", weak_tokenizer.decode(example.label[:at]) or "(the beginning)")
for p, token in zip(*doubts[at].topk(3), strict=True):
    print(f"  {p:.0%}  {weak_tokenizer.decode(token)!r}")

# %% [markdown]
# The label keeps the first line and drops the others. Equation 4.12 lets the student see all of them: the
# divergence KL(teacher || student) is 0 where the student has the same doubts, and grows where it gives
# little to what the teacher holds possible.
#
# Three students at such a token; the teacher gives 60% to the word of the label and 40% to another:

# %%
from w2s_course.training.objectives import kd_divergence

teacher = torch.tensor([[0.6, 0.4]]).log()
print(f"{'student':>12} {'label loss':>11} {'divergence':>11} {'sum, lambda 1':>14}")
for share in (0.98, 0.80, 0.60):
    student = torch.tensor([[share, 1 - share]]).log()
    label_loss, apart = -student[0, 0].item(), kd_divergence(teacher, student).item()
    print(f"{share:>12.0%} {label_loss:>11.3f} {apart:>11.3f} {label_loss + apart:>14.3f}")

# %% [markdown]
# The label alone wants certainty, the divergence wants the teacher's doubt, and 4.13 settles in between; its
# lambda says where. A doubt that is *justified* is worth copying. One that comes from a small model's
# weakness is copied just as faithfully.
#
# Both distributions must be over the same tokens. Are they?

# %%
from transformers import AutoTokenizer

from w2s_course.models.strong import folder_of_model

strong_tokenizer = AutoTokenizer.from_pretrained(folder_of_model(lesson.config.strong_model))
for name, tokenizer in (("weak", weak_tokenizer), ("strong", strong_tokenizer)):
    split = tokenizer(row.teacher, add_special_tokens=False)["input_ids"]
    pieces = " | ".join(tokenizer.decode([token]) for token in split[:7])
    print(f"{name}: {len(tokenizer):,} tokens; {len(split)} for this sentence: {pieces} ...")
    print("   ids:", *split[:7])

# %% [markdown]
# The same words, cut elsewhere and numbered otherwise. Token 17 of one model is not token 17 of the other, so
# 4.12 is not even defined between these two. The recorded KD rows come from a second teacher, trained on the
# strong model's ids.

# %%
activity("7.vocabulary")

# %% [markdown]
# ## 7.4 Another loss: trust yourself
# The confidence loss weighs two targets: (1 - alpha) the weak label, alpha the student's own likeliest token.
# Below a student that gives its own choice most of the probability, where the label says something else. In
# which direction does a step push its logits, the scores before they become probabilities?

# %%
from w2s_course.training.objectives import confidence_loss

logits = torch.tensor([[2.0, 0.0, 0.0]], requires_grad=True)
print(f"the student gives its own choice {logits.softmax(-1)[0, 0].item():.0%}; the label says token 1")
for alpha in (0.0, 0.25, 0.5, 0.75, 1.0):
    loss = confidence_loss(logits, torch.tensor([1]), alpha)
    push = -torch.autograd.grad(loss, logits)[0][0]
    print(f"alpha {alpha:.2f}: own choice {push[0]:+.2f}, the label's {push[1]:+.2f}")

# %% [markdown]
# With alpha 0 the label pulls with all its force, with 1 not at all. In between the pull is towards a
# *split*: probability alpha for the own choice, 1 - alpha for the label's. So even at 0.5 a student that is
# surer than that is pulled back, only less.
#
# In the 2023 study this loss lifted the median PGR of the most distant pair of models from about 25% to
# nearly 80%, and made small students slightly worse (Burns et al. 2023,
# [arXiv 2312.09390](https://arxiv.org/abs/2312.09390)): a student should have something to insist on. Is
# yours large beside its teacher? The recorded row is the answer for this pair.

# %%
activity("7.warmup")

# %% [markdown]
# How trust grows is easy to get wrong. The open release of that study has a warm-up that hardly rises until
# its end, and then jumps. Exercise 7.7 lets you find the slip, and mend it.

# %% [markdown]
# ## 7.5 Other labels: keep what the teacher likes
# Method (c) keeps the labels that the small model finds likeliest. In unit 2 you saw that the surer half of
# your labels is cleaner, if confidence is worth anything. Now the other side. Take the claim that your
# teacher gets wrong most often, and call a concept *hard* if it names it rightly less often than usual.

# %%
half_bet = predict(
    "7.hard", "Half of all labels are kept. What share of those about hard concepts?", unit="%"
)

# %% [markdown]
# If selection were blind to what a label is about, the answer would be 50%.

# %%
from w2s_course.learn.selected import selection_by_concept

half_bet.required()
halves = selection_by_concept(rows, lesson.splits["pool"], share=0.5)
kept_of = {name: kept / max(1, of) for name, (kept, of) in (("known", halves.known), ("hard", halves.hard))}
text = f"Of the known ones {kept_of['known']:.1%}. {halves.hard[1]} labels are about hard concepts. "
text += f"Right: {halves.right[0]:.1%} of all labels, {halves.right[1]:.1%} of those kept."
half_bet.compare(round(100 * kept_of["hard"], 1), text)

# %% [markdown]
# The further the two shares lie apart, the more the teacher selects *itself*: the student gets cleaner
# lessons about what the teacher could do already. Concept by concept:

# %%
with plots.style():
    figure, ax = plt.subplots(figsize=(6.5, 4.6), layout="constrained")
    drawn = selection(halves.concepts, ax)
    plt.show()
print(f"True concepts in the slot '{halves.slot}'.", drawn, sep="\n")

# %% [markdown]
# Does the cloud rise to the right? Then a student meets hard concepts less often than the world does. (Part
# of it may be length: a likelihood is a product over tokens, so what is said in few words is likelier.)
# Look also for a bubble at the *upper left*: a concept that the teacher gets wrong and is sure of.
# Selection keeps it, and it is the one that does most harm.
#
# Other filters have the same downside: removing wrong labels can lower the quality of the *questions* that
# are left (Shi 2025, [arXiv 2503.04249](https://arxiv.org/abs/2503.04249)). The recorded rows *select* and
# *filter agreement*, where they are in the table, say what it came to here.

# %%
activity("7.selects")

# %% [markdown]
# ## 7.6 Other labels: ask more than one
# Three members of an ensemble (d), each wrong somewhere:

# %%
from w2s_course.models.answers import Answer
from w2s_course.training.ensemble import majority_vote

sentences = [
    "Returns the product of the squares of the even numbers.",
    "Returns the sum of the even numbers.",
    "Returns the sum of the squares of the odd numbers.",
]
(voted,) = majority_vote([[Answer(text, 0.5)] for text in sentences])
print(voted.text, f"(least support of a claim: {voted.confidence:.0%} of the members)")

# %% [markdown]
# Nobody wrote this sentence. If it is the true one, the vote is right where every member was wrong: errors in
# *different places* cancel. Now suppose that all three had written 'odd'.

# %%
activity("7.members")

# %% [markdown]
# The same logic decides how much a *student* can average out by itself (unit 5): it too sees many labels with
# the same truth. An ensemble adds something only where its members differ more than the labels of one teacher
# do already.

# %% [markdown]
# ## 7.7 No new training: share the work, stop in time
# The last two change no student. A **cascade** (e) lets the teacher answer what it is sure of and asks the
# student about the rest. **Early stopping** takes the checkpoint that agrees best with the *teacher* on
# validation snippets: truth is not to be had. Both from recorded rows:

# %%
from w2s_course.evidence.remedies import cascading, stopping

for name, find in (("Cascade", cascading), ("Stopping", stopping)):
    finding = find(setting) if setting else None
    print(name if finding else f"{name}: not recorded yet")
    for what, figure_of in finding.lines if finding else ():
        print(f"  {what}: {figure_of}")
    if finding:
        print(wrapped(f"  {finding.verdict}\n"))

# %% [markdown]
# A cascade is judged by *two* numbers: what it saves and what it loses. Where the teacher's surest answers
# are right as often as the student's, the saving is free; where the student is better on those too, each
# saved question costs a little accuracy. (A threshold chosen on few validation snippets may promise more
# than it keeps.)
#
# In the 2023 study students came to overfit weak labels within an epoch. Measured by the teacher's own labels
# that looks like progress, so the signal may come too late, or never. A gain near 0 says that there was
# little to stop for.

# %%
activity("7.threshold")

# %% [markdown]
# ## 7.8 One comparison of your choice
# Recorded rows are somebody else's runs. Choose one of these, on *your* models:
#
# - `"draws"`: one teacher asked nine times, its claims voted on (seconds to half a minute);
# - `"second teacher"`: one more weak model on the same gold, the surer one wins each dispute (trains a small
#   model, about as long as the first one took);
# - `"cascade"`: your teacher first, then your student of unit 3 (seconds if it is trained; else its training
#   is announced).

# %%
CHOICE = "draws"

own_bet = predict(
    f"7.own_{CHOICE.replace(' ', '_')}",
    f"The remedy '{CHOICE}', against doing without it:",
    options=["worse", "no difference shown", "better"],
)

# %% [markdown]
# Then run it. The difference is paired: both ways answer the same snippets.

# %%
from w2s_course.learn.live_remedies import compare_remedy

own_bet.required()
mine = compare_remedy(lesson, CHOICE)
own_bet.compare(mine.outcome)
print(mine)

# %% [markdown]
# Read the interval before the difference. It speaks of other snippets, not of another teacher: this is one
# seed. And ask *why*. Nine draws come from one model and share what it misunderstood, and each is noisier
# than the sentence that the model finds likeliest: a vote must first win back what drawing lost. Two teachers
# share their gold; a cascade can be no better than a perfect choice between its two models.
#
# Change `CHOICE` and run the two cells again if you like: each choice has a bet of its own.

# %% [markdown]
# ## Takeaways
# - A remedy acts on the loss, the labels, the training or the answers, and has a price of its own: gold,
#   models, shared tokens, a second model in service.
# - Compare with the *same* student without it, same steps, paired by seed; say helped or hurt only where the
#   interval does.
# - The KD loss passes on doubts, and needs one vocabulary. The confidence loss passes on the student's own
#   convictions, and needs a student that has some.
# - The teacher's likelihood selects what the teacher knows. Cleaner labels can be easier labels.
# - Votes cancel errors that differ, and confirm those that are shared. Against an error that everybody makes
#   only gold speaks.
#
# **Next:** [the exercises](../exercises/07_remedies/07_remedies.ipynb), in which you build each of these in a
# few lines. Then [8 Real code](08_real_code.ipynb): the same method on code that people wrote, where truth is
# harder to come by.
