# %% [markdown]
# # 9 The verdict: exercises
#
# *About 2 hours with both versions of the essay · 46 points, 30 of them marked by people · no waiting*
#
# Seven short exercises (40 minutes) that each sharpen one part of a verdict, then the verdict itself. `check`
# says what it verified, or what your answer seems to take for granted; `hint("9.1")` gives three hints.
#
# The short ones are practice. The essay is what this course was for: take the time.

# %% setup=true

# %% [markdown]
# Your evidence: your own run if it is complete, else the recorded one, and it says which. Nothing is trained
# by this cell.

# %%
import pandas as pd

from w2s_course.learn.evidence import gather, own_run

evidence = gather(own_run(lesson))
pd.set_option("display.max_colwidth", None, "display.max_rows", 80)
pd.DataFrame(evidence.table()).drop(columns="unit")

# %% [markdown] exercise="9.1"
# Six sentences that a verdict may contain. For each, name the key of the table above that *carries* it: the
# one whose value could make you cross the sentence out.
#
# | sentence | |
# |---|---|
# | **teacher** | On my test snippets the student beats its teacher by more than their noise. |
# | **again** | The gain is not the luck of one seed: on average over several it lies above zero. |
# | **rule** | Errors that follow a rule come back in the student. |
# | **gold** | Over the seeds, the teacher's gold does more in the strong model's hands than its labels. |
# | **origin** | What the student knows beyond its teacher, the labels alone do not explain. |
# | **cost** | Before the first weak label was written, so much had already been spent on truth. |

# %% exercise="9.1"
### BEGIN SOLUTION
carries = {"teacher": "gain", "again": "seeds.gain", "rule": "inherited.systematic"}
carries |= {"gold": "seeds.gold_lead", "origin": "seeds.control", "cost": "price.gold"}
### END SOLUTION

# %% [markdown]
# **Use it.** Each sentence beside the value of its key. Cross out, in your mind, those that it does not
# carry.

# %%
for name, key in carries.items():
    print(f"{name:8} {{{{{key}}}}} = {evidence.value(key)}")

# %% [markdown]
# A sentence that survives can go into your essay, with its key. Mind the brackets: one run, several seeds, or
# a sweep; and `cost` rests on assumed prices.

# %% [markdown] solution="9.1"
# *inherited* counts errors of the teacher whatever made them; only planted errors show what a rule does.
# *price.weak* is what one more thousand costs when the teacher is there.

# %% [markdown] exercise="9.2"
# A team's evidence (imagined; 95% intervals):
#
# | | |
# |---|---|
# | gain of the student, one seed, 200 test snippets | 11 points (4 to 18) |
# | strong on the teacher's gold minus student, same run | 20 points, the intervals do not overlap |
# | of the teacher's wrong claims, repeated | 30% (22% to 38%) |
# | a remedy against the plain student, three seeds | 2 points (-3 to 7) |
# | 1,000 weak labels, at the margin; the teacher's gold | 0.1 cents; 600 dollars (assumed prices) |
#
# a) On these snippets the student is better than its teacher by more than their noise.\
# b) The remedy does not help.\
# c) A run with another seed would gain between 4 and 18 points.\
# d) In this run the strong model does more with the teacher's gold than with its labels.\
# e) The student beats its teacher, so the inherited errors do no damage.\
# f) At these prices the gold, not the labelling, is what the plan costs.\
# g) Weak labels pay for every team that has no experts.\
# h) Whether the remedy helps is open.

# %% exercise="9.2"
### BEGIN SOLUTION
overclaims = ["b", "c", "e", "g"]
### END SOLUTION

# %% [markdown] solution="9.2"
# (f) is no overclaim because it says 'at these prices', and the two prices differ by a factor that no
# assumption about computers will close for a pool of ordinary size. (h) is what (b) should have been.

# %% [markdown] exercise="9.3"
# These steps of an argument were written on cards and dropped. Two of them do not belong.
#
# | key | step |
# |---|---|
# | `against` | look for the evidence that speaks most strongly against the claim |
# | `bar` | set the value of a measurement from which on you would decide otherwise |
# | `claim` | put down a provisional claim, as narrow as the intervals make it |
# | `drop` | leave out the seeds in which the claim does not hold |
# | `fit` | take the measurement in which the effect is largest |
# | `limits` | list what the design cannot show, and narrow the claim by it |
# | `predict` | put down what you expect |
# | `question` | say which decision is to be taken, and for whom |
# | `read` | read the numbers with their intervals |
# | `verdict` | write the verdict with its conditions, and what would reverse it |
# | `weigh` | set both sides against each other, and both against the bar |

# %% exercise="9.3"
### BEGIN SOLUTION
argument = ["question", "predict", "bar", "read", "claim", "against", "weigh", "limits", "verdict"]
### END SOLUTION

# %% [markdown] solution="9.3"
# *Predict* and *bar* may change places, and *limits* may stand anywhere between *claim* and *verdict*.
# What may not move: both of the former come before *read*.

