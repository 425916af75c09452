"""Mailboxes that agencies keep elsewhere: setting them up, and fetching what comes there (IMAP)."""
