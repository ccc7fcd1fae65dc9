"""What holds for every test."""

import os

from hypothesis import settings

# Where a run decides over a change, the same code must give the same answer; at a desk, new
# examples are tried each time.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None)
settings.load_profile("fixed" if os.environ.get("CI") else "searching")
