"""Trials: one student trained in one way, on one seed, as one flat row of plain numbers."""

from w2s_course.trials.row import run_trial
from w2s_course.trials.trial import Trial

__all__ = ["Trial", "run_trial"]
