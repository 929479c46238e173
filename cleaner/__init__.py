"""Takes site chrome out of article text by rules, leaves the article alone, and proves it.

>>> import cleaner
>>> result = cleaner.clean("The ferry sailed at nine. (turn0search21)")
>>> result.text
'The ferry sailed at nine.'
>>> cleaner.restore(result.text, result.removed)
'The ferry sailed at nine. (turn0search21)'
"""

from cleaner.cleaner import Cleaner, Result, clean
from cleaner.removal import Removal, Removed, restore
from cleaner.ruleset import RuleError, RuleSet

__version__ = "0.1.0"

__all__ = ["Cleaner", "Removal", "Removed", "Result", "RuleError", "RuleSet", "__version__", "clean", "restore"]
