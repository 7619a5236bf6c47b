"""The engines that a run may name: each is a folder of this room, or a module, and a case in `open_engine`."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import assert_never

from audit.engine.interface import Engine
from audit.progress import Progress, Silent
from audit.settings.config import Config


def open_engine(config: Config, spill: Path, progress: Progress | None = None) -> AbstractContextManager[Engine]:
    """The engine that the config names, for the time of a block; it may write what memory does not hold below `spill`.

    `progress` hears of what an engine does between its steps, where that takes long.
    """
    if config.engine == "duckdb":
        from audit.engine.duckdb_session import open_session

        return open_session(config, spill)
    if config.engine == "spark":
        from audit.engine.spark.cluster import open_spark

        return open_spark(config, spill, (progress or Silent()).step)
    assert_never(config.engine)
