"""Reports as data: one frozen dataclass and one `build()` each. They never import each other."""
