"""A second device that computes like the CPU: tensors that say they are on `meta`, to find what mixes the two.

What CUDA would refuse is refused: an operation on tensors of both devices, unless one of them is a single number, a
list of indices, or the source of a copy; a conversion to NumPy; a generator of the other device; and what it has no
deterministic algorithm for, there or on the way back. There are no gradients: all of it is seen on the way there.

Source: PyTorch's documentation of ``use_deterministic_algorithms``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map_only

ELSEWHERE = torch.device("meta")
"""The only other device that every build of PyTorch knows; here its tensors have values."""

_NOT_DETERMINISTIC = re.compile(
    r"_?adaptive_(avg|max)_pool[23]d|avg_pool3d|fractional_max_pool[23]d|max_unpool[23]d|put_?|histc|grid_sampler_[23]d"
    r"|_?upsample_(linear1d|bilinear2d|bicubic2d|trilinear3d)(_aa)?|reflection_pad[123]d|nll_loss2d_forward|_ctc_loss"
    r"|_embedding_bag"
)
"""Operations that CUDA refuses, forwards or backwards, whatever their arguments."""

_INDEXING = ("index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index")


class Elsewhere(torch.Tensor):
    """A tensor on the other device, and in truth on the CPU."""

    inner: torch.Tensor

    @staticmethod
    def __new__(cls, inner: torch.Tensor) -> Elsewhere:
        made: Elsewhere = torch.Tensor._make_wrapper_subclass(  # type: ignore[attr-defined]
            cls, inner.size(), strides=inner.stride(), dtype=inner.dtype, device=ELSEWHERE
        )
        made.inner = inner
        return made

    def __repr__(self, **_: Any) -> str:
        return f"Elsewhere({self.inner})"

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        raise AssertionError("used outside of `second_device`")


class Refused(AssertionError):
    """CUDA would refuse the operation."""


class _Generator(torch.Generator):
    """A generator on either device."""

    is_elsewhere: bool

    def __new__(cls, device: Any = "cpu") -> _Generator:
        made = super().__new__(cls)
        made.is_elsewhere = torch.device(device) == ELSEWHERE
        return made

    @property
    def device(self) -> torch.device:
        return ELSEWHERE if self.is_elsewhere else torch.device("cpu")


class _Generators(TorchFunctionMode):
    """Sees generators as they are given: on their way to an operation they lose their class."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        generator = kwargs.get("generator")
        if isinstance(generator, _Generator):
            devices = [value.device for value in args if isinstance(value, torch.Tensor)]
            wanted = torch.device(kwargs.get("device") or next(iter(devices), "cpu"))
            if wanted != generator.device:
                raise Refused(f"{func}: a generator of the other device")
        return func(*args, **kwargs)


class _Device(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs, name = dict(kwargs or {}), func.overloadpacket.__name__
        tensors = [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, torch.Tensor)]
        if name in _INDEXING:
            tensors = [args[0], *(value for value in tensors[1:] if not isinstance(args[0], Elsewhere))]
        there = [value for value in tensors if isinstance(value, Elsewhere)]
        here = [value for value in tensors if not isinstance(value, Elsewhere) and value.dim() > 0]
        if there and here and name not in ("copy_", "_to_copy"):
            raise Refused(f"{func}: {[tuple(t.shape) for t in there]} elsewhere, {[tuple(t.shape) for t in here]} here")
        goes = bool(there)
        if kwargs.get("device") is not None:
            goes = torch.device(kwargs["device"]) == ELSEWHERE
            kwargs["device"] = torch.device("cpu")
        if goes and (_NOT_DETERMINISTIC.fullmatch(name) or _is_not_deterministic(func, tensors)):
            raise Refused(f"{func}: CUDA has no deterministic algorithm")
        inner_args, inner_kwargs = tree_map_only(Elsewhere, lambda value: value.inner, (args, kwargs))
        found = func(*inner_args, **inner_kwargs)
        if name.endswith("_") and not name.endswith("__"):
            return args[0]
        return tree_map_only(torch.Tensor, Elsewhere, found) if goes else found


def _is_not_deterministic(func: Any, tensors: list[torch.Tensor]) -> bool:
    """Operations that CUDA refuses with some arguments: sums of numbers that are not whole, weighted counts, places."""
    match func.overloadpacket.__name__:
        case "cumsum" | "cumsum_":
            return tensors[0].dtype.is_floating_point
        case "bincount":
            return len(tensors) > 1
        case "median" | "nanmedian":
            return func is not torch.ops.aten.median.default and func is not torch.ops.aten.nanmedian.default
        case _:
            return False


@contextmanager
def second_device() -> Iterator[torch.device]:
    """Within, tensors and generators can be put on the second device."""
    with pytest.MonkeyPatch.context() as patch, torch.no_grad(), _Generators(), _Device():  # type: ignore[no-untyped-call]
        patch.setattr(torch, "Generator", _Generator)
        yield ELSEWHERE
