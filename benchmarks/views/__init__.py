"""The timeline in a real JupyterLab: what it costs to look at a recording."""
