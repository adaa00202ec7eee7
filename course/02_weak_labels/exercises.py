# %% [markdown]
# # 2 Weak labels: exercises
#
# *Seven exercises, about 55 minutes, 17 points · do them after, or beside, the lesson of this unit*
#
# Each asks for one short function or value. `check` says what it verified, or what your answer seems to
# take for granted; `hint` gives three hints, one after the other. Four of them end with your own run: that
# cell works once your answer does.

# %% setup=true

# %% [markdown] exercise="2.1"
# A label set is used long after its maker has forgotten how it came about. Whoever trains on it, or audits
# it, must be able to say which snippet a label belongs to, who wrote it, and how sure the writer was.
#
# **Predict first:** the model is only 5% sure of a label. Does it belong into the set?

# %% exercise="2.1"
def label_pool(explain, snippets, labeller):
    ### BEGIN SOLUTION
    rows = []
    for given in snippets:
        text, sure = explain(given["code"])
        made = {"id": given["id"], "code": given["code"], "explanation": text}
        rows.append({**made, "confidence": sure, "labeller": labeller})
    return rows
    ### END SOLUTION


# %% [markdown] solution="2.1"
# Nothing is filtered, sorted or repaired on the way: each of these is a decision about the data, and
# belongs into a step of its own whose effect is measured. The gold stays out because a row that holds it
# will be trained on one day. (The course's own table does hold a column `gold`, to measure with; its
# training code reads the other one.)

# %% [markdown] exercise="2.2"
# A model writes a sentence token by token, and each token has a probability given those before. What is the
# probability of the whole?
#
# Mind where the sentence ends. Sentences of a batch differ in length and the short ones are filled up with
# padding, which in many models is the end mark itself.

# %% exercise="2.2"
import math


def sentence_confidence(tokens, log_probs):
    ### BEGIN SOLUTION
    total = 0.0
    for token, log_prob in zip(tokens, log_probs, strict=True):
        total += log_prob
        if token == "<end>":
            break
    return math.exp(total)
    ### END SOLUTION


# %% [markdown] solution="2.2"
# Sums of logarithms, because a product of hundreds of small numbers becomes 0 in a computer. The price of
# the product is a bias against long sentences: each token can only lower it. Here sentences are equally
# long, give or take a few tokens; where they are not, decide what you want to compare before you divide by
# length.

# %% [markdown] exercise="2.3"
# 'Right' and 'wrong' say little about a label: a student can pick up one wrong claim of it and not another.
# So we want to know *which* claims are wrong.
#
# `parse` turns a sentence into its claims, or says that it is `Unreadable`. `claims["condition"]` is one
# claim (with a `name` and a number `k`), `claims.with_claim(c)` is a copy with one claim exchanged, and
# `same_behaviour(a, b)` runs two descriptions on the same lists and says whether they always agree.
#
# **Predict first:** is 'at most 9' a wrong label where the code says `x < 10`?

# %% exercise="2.3"
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import same_behaviour

SLOTS = ("aggregate", "transform", "condition")


def wrong_slots(said, true):
    ### BEGIN SOLUTION
    claimed, truth = parse(said), parse(true)
    if isinstance(claimed, Unreadable):
        return ["unreadable"]
    exchanged = {slot: truth.with_claim(claimed[slot]) for slot in SLOTS}
    return sorted(slot for slot in SLOTS if not same_behaviour(exchanged[slot], truth))
    ### END SOLUTION


# %% [markdown] solution="2.3"
# Changing one thing at a time, from the truth, keeps errors apart. It also leaves a gap: two wrong claims
# may make up for each other, and the sentence as a whole is true. The course's judge looks at the whole
# sentence first, for that reason.

# %% [markdown]
# **On your own run.** This takes the time that the set-up cell said, once; afterwards the labels are kept.

# %%
from collections import Counter

from w2s_course.labeling import load_labels

