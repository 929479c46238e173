"""Rule sets: reading rule files, putting sets together, and saying which rules are in force."""

from cleaner.ruleset.error import RuleError
from cleaner.ruleset.load import SHIPPED_SETS, RuleSet, load, shipped_rules
from cleaner.ruleset.read import FORMAT, RuleFile, read_rule_file
from cleaner.ruleset.schema import schema, schema_text

__all__ = [
    "FORMAT",
    "SHIPPED_SETS",
    "RuleError",
    "RuleFile",
    "RuleSet",
    "load",
    "read_rule_file",
    "schema",
    "schema_text",
    "shipped_rules",
]
