"""Tools for people who write rules."""

from cleaner.authoring.examples import Failure, try_examples
from cleaner.authoring.lint import CHECKS, Finding, lint

__all__ = ["CHECKS", "Failure", "Finding", "lint", "try_examples"]
