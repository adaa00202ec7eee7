"""Weak labels, and label sets in general: who labelled what, with which model, how sure, under which licence.

A label set is a `datasets.Dataset`, saved as Parquet beside a data card, so that learners meet the type
that they will use elsewhere and that the hub shows as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.models.answers import Answer, answer
from w2s_course.snippets.concepts import SLOTS
from w2s_course.snippets.grammar import Snippet
from w2s_course.training.batches import prompt_of

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

LABELS, CARD = "labels.parquet", "README.md"
LABEL_BATCH = 128  # snippets that a weak model explains at once: small enough for any memory, and fast


@dataclass(frozen=True)
class LabelCard:
    """Where a label set comes from.

    labeller: who wrote the explanations; trained_on: what the labeller had learned from; licence: of the set;
    note: what a user must know, in a sentence or two.
    """

    title: str
    labeller: str
    trained_on: str
    licence: str = "CC BY 4.0"
    note: str = "The snippets are generated from a grammar; nobody's code is in them."

    def markdown(self, rows: int) -> str:
        """The card in the form that the hub reads: front matter, then text."""
        return (
            f"---\nlicense: {self.licence.lower().replace(' ', '-')}\nlanguage: en\n"
            f"configs:\n- config_name: default\n  data_files: {LABELS}\n---\n# {self.title}\n\n"
            f"- Rows: {rows:,}\n- Labelled by: {self.labeller}\n"
            f"- The labeller was trained on: {self.trained_on}\n"
            f"- Confidence: the labeller's probability of its whole sentence, in (0, 1]; 1 for gold\n"
            f"- Licence: {self.licence}\n\n{self.note}\n"
        )


def weak_answers(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    snippets: Sequence[Snippet],
    progress: str = "",
) -> list[Answer]:
    """The weak model's explanations, y^ = argmax_y Pr^w(y|x) of eq. 4.10, each with its confidence."""
    prompts = [prompt_of(s.code) for s in snippets]
    return answer(model, tokenizer, prompts, batch_size=LABEL_BATCH, progress=progress)


def gold_answers(snippets: Sequence[Snippet]) -> list[Answer]:
    """The true explanations, in the form of answers."""
    return [Answer(s.explanation, 1.0) for s in snippets]


def label_set(snippets: Sequence[Snippet], answers: Sequence[Answer], labeller: str) -> Dataset:
    """One row a snippet: code, style, explanation, confidence, labeller, and the gold explanation.

    In the scenario nobody has the column `gold`; it is there to measure with, never to train on.
    Raises: ValueError where snippets and answers differ in number.
    """
    from datasets import Dataset

    pairs = list(zip(snippets, answers, strict=True))
    return Dataset.from_dict(
        {
            "code": [s.code for s, _ in pairs],
            "style": [s.style for s, _ in pairs],
            "explanation": [a.text for _, a in pairs],
            "confidence": [a.confidence for _, a in pairs],
            "labeller": [labeller for _ in pairs],
            "gold": [s.explanation for s, _ in pairs],
            **{f"gold_{slot}": [str(s.claims[slot]) for s, _ in pairs] for slot in SLOTS},
        }
    )


def relabelled(labels: Dataset, answers: Sequence[Answer], labeller: str) -> Dataset:
    """The same snippets with other explanations. Raises: ValueError where the numbers differ."""
    from datasets import Dataset

    if len(answers) != len(labels):
        raise ValueError(f"{len(answers)} answers are no labels of {len(labels)} snippets.")
    new = {
        "explanation": [a.text for a in answers],
        "confidence": [a.confidence for a in answers],
        "labeller": [labeller] * len(answers),
    }
    return Dataset.from_dict({**labels.to_dict(), **new}, features=labels.features)


def snippets_of(labels: Dataset) -> tuple[Snippet, ...]:
    """The programs that a label set is about, with their true claims, in its order: the way back.

    Raises: CourseError where a gold explanation is not of the explanation language, as for real code.
    """
    snippets = []
    for code, style, gold in zip(labels["code"], labels["style"], labels["gold"], strict=True):
        truth = parse(gold)
        if isinstance(truth, Unreadable):
            raise CourseError(
                f"The truth about a program cannot be read ({truth.reason}). Only label sets about generated "
                "programs can be judged claim by claim."
            )
        snippets.append(Snippet(code, truth, style))
    return tuple(snippets)


def save_labels(labels: Dataset, card: LabelCard, folder: Path) -> None:
    """Write the Parquet file and its card into `folder`, which must exist.

    Rows that a selection left out are left out of the file, too: `data` alone would hold all of them.
    """
    import pyarrow.parquet as pq

    pq.write_table(labels.with_format("arrow")[:], folder / LABELS)
    write_atomically(folder / CARD, card.markdown(len(labels)))


def load_labels(folder: Path) -> Dataset:
    """The label set in `folder`, read into memory; the libraries' own cache stays untouched.

    Raises: CourseError if there is none.
    """
    import pyarrow.parquet as pq
    from datasets import Dataset
    from datasets.table import InMemoryTable

    if not (folder / LABELS).is_file():
        raise CourseError(
            f"There is no label set in {folder}: {LABELS} is missing. Run the stage that writes it."
        )
    return Dataset(InMemoryTable(pq.read_table(folder / LABELS)))
