"""The forms of the collection's tests are used here too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "collection"))
