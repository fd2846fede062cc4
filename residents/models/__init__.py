"""People, the households that one contact answers for, and what they have agreed to."""

from residents.models.consents import Consent
from residents.models.people import Alias, Household, PossibleDouble, Resident

__all__ = ["Alias", "Consent", "Household", "PossibleDouble", "Resident"]
