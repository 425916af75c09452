"""The web chat: what the iframe is made of, its visitors, and the protocol of their sockets."""
