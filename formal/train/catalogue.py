"""The experiments by name, known without loading what trains them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from formal.text import Code, Diagnostic, Rejection

if TYPE_CHECKING:
    from formal.train.experiment import Experiment

LIBRARIES = ("torch", "sklearn")


@dataclass(frozen=True, slots=True)
class Listed:
    """An experiment's module, and in a few words what is trained."""

    module: str
    title: str


EXPERIMENTS: Mapping[str, Listed] = MappingProxyType(
    {
        "autoregressive-lm": Listed(
            "formal.train.autoregressive", "a language model of brackets against the grammar that it is trained on"
        ),
        "rotation": Listed(
            "formal.train.rotation", "which way up a digit is: a head that tells, an encoder that turns along"
        ),
        "contrastive": Listed("formal.train.contrastive", "nearness of digits, learnt from pairs of views"),
        "masked-lm": Listed(
            "formal.train.masked", "a masked language model of short sentences, along different orders of unmasking"
        ),
        "captions": Listed("formal.train.captions", "shapes with captions, four combinations of which are never shown"),
        "factored": Listed("formal.train.factored", "shapes with captions, by images encoded in parts"),
        "gpicl": Listed("formal.train.gpicl", "completing functions of 8 bits, after seeing few or most of them"),
        "gpicl-digits": Listed(
            "formal.train.gpicl_digit", "digits projected and relabelled: from memorisation to general learning"
        ),
        "gpicl-state": Listed(
            "formal.train.gpicl_state", "learning in context by transformers and LSTMs: state size, or parameters"
        ),
        "gpicl-interventions": Listed(
            "formal.train.gpicl_intervention", "what is said to shorten the plateau before learning in context"
        ),
        "gpicl-transfer": Listed(
            "formal.train.gpicl_transfer", "learning in context on tasks of other pictures than those trained on"
        ),
        "quantised-state": Listed(
            "formal.train.quantised_state", "learners in context that keep a few bits, against Bayes"
        ),
        "mixtures": Listed(
            "formal.train.mixture", "two classes of functions in one pretraining: selection inside, nothing outside"
        ),
        "mixtures-sparse": Listed(
            "formal.train.linear_mixture",
            "dense and sparse linear functions, alone and half and half: learning curves and a sweep between them",
        ),
        "mixtures-frequency": Listed(
            "formal.train.frequency_mixture",
            "linear functions and sinusoids of several frequencies: asked about others, and about sums",
        ),
    }
)


def claims_of(name: str) -> str:
    """The script that judges an experiment's bundles, from the root of the project."""
    return f"proofs/models/{name}/claims.cat"


def known(name: str) -> Listed:
    """What is listed under a name.

    Raises:
        Rejection: ``unknown-name``.
    """
    listed = EXPERIMENTS.get(name)
    if listed is None:
        close = get_close_matches(name, EXPERIMENTS, n=1)
        help_ = [f"did you mean `{close[0]}`?"] if close else []
        help_.append(f"there are {', '.join(f'`{each}`' for each in EXPERIMENTS)}")
        raise Rejection(
            [Diagnostic(Code.UNKNOWN_NAME, f"there is no experiment `{name[:80]}`", None, help=tuple(help_))]
        )
    return listed


def require_libraries() -> None:
    """Refuse to train without what trains.

    Raises:
        Rejection: ``cannot-train`` when PyTorch or scikit-learn is missing.
    """
    missing = [library for library in LIBRARIES if find_spec(library) is None]
    if missing:
        words = " and ".join(f"`{library}`" for library in missing)
        help_ = ["`pip install 'formal[train]'` brings them"]
        raise Rejection(
            [Diagnostic(Code.CANNOT_TRAIN, f"training needs {words}, not installed here", None, help=tuple(help_))]
        )


def load(name: str) -> Experiment[Any]:
    """The experiment of a name.

    Raises:
        Rejection: ``unknown-name``, or ``cannot-train`` when PyTorch or scikit-learn is missing.
    """
    listed = known(name)
    require_libraries()
    experiment: Experiment[Any] = import_module(listed.module).EXPERIMENT
    return experiment
