# %% [markdown]
# # 3 Fine-tune the strong model: exercises
#
# *40 minutes · 13 points · needs the lesson's fine-tuned student for 3.6 (computed there if it is missing)*
#
# Write your answers in place of the lines that say *not attempted*. The cell below each answer checks it; it
# tells you what it verified, or what to look at.

# %% setup=true

# %% [markdown] exercise="3.1"
# A training row is the prompt, the label (which ends with the end mark) and padding up to the batch's length.
# Only the label is learned. In this model the end mark and the padding are the *same* token, id 2: what could
# go wrong?

# %% exercise="3.1"
END = 2  # the end mark, and the padding


def loss_labels(prompt, label, length):
    ### BEGIN SOLUTION
    rest = length - len(prompt) - len(label)
    return [-100] * len(prompt) + list(label) + [-100] * rest
    ### END SOLUTION


# %% [markdown] solution="3.1"
# Three parts, three lengths, no id looked at. Every comparison with `END` is a bug that waits for an input:
# it throws away the end mark of the label, or stumbles over one in the prompt.

# %% [markdown]
# With your function you can see what each label position of a real example is. (Nothing is graded here.)

# %%
from transformers import AutoTokenizer

from w2s_course.models.strong import folder_of_model
from w2s_course.training.batches import encode

tokenizer = AutoTokenizer.from_pretrained(folder_of_model(lesson.config.strong_model))
snippet = lesson.splits["pool"][0]
real = encode(tokenizer, [snippet.code], [snippet.explanation])[0]
row = loss_labels(list(real.prompt), list(real.label), len(real) + 3)
print("learned:", [tokenizer.decode([token]) for token in row if token != -100])

# %% [markdown]
# The list should begin with the sentence's first word and end with the end mark, once.

# %% [markdown] exercise="3.2"
# Now the loss itself, from raw logits and the labels of 3.1. This is the heart of the experiment, and the
# place of its most expensive silent bugs: a loss that is off by one position still falls, and a model comes
# out that has learned to repeat its input. Use any of PyTorch's functions, or none.

# %% exercise="3.2"
import torch


def label_loss(logits, labels):
    ### BEGIN SOLUTION
    upcoming = labels[:, 1:]
    learned = upcoming != -100
    scores = torch.log_softmax(logits[:, :-1][learned], dim=-1)
    return -scores.gather(1, upcoming[learned].unsqueeze(1)).mean()
    ### END SOLUTION


# %% [markdown] solution="3.2"
# `F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())` is the same: -100 is its default
# `ignore_index`, and its mean is over the labels that are left. Two traps are worth remembering. The mean of
# the examples' means weighs short labels more; with accumulated gradients many training loops do this
# without meaning to. And probabilities underflow where log-probabilities do not.

# %% [markdown] exercise="3.3"
# Snippets differ in length, a tensor does not. Fill the rows up, and tell the model which positions are
# real. (In this exercise lists are enough; `torch.tensor` takes them as they are.)


# %% exercise="3.3"
def pad_batch(rows, pad_id):
    ### BEGIN SOLUTION
    longest = max(len(row) for row in rows)
    missing = [longest - len(row) for row in rows]
    return {
        "input_ids": [row + [pad_id] * gap for row, gap in zip(rows, missing, strict=True)],
        "attention": [[1] * len(row) + [0] * gap for row, gap in zip(rows, missing, strict=True)],
    }
    ### END SOLUTION


# %% [markdown] solution="3.3"
# Attention is made from lengths, before any id is added. With a causal model and padding on the right the
# labels' mask alone would do, since no real token can look to its right; libraries ask for attention all the
# same, and for generation, where padding stands on the left, it is needed.

# %% [markdown] exercise="3.4"
# LoRA puts two thin matrices beside each frozen one. How many numbers is that? Once you can count it, you
# can say what a larger rank costs before you train.


# %% exercise="3.4"
def lora_parameters(shapes, rank, alpha):
    ### BEGIN SOLUTION
    return sum(rank * (inputs + outputs) for inputs, outputs in shapes)
    ### END SOLUTION


# %% [markdown] solution="3.4"
# A is `rank` by inputs, B outputs by `rank`. The count grows with the *sum* of the two sides, W with their
# product: the larger the layer, the more is saved. Alpha is a factor, chosen once and not trained.

# %% [markdown]
# Your function against the library's own count, on the real strong model (a few seconds):

# %%
import torch

from w2s_course.models.device import pick_device
from w2s_course.models.strong import add_lora, load_strong

