"""Claims about the pictures of remedies."""

from __future__ import annotations

from math import pi

from matplotlib.figure import Figure

from w2s_course.plots import style
from w2s_course.plots.remedies import Kept, selection

CROWDED = {
    "square": (0.41, 0.305),
    "double": (0.43, 0.29),
    "absolute": (0.71, 0.475),
    "half": (0.94, 0.58),
    "identity": (0.975, 0.582),
    "last digit": (0.968, 0.65),
}


def test_names_of_concepts_lie_on_no_bubble():
    with style():
        ax = Figure((7, 5.5)).subplots()
        selection({name: Kept(100, *at) for name, at in CROWDED.items()}, ax)
    middles = ax.transData.transform(list(CROWDED.values()))
    names = {text.get_text(): text.get_window_extent() for text in ax.texts}
    assert names.keys() == {"square", "double", "identity", "last digit"}
    (bubbles,) = ax.collections
    radius = (bubbles.get_sizes()[0] / pi) ** 0.5 / 72 * ax.figure.dpi
    for box in names.values():
        assert not any(box.padded(0.9 * radius).contains(*middle) for middle in middles)
