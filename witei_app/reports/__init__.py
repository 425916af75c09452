"""The Conversation report: read-only queries over the append-only log, one question per file. See docs/report.md."""
