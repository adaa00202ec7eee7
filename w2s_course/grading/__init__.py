"""Grading submissions that nobody has read: repair, run in a sandbox, judge outside.

    submission.py  a notebook file, read defensively
    master.py      what it is graded against
    repair.py      the cells to run, put together from the submission and the master
    limits.py      what a submission may use
    bubblewrap.py  what a sandbox sees of this machine
    sandbox.py     one Python process in it; watch.py: what the kernel's limits don't catch
    host.py        the program inside; standins.py: what replaces the course's notebook helpers there
    interview.py   the conversation with it, and a new sandbox after each crash
    score.py       from answers to marks, each with a log that explains it

What is trusted: everything but `host.py` and `standins.py` once a submission's first cell has run. From then
on the whole sandbox is taken to be the submission's: it may say any answers it likes, and answers are all
that is taken from it.
"""
