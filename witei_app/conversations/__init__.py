"""What a team does with its conversations: the rules (receive, reply, assign, archive, read) and the reads."""
