"""What gives a machine its place: identity, access lists and the files that a device starts from."""
