"""The readers are fuzzed with the small record of the collection's tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "collection"))
