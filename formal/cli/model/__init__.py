"""``formal model``: look into relation bundles, compare, verify and make them."""

from __future__ import annotations

import click

from formal.cli.model.diff import diff
from formal.cli.model.import_ import import_
from formal.cli.model.inspect import inspect
from formal.cli.model.verify import verify


@click.group(short_help="Inspect, compare, verify and import models' relations.")
def model() -> None:
    """Look into the relation bundles of trained models, compare and verify them, or make one of an array.

    \b
    Examples:
      formal model inspect encoder.safetensors
      formal model inspect encoder.safetensors --svg relation.svg
      formal model diff before.safetensors after.safetensors
      formal model verify encoder.safetensors
      formal model import embeddings.npy --kernel angular --out encoder.safetensors
    """


model.add_command(inspect)
model.add_command(diff)
model.add_command(verify)
model.add_command(import_)
