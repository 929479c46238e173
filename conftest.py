"""Modules of the package that cannot be imported without an extra are no doctests where it is not installed."""

from importlib.util import find_spec

_NEEDED = {
    "datasets": "datasets",
    "datatrove": "datatrove",
    "langchain": "langchain_core",
    "llama_index": "llama_index",
    "polars": "polars",
    "ray": "ray",
    "scrapy": "scrapy",
    "spark": "pyspark",
    "spark_counts": "pyspark",
    "spark_learn": "pyspark",
    "spark_rows": "pyarrow",
    "arrow": "pyarrow",
}
collect_ignore = [
    f"cleaner/integrations/{module}.py" for module, needed in _NEEDED.items() if find_spec(needed) is None
]
