"""Activations of a PyTorch model, by a forward hook that is taken off again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from formal.adapter.number import as_numbers, rejected

Pool = Literal["mean", "first", "last", "flat"]
POOLS: tuple[Pool, ...] = ("mean", "first", "last", "flat")


def capture(
    module: Any,
    layer: str | Any,
    inputs: Any,
    *,
    pool: Pool | Callable[[Any], Any] = "mean",
) -> NDArray[np.float64]:
    """What a layer gives for some inputs, one row an input: an array for ``Relations.from_embeddings``.

    The model is run as it is, without gradients, in evaluation mode, and left in the mode that it was in.

    Args:
        module: a ``torch.nn.Module``.
        layer: the dotted name of a layer in it, ``encoder.layers.3``, or the layer.
        inputs: what the model is called with, batch by batch: a tensor, a mapping of keyword arguments, or a list of
            such; a tuple is a call with several arguments.
        pool: what becomes of axes between the first and the last, of tokens or of pixels: their mean, their first or
            last entry, or all of them in one row (``flat``); or a function from the layer's output to a tensor of
            shape (batch, d).
    Returns:
        shape (n, d), float64, the floats of the activations unchanged.
    Raises:
        Rejection: ``wrong-arguments``: PyTorch is not installed, there is no such layer, or it is not reached.
    """
    torch = _torch()
    if not isinstance(module, torch.nn.Module):
        raise rejected(f"a `{type(module).__name__}` is no PyTorch module")
    if not callable(pool) and pool not in POOLS:
        raise rejected(f"there is no pool `{pool}`", f"there are {', '.join(POOLS)}, or a function")
    chosen = _layer(module, layer)
    rows: list[NDArray[np.float64]] = []

    def keep(_module: Any, _arguments: Any, output: Any) -> None:
        rows.append(_rows(output, pool))

    was_training = module.training
    hook = chosen.register_forward_hook(keep)
    try:
        module.eval()
        with torch.no_grad():
            for batch in _batches(inputs):
                before = len(rows)
                _call(module, batch)
                if len(rows) != before + 1:
                    times = len(rows) - before
                    raise rejected(f"the layer is reached {times} times in one call; it has to be once")
    finally:
        hook.remove()
        module.train(was_training)
    if not rows:
        raise rejected("there are no inputs")
    if len({row.shape[1] for row in rows}) > 1:
        raise rejected("batches give rows of different lengths", "choose a pool that does not keep the axes between")
    return np.concatenate(rows)


def _torch() -> Any:
    try:
        return import_module("torch")
    except ImportError:
        raise rejected("PyTorch is not installed", "install it with `pip install torch`") from None


def _layer(module: Any, layer: str | Any) -> Any:
    if not isinstance(layer, str):
        return layer
    known = dict(module.named_modules())
    if layer not in known:
        from difflib import get_close_matches

        close = get_close_matches(layer, [name for name in known if name], n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(f'`{name}`' for name in close)}?" if close else "see `named_modules()`"
        raise rejected(f"the model has no layer `{layer}`", hint)
    return known[layer]


def _batches(inputs: Any) -> Iterable[Any]:
    return inputs if isinstance(inputs, list) else [inputs]


def _call(module: Any, batch: Any) -> None:
    if isinstance(batch, Mapping):
        module(**batch)
    elif isinstance(batch, tuple):
        module(*batch)
    else:
        module(batch)


def _rows(output: Any, pool: Pool | Callable[[Any], Any]) -> NDArray[np.float64]:
    """The activations of one call, shape (batch, d)."""
    if callable(pool):
        found = _array(pool(output))
    else:
        first = output
        while isinstance(first, tuple | list) and first:
            first = first[0]
        if isinstance(first, Mapping):
            first = first.get("last_hidden_state", next(iter(first.values()), None))
        elif hasattr(first, "last_hidden_state"):
            first = first.last_hidden_state
        found = _array(first)
        if found.ndim == 1:
            found = found[:, None]
        if found.ndim > 2 and pool == "flat":
            found = found.reshape(len(found), -1)
        elif found.ndim == 4:  # images: channels come before pixels
            found = np.moveaxis(found, 1, -1)
        if found.ndim > 2:
            found = found.reshape(len(found), -1, found.shape[-1])
            found = {"mean": found.mean(axis=1), "first": found[:, 0], "last": found[:, -1]}[str(pool)]
    if found.ndim != 2:
        raise rejected(f"the layer's output has the shape {found.shape}, not (batch, d)")
    return found


def _array(value: Any) -> NDArray[np.float64]:
    floating = value.float() if hasattr(value, "float") else value  # bfloat16 has no numpy dtype
    try:
        return np.asarray(as_numbers(floating), dtype=np.float64)
    except (TypeError, ValueError):
        raise rejected(
            f"the layer's output is a `{type(value).__name__}`, no tensor", "pass a function as `pool`"
        ) from None
