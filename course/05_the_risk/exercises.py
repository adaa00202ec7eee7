# %% [markdown]
# # 5 The risk: exercises
#
# *About 55 minutes · 18 points · nothing here trains a model*
#
# You build the tools by which errors are followed: the ledger, a planted rule with its random twin, a verdict
# from recorded rows, agreement beyond chance, and the plan of an audit. The last exercise needs the audit
# that you made in the lesson. `hint("5.1")` gives the next of three hints.

# %% setup=true

# %% [markdown] exercise="5.1"
# Teacher and student explained the same snippet. What became of each claim?
#
# **Predict first:** teacher and student agree on a claim. Is that inheritance?

# %% exercise="5.1"
def fates(truth: dict, teacher: dict | None, student: dict | None) -> dict[str, str]:
    ### BEGIN SOLUTION
    found = {}
    for slot, true in truth.items():
        taught = teacher[slot] if teacher else "teacher unreadable"
        said = student[slot] if student else "student unreadable"
        if taught == true:
            found[slot] = "both right" if said == true else "invented"
        elif said == true:
            found[slot] = "corrected"
        else:
            found[slot] = "inherited" if said == taught else "still wrong"
    return found
    ### END SOLUTION


# %% [markdown] solution="5.1"
# *For instructors.* In the course's own ledger 'equal' means equal behaviour ('less than 0' is 'negative'),
# which takes a judge; here equal strings stand for it. The two unreadable words must differ, or two silences
# would be one claim.

# %% [markdown] exercise="5.2"
# One snippet is an anecdote. Add up the fates of a whole test set, in shares that answer the two questions
# one has about a teacher: of what it has *wrong*, how much is passed on? Of what it has *right*, how much
# gets broken?


# %% exercise="5.2"
def ledger(entries: list[dict[str, str]]) -> dict[str, float | None]:
    ### BEGIN SOLUTION
    found = [fate for entry in entries for fate in entry.values()]
    wrong = sum(found.count(fate) for fate in ("inherited", "corrected", "still wrong"))
    right = len(found) - wrong
    return {
        "inherited": found.count("inherited") / wrong if wrong else None,
        "corrected": found.count("corrected") / wrong if wrong else None,
        "invented": found.count("invented") / right if right else None,
    }
    ### END SOLUTION


# %% [markdown]
# **Use it** on your own student of unit 3: for all claims, then for conditions alone.

# %%
from w2s_course.judging.execution import judge
from w2s_course.learn import error_rows


def words_of(claims):
    return claims and {slot: str(claims[slot]) for slot in ("aggregate", "transform", "condition")}


own = []
for row, snippet in zip(error_rows(lesson), lesson.splits["test"], strict=True):
    said = [judge(text, row.code, snippet.claims).claimed for text in (row.teacher, row.student)]
    own.append(fates(words_of(snippet.claims), *map(words_of, said)))
print("all claims:", ledger(own))
print("conditions:", ledger([{"condition": entry["condition"]} for entry in own]))

# %% [markdown]
# Equal words count as equal claims here, so a claim in other words than the truth's counts as wrong. The
# course's own ledger, which runs the code, finds slightly fewer errors.

# %% [markdown] exercise="5.3"
# To know what a student inherits, one has to know the errors: plant them. A rule errs in the same way
# wherever it applies, such as 'positive' for 'negative', or 'count' for anything in a `while` loop.


# %% exercise="5.3"
def plant_rule(gold: list[dict], rule: dict) -> tuple[list[dict], list[int]]:
    ### BEGIN SOLUTION
    labels, planted, slot = [], [], rule["slot"]
    for number, label in enumerate(gold):
        concept, k = label[slot]
        applies = rule["style"] in (None, label["style"]) and rule["of"] in (None, concept)
        if applies and concept != rule["says"]:
            label = {**label, slot: [rule["says"], k]}
            planted.append(number)
        labels.append(label)
    return labels, planted
    ### END SOLUTION


# %% [markdown]
# **Use it** on your pool: a rule about a concept, and a blind spot for a style.

