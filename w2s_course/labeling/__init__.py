"""Label sets (`labels`), errors in them on purpose (`rules`, `planted`), ways to say it (`styles`)."""

from w2s_course.labeling.labels import (
    CARD,
    LABEL_BATCH,
    LABELS,
    LabelCard,
    gold_answers,
    label_set,
    load_labels,
    relabelled,
    save_labels,
    snippets_of,
    weak_answers,
)

__all__ = [
    "CARD",
    "LABELS",
    "LABEL_BATCH",
    "LabelCard",
    "gold_answers",
    "label_set",
    "load_labels",
    "relabelled",
    "save_labels",
    "snippets_of",
    "weak_answers",
]
