"""Settings that all tests share."""

import os

from hypothesis import HealthCheck, settings

# Repeatable by default: the same examples on every run and machine. HYPOTHESIS_PROFILE=search looks for new ones.
_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
