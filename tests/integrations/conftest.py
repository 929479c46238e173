"""A Spark and a Ray of this machine's own, started once, and what both need to find each other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.frameworks import RULES, needed

ROOT = Path(__file__).parents[2]


def pytest_configure(config: pytest.Config) -> None:
    """Warnings are errors, but for what a framework's own code does, and we cannot mend."""
    # Ray Data sets an option of its own that it has deprecated.
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning:ray.data.context")
    # Spark looks at the version of pandas whenever Arrow is used; nothing here hands it anything of pandas.
    config.addinivalue_line("filterwarnings", "ignore:PySpark does not yet fully support pandas:FutureWarning")


@pytest.fixture(scope="session", autouse=True)
def _workers_find_the_package() -> Iterator[None]:
    """Processes that frameworks start import the package, and these tests, from here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("RAY_AUTH_MODE", "disabled")  # else it keeps a token in the home folder
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        yield


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    needed("pyspark")
    from pyspark.sql import SparkSession

    # Two tasks at a time; one that is killed is tried again.
    session = (
        SparkSession.builder.master("local[2, 4]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "20")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")  # starts are most of what is tested
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[Any]:
    needed("ray")
    import ray

    ray.init(num_cpus=2, include_dashboard=False, configure_logging=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray
    ray.shutdown()


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The rules of these tests: the shipped ones, and one that holds for a single site."""
    file = tmp_path_factory.mktemp("rules") / "site.toml"
    file.write_text(RULES, encoding="utf-8")
    return ["standard", str(file)]
