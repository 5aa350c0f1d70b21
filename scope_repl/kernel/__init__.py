"""Ways to start an interactive Python with Scope loaded."""