labels = load_labels(lesson.stage("labels"))
kinds = Counter()
for said, true in zip(labels["explanation"], labels["gold"], strict=True):
    kinds[", ".join(wrong_slots(said, true)) or "nothing wrong"] += 1
for kind, count in kinds.most_common():
    print(f"{count:5,}  {kind}")

# %% [markdown]
# One line a combination. Are labels with two wrong claims as frequent as you would expect if slots went
# wrong independently of each other?

# %% [markdown] exercise="2.4"
# Errors of a teacher can be noise, or they can be a rule. Take the wrong labels of filters for odd numbers:
# do they all say 'even', or something else each time? A student can ignore noise and learn a rule.

# %% exercise="2.4"
from collections import Counter, defaultdict


def error_direction(pairs):
    ### BEGIN SOLUTION
    errors = defaultdict(Counter)
    for true, said in pairs:
        if said != true:
            errors[true][said] += 1
    found = {}
    for true, counts in errors.items():
        best = max(sorted(counts), key=counts.get)
        found[true] = [best, counts[best] / sum(counts.values())]
    return found
    ### END SOLUTION


# %% [markdown] solution="2.4"
# The right labels go first: what is left are errors only, and the share is about where they go, not how
# many there are. Both matter. A direction with a share of 1 and two errors is nothing; the same with half
# of the concept's labels is what the student will be taught.

# %% [markdown]
# **On your own run**, by the names of the conditions. A wrong number ('at most 8' for 'at most 9') counts
# as right here, and other words for the same function count as wrong.

# %%
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.labeling import load_labels
from w2s_course.snippets.concepts import CONDITIONS

labels, pool = load_labels(lesson.stage("labels")), lesson.splits["pool"]
claimed = [parse(text) for text in labels["explanation"]]
pairs = [
    (snippet.claims["condition"].name, claims["condition"].name)
    for snippet, claims in zip(pool, claimed, strict=True)
    if not isinstance(claims, Unreadable)
]
print(f"spread evenly over all other conditions: {1 / (len(CONDITIONS) - 1):.0%} for each")
for true, (said, share) in sorted(error_direction(pairs).items()):
    print(f"{true:17} is most often mistaken for {said:17} {share:5.0%} of its errors")

# %% [markdown]
# A share near the first line's is noise, a share near 100% is a rule; concepts with very few errors say
# neither.

# %% [markdown] exercise="2.5"
# The lesson's plot of reliability says by eye whether the teacher is as right as it is sure. As one number
# it is the *expected calibration error* (Naeini et al. 2015): cut the confidences into bins, take the
# distance in each, and weight it with the number of labels.
#
# Mind how the bins are cut. The plot's groups hold equally many labels each. Here the bins are equally *wide*
# (of two, the first goes from 0 to 0.5), and hold as many labels as fall into them.
#
# **Predict first:** a teacher that is right about 30% of the time gives each of its labels a confidence of
# 0.3. What is its error?


# %% exercise="2.5"
def calibration_error(confidence, right, bins):
    ### BEGIN SOLUTION
    if len(right) == 0:
        raise ValueError("no labels: nothing was measured")
    cut = [[] for _ in range(bins)]
    for sure, is_right in zip(confidence, right, strict=True):
        cut[min(int(sure * bins), bins - 1)].append((sure, is_right))
    distances = [abs(sum(sure for sure, _ in bin) - sum(is_right for _, is_right in bin)) for bin in cut]
    return sum(distances) / len(right)
    ### END SOLUTION


# %% [markdown] solution="2.5"
# In each bin, n times the distance of two means is the distance of two sums, so the weights cancel and an
# empty bin adds 0 without being asked. The number depends on the bins: with one bin it only compares the
# overall means, with as many bins as labels it compares each label with itself. Never compare two of them
# that were made with different bins, or with very different numbers of labels.

# %% [markdown]
# **On your own run**, with three numbers of bins.

# %%
from w2s_course.learn import label_rows

rows = label_rows(lesson)
sure, right = [row.confidence for row in rows], [row.right for row in rows]
for bins in (1, 10, 100):
    print(f"{bins:3} bins: {calibration_error(sure, right, bins):.3f}")

