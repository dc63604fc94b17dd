"""By which words people decide, and put off, while they talk: "let's take oak", "OK, then Monday", "we'll see later".

Runs anywhere. Judged by form alone, in English and German. Parts of patterns that ignore case.
"""

_NO_CHOICE = (
    r"(?:i|you|he|she|we|they|yes|yeah|no|and|but|what|that|this|how|as|where|who|which|if|when|why|because|think|know|"
    r"say|hope|guess|believe|sure|course|here|there|like|than|whatever|whether|since|though)"
)
"""What does not stand before "it is" where something was chosen: "wood it is", but not "I think it is"."""
_WELL = (
    r"(?:ok|okay|so|right|good|great|fine|alright|all right|perfect|super|gut|prima|schön|perfekt|alles klar|na gut|"
    r"also|"
    r"bon|d'accord|parfait|vale|bien|bueno|perfecto)"
)
_NO_CHOICE_HERE = (
    r"i|you|he|she|we|they|it|that|this|what|who|where|how|why|there|let's|ich|du|er|sie|wir|ihr|es|das|kann|können|"
    r"soll|"
    r"sollen|sollten|müssen|muss|hat|hast|habt|haben|bist|seid|ist|sind|war|würde|wäre|je|tu|il|elle|on|nous|vous|"
    r"qu\w*|où|pourquoi|yo|"
    r"tú|qué|quién|cómo|dónde|thanks?|see|bye|danke|viel|bis|merci|gracias"
)
"""What does not stand behind "then" where something was chosen: "good, then Monday", but not "good, then you know"."""
_NO_WILL = (
    r"(?:be|see|have|need|get|know|find|try|want|like|look|think|talk|discuss|come|lose|never|not|probably|only|still|"
    r"miss|regret|hear|ask|decide|agree|settle|vote|always|ever|hardly|feel|end|become|cross|die|survive|run out|"
    r"wait and|"
    r"tell|show|all|maybe|perhaps|hopefully|likely|certainly|continue|return|begin|hold a|let you|explain|say|also|"
    r"just|now|then)"
)
"""What happens to people rather than that they decide it: "we'll see", "we'll need a van"."""
_NO_LET = (
    r"(?:see|talk|discuss|look|think|try|check|hear|begin|start|move on|continue|go(?! (?:with|for)\b)|come|get|be|"
    r"face|"
    r"hope|wait and|not|find|figure|ask|imagine|assume|pretend|suppose|consider|focus|remember|forget|review|decide|"
    r"agree|vote|call|count|recap|take (?:five|ten|(?:a|an|another|one|the) (?:\w+ )?(?:break|look|step|moment|minute|"
    r"vote|walk|seat))|"
    r"have (?:a|another|some)|return|turn|know|"
    r"say (?:i|you|he|she|we|they|it|that|there|this)|do (?:a|an|this|some)|leave (?:it|that|this)|revisit|park|table|"
    r"give|read|show|compare|explore|brainstorm|summari[sz]e|just|all|then|rather|i|me|him|her|them|us|it)"
)
"""What people set about together, and do not decide: "let's see", "let's talk about it"."""
_ACT = (
    r"(?:go|take|use|keep|drop|have|make|do|stick|skip|leave|put|ship|launch|rent|buy|hire|wait|move|stop|send|build|"
    r"stay|meet|print|cut|book|order|sell|release|merge|postpone|cancel|choose|pick|add|remove|change|paint|close|pay)"
)
_NO_THEN = (
    r"(?:i|you|he|she|we|they|it|is|are|was|were|do|did|and|but|back|by|until|till|since|from|just|even|only|right|ok|"
    r"okay|"
    r"well|fine|good|bye|what|who|where|how|why|so|now|here|there|go|on|see|before|then|later|not|yes|no)"
)
DECIDED = (
    rf"\blet(?:'s| us) (?:just |all |then |rather |not )?(?!{_NO_LET}\b)\w+"
    rf"|\bwe(?:'ll| will)(?: all| also| just| now| then)? (?!{_NO_WILL}\b)[a-z]+\b(?! to (?:see|think|check|wait)\b)"
    r"|\bthen it(?:'s| is) (?!(?:not|too|very|so|a|an|my|your|clear|easy|hard|just|like|fine|ok|okay|good|bad|time|"
    r"up to|over|gone|his|her)\b)\w+"
    rf"|^(?:{_WELL},? )+(?:then |so )?(?:the (?:\w+ ){{1,2}}|it |they )(?:stays?|goes|remains?)\b(?!.*\?)"
    rf"|^(?:{_WELL},? )+(?:then|dann|alors|entonces),? (?!(?:{_NO_CHOICE_HERE})\b)(?:\S+ ){{0,6}}\S+[^?\s]$"
    r"|\bunless (?:some|any)(?:body|one)(?: here| else)? (?:objects|disagrees|minds|is against)\b"
    r"|^(?:(?:ok|okay|gut|also|na|ja|super|prima|einverstanden|abgemacht),? )+(?:dann )?wir "
    r"(?!(?:könn|soll|woll|müss|dürf|würd|werd|hab|hatt|hätt|sind|war|wär|brauch|wiss)\w*\b)[a-zäöüß]+en\b(?!.*\?)"
    r"|\b(?:so|then|okay|ok|alright|right|yes|well|good),? we(?:'ll| will| are going to|'re going to|'re gonna|"
    r" are gonna| go| take| use| keep| drop| have)\b"
    rf"|^(?:(?:fine|ok|okay|right|good|great|alright|yes|"
    rf"so),? )?(?:with )?(?:(?!{_NO_THEN}\b)[\w'-]+ ){{1,3}}then[.!]?$"
    rf"|^(?:(?:so|ok|okay|well|right),? )?then (?!{_NO_CHOICE}\b)(?:the )?\w+[.!]?$"
    rf"|\bwe {_ACT}(?: [^.,;?]{{1,60}})? (?:then|instead)[.!]?$|\b(?:then|instead),? we {_ACT}\b"
    rf"|(?:^|[,.] )(?:(?!{_NO_CHOICE}\b)[\w':.-]+ ){{1,4}}it is(?: then)?(?=[.!,]|$)"
    r"|\bwir (?:nehmen|machen|bleiben bei|einigen uns)\b"
    r"|^(?:ok|okay|fine|alright|right|good|great),? (?!(?:go|think|look|do|watch|read|try|check|say)ing\b)"
    r"\w+ing (?:it|that|this)\b"
    r"|\bdann (?!(?:könn|soll|woll|müss|dürf|würd|werd|hab|hatt|hätt|sind|war|wär)\w*\b)[a-zäöüß]+en wir\b"
)
OPEN = (
    r"\b(?:park|table)(?:ing|ling|ed)? (?:that|it|this)\b|\btabling (?:that|it|this)\b"
    r"|\b(?:leave|leaving|keep|save|postpone|move|park|push|put off|pick up|take up) (?!(?:at|in|on|"
    r"for)\b)[^.,;?]{1,40}? "
    r"(?:for|to|until|till|at) (?:the )?(?:next (?:time|meeting|session|call|round)|later|another (?:time|day|"
    r"meeting))\b"
    r"|^[^:?]{2,60}: (?:still |noch )?(?:open|undecided|tbd|offen|ungeklärt|vertagt|ouvert|à voir|pendiente|"
    r"abierto)[.!]?$"
    r"|\b(?:klären|besprechen|entscheiden|sehen|schauen|überlegen) wir(?: uns| das| es| dann)* "
    r"(?:später|noch|morgen|nächste\w*|beim nächsten|ein andermal|ein anderes mal)\b"
    r"|\b(?:müssen|sollten|wollen|können) wir (?:[\w.]+ ){0,6}(?:besprechen|klären|entscheiden|überlegen|diskutieren)\b"
    r"|\b(?:is|was|were) referred (?:back )?to\b|\blet(?:'s| us) (?:think (?:about|it over)|sleep on|come back to|"
    r"revisit)\b"
)
