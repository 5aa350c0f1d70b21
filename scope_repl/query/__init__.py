"""Questions to a recording: moments, search, trees."""
