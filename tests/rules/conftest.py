"""Hypothesis without a stopwatch: a busy machine makes no rule wrong."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
