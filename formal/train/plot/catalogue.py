"""The table of all pictures: one line for each family of experiments."""

from __future__ import annotations

from formal.train.plot import (
    autoregressive,
    captions,
    contrastive,
    frequency_mixture,
    gpicl,
    gpicl_digit,
    gpicl_intervention,
    gpicl_state,
    gpicl_transfer,
    language,
    linear_mixture,
    masked,
    mixture,
    pixels,
    quantised_state,
    rotation,
    turned_digit,
)
from formal.train.plot.picture import Picture

PICTURES: tuple[Picture, ...] = (
    *autoregressive.PICTURES,
    *captions.PICTURES,
    *contrastive.PICTURES,
    *frequency_mixture.PICTURES,
    *gpicl.PICTURES,
    *gpicl_digit.PICTURES,
    *gpicl_intervention.PICTURES,
    *gpicl_state.PICTURES,
    *gpicl_transfer.PICTURES,
    *language.PICTURES,
    *linear_mixture.PICTURES,
    *masked.PICTURES,
    *mixture.PICTURES,
    *pixels.PICTURES,
    *quantised_state.PICTURES,
    *rotation.PICTURES,
    *turned_digit.PICTURES,
)
"""By family; a folder and a file occur once."""