# %% [markdown]
# The same labels and the same confidences each time. If the last number is the largest, that is mostly
# because bins with a handful of labels are off by chance.

# %% [markdown]
# ## An interval for a share that was counted on few
# You looked at some labels and found a share of them right. Which shares of *all* labels go with that?
# Wilson's interval (1927) answers it for any count, also for none or all of them right: at 95%, about 19 of
# 20 such audits give an interval that holds the true share.

# %%
from math import sqrt


def wilson(right, n, z=1.96):
    share = right / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


for count in (0, 10, 20):
    print(f"{count:2} of 20 right: {wilson(count, 20)[0]:.2f} to {wilson(count, 20)[1]:.2f}")

# %% [markdown]
# Even 20 of 20 leave room for doubt, and 10 of 20 say little more than 'not almost all, and not almost
# none'.

# %% [markdown] exercise="2.6"
# Now your own audit, from the lesson. Say what it shows: no more than its interval allows, and no less.
#
# What you conclude is checked against the numbers that you give, not against ours: yours differ from
# everybody else's.

# %% exercise="2.6"
### BEGIN SOLUTION
counted, found_right = 20, 11
bounds = wilson(found_right, counted)
my_audit = {
    "audited": counted,
    "right": found_right,
    "low": round(bounds[0], 3),
    "high": round(bounds[1], 3),
    "more_than_half_right": "cannot say",
    "pool_right": 0.55,
    "contradicts": False,
}
### END SOLUTION

# %% [markdown] solution="2.6"
# The counts are an example, yours differ. With 11 of 20 the interval holds 0.5, so nothing follows about
# 'more than half', though 11 is more than half of 20. And it holds the judge's share, so the audit agrees
# with the judge as far as 20 labels can tell.

# %% [markdown] exercise="2.7"
# A label of a small model costs next to nothing, it is said. Count everything: the model had to learn from
# somebody's gold first, and a wrong label is not what you wanted to buy.


# %% exercise="2.7"
def price_per_right_label(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    ### BEGIN SOLUTION
    right_labels = labels * share_right
    if right_labels == 0:
        raise ValueError("no label is right, so none has a price")
    computing = seconds / 3600 * hour_price
    return (computing + gold_pairs * gold_price) / right_labels
    ### END SOLUTION


# %% [markdown] solution="2.7"
# Two kinds of cost: one that grows with the labels (computing) and one that is paid once (gold). Which of
# them counts depends on how many labels you make. Checking them, which this function leaves out, grows with
# the labels too, and at the price of people.

# %% [markdown]
# **For teachers of your run's size**, with half of the labels right. The prices are assumptions: put in
# yours.

# %%
from w2s_course.costs import ASSUMPTIONS

hour = ASSUMPTIONS["computer_hour"].value
by_hand = ASSUMPTIONS["expert_hour"].value * ASSUMPTIONS["expert_minutes"].value / 60
pairs_bought = lesson.config.sizes.gold
print(f"one explanation by a person: ${by_hand:.2f}; the teacher learned from {pairs_bought:,} of them")
for count in (1_000, 10_000, 100_000, 1_000_000):
    dollars = price_per_right_label(count, 0.5, 0.005 * count, hour, pairs_bought, by_hand)
    print(f"{count:9,} labels at 5 ms each: ${dollars:.4f} for each right one")

# %% [markdown]
# Weak labels are a bargain when there are many of them, or when the teacher's skill was paid for by
# somebody else. In the team's scenario it was: the small model is already there. For a pool hardly larger
# than the gold set you would have done better to buy gold.

# %% [markdown]
# **You can now** keep a label set that can be trusted later, say what is wrong with it and in which
# direction, and how much an audit shows. To see what you have done so far, in any cell: `from
# w2s_course.learn import progress; progress()`.
#
# **Next:** the lesson *3 Fine-tune the strong model*, `notebooks/03_fine_tune.ipynb`.
