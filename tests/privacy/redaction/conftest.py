import pytest

from privacy.redaction import Redactor


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor.load()
