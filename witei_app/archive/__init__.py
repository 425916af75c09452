"""A workspace as one file: everything out of one installation, and into an empty one. docs/export.md has the format.

Plain, synchronous code in a process of its own: it reads and writes for minutes, and nobody shall feel it.
"""
