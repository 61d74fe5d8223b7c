"""What is said between machines: topics, messages, identity. Pure: no sockets, no clock."""
