"""Rectangular relations: captions by images, histories by continuations.

Row a, column b of a profunctor says how much a is related to b; it acts on the rows contravariantly: a column is a
presheaf on the rows, and it is representable when some row depicts it.

Source: Bénabou 1973, Les distributeurs; Lawvere 1973.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from formal.adapter.number import (
    KINDS,
    MOST_WRITTEN,
    Floats,
    as_numbers,
    labels_of,
    matrix_of,
    quantale_of,
    quoted,
    rejected,
    table_of,
    written,
)
from formal.adapter.relations import Relations, values_of_logprobs
from formal.bundle.kernel import Kernel, KernelFunction, kernel_matrix, points
from formal.bundle.write import Content, write_bundle
from formal.enriched.formula import Given
from formal.quantale import Quantale


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Profunctor:
    """A matrix over a quantale between two lists of objects. Made by its class methods.

    Args:
        values: shape (n, m), float64, read-only.
        rows, columns: labels, all different within each list.
        on_rows, on_columns: the relations among the rows and among the columns, when they are known.
    """

    values: Floats
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    base: Quantale
    kernel: Mapping[str, Any] = field(default_factory=dict)
    on_rows: Relations | None = None
    on_columns: Relations | None = None

    @classmethod
    def from_matrix(
        cls,
        matrix: Any,
        *,
        rows: Iterable[Any] | None = None,
        columns: Iterable[Any] | None = None,
        base: str | Quantale = Quantale.PRODUCT,
    ) -> Profunctor:
        """Degrees or distances at hand, unchanged; shape (n, m).

        Raises:
            Rejection: ``wrong-arguments`` or ``duplicate-name``.
        """
        chosen = quantale_of(base)
        found = matrix_of(matrix, chosen, "the matrix")
        names = labels_of(rows, found.shape[0], "rows"), labels_of(columns, found.shape[1], "columns")
        return cls(found, *names, chosen, {"id": "given", "params": {}})

    @classmethod
    def from_logprobs(
        cls,
        logprobs: Any,
        *,
        rows: Iterable[Any] | None = None,
        columns: Iterable[Any] | None = None,
        base: str | Quantale = Quantale.PRODUCT,
    ) -> Profunctor:
        """A language model's K[h, w] = p(w|h) from natural logarithms: histories by continuations.

        Degrees exp(log p), or distances -log p for ``lawvere``; -inf is the degree 0.

        Args:
            logprobs: shape (histories, continuations), at most 0 up to rounding.
        Raises:
            Rejection: ``wrong-arguments`` or ``duplicate-name``.
        """
        chosen = quantale_of(base)
        return cls.from_matrix(values_of_logprobs(logprobs, chosen), rows=rows, columns=columns, base=chosen)

    @classmethod
    def from_clip(
        cls,
        image_embeddings: Any,
        text_embeddings: Any,
        kernel: Kernel | Literal["softmax"] | KernelFunction = "angular",
        *,
        images: Iterable[Any] | None = None,
        texts: Iterable[Any] | None = None,
        scale: float = 1.0,
    ) -> Profunctor:
        """How much each text says of each image: rows are texts, columns images.

        With a kernel that is a category, ``angular``, texts and images are points of one space, so the profunctor is
        one over the relations among the texts and among the images, which are kept. ``softmax`` is
        p(text | image) = softmax over the texts of cosine / scale, the model's own read-out (a scale of 0.01 is a logit
        scale of 100).

        Args:
            image_embeddings: shape (m, d).
            text_embeddings: shape (n, d), from the same space.
            images, texts: labels; the numbers from 0 when left out.
        Raises:
            Rejection: ``wrong-arguments`` or ``duplicate-name``.
        """
        try:
            left, right = points(as_numbers(text_embeddings)), points(as_numbers(image_embeddings))
            values = _softmax(left, right, scale) if kernel == "softmax" else kernel_matrix(left, right, kernel, scale)
        except (TypeError, ValueError) as error:
            raise rejected(f"the embeddings cannot be used: {error}") from None
        found = matrix_of(values, Quantale.PRODUCT, "the profunctor")
        rows, columns = labels_of(texts, len(left), "texts"), labels_of(images, len(right), "images")
        within = "angular" if kernel == "softmax" else kernel
        made = {"id": "function" if callable(kernel) else kernel, "params": {"scale": str(float(scale))}}
        among = 1.0 if kernel == "softmax" else scale
        return cls(
            found,
            rows,
            columns,
            Quantale.PRODUCT,
            made,
            Relations.from_embeddings(left, within, labels=rows, scale=among),
            Relations.from_embeddings(right, within, labels=columns, scale=among),
        )

    @property
    def relation(self) -> Given:
        """The matrix with exact entries, for ``formal.ask``."""
        return Given("relation", self.base, self.rows, self.columns, table_of(self.values))

    def column(self, label: str) -> Given:
        """One column as a weight on the rows: what all texts say of an image.

        Raises:
            KeyError: there is no such column.
        """
        if label not in self.columns:
            raise KeyError(label)
        index = self.columns.index(label)
        return Given(label, self.base, self.rows, ("*",), table_of(self.values[:, [index]]))

    def save(self, path: Path | str, *, name: str | None = None, **sections: Any) -> str:
        """Write a bundle: ``relation``, and ``rows`` and ``columns`` where known; gives its digest.

        Raises:
            Rejection: ``bad-bundle``, ``file-too-large``, or ``unreadable-file`` when it cannot be written.
        """
        arrays = {"relation": Content(self.values, ("rows", "columns"), "relation")}
        for axis, among in (("rows", self.on_rows), ("columns", self.on_columns)):
            if among is not None:
                arrays[f"relation.{axis}"] = Content(among.values, (axis, axis), "relation")
        return write_bundle(
            path,
            Path(path).stem if name is None else name,
            kind=KINDS[self.base],
            axes={"rows": self.rows, "columns": self.columns},
            arrays=arrays,
            **{"kernel": dict(self.kernel), **sections},
        )

    def to_script(self, name: str = "Phi") -> str:
        """The profunctor written out in the language, every number exactly.

        Raises:
            Rejection: there are more than 4096 entries.
        """
        if self.values.size > MOST_WRITTEN:
            raise rejected(
                f"{self.values.size} entries are too many to write out",
                'save them, and write `model m from "FILE.safetensors"`',
            )
        ends = [f"{{{', '.join(map(quoted, labels))}}}" for labels in (self.rows, self.columns)]
        listed = written(self.values, self.rows, self.columns)
        return f"profunctor {name} from {ends[0]} to {ends[1]} over {self.base.value} {{\n{listed}\n}}\n"

    def __repr__(self) -> str:
        return f"<profunctor from {len(self.rows)} to {len(self.columns)} objects over {self.base.value}>"


def _softmax(texts: Floats, images: Floats, scale: float) -> Floats:
    """p(text | image): columns sum to 1 up to rounding. Shapes (n, d), (m, d), giving (n, m)."""
    from formal.bundle.kernel import directions

    if not (np.isfinite(scale) and scale > 0):
        raise ValueError(f"the scale is {scale}; it has to be positive")
    if texts.shape[1] != images.shape[1]:
        raise ValueError(f"texts have {texts.shape[1]} coordinates, images {images.shape[1]}")
    logits = directions(texts) @ directions(images).T / scale
    shifted = np.exp(logits - logits.max(axis=0, initial=-np.inf))
    return np.asarray(np.clip(shifted / shifted.sum(axis=0), 0.0, 1.0))
