"""The graded exercises, one module a unit, each with its `UNIT`. A new file `unit_N.py` is a new unit."""
