"""Rule sets: reading rule files, putting sets together, and saying which rules are in force."""

from typing import TYPE_CHECKING

from cleaner.lazy import names_from
from cleaner.rule import FORMAT
from cleaner.ruleset.error import RuleError
from cleaner.ruleset.load import SHIPPED_SETS, RuleSet, load, shipped_rules

if TYPE_CHECKING:
    from cleaner.ruleset.json_schema import schema, schema_text
    from cleaner.ruleset.read import RuleFile, read_rule_file

__getattr__ = names_from(
    __name__,
    {
        "RuleFile": "read",
        "read_rule_file": "read",
        "schema": "json_schema",
        "schema_text": "json_schema",
    },
)

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
