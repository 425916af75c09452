"""Benchmarks: they print numbers beside what the same machine does bare, in the same run. They never fail a build."""