# %%
pool = [
    {
        "style": s.style,
        **{slot: [s.claims[slot].name, s.claims[slot].k] for slot in ("aggregate", "condition")},
    }
    for s in lesson.splits["pool"]
]
rules = {
    "'odd' for 'even'": {"slot": "condition", "of": "even", "style": None, "says": "odd"},
    "blind in while loops": {"slot": "aggregate", "of": None, "style": "while", "says": "count"},
}
for name, rule in rules.items():
    print(f"{name}: {len(plant_rule(pool, rule)[1])} of {len(pool)} labels planted")

# %% [markdown]
# A concept is touched in a few programs, a style in all of its own. (Programs that count anyway are not
# planted: there the rule says what is true.) A report of label accuracy would show the second rule as one
# number, and not where it sits.

# %% [markdown] exercise="5.4"
# A comparison of two kinds of error is fair only at equal label accuracy. Your labels may be weak ones, so
# some are wrong before anything is planted.
#
# **Predict first:** 10% of the programs are touched by the rule. Does label accuracy fall by 10 points?


# %% exercise="5.4"
def matched_errors(right: list[int], touched: list[int]) -> dict[str, float | None]:
    ### BEGIN SOLUTION
    before = sum(right)
    newly_wrong = sum(r and t for r, t in zip(right, touched, strict=True))
    return {
        "accuracy": (before - newly_wrong) / len(right),
        "rate": newly_wrong / before if before else None,
    }
    ### END SOLUTION


# %% [markdown] solution="5.4"
# *For instructors.* The accuracy falls by the share of labels that are right *and* touched, which for a
# teacher that is right half of the time may be half of what the rule touches. Only with gold labels is it the
# whole.

# %% [markdown] exercise="5.5"
# Two students a seed, one of systematic and one of random errors at the same label accuracy. `passed_on` is
# the student's error rate as a multiple of its labels' error rate: 1 means that errors are passed on in
# full. Write the function that turns rows into a verdict, *before* you look at the rows. Whichever way they
# point, the verdict must be able to say it.


# %% exercise="5.5"
T975 = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622}


def passed_on_more(rows: list[dict]) -> dict:
    ### BEGIN SOLUTION
    from statistics import fmean, stdev

    by_plan = {"systematic": {}, "matched": {}}
    for row in rows:
        if row["plan"] in by_plan and row["passed_on"] is not None:
            by_plan[row["plan"]][row["seed"]] = row["passed_on"]
    one, other = by_plan.values()
    apart = [one[seed] - other[seed] for seed in one if seed in other]
    found = {"seeds": len(apart), "difference": None, "low": None, "high": None, "verdict": "not recorded"}
    if apart:
        found |= {"difference": fmean(apart), "verdict": "not shown"}
    if len(apart) > 1:
        half = T975[len(apart) - 1] * stdev(apart) / len(apart) ** 0.5
        low, high = found["difference"] - half, found["difference"] + half
        verdict = "systematic" if low > 0 else "random" if high < 0 else "not shown"
        found |= {"low": low, "high": high, "verdict": verdict}
    return found
    ### END SOLUTION


# %% [markdown]
# **Use it** on the recorded sweep. (Rows about a blind spot are another comparison, and left out.) Where the
# sweep is not recorded yet, the verdict says so.

# %%
from w2s_course.learn.recorded_rows import recorded_setting

setting = recorded_setting()
recorded = [row for plan in ("systematic", "matched") for row in setting.where(labels="gold", plan=plan)]
recorded = [row for row in recorded if "while" not in row["planted_rules"]]
print(passed_on_more(recorded))

# %% [markdown]
# The verdict is one word, and the interval says how sure it is: with three seeds t is 4.3. It is the
# comparison of section 5.3 of the lesson.

# %% [markdown] exercise="5.6"
# Teacher and student claim the same on most snippets. Before you speak of copying, take away what two
# independent models of these accuracies would agree on anyway (Goel et al. 2025, for answers without
# probabilities). Then 1 means always the same, 0 as if they had never met, below 0 that each errs where the
# other does not.


