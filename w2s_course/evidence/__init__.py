"""The recorded evidence as text: `readme` for its blocks, `claims` and `page` for docs/evidence.md.

Every number and every verdict on these pages is computed from the recorded tables, never typed.
"""
