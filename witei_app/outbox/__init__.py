"""What goes out: queued with its message, claimed by one worker, sent, and its outcome recorded."""
