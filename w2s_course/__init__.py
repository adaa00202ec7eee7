"""Weak-to-strong generalization, by hand: the helper package of the course.

Read the sub-packages in the order in which the experiment runs: `snippets` makes code with checkable
truth, `judging` decides whether a sentence about it is true, `models` holds the weak and the strong
model, `labeling` lets one teach the other, `training` fine-tunes, `metrics` and `costs` measure,
`experiment` runs it all, `report` and `plots` show it. Nothing heavy is imported here.
"""

__version__ = "0.1.0"