# %% [markdown] exercise="9.4"
# A verdict for weak labels turns where somebody offers enough gold: from how many gold labels on does gold
# alone do as well? **Predict first:** can the answer be *no number*?


# %% exercise="9.4"
def reverses_at(student, rows):
    ### BEGIN SOLUTION
    rows = sorted(rows)
    for (x0, y0), (x1, y1) in zip([rows[0], *rows], rows, strict=False):
        if y1 >= student:
            return x1 if x1 == x0 else x0 + (x1 - x0) * (student - y0) / (y1 - y0)
    return None
    ### END SOLUTION


# %% [markdown]
# **Use it** on the recorded sweep: the student on weak labels against the same model on fewer gold ones, seed
# by seed. Where the rows are not recorded yet, the cell says so.

# %%
per_seed = {}
for setting in evidence.settings:
    for row in (r for n in setting.values("count") for r in setting.where(labels="gold", count=n)):
        per_seed.setdefault(row["seed"], []).append((row["count"], row["exact"]))
    for weak in setting.where():
        gold = sorted(per_seed.get(weak["seed"], []))
        turns = reverses_at(weak["exact"], gold) if len(gold) > 1 else "(too few gold rows recorded yet)"
        shown = f"{turns:,.0f} gold labels" if isinstance(turns, int | float) else turns
        sizes = ", ".join(f"{count:,}" for count, _ in gold)
        print(f"seed {weak['seed']}: weak {weak['exact']:.1%}; turns at {shown} (recorded: {sizes})")

# %% [markdown]
# If numbers are printed, mind how far the seeds lie apart before you quote one, and how far apart the
# recorded sizes around it are: between them the straight line is a guess. If the smallest size comes back,
# the verdict turns there *or earlier*; None says that no recorded amount of gold reverses it.

# %% [markdown] exercise="9.5"
# A rule that is fixed before the numbers are read, and applied to whatever they are. Put down a bar for your
# own decision now: how many points must a student gain to be worth the trouble?
#
# To try the function, `from w2s_course.learn.imagined_runs import outcome` gives you small results to read.


# %% exercise="9.5"
def decision(results, least):
    ### BEGIN SOLUTION
    ends = results["gain"]["ci95"]
    if results["config"]["preset"] == "smoke" or ends is None:
        return "no evidence"
    low, high = ends
    return "sound" if low >= least else "not sound" if high < least else "undecided"
    ### END SOLUTION


# %% [markdown]
# **Use it**, with your bar in place of 0.05, on each recorded run and on your own.

# %%
MY_BAR = 0.05

for run in [*evidence.recorded, *([evidence.own] if evidence.own else [])]:
    whose = "own" if run is evidence.own else "recorded"
    print(f"{whose}, seed {run['config']['seed']}: {decision(run, MY_BAR)}")

# %% [markdown]
# One rule, one bar, and perhaps several answers: a single run is a draw. This rule reads the gain alone.
# Which other number would you have to set a bar for, before the plan is sound for *you*?

# %% [markdown] exercise="9.6"
# Three features of this course's design. For each, one of the four inferences is *not* supported by it.
# Which?
#
# **"chosen"**: the grammar was changed until a gain showed. The first batch size, learning rate and adapted
# layers were chosen with test programs of seed 0 in view, under the first grammar. Gold pairs, learning rates
# and adapted layers were later chosen anew on seeds that are not among the recorded ones (100 and up). The
# recorded seeds were run again for every new recipe, and none was left out.
# - a: a further seed of this setting is likely to be like the recorded ones
# - b: of other tasks, too, most would show a gain
# - c: a student can pass its teacher on the teacher's own labels
# - d: the mean over the recorded seeds has an interval, which may or may not lie above zero
#
# **"planted"**: into two sets of gold labels equally many errors were put, by a rule and at random.
# - a: what a student of this kind makes of an error that follows a rule
# - b: whether labels with equally many errors can make different students
# - c: a consistent error can be learned, where there is one
# - d: the errors that a weak model makes by itself follow rules as strictly as the planted ones
#
# **"standin"**: the teacher learned from gold, which stands in for what a small model learned elsewhere.
# - a: a team whose small model came from elsewhere should fine-tune on gold instead
# - b: in this experiment, which of two uses of that gold does more
# - c: at a given price of an expert's minute, what that gold would have cost
# - d: how far the student stays below gold for the pool

# %% exercise="9.6"
### BEGIN SOLUTION
limits = {"chosen": "b", "planted": "d", "standin": "a"}
### END SOLUTION

# %% [markdown] solution="9.6"
# *For instructors.* 'standin' is where most essays fail: the arm on the teacher's gold is the strongest
# objection to the *experiment's* plan, and no advice to a team that has no such gold. An essay may argue that
# gold can be bought; then it must price it.

# %% [markdown]
# ## Before you write: mark somebody else
# Anchor essay C, written for this course, its numbers filled from recorded runs. Read it beside the rubric.

# %%
from IPython.display import Markdown, display

