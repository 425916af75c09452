"""Mail as bytes on one side and our own types on the other. Nothing here knows the database."""
