"""Floorcoach: a hands-free movement coach that listens and speaks without a network."""

__version__ = "0.1.0"
