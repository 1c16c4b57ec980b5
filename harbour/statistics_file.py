"""What is counted is read before anything starts, so that a file which promises less than it takes stops Harbour."""

from harbour.problems import CannotStart
from privacy.ldp.statistics import Statistics, StatisticsError


def check_statistics() -> None:
    """Raises `CannotStart` when data/statistics.yml cannot be used, or costs more in a year than it states."""
    try:
        Statistics.load()
    except StatisticsError as error:
        raise CannotStart(f"data/statistics.yml: {error}") from error
