"""Papers: certificates, posters, leaflets, sign-in sheets, as PDF.

A page's view gathers the words in the reader's language; a function here lays them out. The layout is typst
(``typst/*.typ``); all that people have written goes in as JSON strings and is never read as markup. Each paper carries
its title and language, is tagged (PDF/UA-1) and embeds the portal's own fonts; nothing is fetched from anywhere.
"""
