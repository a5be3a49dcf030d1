"""The machine that trains: the device, and the settings under which the same seed gives the same numbers on it.

Source: PyTorch's notes on reproducibility.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from formal.text import Code, Diagnostic, Rejection

THREADS = 1
"""Of PyTorch on a CPU: sums come out the same however many cores there are."""


def device_of(word: str) -> torch.device:
    """The device of a word: ``cpu``, ``cuda``, ``cuda:1``; ``auto`` is a CUDA device when there is one.

    Raises:
        Rejection: ``cannot-train``: there is no such device.
    """
    if word == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(word)
    except RuntimeError as error:
        raise refused(f"there is no device `{word[:40]}`", "devices are `auto`, `cpu`, `cuda`, `cuda:0`") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise refused(f"there is no CUDA device `{word[:40]}` here", "`--device cpu --scale cpu` runs anywhere")
    if device.type not in ("cpu", "cuda"):
        raise refused(f"experiments run on `cpu` and `cuda`, not on `{device.type}`")
    return device


def scale_of(word: str, device: torch.device) -> str:
    """The scale of a word, ``cpu`` or ``gpu``; ``auto`` is that of the device.

    Raises:
        Rejection: ``cannot-train``: the scale of a GPU is asked for on a CPU.
    """
    chosen = ("gpu" if device.type == "cuda" else "cpu") if word == "auto" else word
    if chosen == "gpu" and device.type != "cuda":
        raise refused("the scale `gpu` needs a CUDA device, and there is none", "`--scale cpu` runs anywhere")
    return chosen


def refused(message: str, *help_: str) -> Rejection:
    """Training cannot begin, or go on."""
    return Rejection([Diagnostic(Code.CANNOT_TRAIN, message, None, help=help_)])


@contextmanager
def reproducible(device: torch.device) -> Iterator[None]:
    """Deterministic algorithms, and on a CPU one thread; the settings from before come back."""
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    memory: Any = torch.utils.deterministic
    fills, fast = memory.fill_uninitialized_memory, torch.backends.mha.get_fastpath_enabled()
    if device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        # Nothing reads what was not written, so filling it only takes time; and answers are read off an encoder by the
        # same operations that trained it, not by those that PyTorch has for inference.
        memory.fill_uninitialized_memory = False
        torch.backends.mha.set_fastpath_enabled(False)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(THREADS)
    try:
        with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(strict)
        memory.fill_uninitialized_memory = fills
        torch.backends.mha.set_fastpath_enabled(fast)


def peak_memory(device: torch.device) -> int:
    """The most bytes so far: allocated on a GPU, or resident of this process on a CPU; 0 where that is not known."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    try:
        # The peak that `getrusage` knows begins with that of the process which started this one; this one does not.
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        import resource
    except ImportError:  # Windows has none.
        return 0
    unit = 1 if platform.system() == "Darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def derived_seed(seed: int, *purpose: str) -> int:
    """A seed of 63 bits for one purpose of a run, so that no stage depends on how many numbers another one drew."""
    digest = hashlib.sha256("/".join([str(seed), *purpose]).encode()).digest()
    return int.from_bytes(digest[:8], "little") >> 1


def description(device: torch.device) -> dict[str, str]:
    """Versions and the device, as a manifest's provenance tells them."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()
    return {
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "platform": platform.system().lower(),
        "device": device.type,
        "processor": name,
        "threads": str(torch.get_num_threads()),
        **({"cuda": str(torch.version.cuda)} if device.type == "cuda" else {}),
    }
