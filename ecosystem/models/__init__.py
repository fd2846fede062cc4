"""What the departments share."""

from ecosystem.models.accounts import User
from ecosystem.models.dated_limits import Limit
from ecosystem.models.journal import Journal
from ecosystem.models.looks import Look
from ecosystem.models.messages import Message
from ecosystem.models.population import Population
from ecosystem.models.rule_sets import RuleSet, RuleSetAnswer
from ecosystem.models.statements import Statement
from ecosystem.models.territory import Neighbourhood, Parish, Village
from ecosystem.models.vocabulary import Audience, Competence, Department, Topic

__all__ = [
    "Audience",
    "Competence",
    "Department",
    "Journal",
    "Limit",
    "Look",
    "Message",
    "Neighbourhood",
    "Parish",
    "Population",
    "RuleSet",
    "RuleSetAnswer",
    "Statement",
    "Topic",
    "User",
    "Village",
]