lora = lesson.config.lora
model, _ = load_strong(lesson.config.strong_model, lesson.config.precision, pick_device())
layers = model.base_model.layers
upper = layers[min(len(layers) - 1, round(len(layers) * (1 - lora.upper))) :]
linear = [m for m in upper.modules() if isinstance(m, torch.nn.Linear)]
shapes = [(m.in_features, m.out_features) for m in linear]
print(f"{len(shapes)} linear layers; the library trains {add_lora(model, lora, seed=0):,} numbers")
for rank in (lora.rank, 4 * lora.rank):
    print(f"rank {rank}: {lora_parameters(shapes, rank, lora.alpha):,} by your count")

# %% [markdown]
# The first count should agree with the library's. What does four times the rank cost?

# %% [markdown] exercise="3.5"
# A team with gold would stop the training where validation answers are most often *true*. Without gold it can
# only stop where they agree most often with the *teacher*. What does that cost?


# %% exercise="3.5"
def stopping_cost(curve):
    ### BEGIN SOLUTION
    chosen = max(curve, key=lambda checkpoint: checkpoint["weak"])
    return max(checkpoint["gold"] for checkpoint in curve) - chosen["gold"]
    ### END SOLUTION


# %% [markdown] solution="3.5"
# The step is chosen by one measure, the cost read off the other. It is never negative, and 0 where both
# choose the same step. Note what it takes for granted: that `gold` at the best step is not merely the
# luckiest of several noisy values. Choosing a maximum flatters it.

# %% [markdown]
# The recorded runs, priced with your function:

# %%
for run in lesson.recorded_all():
    points = [
        {"step": p["step"], "loss": p["loss"], "gold": p["gold"]["value"], "weak": p["weak"]["value"]}
        for p in run["curves"]["weak_to_strong"]
    ]
    n = run["curves"]["weak_to_strong"][0]["gold"]["n"]
    cost = stopping_cost(points)
    print(f"seed {run['config']['seed']}: {cost:.1%}, which is {round(cost * n)} of {n} validation snippets")

# %% [markdown]
# Look at the snippets behind each percentage before you draw a conclusion. The next exercise says how many
# make a difference.

# %% [markdown] exercise="3.6"
# Your own student, at its checkpoints. Did it get *worse* towards the end, that is, overfit its teacher's
# errors? A few snippets fewer than at best may be chance. If nothing had changed, a snippet that changes
# would be as likely to get better as to get worse: a coin toss. That *all* of k changes go the same way then
# has the probability 2 / 2^k:
#
# | k | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
# |---|---|---|---|---|---|---|---|
# | 2 / 2^k | 100% | 50% | 25% | 13% | 6% | 3% | 2% |
#
# So fewer than 6 lost snippets are no evidence, however they came about. (Six or more are only a reason to
# look: others may have got better at the same time, and the best of several checkpoints is partly the
# luckiest.) The next cell prints your numbers. If the student is not there yet it is trained now: the wait
# is said first. Type them into your answer as they are printed: it is graded where your run is not.

# %%
from statistics import fmean

from w2s_course.arms.files import CURVE, read_rows
from w2s_course.results import judge_all

checkpoints = read_rows(lesson.stage("weak_to_strong") / CURVE)
val = lesson.splits["val"]
own_gold = [fmean(v.exact for v in judge_all(c["answers"], val)) for c in checkpoints]
print("steps:", [c["step"] for c in checkpoints])
print("true: ", own_gold)
print("validation snippets:", len(val))

# %% exercise="3.6"
### BEGIN SOLUTION
my_reading = {
    "n": 32,
    "gold": [0.28125, 0.40625, 0.4375, 0.625],
    "lost": 0,
    "conclusion": "a",
}
### END SOLUTION

# %% [markdown] solution="3.6"
# These are the numbers of the recorded run of seed 0; yours differ.
#
# What each letter allows you to say. **a**: no fall was seen; the run does not show whether more steps would
# help. **b**: as much as a coin does; report the last checkpoint and say so. **c**: look at which snippets
# were lost, and whether the student's new answers are its teacher's errors (unit 5 has the tool for it).

# %% [markdown]
# **You can now** write the loss of equation 4.10 with its mask, count what LoRA trains, and read a loss curve
# with due doubt. To see what you have done so far, in any cell: `from w2s_course.learn import progress;
# progress()`.
#
# **Next:** the lesson *4 Measure*, `notebooks/04_measure.ipynb`.
