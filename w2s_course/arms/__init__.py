"""What each stage of the experiment computes.

files     the snippets of a run, and the files that a stage leaves behind
drafts    answers that are foreseen, checked in one pass
counted   training and asking, with what they cost
small     the weak model, its labels, the control
strong    the strong model: prompted, and fine-tuned on one set of labels or another

Every module of this package is part of every stage's recipe. Which stages there are, and in what order they
run, is said in `experiment`.
"""
