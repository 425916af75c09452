"""Believable data: the demo workspace and synthetic ones of any size."""
