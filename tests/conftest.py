"""How many examples property tests try: 75 in the ordinary run, 10,000 with KPIREPORT_THOROUGH=1."""

import os

from hypothesis import settings
from kpireport import schemas  # noqa: F401 - so that text is held as in the product

settings.register_profile("ordinary", max_examples=75, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=10_000, deadline=None)
settings.load_profile("thorough" if os.environ.get("KPIREPORT_THOROUGH") == "1" else "ordinary")
