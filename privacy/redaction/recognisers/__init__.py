"""One recogniser per file; a new one is a new file and a line here."""

from collections.abc import Callable

from presidio_analyzer import EntityRecognizer

from privacy.redaction.recognisers.address import AddressRecogniser
from privacy.redaction.recognisers.card import CardRecogniser
from privacy.redaction.recognisers.date_of_birth import DateOfBirthRecogniser
from privacy.redaction.recognisers.email import EmailRecogniser
from privacy.redaction.recognisers.handle import HandleRecogniser
from privacy.redaction.recognisers.healthcare import HealthcareRecogniser
from privacy.redaction.recognisers.identity_number import IdentityNumberRecogniser
from privacy.redaction.recognisers.ip_address import IpAddressRecogniser
from privacy.redaction.recognisers.learnt import LearntRecogniser
from privacy.redaction.recognisers.location import LocationRecogniser
from privacy.redaction.recognisers.nhs_number import NhsNumberRecogniser
from privacy.redaction.recognisers.ni_number import NiNumberRecogniser
from privacy.redaction.recognisers.person import PersonRecogniser
from privacy.redaction.recognisers.phone import PhoneRecogniser
from privacy.redaction.recognisers.postcode import PostcodeRecogniser
from privacy.redaction.recognisers.school import SchoolRecogniser
from privacy.redaction.recognisers.url import UrlRecogniser
from privacy.redaction.recognisers.workplace import WorkplaceRecogniser

_EVERY: tuple[Callable[[], EntityRecognizer], ...] = (
    AddressRecogniser,
    CardRecogniser,
    DateOfBirthRecogniser,
    EmailRecogniser,
    HandleRecogniser,
    HealthcareRecogniser,
    IdentityNumberRecogniser,
    IpAddressRecogniser,
    LearntRecogniser,
    LocationRecogniser,
    NhsNumberRecogniser,
    NiNumberRecogniser,
    PersonRecogniser,
    PhoneRecogniser,
    PostcodeRecogniser,
    SchoolRecogniser,
    UrlRecogniser,
    WorkplaceRecogniser,
)


def every_recogniser() -> list[EntityRecognizer]:
    """All of them, ready."""
    return [recogniser() for recogniser in _EVERY]
