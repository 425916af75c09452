"""Webhooks as administrators set them up. Telling them is the outbox's (outbox/webhooks)."""
