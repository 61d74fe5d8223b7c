"""What hardware must do, said once: run on the fakes by `tests/`, on real hardware by `hw_tests/`."""
