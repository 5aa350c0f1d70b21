"""Recordings in other forms: plain data in, text out."""
