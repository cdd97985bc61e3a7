"""Tests of the reports. A package, because the rules have modules of the same names."""
