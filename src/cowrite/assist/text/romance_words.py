"""By which words people decide or leave open in French and Spanish.

Runs anywhere. Judged by form alone, and mostly where it is said in so many words that something was decided: of what
people say in talk in the place of it little is known here. Parts of patterns that ignore case.
"""

_FRENCH = r"(?:décidé|convenu|choisi|adopté|approuvé|voté|tranché|rejeté|refusé|retenu)"
_SPANISH = r"(?:decidido|acordado|aprobado|elegido|rechazado|votado|resuelto)"
_BODY = (
    r"(?:le (?:groupe|comité|conseil|bureau|collectif|jury)|la (?:réunion|commission|direction)|"
    r"l'(?:équipe|assemblée|association)|el (?:grupo|comité|consejo|equipo|pleno|jurado)|"
    r"la (?:junta|asamblea|comisión|reunión|directiva))"
)
DECIDED = (
    rf"(?<!\bsi )\b(?:nous avons|on a|ils ont|elles ont|{_BODY} a) (?:\w+ ){{0,2}}{_FRENCH}\b"
    rf"|(?<!\bs')\bil (?:a (?:\w+ )?été|est) (?:\w+ )?{_FRENCH}\b|\b{_FRENCH}e?s? à l'unanimité\b"
    rf"|(?<!\bsi )\b(?:hemos|han|se ha|{_BODY} ha) (?:\w+ ){{0,2}}{_SPANISH}\b"
    r"|(?<!\bsi )\b(?:se|nosotros|todos) (?:decidió|acordó|aprobó|decidieron|acordaron|decidimos|acordamos)\b"
    rf"|(?<!\bsi )\b{_BODY} (?:decidió|acordó|aprobó|rechazó|eligió)\b"
    r"|^(?:(?!(?:si|cuando|donde|cómo|qué|no)\b)\w+ ){0,3}(?:decidimos|acordamos|aprobamos)\b|"
    r"\baprobad[oa]s? por unanimidad\b"
    r"|\b(?:fue(?:ron)?|ha(?:n)? sido) (?:aprobad|aceptad|rechazad|elegid|adoptad)[oa]s?\b"
    rf"|(?<!\bsi )\b(?:a|ont) (?:\w+ )?été (?:\w+ment )?(?:adopté|approuvé|rejeté|refusé|retenu|voté)e?s?\b"
    r"|\b(?:est|sont) (?:\w+ment )?(?:adopté|approuvé|rejeté|refusé|accepté)e?s?(?= (?:par|à)\b|[.,;!]|$)"
    r"|\bse (?:aprueban?|acuerda|rechazan?|elige)\b|\bc'est (?:réglé|décidé|entendu|convenu)\b"
    r"|\bno se aprob(?:ó|aron)\b|\bno fue(?:ron)? aprobad[oa]s?\b"
    r"|\bn'(?:a|ont) pas été (?:retenue?s?|acceptée?s?|adoptée?s?|approuvée?s?)\b"
    r"|^(?:décisions?|décidé|résolution|decisión|decisiones|acuerdos?|acordado|resolución) ?:"
)
IN_TALK = (
    r"^(?:(?:d'accord|ok|bon|bien|alors|donc|parfait|entendu|oui),? )+(?:alors |donc )?on "
    r"(?:prend|garde|fait|choisit|part (?:sur|avec)|reste (?:sur|à)|achète|loue|laisse tomber|annule|reporte)\b"
    r"|^(?:(?:vale|ok|bien|bueno|de acuerdo|perfecto|listo|entonces),? )+(?:nos quedamos con|cogemos|tomamos|elegimos|"
    r"compramos|alquilamos|dejamos|hacemos|vamos con|cancelamos|usamos)\b"
)
FIRM = (
    rf"{_FRENCH}e?s?|acceptée?s?|aprueban?|acuerda|{_SPANISH}|(?:rechazad|aceptad|elegid)[oa]s?|decidió|acordó|aprobó|rechazó|eligió|(?:decidi|acord|"
    rf"aprob)(?:eron|aron|mos|amos)|"
    r"décisions?|résolution|decisión|decisiones|acuerdos?|resolución|aprobad[oa]s?"
)
OPEN = (
    rf"\b(?:pas|jamais) (?:encore )?(?:été )?(?:\w+ )?(?!retenu|rejeté|refusé){_FRENCH}\b|\breste(?:nt|ra)? (?:à |"
    rf"ouvert|en suspens)"
    rf"|\bà (?:décider|trancher)\b|\bquestions? ouvertes?\b"
    rf"|\bno (?:se |l[oae]s? )?(?:hemos|han|ha|había) (?:\w+ )?{_SPANISH}\b"
    rf"|\b(?:aún|todavía|nunca) (?:no )?(?:se )?(?:hemos|han|ha) {_SPANISH}\b|\bno se (?:decidió|acordó)\b"
    r"|\bno h(?:ubo|ay) (?:acuerdo|consenso)\b|\b(?:aucun|pas d') ?accord\b(?! parfait)"
    r"|\b(?:queda|sigue|está) (?:pendiente|abiert[oa]|por (?:decidir|acordar))\b"
    r"|\b(?:on|nous) (?:verra|verrons|en reparle(?:ra|rons)?|décide(?:ra|rons)|voit ça) (?:\w+ ){0,3}"
    r"(?:plus tard|semaine prochaine|prochaine fois|demain)\b"
    r"|\blo (?:decidimos|vemos|hablamos|dejamos) (?:para )?(?:otro día|luego|más tarde|después|la próxima|mañana)\b"
    r"|\breportée?s? à (?:la prochaine|une prochaine|plus tard)\b|\baplazad[oa]s? (?:hasta|para) la próxima\b"
    r"|\bsin decidir\b|\bfalta (?:decidir|acordar)\b"
)
NOTHING = (
    rf"\brien (?:\S+ ){{0,2}}{_FRENCH}\b|\baucune décision\b"
    rf"|\bno (?:se )?(?:\w+ ){{1,2}}nada\b|\bnada (?:se )?(?:ha sido |fue )?(?:{_SPANISH}|decidió|acordó)\b"
    r"|\bninguna decisión\b"
)
SMALL_WORDS = (
    r"nous|vous|ils|le|les|du|des|est|sont|pas|avec|sur|une|dans|que|qui|sera|el|los|las|una|con|para|por|se|del|al|"
    r"es|está|hemos|lo|la|de|alors|donc|bon|bueno|entonces|vale"
)
"""Words that stand in most sentences, and of which an English or German one has one at most."""
