"""What each indicator counts, in the words of readers. The formulas stand in the docstrings of their functions."""

from django.utils.translation import gettext_lazy as _

from reporting.domain import indicators

DEFINITIONS = {
    "DAL-01": _(
        "Different people who came to at least one session in the period, each counted once over all departments. Of unnamed places of a group and of activities for sensitive audiences nobody knows who came; they are told as not known."
    ),
    "DAL-02": _("Registrations made in the period, each in the state it is in now."),
    "DAL-03": _(
        "How many times somebody was marked present at a held session. Heads that were only counted are told apart."
    ),
    "DAL-04": _("Academic hours of 45 minutes times the people present, over the sessions held."),
    "DAL-05": _(
        "Of those who came to a course of three or more sessions that ended in the period: how many were at 80 % of its sessions or more. A person counts once a course."
    ),
    "DAL-06": _(
        "Confirmed registrations of those who never came, of all confirmed registrations of activities that ended in the period and whose attendance was marked."
    ),
    "DAL-07": _("Confirmed registrations of all places, in activities with a limit that begin in the period."),
    "DAL-08": _("Different people who were still in the queue when an activity of the period began."),
    "DAL-09": _("Participants who had not come to anything for 24 months before, of all participants."),
    "DAL-10": _(
        "Residents aged 25 to 64 who came to something educational in the 12 months to the end of the period, of all residents of that age. It is a count of the municipality's own, not comparable one to one with the European survey."
    ),
    "DAL-11": _("As DAL-10, of the last four weeks of each of the 12 months; the mean of the twelve."),
    "PIE-01": _("Activities with at least one session held in the period."),
    "PIE-02": _("Academic hours of the sessions held; n is how many sessions."),
    "PIE-03": _(
        "Activities called off, of all published activities that were to begin in the period. What was joined into another was not called off."
    ),
    "PIE-04": _("Academic hours held, by the broad field of ISCED-F 2013; n is the activities."),
    "PIE-05": _(
        "How many of the EU's eight key competences the activities held serve; broken down, the activities of each. One activity may serve several."
    ),
    "PIE-06": _("Activities held that serve the digital competence."),
    "PIE-07": _("Activities held that cost nothing, of all held; beside it the median fee of the others."),
    "PIE-08": _("Activities held, by the language they are held in."),
    "PIE-09": _("Activities held in a parish, of each 1000 of its residents."),
    "TUV-01": _(
        "Parishes in which at least one session was held in the month, of all parishes; the mean over the months."
    ),
    "TUV-02": _("Attendances in the parish where the person lives, of those of residents whose parish is known."),
    "TUV-03": _(
        "Attendances in the parish where the person lives or one that borders on it, of those of residents whose parish is known."
    ),
    "TUV-04": _(
        "Half of the attendances were nearer, half farther: the straight distance from the centre of the home parish to the session. Online ones are left out."
    ),
    "TUV-05": _("Different people of a parish who came, of 100 of its residents."),
    "TUV-06": _(
        "How many times more people of 100 come from the parish reached most than from the one reached least; broken down also how far the parishes lie from their mean, in parts of it (the coefficient of variation)."
    ),
    "TUV-07": _("Parishes and audiences for which nothing is planned in the next 60 days."),
    "SAD-01": _(
        "Activities that begin in the period and were found to be a possible duplicate of another, of all planned."
    ),
    "SAD-02": _("Duplicates of two departments found in the period that were decided or are gone, of all found."),
    "SAD-03": _("Activities held by two departments or more, of all held."),
    "SAD-04": _(
        "Different people who came to activities of two departments or more, of all participants; of a department: of its own participants."
    ),
    "SAD-05": _(
        "Parishes with a coordinator or a centre manager who planned or changed something there in the last 60 days, of all parishes."
    ),
    "SAD-06": _("Entries of one person that were found to be two, and were joined."),
    "IEK-03": _("Different people who came, by sex; who did not say is told as not known."),
    "IEK-04": _(
        "Different people who came, by their age on the day. Who has a birthday between two sessions may be in two bands, and is one in the whole."
    ),
    "IEK-07": _(
        "Different people who were young people by law on the day they came: 13–25 years, since March 2026 13–30."
    ),
    "IEK-08": _(
        "Different people who were 55 or older on the day they came; broken down also those of 65 or older among them."
    ),
    "IEK-10": _(
        "Sessions held in centres without steps and with an accessible toilet, of those held on the spot of which it is known."
    ),
    "HOR-01": _("Activities about the environment, nature and gardening, of all held."),
    "HOR-02": _("Activities about citizenship and taking part in public life, of all held."),
    "HOR-03": _("Registrations made on the web, of all registrations."),
    "REZ-01": _(
        "The mean of the answers to whether it was worth it, 1 to 5, and beside it how many answered 4 or 5; hidden below five answers."
    ),
    "REZ-02": _(
        "How much higher people rate their skill after the activity than before it, both 1 to 5; hidden below five answers."
    ),
    "REZ-03": _("Certificates and confirmations issued and not taken back."),
    "DAT-01": _("Participants of whom the home parish, the age and the sex are all known, of all participants."),
    "DAT-02": _("Sessions whose attendance was entered more than 7 days later, of all held."),
    "MOB-01": _("Participants of mobilities that have taken place. One person on two mobilities is two participants."),
    "MOB-02": _("Days of activity abroad without travel, times participants; n is the participants."),
    "MOB-03": _(
        "Participants who travelled green for the most part, of all participants of mobilities that have taken place."
    ),
    "MOB-04": _("Mobilities with a virtual part, of those that have taken place."),
    "MOB-05": _("Different host organisations and course providers of the mobilities that have taken place."),
    "MOB-06": _("Participant reports submitted, of those requested."),
    "MOB-07": _(
        "Mobilities with both a learning agreement or programme and a certificate, of those that have taken place."
    ),
    "MOB-08": _("Mobilities that have taken place, of those in the grant."),
    "MOB-09": _("Staff who took part in mobilities, by their post."),
    "REZ-05": _(
        "Different practices brought home from mobilities and used by activities held in the period; n is these activities."
    ),
    "REZ-06": _("Objectives of projects that have reached their target, of all objectives; n is the objectives."),
    "DIS-01": _("Events at which results were shared."),
    "DIS-02": _("People who came to the events at which results were shared; n is the events."),
    "DIS-03": _("Articles, posts and materials published in the period."),
    "IEK-01": _(
        "People with fewer opportunities, as coordinators typed their number in for each activity; never linked to a person."
    ),
    "IEK-02": _(
        "How often each of the eight barriers was told of. One person may meet several, so this counts barriers and not people."
    ),
    "IEK-05": _("People by labour status, as typed in for each activity without names."),
    "IEK-06": _("People by level of education, as typed in for each activity without names."),
    "IEK-09": _(
        "People of 15 to 29 in no employment, education or training, as they said of themselves without their name."
    ),
    "IEK-11": _("Support given: assistant, transport, sign interpreter, easy language, childcare."),
    "IEK-12": _("Ukrainian civilians, as they said of themselves without their name."),
    "DAT-03": _(
        "Numbers hidden in the public tables of the period, since they tell of 1 to 4 people or would give such a number away; n is all their cells."
    ),
}


def of(code: str) -> str:
    """The definition; of an indicator without words of its own the formula's."""
    if code in DEFINITIONS:
        return str(DEFINITIONS[code])
    return " ".join(indicators.get(code).doc.split()).replace("``", "")
