"""Telling programs elsewhere: an event commits with its deliveries, a worker posts them."""
