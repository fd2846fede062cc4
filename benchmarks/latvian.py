"""A few thousand Latvian words: the nouns that the programme's titles are made of, in their cases, and their kin."""

_FEMININE = (
    "adīšan tamborēšan izšūšan aušan keramik gleznošan zīmēšan fotografēšan vingrošan nūjošan peldēšan slēpošan "
    "deju dziesm mūzik ģitār klavier valod sarun lekcij nodarbīb darbnīc meistarklas spēl sacensīb ekskursij "
    "pastaig talk tikšan veselīb uztur gatavošan konservēšan cepšan sveč rotaslietu mozaīk dekupāž "
    "programmēšan robotik tehnoloģij drošīb pratīb digitalizācij lietotn uzņēmējdarbīb grāmatvedīb finans "
    "izglītīb skol bibliotēk grāmat stāstniecīb dzej teātr lug kultūr tradīcij vēstur novadpētniecīb "
    "ģimen mām vecvecāk bērnīb jaunatn brīvprātīb iniciatīv kustīb jog meditācij elpošan masāž aprūp "
    "palīdzīb dārzkopīb biškopīb puķkopīb sēkl ziedu pļav mež upe ezermal dab ekoloģij pārstrād kompostēšan "
    "šūšan modelēšan restaurēšan kokapstrād metālapstrād galdniecīb pīšan klūdziņ filcēšan krāsošan apdruk "
    "filmēšan montāž podkāst žurnālistik retorik vadīb komand sadarbīb karjer motivācij psiholoģij"
)
_MASCULINE = (
    "kurs pulciņ vakar rīt centr seminār konkurs turnīr svētk tirdziņ koncert izstād ansambl kor orķestr "
    "klub nams pagast ciem novad park laukum stadion baseins trenažier futbol basketbol volejbol tenis šah "
    "galdaspēl dator tālrun planšet internet tīkl roboti projekt plān budžet līgum darb amat arod "
    "instrument māl ķieģel audum dzij pavedien lin vilnā koks metāl stikl papīr krāsu zīmul ota "
    "kok augļ dārzeņ sīpol kartupeļ tomāt gurķ garšaug tēj medus sier maiz pīrāg sautējum zupas "
    "senior jauniet bērn pusaudž vecāk iesācēj turpinātāj dalībniek skolotāj vadītāj pasniedzēj "
    "stāst pasak mīt atmiņu albums arhīv muzej pilskaln muiž ceļ gājien velobrauc laivoj "
    "angļ vāc ukraiņ latvieš lībieš igauņ lietuvieš poļ franč spāņ itāļ"
)
_FEMININE_ENDINGS = (
    "a",
    "as",
    "ai",
    "u",
    "ā",
    "ām",
    "ās",
    "iņa",
    "iņas",
    "iņu",
    "iņām",
)
_MASCULINE_ENDINGS = ("s", "a", "am", "u", "ā", "i", "iem", "us", "os", "iņš", "iņa", "iņi", "iņiem")

WORDS: tuple[str, ...] = tuple(
    dict.fromkeys(
        [root + ending for root in _FEMININE.split() for ending in _FEMININE_ENDINGS]
        + [root + ending for root in _MASCULINE.split() for ending in _MASCULINE_ENDINGS]
    )
)
