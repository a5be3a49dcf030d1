"""A model's relation between its inputs, from what a machine-learning user has at hand.

The floats of a relation are the data: kernels are computed in float64, and every entry is the dyadic rational that its
float is, exactly, from then on. A law that a kernel obeys, the stored numbers obey up to rounding; ``defect`` says by
how much they do not.

Source: Lawvere 1973, Metric spaces, generalized logic, and closed categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.adapter.bar import bar
from formal.adapter.number import (
    KINDS,
    MOST_WRITTEN,
    Floats,
    Weights,
    as_numbers,
    labels_of,
    matrix_of,
    number_of,
    quantale_of,
    quoted,
    rejected,
    table_of,
    weights_of,
    written,
)
from formal.bulk.compose import Defect, closure, defect
from formal.bulk.nearest import Nearest, nearest_columns
from formal.bundle.kernel import Kernel, KernelFunction, kernel_matrix, points
from formal.bundle.write import Content, write_bundle
from formal.enriched.formula import Given
from formal.quantale import Quantale

_LOG_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Relations:
    """A square matrix over a quantale: row x, column y says how much x is related to y. Made by its class methods.

    >>> import numpy as np
    >>> relations = Relations.from_embeddings(np.eye(2), labels=["cat", "dog"], tasks={"cats": [1, 0]})
    >>> relations
    <relations between 2 objects over product, 1 task>
    >>> relations.defect().value
    Fraction(0, 1)
    >>> relations.tasks["cats"].rows
    ('cat', 'dog')

    Args:
        values: shape (n, n), float64, read-only; degrees in [0, 1], or distances at least 0 for ``lawvere``.
        labels: of the n objects, all different.
        base: the quantale.
        kernel: which kernel made the values, as a bundle's manifest says it.
        tasks: by name, one value an object; each is a weight for ``formal.ask``.
        embedding: the points, shape (n, d), when there are any: what soft prompts speak of.
    """

    values: Floats
    labels: tuple[str, ...]
    base: Quantale
    kernel: Mapping[str, Any] = field(default_factory=dict)
    tasks: Weights = field(default_factory=lambda: Weights(Quantale.PRODUCT, (), {}))
    embedding: Floats | None = None

    # --- from ---------------------------------------------------------------------------------------------

    @classmethod
    def from_embeddings(
        cls,
        embeddings: Any,
        kernel: Kernel | KernelFunction = "angular",
        *,
        labels: Iterable[Any] | None = None,
        tasks: Mapping[str, Any] | None = None,
        scale: float = 1.0,
    ) -> Relations:
        """Degrees of nearness of points.

        ``angular`` is exp(-angle / scale), a category by the triangle inequality; so is ``laplace``,
        exp(-|x - y| / scale). ``cosine`` (0 where negative) and ``rbf``, exp(-|x - y|^2 / (2 scale^2)), are none: see
        ``defect``.

        Args:
            embeddings: shape (n, d); numpy, lists, or PyTorch tensors.
            kernel: a word, or a function of arrays of shapes (n, d) and (n, d) that gives degrees of shape (n, n).
            labels: n of them; the numbers from 0 when left out.
            tasks: for each name n values: truth values, or degrees.
            scale: positive, in the units of the distance (radians for angles).
        Raises:
            Rejection: ``wrong-arguments`` or ``duplicate-name``.
        """
        given = _points(embeddings)
        values = _kernel(given, given, kernel, scale)
        params = {"id": "function" if callable(kernel) else kernel, "params": {"scale": number_of(float(scale))}}
        return cls._made(values, labels, Quantale.PRODUCT, "the relation", params, tasks, given)

    @classmethod
    def from_matrix(
        cls,
        matrix: Any,
        *,
        labels: Iterable[Any] | None = None,
        base: str | Quantale = Quantale.PRODUCT,
        tasks: Mapping[str, Any] | None = None,
    ) -> Relations:
        """Degrees or distances at hand, unchanged.

        Args:
            matrix: shape (n, n); [x, y] is read from x to y.
            base: ``product``, ``min``, ``lukasiewicz``, ``bool``: degrees in [0, 1]; ``lawvere``: distances.
        Raises:
            Rejection: ``wrong-arguments`` or ``duplicate-name``.
        """
        return cls._made(matrix, labels, quantale_of(base), "the matrix", {"id": "given", "params": {}}, tasks)

    @classmethod
    def from_logprobs(
        cls,
        logprobs: Any,
        *,
        labels: Iterable[Any] | None = None,
        base: str | Quantale = Quantale.PRODUCT,
        tasks: Mapping[str, Any] | None = None,
    ) -> Relations:
        """Natural logarithms of p(y|x), row x, column y: degrees exp(log p), or distances -log p for ``lawvere``.

        Args:
            logprobs: shape (n, n), at most 0 (up to 1e-6, which is rounding and cut off); -inf is the degree 0.
        Raises:
            Rejection: ``wrong-arguments``, say where the array is no square; histories by continuations, which need
                not be, are ``Profunctor.from_logprobs``.
        """
        chosen = quantale_of(base)
        return cls._made(
            values_of_logprobs(logprobs, chosen),
            labels,
            chosen,
            "the relation",
            {"id": "logprobs", "params": {}},
            tasks,
        )

    @classmethod
    def from_group_action(
        cls,
        embeddings: Any,
        kernel: Kernel | KernelFunction = "angular",
        *,
        labels: Iterable[Any] | None = None,
        moves: Iterable[Any] | None = None,
        tasks: Mapping[str, Any] | None = None,
        scale: float = 1.0,
    ) -> Relations:
        """All inputs in all positions that a cyclic group moves them to, related as a kernel relates their embeddings.

        Objects are pairs ``input@move``, in the order of inputs; tasks are given for inputs and hold in all positions.

        Args:
            embeddings: shape (n, m, d): input x moved by the m-th element of the group.
            labels: of the n inputs.
            moves: of the m elements of the group, the neutral one first.
            tasks: for each name n values.
        Raises:
            Rejection: ``wrong-arguments`` or ``duplicate-name``.
        """
        given = np.asarray(as_numbers(embeddings))
        if given.ndim != 3:
            raise rejected(f"embeddings of moved inputs have the shape (inputs, moves, d), not {given.shape}")
        count, order = given.shape[:2]
        inputs, turns = labels_of(labels, count, "inputs"), labels_of(moves, order, "moves")
        return cls.from_embeddings(
            given.reshape(count * order, -1),
            kernel,
            labels=[f"{x}@{move}" for x in inputs for move in turns],
            tasks={name: np.repeat(np.asarray(as_numbers(task)), order) for name, task in (tasks or {}).items()},
            scale=scale,
        )

    @classmethod
    def from_sentence_transformer(
        cls,
        model: Any,
        texts: Sequence[str],
        kernel: Kernel | KernelFunction = "angular",
        *,
        labels: Iterable[Any] | None = None,
        tasks: Mapping[str, Any] | None = None,
        scale: float = 1.0,
    ) -> Relations:
        """Texts, related by their embeddings.

        Args:
            model: anything with ``encode(texts)`` that gives an array of shape (n, d).
            labels: the texts themselves when left out.
        Raises:
            Rejection: ``wrong-arguments`` or ``duplicate-name``.
        """
        encode = getattr(model, "encode", None)
        if not callable(encode):
            raise rejected(
                f"a `{type(model).__name__}` has no method `encode`", "pass the embeddings to `from_embeddings`"
            )
        given = list(texts)
        return cls.from_embeddings(
            encode(given), kernel, labels=given if labels is None else labels, tasks=tasks, scale=scale
        )

    @classmethod
    def from_precomputed(
        cls, distances: Any, *, labels: Iterable[Any] | None = None, tasks: Mapping[str, Any] | None = None
    ) -> Relations:
        """Distances as scikit-learn takes them with ``metric="precomputed"``: a relation over ``lawvere``, unchanged.

        Args:
            distances: shape (n, n), at least 0; infinity where there is no way.
        """
        return cls.from_matrix(distances, labels=labels, base=Quantale.LAWVERE, tasks=tasks)

    @classmethod
    def _made(
        cls,
        values: Any,
        labels: Iterable[Any] | None,
        base: Quantale,
        what: str,
        kernel: Mapping[str, Any],
        tasks: Mapping[str, Any] | None = None,
        embedding: Floats | None = None,
    ) -> Relations:
        found = matrix_of(values, base, what)
        if found.shape[0] != found.shape[1]:
            raise rejected(
                f"{what} has the shape {found.shape}; a relation has a row and a column for each object",
                "a rectangular array is a profunctor: `formal.Profunctor`",
            )
        names = labels_of(labels, len(found), "objects")
        return cls(found, names, base, kernel, weights_of(tasks, base, names), embedding)

    # --- to -----------------------------------------------------------------------------------------------

    @property
    def relation(self) -> Given:
        """The matrix with exact entries, for ``formal.ask``."""
        return Given("relation", self.base, self.labels, self.labels, table_of(self.values))

    def defect(self, *, progress: bool = False) -> Defect:
        """How far the stored numbers are from a category: the exact least e, and the triple that needs it.

        Args:
            progress: whether to draw a bar on a terminal.
        Raises:
            Rejection: some distance is infinite.
        """
        if np.isinf(self.values).any():
            raise rejected("the defect of infinite distances is asked in a claim: `is_category(K, within: e)`")
        with bar("defect", shown=progress) as on_progress:
            return defect(self.values, self.base, on_progress=on_progress)

    def closed(self, *, progress: bool = False) -> Relations:
        """The free category on these numbers: joins over all paths, in doubles; how far it is away is in its values.

        Args:
            progress: whether to draw a bar on a terminal, one for each of at most log2 n compositions.
        """
        with bar("closure", shown=progress) as on_progress:
            values = closure(self.values, self.base, on_progress=on_progress)
        return Relations(values, self.labels, self.base, {**self.kernel, "closed": True}, self.tasks, self.embedding)

    def nearest_prompts(self, *, progress: bool = False) -> dict[str, Nearest]:
        """For each task the object that comes nearest to representing it, and the exact gap: for large relations.

        Args:
            progress: whether to draw a bar on a terminal.
        Raises:
            Rejection: some distance is infinite.
        """
        tasks = self.tasks.values_by_name
        if not tasks:
            return {}
        if np.isinf(self.values).any() or any(np.isinf(values).any() for values in tasks.values()):
            raise rejected(
                "the nearest prompt at infinite distances is asked in a claim: `representable(T, within: e)`"
            )
        with bar("nearest prompts", shown=progress) as on_progress:
            targets = np.array([np.ravel(values) for values in tasks.values()], dtype=np.float64)
            found = nearest_columns(self.values, targets, on_progress=on_progress)
        return dict(zip(tasks, found, strict=True))

    def distances(self) -> Floats:
        """Distances, as scikit-learn takes them with ``metric="precomputed"``; shape (n, n).

        The values themselves over ``lawvere``; -log of degrees over ``product``; one minus degrees over the others.
        The logarithm is rounded. Degrees of 0 are infinitely far over ``product``.
        """
        match self.base:
            case Quantale.LAWVERE:
                return self.values.copy()
            case Quantale.PRODUCT:
                with np.errstate(divide="ignore"):
                    return np.asarray(np.abs(np.log(self.values)))
            case _:
                return np.asarray(1 - self.values)

    def with_tasks(self, **tasks: Any) -> Relations:
        """The same relation with further tasks, each n values."""
        added = weights_of(tasks, self.base, self.labels)
        every = Weights(self.base, self.labels, {**self.tasks.values_by_name, **added.values_by_name})
        return Relations(self.values, self.labels, self.base, self.kernel, every, self.embedding)

    def save(self, path: Path | str, *, name: str | None = None, **sections: Any) -> str:
        """Write a bundle: the relation, its tasks, and the embedding; gives its digest.

        Args:
            path: ending in ``.safetensors``, for ``model m from "…"``.
            name: of the bundle; that of the file when left out.
            sections: further parts of the manifest: model, data, measurements, claims, provenance, reproduce, status.
        Raises:
            Rejection: ``bad-bundle``, ``file-too-large``, or ``unreadable-file`` when it cannot be written.
        """
        arrays = {"relation": Content(self.values, ("objects", "objects"), "relation")}
        axes: dict[str, Sequence[str]] = {"objects": self.labels}
        for task, values in self.tasks.values_by_name.items():
            arrays[f"task.{task}"] = Content(_small(values), ("objects",), "task")
        if self.embedding is not None:
            axes["coordinates"] = tuple(map(str, range(self.embedding.shape[1])))
            arrays["features"] = Content(self.embedding, ("objects", "coordinates"), "embedding")
        return write_bundle(
            path,
            Path(path).stem if name is None else name,
            kind=KINDS[self.base],
            axes=axes,
            arrays=arrays,
            **{"kernel": dict(self.kernel), **sections},
        )

    def to_script(self, name: str = "R") -> str:
        """The relation and its tasks written out in the language, every number exactly.

        Raises:
            Rejection: there are more than 4096 entries: ``save`` them, and write ``model m from "FILE"``.
        """
        if self.values.size > MOST_WRITTEN:
            raise rejected(
                f"{self.values.size} entries are too many to write out",
                'save them, and write `model m from "FILE.safetensors"`',
            )
        listed = written(self.values, self.labels, self.labels)
        objects = ", ".join(map(quoted, self.labels))
        parts = [f"relation {name} on {{{objects}}} over {self.base.value} {{\n{listed}\n}}"]
        for task, values in self.tasks.values_by_name.items():
            entries = ", ".join(
                f"{quoted(x)} |-> {number_of(float(v))}" for x, v in zip(self.labels, values, strict=True)
            )
            parts.append(f"weight {task} on {name} {{ {entries} }}")
        return "\n".join(parts) + "\n"

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        tasks = f", {len(self.tasks)} task{'s' if len(self.tasks) != 1 else ''}" if self.tasks else ""
        return f"<relations between {len(self)} objects over {self.base.value}{tasks}>"


def values_of_logprobs(logprobs: Any, base: Quantale) -> Floats:
    """exp(log p), or -log p over ``lawvere``; what exceeds p = 1 by rounding is cut off.

    Raises:
        Rejection: ``wrong-arguments``: an entry is positive, or no number.
    """
    given = np.array(as_numbers(logprobs), dtype=np.float64)
    wrong = ~(given <= _LOG_ROUNDING)
    if wrong.any():
        where = np.argwhere(wrong)[0].tolist()
        raise rejected(
            f"entry {where} of the log-probabilities is {given[tuple(where)]}, but probabilities are at most 1",
            "logits become log-probabilities by `log_softmax`",
        )
    cut = np.minimum(given, 0.0)
    return np.asarray(-cut + 0.0 if base is Quantale.LAWVERE else np.exp(cut))


def _points(embeddings: Any) -> Floats:
    try:
        return points(as_numbers(embeddings))
    except (TypeError, ValueError) as error:
        raise rejected(f"the embeddings cannot be used: {error}") from None


def _kernel(left: Floats, right: Floats, kernel: Kernel | KernelFunction, scale: float) -> Floats:
    try:
        return kernel_matrix(left, right, kernel, scale)
    except ValueError as error:
        raise rejected(str(error)) from None


def _small(values: Floats) -> NDArray[Any]:
    """Truth values in one byte each, other numbers as they are."""
    return values.astype(np.uint8) if np.isin(values, (0.0, 1.0)).all() else values
