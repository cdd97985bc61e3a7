"""Verification: whether a published report is whole, and whether it can be made again from what it was made from."""
