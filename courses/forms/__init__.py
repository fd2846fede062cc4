"""What people type into the public forms: shapes are checked here, rules in ``domain``."""

from courses.forms.contact import ContactForm, FindForm
from courses.forms.person import PersonForm
from courses.forms.registering import Problem, RegistrationForm, Stamp

__all__ = ["ContactForm", "FindForm", "PersonForm", "Problem", "RegistrationForm", "Stamp"]
