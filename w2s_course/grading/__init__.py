"""Grading submissions that nobody has read: repair, run in a sandbox, judge outside.

    submission.py  a notebook file, read defensively
    master.py      what it is graded against
    markers.py     where the answers stand in it
    repair.py      the cells to run, put together from the submission and the master
    limits.py      what a submission may use
    bubblewrap.py  what a sandbox sees of this machine
    sandbox.py     one Python process in it; watch.py: what the kernel's limits don't catch
    host.py        the program inside; kernel.py: the limits that it sets; cells.py: what of a cell it runs;
                   standins.py: what replaces the course's notebook helpers there
    interview.py   the conversation with it, and a new sandbox after each crash
    rounds.py      its answers, judged
    score.py       from answers to marks, each with a log that explains it; wording.py: what is said of them

What is trusted: everything but what runs inside once a submission's first cell has run. From then
on the whole sandbox is taken to be the submission's: it may say any answers it likes, and answers are all
that is taken from it.
"""
