"""One step in other people's pipelines: a thin module for each framework, made of the public names alone.

:mod:`~cleaner.integrations.columns` says what all of them share. Each module needs the extra of its own
name, and says so where it is missing; nothing here is imported by the rest of the package.
"""
