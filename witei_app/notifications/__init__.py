"""What users are told of conversations that they do not look at: whom, how each wants it, the bell, the digest."""
