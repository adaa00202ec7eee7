"""From the texts in `course/` to the notebooks that learners open."""
