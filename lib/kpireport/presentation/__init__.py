"""Presentation: frames become charts, tables, sentences and sheets. It never computes a figure."""
