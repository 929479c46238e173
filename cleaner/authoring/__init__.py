"""Tools for people who write rules."""

from cleaner.authoring.examples import Failure, try_examples

__all__ = ["Failure", "try_examples"]
