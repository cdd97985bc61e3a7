"""The verbs of the command line: each module adds its own, and does what they ask by calling the rooms below."""
