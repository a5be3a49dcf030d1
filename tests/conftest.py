"""Hypothesis without deadlines: how fast the machine is proves nothing."""

from hypothesis import settings

settings.register_profile("formal", deadline=None)
settings.load_profile("formal")
