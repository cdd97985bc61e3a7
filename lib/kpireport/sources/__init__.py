"""Reading: the only code that opens files under `data/`. Loaders know no rule."""