from w2s_course.learn.anchors import anchor, anchor_evidence
from w2s_course.learn.essay import fill
from w2s_course.learn.rubric import as_markdown

display(Markdown(as_markdown()))
display(Markdown("**Anchor essay C**"), fill(anchor("c").text, anchor_evidence()))

# %% [markdown] exercise="9.7"
# Give anchor essay C a level from 1 to 4 on each criterion, one section at a time. You need not agree with
# its verdict to mark it well.

# %% exercise="9.7"
### BEGIN SOLUTION
levels = {"claim": 4, "advantage": 3, "risk": 4, "weighing": 2, "reversal": 1, "limits": 2}
### END SOLUTION

# %% [markdown]
# **Compare**, once your levels pass: yours beside the mark, with its reasons.

# %%
from w2s_course.learn.anchors import beside_the_marks

pd.DataFrame(beside_the_marks("c", levels))

# %% [markdown]
# A level more or less is taste. Two levels apart is usually a section read by its tone.

# %% [markdown] essay="9.8"
# **Is it sound to fine-tune a powerful model on explanations that a weak one wrote?** Write a critical
# evaluation of 600 to 900 words for the team of unit 1. *Sound*, *not sound* and *undecided* can each earn
# full marks; so can a run without a gain.
#
# Seven sections, in this order: **Claim** · **Main advantage**, with evidence · **Most significant risk**,
# with evidence · **Ceiling** · **Remedies** · **What would reverse the verdict** · **Limits of my own
# experiment**, predictions revisited. The cell after next prints them as a template to copy.
#
# Cite numbers by key, `{{pgr}}`, at least five different ones, and at least one of your predictions,
# `{{prediction.1.gain}}`. Numbers from elsewhere need their source. It is marked by the six criteria of the
# rubric above, 1 to 4 points each.

# %%
from w2s_course.learn.essay import TEMPLATE

print(TEMPLATE)

# %% [markdown]
# Copy this into the essay's cell above; what stands between `<!--` and `-->` is guidance, and is not shown.
# **Save the notebook** (Ctrl-S), then run the next cell: it fills in your numbers and counts what can be
# counted. It cannot tell whether the argument is good. (On another day first run the set-up cell and the cell
# below it, which makes `evidence`.)

# %%
from w2s_course.learn.essay import feedback, fill
from w2s_course.learn.written import written

first = written("9.8")
display(fill(first, evidence))
feedback(first, evidence)

# %% [markdown]
# ## Two readers
# Exchange your text with somebody: `print(fill(first, evidence).text)` prints it with its numbers filled in,
# and what you get goes between the quotes of `partner`. Without a partner, an anchor is the second essay.
# Nothing is written into a sheet but the two texts, without names, and what you say about them.
#
# With a review of your own text in hand, write the second version. Both are kept.

# %%
from w2s_course.learn.anchors import anchor, anchor_evidence
from w2s_course.learn.essay import fill
from w2s_course.learn.peer import QUESTIONS, make_sheet

partner = r"""
"""
filled_anchor = {name: fill(anchor(name).text, anchor_evidence()).text for name in ("a", "b")}
mine = fill(first, evidence).text if first else filled_anchor["a"]
sheet = make_sheet(mine, partner.strip() or filled_anchor["b"], names=[])
print(
    f"The sheet has essays {' and '.join(sheet.essays)}; for each, six levels and {len(QUESTIONS)} answers:"
)
print("\n".join(f"- {question}" for question in QUESTIONS))

# %% [markdown]
# `print(sheet.essays["A"])` shows an essay to read. To review it: `sheet.review("A", {"claim": 3, ...},
# ["...", "...", "..."])`, with a level for each criterion, and your three answers for the dots; then the same
# for `"B"`. Then `sheet.export()` writes `peer_review.md` and `peer_review.json` beside this notebook. In
# `names=["Ada", ...]` put the writers' names: they are taken out.

# %% [markdown] essay="9.9"
# The verdict again, after a review. Begin with one line: **which objection changed what**, or why an
# objection changed nothing. Then the whole text, in the same sections. The first version stays where it is.
#
# Six points: an objection is taken up or answered (2), the change is in the argument and not only in its
# words (2), claim and limits fit each other better than before (2).

# %%
from w2s_course.learn.essay import compare_versions, feedback, fill

revised = written("9.9")
display(fill(revised, evidence))
print(compare_versions(first, revised))
feedback(revised, evidence)

# %% [markdown]
# ## Your dossier
# One HTML file with your predictions and their outcomes, your figures, both versions and the checks that you
# passed. Look at it before you send it: it holds what you wrote, and no name unless you wrote one.

# %%
from w2s_course.learn.dossier import FILE, export_dossier
from w2s_course.learn.headless import is_headless

if not is_headless():  # a test leaves no file behind
    export_dossier(evidence, {"First version": first, "Revised": revised}, FILE)

# %% [markdown]
# If you read this with everything done: that was the course. Take the dossier, and the habit of asking what
# would reverse a verdict before believing it.
