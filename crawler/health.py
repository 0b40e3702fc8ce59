"""Findings. Pure."""
