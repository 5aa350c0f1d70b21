"""The immutable side: a log as columns."""
