"""Conversations: the shared inbox of a real-estate CRM."""