# %% exercise="5.6"
def beyond_chance(truth, teacher, student, options: int) -> float:
    ### BEGIN SOLUTION
    rows = list(zip(truth, teacher, student, strict=True))
    teacher_right = sum(t == true for true, t, _ in rows) / len(rows)
    student_right = sum(s == true for true, _, s in rows) / len(rows)
    observed = sum(t == s for _, t, s in rows) / len(rows)
    both_wrong = (1 - teacher_right) * (1 - student_right)
    expected = teacher_right * student_right + both_wrong / (options - 1)
    return 0.0 if expected == 1 else (observed - expected) / (1 - expected)
    ### END SOLUTION


# %% [markdown]
# **Use it:** a teacher that takes 'even' (e) for 'odd' (o) twice, and two imagined students of it. Both
# students are right on 6 of 8.

# %%
truth, teacher = "eeeeoooo", "eeooooop"
for name, student in {"repeats its errors": "eeoooooo", "has its own": "eeeeooee"}.items():
    print(f"{name:20} {beyond_chance(truth, teacher, student, 12):.2f}")

# %% [markdown]
# Both students are equally often right, so accuracy cannot tell them apart. The one whose errors fall where
# its teacher's fall is far above 0, the other is near it.

# %% [markdown] exercise="5.7"
# Before an audit one should know what it can find. Labels are drawn at random from a large pool, so take the
# draws as independent.
#
# **Predict first:** a blind spot of 5% of the code, wrong throughout. How many labels must you read to see
# it at least once with 95% certainty: 19, 20, or about 60?


# %% exercise="5.7"
import math


def labels_to_read(share: float, rate: float, sure: float) -> int:
    ### BEGIN SOLUTION
    seen_by_one = share * rate
    if seen_by_one <= 0:
        raise ValueError("no label shows an error, so no number of labels is enough")
    return math.ceil(math.log(1 - sure) / math.log(1 - seen_by_one))
    ### END SOLUTION


# %% [markdown]
# **Use it:** the price of certainty, for blind spots that are wrong throughout.

# %%
for share in (0.25, 0.05, 0.01):
    sizes = [labels_to_read(share, 1.0, sure) for sure in (0.5, 0.95, 0.99)]
    print(f"{share:4.0%} of the code: {sizes} labels for 50%, 95%, 99%")

# %% [markdown]
# To *see* an error once is the least of it: to know that it is a rule one needs several of a kind.

# %% [markdown]
# ## The interval of a share
# As in unit 2: the shares that go with a count, at 95%.


# %%
def wilson(count, n, z=1.96):
    share, scale = count / n, 1 + z**2 / n
    half = z * (share * (1 - share) / n + z**2 / (4 * n**2)) ** 0.5 / scale
    return (share + z**2 / (2 * n)) / scale - half, (share + z**2 / (2 * n)) / scale + half


print("5 of 6 wrong: {:.2f} to {:.2f}".format(*wilson(5, 6)))

# %% [markdown]
# Six labels, nearly all wrong, and still the interval is wide: keep that in mind for the styles of your
# audit.

# %% [markdown] exercise="5.8"
# Your audit of section 5.9: which style do you suspect, and does it stand out, or might chance have done it?
# What you conclude is checked against the counts that you give, not against the answer: an audit in which
# nothing stands out is as good here as one in which something does.

# %% exercise="5.8"
### BEGIN SOLUTION
counts = {"comprehension": [1, 5], "loop": [0, 7], "map_filter": [0, 6], "while": [6, 6]}
ends = wilson(*counts["while"])
my_blind_spot = {
    "wrong": counts,
    "suspect": "while",
    "low": round(ends[0], 3),
    "high": round(ends[1], 3),
    "stands_out": "yes",
}
### END SOLUTION

# %% [markdown] solution="5.8"
# *For instructors.* The counts are an example and not those of the lesson. 6 of 6 gives an interval from 0.61
# on, 1 of 18 for the others one up to 0.26. Four styles were looked at and the worst was picked, so 'stands
# out' by this rule happens by chance a little more often than the 95% suggest; a stricter audit would read
# new labels of the suspected style.

# %% [markdown]
# **You can now** keep a ledger of errors, plant a rule and its random twin, tell copied errors from hard
# ones, and plan an audit. To see what you have done so far, in any cell: `from w2s_course.learn import
# progress; progress()`.
#
# **Next:** the lesson *6 The advantage*, `notebooks/06_the_advantage.ipynb`.
