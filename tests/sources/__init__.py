"""Tests of reading. A package, because the rules have modules of the same names."""
