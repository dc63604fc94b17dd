"""By which words people decide, and put off, while they talk: "let's take oak", "OK, then Monday", "we'll see later".

Runs anywhere. Judged by form alone, in English and German. Parts of patterns that ignore case. They take more for a
decision than is one: who tells what comes next speaks so too. So what they find counts only where it was asked for or
agreed to.
"""

_NO_CHOICE = (
    r"(?:i|you|he|she|we|they|yes|yeah|no|and|but|what|that|this|how|as|where|who|which|if|when|why|because|think|know|"
    r"say|hope|guess|believe|sure|course|here|there|like|than)"
)
"""What does not stand before "it is" where something was chosen: "wood it is", but not "I think it is"."""
_WELL = (
    r"(?:ok|okay|so|right|good|great|fine|alright|all right|perfect|super|gut|prima|schön|perfekt|alles klar|na gut|"
    r"also|bon|d'accord|parfait|vale|bien|bueno|perfecto)"
)
_TELLS = (
    r"(?:i|you|he|she|we|they|it|that|this|what|who|where|how|why|there|let's|ich|du|er|sie|wir|ihr|es|das|kann|können|"
    r"soll|sollen|sollten|müssen|muss|hat|hast|habt|haben|bist|seid|ist|sind|war|würde|wäre|je|tu|il|elle|on|nous|vous|"
    r"qu\w*|où|pourquoi|yo|tú|qué|quién|cómo|dónde|thanks?|see|bye|danke|viel|bis|merci|gracias)"
)
"""What begins a sentence or a farewell behind "then", and chooses nothing: "good, then Monday", but not "good, then you
know"."""
_HAPPENS = (
    r"(?:be|see|have|need|get|know|find|try|want|like|look|think|talk|discuss|come|lose|never|not|probably|miss|hear|"
    r"ask|decide|agree|vote|always|feel|tell|show|all|maybe|perhaps|hopefully|continue|begin|explain|say|also|just|now|"
    r"then)"
)
"""What happens to people, or what they talk of, rather than that they decide it: "we'll see", "we'll need a van"."""
_STATES = (
    r"(?:are|were|had|did|do|can|could|should|might|must|may|would|will|went|got|saw|came|took|made|gave|said|told|"
    r"knew|thought|found|left|met|lost|won|spent|heard|felt|still|already|really|only|usually|normally|hope|wish|love|"
    r"hate|mean|believe|guess|remember|understand|forgot|owe|own)"
)
"""What people tell of themselves behind "so we", and do not decide."""
_SETS_ABOUT = (
    r"(?:see|talk|discuss|look|think|try|check|hear|begin|start|move on|continue|go(?! (?:with|for)\b)|come|get|be|"
    r"hope|not|find|ask|imagine|assume|suppose|review|decide|agree|vote|call|take (?:an?|another|one|the) (?:\w+ )?"
    r"(?:break|look|step|moment|minute|vote)|have (?:a|another|some)|return|turn|know|"
    r"say (?:i|you|he|she|we|they|it|that|there|this)|do (?:a|an|this|some)|leave (?:it|that|this)|revisit|park|table|"
    r"give|read|show|compare|just|all|then|rather|me|him|her|them|it)"
)
"""What people set about together, and do not decide: "let's see", "let's talk about it"."""
_ACT = (
    r"(?:go|take|use|keep|drop|have|make|do|stick|skip|leave|put|ship|launch|rent|buy|hire|wait|move|stop|send|build|"
    r"stay|meet|print|cut|book|order|sell|release|merge|postpone|cancel|choose|pick|add|remove|change|paint|close|pay)"
)
_NO_THEN = (
    r"(?:i|you|he|she|we|they|it|is|are|was|were|do|did|and|but|back|by|until|till|since|from|just|even|only|right|ok|"
    r"okay|well|fine|good|bye|what|who|where|how|why|so|now|here|there|go|on|see|before|then|later|not|yes|no)"
)
"""What does not stand before "then" where something was chosen: "Monday then", but not "see you then"."""
_WOULD = r"(?:könn|soll|woll|müss|dürf|würd|werd|hab|hatt|hätt|sind|war|wär|brauch|wiss)"
"""How German verbs begin that say what can, must or would be, or was."""
_NOT_AT_ONCE = r"(?! (?:jetzt|los|heim|weiter|nach hause)(?:[,.;!]|$))"
"""Not what comes next: "dann schlafen wir jetzt"."""
DECIDED = (
    rf"\blet(?:'s| us) (?:just |all |then |rather |not )?(?!{_SETS_ABOUT}\b)\w+"
    rf"|\bwe(?:'ll| will)(?: all| also| just| now| then)? (?!{_HAPPENS}\b)[a-z]+\b(?! to (?:see|think|check|wait)\b)"
    rf"|\b(?:so|then|instead|okay|ok|alright|right|yes|well|good),? we(?: are|'re)? (?:going to|gonna|{_ACT})\b"
    rf"|\bwe {_ACT}(?: [^.,;?]{{1,60}})? (?:then|instead)[.!]?$"
    r"|\bthen it(?:'s| is) (?!(?:not|too|very|so|a|an|my|your|clear|easy|hard|just|like|fine|ok|okay|good|bad|time|"
    r"up to|over|gone|his|her)\b)\w+"
    rf"|^(?:{_WELL},? )?(?:with )?(?:(?!{_NO_THEN}\b)[\w'-]+ ){{1,3}}then[.!]?$"
    rf"|^(?:{_WELL},? )?then (?!{_NO_CHOICE}\b)(?:the )?\w+[.!]?$"
    rf"|^(?:{_WELL},? )+(?:then|dann|alors|entonces),? (?!{_TELLS}\b)(?:\S+ ){{0,6}}\S+[^?\s]$"
    rf"|^(?:{_WELL},? )+(?:then |so )?(?:the (?:\w+ ){{1,2}}|it |they )(?:stays?|goes|remains?)\b(?!.*\?)"
    rf"|\bthen,? we (?:don't|do not) (?!{_HAPPENS}\b|(?:have|even|really|care|mind)\b)\w+"
    rf"|^(?:{_WELL},? )*then (?:(?!{_NO_CHOICE}\b)\w+ ){{1,3}}(?:stays?|remains?)[.!]?$"
    rf"|^(?!so,? we\b)(?:{_WELL},? )+so,? we (?!{_HAPPENS}\b|{_STATES}\b)[a-z]+(?<!ed) (?:the|our|this|that|these|"
    r"those|it|them|an?)\b(?!.*\?)"
    rf"|^(?:{_WELL},? )+(?!(?:go|think|look|do|watch|read|try|check|say)ing\b)\w+ing (?:it|that|this)\b"
    rf"|(?:^|[,.] )(?:(?!{_NO_CHOICE}\b)[\w':.-]+ ){{1,4}}it is(?: then)?(?=[.!,]|$)"
    r"|\bunless (?:some|any)(?:body|one)(?: here| else)? (?:objects|disagrees|minds|is against)\b"
    rf"|^(?:(?:ok|okay|gut|also|na|ja|super|prima|einverstanden|abgemacht),? )+(?:dann )?wir (?!{_WOULD}\w*\b)"
    r"[a-zäöüß]+en\b(?!.*\?)"
    rf"|\bdann (?!{_WOULD}\w*\b)[a-zäöüß]+en wir\b{_NOT_AT_ONCE}|\bwir (?:nehmen|machen|bleiben bei|einigen uns)\b"
)
CHOICE = (
    rf"(?:{_WELL},? )+(?:(?:then|dann|the|de|le|la|el) )?"
    rf"(?P<what>(?!(?:{_NO_CHOICE}|it|es)\b)[^\W\d_][\w'-]*(?: (?!then\b)[\w'-]+)?)[.!]*"
)
"""How people name what they have chosen after a question: "OK, oak."."""
IN_TURN = (
    r"\bfirst\b.*\bthen\b|\bthen\b.*\b(?:and|after that),? then\b|\b(?:zu)?erst\b.*\bdann\b|\bdann\b.*\bund dann\b"
)
"""How people tell what happens one after the other: "erst essen wir, dann schlafen wir"."""
OPEN = (
    r"\b(?:park|table)(?:ing|ling|ed)? (?:that|it|this)\b|\btabling (?:that|it|this)\b"
    r"|\b(?:leave|leaving|keep|save|postpone|move|park|push|put off|pick up|take up) (?!(?:at|in|on|for)\b)"
    r"[^.,;?]{1,40}? (?:for|to|until|till|at) (?:the )?"
    r"(?:next (?:time|meeting|session|call|round)|later|another (?:time|day|meeting))\b"
    r"|^[^:?]{2,60}: (?:still |noch )?(?:open|undecided|tbd|offen|ungeklärt|vertagt|ouvert|à voir|pendiente|"
    r"abierto)[.!]?$"
    r"|\b(?:klären|besprechen|entscheiden|sehen|schauen|überlegen) wir(?: uns| das| es| dann)* "
    r"(?:später|noch|morgen|nächste\w*|beim nächsten|ein andermal|ein anderes mal)\b"
    r"|\b(?:müssen|sollten|wollen|können) wir (?:[\w.]+ ){0,6}(?:besprechen|klären|entscheiden|überlegen|diskutieren)\b"
    r"|\b(?:is|was|were) referred (?:back )?to\b|\blet(?:'s| us) (?:think (?:about|it over)|sleep on|come back to|"
    r"revisit)\b"
)
