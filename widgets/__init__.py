"""Views of a recording in notebooks, under one time cursor."""
