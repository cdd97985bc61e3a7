"""Rules: pure functions from frames to frames. They know no path and no clock."""
