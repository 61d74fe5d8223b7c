"""What phones and programs see: pages, JSON, live streams."""
