"""Where everything stands on a panel, and how it is drawn."""
