"""Weak to strong on code that people wrote: `splits`, `likelihood`, `teacher`, `arms`, `run`."""
