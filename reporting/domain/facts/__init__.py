"""Facts of taking part: made of what stands, from the journal's news, and anew from everything.

``pseudonyms`` gives a person's code, ``making`` the facts of living residents, ``reading`` takes the journal, ``folding``
leaves counts where pseudonyms are past their term.
"""
