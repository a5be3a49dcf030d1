"""Manifests of any shape, with right digests: read, or refused with a diagnostic; never anything else."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.bundle import Content, bundle_bytes, bundle_from_bytes, measurements, scores
from formal.bundle.container import pack
from formal.bundle.manifest import canonical, manifest_digest
from formal.text import Code, Rejection

WHOLE = bundle_from_bytes(
    bundle_bytes(
        "m",
        kind="product",
        axes={"rows": ["a", "b"], "moves": ["0", "1"]},
        arrays={
            "relation": Content(np.eye(2), ("rows", "rows"), "relation", scale="q"),
            "label": Content([0, 1], ("rows",), "label"),
            "split": Content([0, 1], ("rows",), "split", names=("train", "test")),
            "icl.pred": Content([0, 1], ("rows",), "prediction", truth="label"),
        },
        measurements={"icl": {"accuracy@train": 1.0}, "seconds": 3},
        kernel={"id": "angular", "params": {"threshold": "0.5"}},
        model={"train": {"seed": 0}},
        provenance={"dirty": False, "seeds": [0, 1]},
        claims=["closest"],
        status="ok",
    ),
    "m",
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 70000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(value, path=()):
    """All places in a JSON value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def sealed(manifest):
    manifest = {**manifest, "digest": manifest_digest(manifest)}
    return pack({name: array.values for name, array in WHOLE.arrays.items()}, canonical(manifest))


def refusal(data):
    try:
        bundle_from_bytes(data, "m")
    except Rejection as rejection:
        return rejection
    return None


PLAIN = json.loads(json.dumps({k: v for k, v in WHOLE.manifest.items() if k != "digest"}))
PLACES = [path for path in places(PLAIN) if path]


@settings(max_examples=400)
@given(st.sampled_from(PLACES), JSON | st.just("remove"))
def test_any_manifest_is_read_or_refused(path, value):
    manifest = copy.deepcopy(PLAIN)
    inside = manifest
    for key in path[:-1]:
        inside = inside[key]
    if value == "remove":
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    data = sealed(manifest)
    refused = refusal(data)
    if refused is not None:
        assert {d.code for d in refused.diagnostics} == {Code.BAD_BUNDLE}
        assert all(len(d.message) < 2000 for d in refused.diagnostics)
        return
    bundle = bundle_from_bytes(data, "m")
    assert isinstance(bundle.seeds, tuple)
    assert isinstance(bundle.status, str)
    assert all(isinstance(claim, str) for claim in bundle.claims)
    assert bundle.provenance is not None
    scores(bundle)
    measurements(bundle)


def test_the_manifest_alone_is_read():
    assert bundle_from_bytes(sealed(PLAIN), "m").digest == WHOLE.digest


@pytest.mark.parametrize("depth", [50, 400])
def test_deep_measurements_end(depth):
    nested = 0.5
    for _ in range(depth):
        nested = {"a": nested}
    bundle = bundle_from_bytes(sealed({**PLAIN, "measurements": {"x": nested}}), "m")
    assert len(measurements(bundle)) == 1
