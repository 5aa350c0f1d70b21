"""The live side: what is recorded, by whom, from when to when."""
