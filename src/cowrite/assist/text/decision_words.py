"""By which words people decide, lean or leave open.

Runs anywhere. Judged by form alone, in English and German, and in French and Spanish as far as `romance_words` goes: it
finds candidates and tells how far things were, while what a decision says stands in the text itself. Where a sentence
says both, what is open wins over what leans, and either over what is decided: "we have not decided yet" decides
nothing.
"""

from __future__ import annotations

import re

from cowrite.assist.text import romance_words as romance
from cowrite.assist.text import talk_words as talk
from cowrite.assist.text.reply_words import is_only_assent
from cowrite.assist.text.sentences import straight, words
from cowrite.assist.text.vote_words import is_result, is_tie
from cowrite.core.decisions.found import Standing

WE = r"(?:we|they|the (?:group|team|board|committee|council|meeting)|everyone|everybody|all of us|you and i)"
_ADVERB = (
    r"(?:(?:all|now|then|just|also|have|had|has|already|both|later|therefore|thus|hence|since|again|together|\w+ly) )*"
)
_THEY_GO = (
    r"^(?:and |but |so |then )?they(?: all)? (?:go|went) (?:with|for)\b(?! (?:their|his|her|him|them|it|me|us|you)\b)"
)
_BODY = (
    r"(?:board|committee|council|group|team|meeting|members|panel|assembly|jury|society|club|chair|union|cabinet|"
    r"commission|trustees|parents|residents)"
)
_GREMIUM = (
    r"(?:der|die|das|unsere?) (?:\w*(?:vorstand|rat|team|gruppe|ausschuss|versammlung|verein|gremium|kommission|jury|"
    r"mitglieder)|eltern|klasse)"
)
_OF_IT = (
    r"(?:now |still |not |very |too |rather |so |quite )*(?:up to|on|due|pending|expected|needed|necessary|overdue|"
    r"near|close|coming|hard|difficult|easy|important|urgent|legal|binding|wrong|right|good|bad|mine|yours|ours|"
    r"theirs|his|hers)"
)
"""What is said of a decision and not what it is: "the decision is up to the board"."""
_DECIDED = re.compile(
    rf"\b{WE} (?:'?ve )?{_ADVERB}(?:decided|agreed|settled|resolved|chose|chosen|voted|approved|opted|picked|rejected|"
    rf"dropped|abandoned|went with)\b"
    rf"|\bwe(?:'ve| have) {_ADVERB}(?:decided|agreed|settled|resolved|chosen|picked|approved|rejected|gone)\b"
    r"|\b(?:it|this|that) (?:was|is|has been|'s) (?:now )?(?:decided|agreed|settled|resolved|approved|final)\b"
    r"|(?<!\bto )\b(?:is|was|were|are|been|be) (?:hereby )?(?:decided|agreed|approved|rejected|confirmed)\b"
    r"|(?<!\bhe )(?<!\bshe )(?<!\bI )(?<!\byou )(?<!\bwho )(?<!\bto )\b(?:is|was|were|are|been|be) (?:hereby )?"
    r"(?:accepted|adopted)\b(?! (?:at|into|from|in|to)\b)"
    r"|(?<!\bwhether )\b(?:the|our|my) (?:final )?(?:decision|conclusion|agreement|resolution) "
    rf"(?:(?:is|was|has been)\b(?! (?:{_OF_IT})\b)|would be (?:to|that)\b|:)"
    r"|\bdecision\s*:|\b(?:decided|agreed|resolved)\s*:"
    r"|^(?:decided|agreed|resolved|approved)(?: further)?,? (?:that|to|on|by)\b"
    r"|\b(?:question|issue|matter|point) (?:is|was) (?:settled|resolved)\b"
    r"|\bthe (?:(?!(?:he|she|i|you|says?|said|thinks?|thought)\b)[\w-]+ ){1,3}(?:has |have )?(?:unanimously )?"
    r"(?:decided|agreed|resolved|voted) "
    r"(?:to|that|on|against|not)\b"
    rf"|\bthe (?:[\w-]+ ){{0,2}}{_BODY} (?:unanimously |then |therefore )?(?:decides?|agrees?|resolves?)"
    r"(?! (?:on|by|next|about|whether|when|if|later|tomorrow)\b)\b"
    rf"|\bthe (?:[\w-]+ ){{0,2}}{_BODY} (?:has |have )?(?:unanimously )?"
    r"(?:approve|adopt|reject|accept|endorse|elect|appoint)(?:s|ed|d)?\b"
    rf"|\bthe (?:[\w-]+ ){{0,2}}{_BODY} [^.;?]{{1,60}} and (?:then )?(?:chose|picked|selected|decided|agreed|opted)\b"
    rf"|\bthe (?:[\w-]+ ){{0,2}}{_BODY} (?:has |have )?(?:then )?(?:chose|chosen|picked|selected|opted)\b"
    r"|\bsigned off on\b|\b(?:gave|given) (?:its|their|his|her|the) (?:approval|go-ahead|green light|ok|okay)\b"
    r"|\bstays (?:just |exactly )?as it is\b|\bbleib(?:t|en) (?:so )?wie (?:er|sie|es) (?:ist|sind)\b"
    r"|[(,] ?(?:einstimmig|unanimous(?:ly)?)\)?[.!]?$"
    r"|^(?:and |but |so |then )?we(?: all)? go (?:with|for)\b"
    rf"|{_THEY_GO}"
    r"|\bwe (?:won't|will not) (?!(?:know|be|have|get|need|see|find|make it|ever|decide|agree|settle)\b)\w+"
    r"|\bwe(?:'re| are) (?:going (?:to go )?(?:with|for)|not going to|sticking with)\b"
    r"|\bthat(?:'s| is) (?:settled|decided|agreed|final|a deal)\b"
    rf"|\b(?:wir|{_GREMIUM}) (?:haben|hat) (?:uns |sich )?(?:[\w.]+ ){{0,8}}"
    r"(?:beschlossen|entschieden|geeinigt|vereinbart)\b"
    rf"|(?<!\bwie )(?<!\bwas )(?<!\bwann )(?<!\bwarum )\b(?:haben wir|(?:hat|haben) {_GREMIUM}) (?:uns |sich )?"
    r"(?:[\w.]+,? ){0,8}(?:beschlossen|entschieden|geeinigt|vereinbart)\b"
    r"|\b(?:beschluss|beschlossen|entschieden|entscheidung)\s*:|\bwurde (?:\w+ ){0,8}(?:beschlossen|entschieden)\b"
    r"|\b(?:der|die|das|unsere?) (?:vorstand|rat|team|gruppe|ausschuss|versammlung|verein|gremium|kommission|jury)"
    r" (?:[\w.]+ ){0,2}(?:beschließt|beschloss|entscheidet|entschied|genehmigt|genehmigte|lehnt)\b"
    rf"|{romance.DECIDED}",
    re.IGNORECASE,
)
_IN_TALK = re.compile(rf"{talk.DECIDED}|{romance.IN_TALK}", re.IGNORECASE)
"""What decides only where it was asked for, or others agree to it."""
_IN_TURN = re.compile(talk.IN_TURN, re.IGNORECASE)
_CHOICE = re.compile(talk.CHOICE, re.IGNORECASE)
_PICTURES = re.compile(r"[\s\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+$")
SETTLED = r"(?:decided|agreed|settled|resolved|chosen|picked|approved|adopted|rejected|accepted)"
_HAD_WE = rf"(?:had|have|has|was|were|is) (?:we|they|it|this|that) (?:\w+ ){{0,2}}{SETTLED}\b"
_UNREAL = re.compile(
    rf"\b(?:if|unless|once|until|till|before|whenever|as soon as|wish(?:ed)?) (?:{WE}|it|this|that) "
    rf"(?:\w+ ){{0,3}}{SETTLED}\b"
    rf"|\b(?:when|how|why) (?:{WE}|it|this|that) (?:(?!{WE}\b)\w+ ){{0,3}}{SETTLED}\b"
    rf"|\bthey had (?:\w+ ){{0,2}}{SETTLED}\b|\bwe had (?:\w+ ){{0,2}}{SETTLED}\b(?=.*\bbut\b)"
    rf"|(?:^|[,;] |\b(?:and|but|so) ){_HAD_WE}|\b(?:would|could|should|might) (?:not )?have (?:been )?{SETTLED}\b"
    r"|\b(?:must|should|may|might|can|could|would|will|'ll|cannot|can't|won't)(?: not| now| then| also)? be (?:\w+ly )?"
    r"(?:approved|accepted|adopted|confirmed|rejected)\b"
    rf"|^(?!(?:the|these|those|both|our|all|minutes|accounts)\b)\w+s\b[^.;,]*\bare {SETTLED}\b"
    rf"|^(?:please )?(?:don't|do not|never) (?:say|claim|pretend|think|tell \w+)\b[^,;]{{0,25}}\b{SETTLED}\b"
    rf"|\b(?:imagine|suppose|supposing|assume|assuming|pretend|what if)(?: that)? (?:{WE}|it|this|that) "
    rf"(?:\w+ ){{0,3}}{SETTLED}\b|\bwhether (?:{WE}|it|this|that) (?:\w+ ){{0,3}}{SETTLED}\b"
    r"|\b(?:wenn|falls|sobald|bevor|ehe) (?:wir|das|es|das team|die gruppe) (?:\w+ ){0,8}"
    r"(?:beschlossen|entschieden|geeinigt|vereinbart)\b",
    re.IGNORECASE,
)
"""What would be decided, or will be, or is only thought of: "if we had decided to sell", "once that is agreed", "had we
agreed", "it must be approved first", "suppose we agreed"; what always is so: "Bills are approved by the chair";
and what is told in passing: "how it was agreed", "they had long decided"."""
_ELSEWHERE = re.compile(
    r"\b(?:in|at|with|for) (?:my|our|his|her|their) (?:last|old|previous|former|other) "
    r"(?:team|job|company|firm|school|employer|life|club)\b"
    r"|\b(?:in|at|with|for) my (?:last|old|previous|former|other) (?!(?:e-?mail|mail|message|draft|note|report)\b)\w+"
    rf"|\b(?:reported|mentioned|heard|learn(?:ed|t)|(?:told|informed) \w+(?: \w+)?),? that (?!we\b)[^.;]{{0,80}}?"
    rf"\b(?:had|has|have) (?:\w+ ){{0,2}}{SETTLED}\b"
    r"|(?:^|[:,] )last (?:year|season|spring|summer|autumn|winter|term),? (?:[\w']+ ){1,4}"
    rf"{SETTLED}\b"
    r"|\b(?:(?:letztes|voriges|vergangenes) jahr|im (?:letzten|vorigen|vergangenen) jahr) (?:haben|hat|hatten|hatte|"
    r"wurden?)\b|^(?:l'an dernier|l'année dernière|el año pasado),? ",
    re.IGNORECASE,
)
"""What people decided who are not those who talk, or was reported of others, or was decided a year ago."""
_THEIR_MEETING = re.compile(
    r"\b(?:in|at|of|from|during) (?:their|his|her) (?:own |last |latest )?(?:meeting|call|session|assembly|agm)\b"
    r"|\b(?:in|bei|auf) (?:ihrer|deren) (?:eigenen |letzten )?(?:sitzung|versammlung|besprechung)\b",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    r"\b(?:i|we) (?:really |just |still )?(?:(?:do|did|can|could)(?:n't| not)|cannot|never) (?:\w+ )?"
    r"(?:think|believe|recall|remember|know|say)\b(?! (?:why|how|when)\b)[^,;]{0,25}"
    rf"\b{SETTLED}\b|\b(?:i|we) (?:never said|doubt|deny|dispute)\b[^,;]{{0,25}}\b{SETTLED}\b"
    rf"|\b(?:claims?|claimed|alleges?|alleged|pretends?|rumou?rs?)\b[^,;]{{0,25}}\b{SETTLED}\b"
    rf"|\b(?:ich|wir) (?:glaube|glauben|denke|denken|wüsste|wüssten) nicht\b.{{0,30}}"
    r"\b(?:beschlossen|entschieden|geeinigt|vereinbart)\b|\bbezweif(?:le|eln)\b",
    re.IGNORECASE,
)
"""What somebody does not think was decided, which is not that it was."""
_ASKED = re.compile(rf"(?:^|[,;] |\b(?:and|but|so) ){_HAD_WE}.*\?\s*$", re.IGNORECASE)
_POLL = re.compile(r"\bin favou?r\b.*\?\s*$", re.IGNORECASE)
_PROPOSES = re.compile(
    r"\b(?:i (?:move|propose|suggest)|how about|what about|ich schlage vor)\b"
    r"|\bmoved (?:that|to (?!(?:the|an?|our|my|his|her|their|new)\b)\w+)\b"
    r"|\b(?:proposed|suggested)\b|\bthe motion (?:to|that|by)\b|\bbeantragt\w*\b"
    r"|^(?:motion|proposal|resolution|amendment|antrag|vorschlag)\b(?! (?:was|is|has|passe|carrie|fail))"
    r"|^(?:the )?(?:first|second|third|next|last|final|other)(?: one| motion| proposal)?(?: is)?:? to \w+",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\b(?:can|could|will|would) you\b|\b(?:(?:kannst|könntest) du|\w+st du bitte)\b", re.IGNORECASE)
_LEANING = re.compile(
    r"\b(?:probably|presumably|most likely|leaning|lean toward\w*|inclined|tend to|tending|prefer(?:s|red|able|ably)?|"
    r"(?<!\ba )favou?r\w*|"
    r"in principle|provisionally|tentative\w*|for now|preliminary)\b"
    r"|\b(?:i|we)(?:'d| would)? (?:think|suppose|guess|propose|suggest|recommend|vote|say|go for|rather)\b"
    r".{0,30}\b(?:should|could|can|go|use|take|keep|have|for|be|with)\b"
    r"|^(?:(?:ok|okay|so|then|gut|also|mein|my),? )*(?:proposal|suggestion|vorschlag):"
    r"|\b(?:maybe|perhaps) (?:we|it) (?:should|could|can)\b"
    r"|\bwe (?:should|could|might)(?: just| probably| maybe)? (?:go|use|take|keep|drop|have|make|do|try|put)\b"
    r"|\bwould be (?:good|better|best|nice|great|cool|fine)\b|\b(?:sounds|seems|looks) (?:good|fine|best|better)\b"
    r"|\b(?:a )?(?:good|better|best|great|nice) (?:idea|option|solution|choice)\b"
    r"|\b(?:wahrscheinlich|vermutlich|eher|tendieren|vorläufig|am liebsten|ich schlage vor|wir sollten|wir könnten|"
    r"ich (?:fände|würde|wäre (?:für|dafür))|fände ich|wäre ich (?:für|dafür))\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:still|left|remains?|leave (?:it|this|that)) open\b|\bopen (?:question|issue|point)s?\b"
    r"|\bstays? open\b(?! (?:on|from|at|to|all|every|during|daily|late|later|longer)\b)"
    r"|\b(?:not|never|n't)(?: \w+){0,2} (?:decided|agreed|settled|resolved|final|sure yet|made a decision)\b"
    rf"|\b(?:{WE}|let's)(?: \w+)? (?:not|never|cannot) (?:\w+ )?decide\b|\b\w+n't (?:\w+ )?decide\b"
    r"|\bagreed? to disagree\b|\b(?:not what|nothing that|never what) (?:we|was) (?:\w+ )?(?:decided|agreed)\b"
    r"|\b(?:undecided|unresolved|unclear|tbd|tbc|postponed?|(?<!meeting was )adjourned|deferred?|pending)\b"
    r"|\bno (?:decision|agreement|consensus|conclusion)\b"
    r"|\b(?:to be|still to|yet to be|need to be|has to be|have to be|will be|must be) (?:decided|discussed|agreed)\b"
    r"|\b(?:need|have|had|got|still|want|going) to (?:decide|make a decision|discuss|talk about|think about|find out|"
    r"figure out|agree on|look into|sort out|check)\b"
    r"|\b(?:decide|discuss|come back|talk about (?:it|that)|revisit|look at (?:it|that)) (?:\w+ ){0,4}"
    r"(?:later|next (?:time|meeting|week)|another time|tomorrow|(?<=on )(?:mon|tues|wednes|thurs|fri)day)\b"
    r"|\b(?:should|shall|do|could|can) we\b.*\?|\bor should\b.*\?|\bwhich (?:one )?(?:should|shall|do) we\b"
    r"|\bnot sure (?:if|whether|about)\b|\bdon't know (?:if|whether|yet)\b|\bwhether (?:we|to|or not)\b"
    r"|\b(?:could|did|do|can)(?: not|n't) agree\b|\bcannot agree\b|\bha(?:ve|s) yet to (?:decide|settle|agree|be)\b"
    r"|\b(?:decision|outcome)\s*:\s*(?:none|no\b|not yet|tb[cd]|pending|open|deferred|postponed)"
    r"|\b(?:beschluss|entscheidung)\s*:\s*(?:noch )?(?:keine?r?\b|offen|vertagt)"
    r"|\bsteh(?:t|en) (?:\w+ )?(?:noch )?nicht fest\b|\bnoch (?:nicht|un)(?: \w+)? ?(?:klar|festgelegt|geklärt|fest)\b"
    r"|\bkeine einigung\b|\bnicht (?:\w+ )?einigen\b"
    r"|\b(?:noch )?(?:offen|ungeklärt|unentschieden|vertagt|zu klären|keine entscheidung)\b"
    rf"|\b(?:nicht|nie|niemals)(?: \w+){{0,2}} (?:beschlossen|entschieden|geeinigt|vereinbart)\b|{romance.OPEN}|"
    rf"{talk.OPEN}",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:nothing|none of (?:it|this|that)|no decisions?|nichts) (?:has been |was |were |is |had been |wurde )?"
    r"(?:decided|agreed|made|settled|taken|reached|beschlossen|entschieden|geeinigt|vereinbart)\b"
    r"(?!(?<=made|aken|ched) (?:on|about|regarding|concerning|as to) )"
    r"|\b(?:decided|agreed|settled|resolved)(?: on| upon)? nothing\b(?! (?:but|except|else|more|further)\b)"
    r"|(?:\bnot|n't)(?: \w+){0,2} (?:decided?|agreed?|settled?|resolved?)(?: on| upon)? anything\b"
    rf"(?! (?:but|except)\b)|{romance.NOTHING}",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:\d+ )?(?:(?P<decided>(?:the |our |key |main )?(?:decisions?|resolutions?|agreements?)(?: made| taken)?|"
    r"(?:what (?:we|was) )?(?:decided|agreed|resolved)|beschl(?:ü|u)ss(?:e)?|entscheidungen?|"
    r"décisions?(?: prises)?|decisiones(?: tomadas)?|acuerdos)|"
    r"(?:open|unresolved|offene) (?:questions?|issues?|points?|items?|topics?|fragen|punkte)|"
    r"(?:still )?(?:open|undecided|unresolved)|offen)",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:none|nothing|nil|no decisions?|tb[adc]|n/a|not applicable|pending|keine?|keiner|nichts)\b"
    r"(?! (?:of|but|except|will|shall|may|can|is|are|was|were|der|die|das)\b)",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"\b(?:decide[ds]|agree[ds]|settled|approve[ds]|resolve[ds]|reject(?:s|ed)|adopts?|elected|appointed|endorse[ds]|"
    r"final|decision|"
    r"conclusion|beschlossen|entschieden|geeinigt|vereinbart|beschließt|beschloss|entscheidet|entschied|genehmigt|"
    r"beschluss|entscheidung|"
    rf"vote[ds]?|{romance.FIRM})\b",
    re.IGNORECASE,
)


def standing(sentence: str) -> Standing | None:
    """How far what a sentence speaks of is; None where it tells nothing of the kind."""
    sentence = _PICTURES.sub("", sentence.replace("’", "'"))
    if _NOTHING.search(sentence) or _POLL.search(sentence) or _ELSEWHERE.search(sentence):
        return None
    if is_tie(sentence) or _OPEN.search(sentence) or _ASKED.search(sentence) or _DOUBTED.search(sentence):
        return Standing.OPEN
    if is_result(sentence):
        return Standing.DECIDED
    sentence = _UNREAL.sub(" ", sentence)
    is_decided = bool(_DECIDED.search(sentence))
    if _FIRM.search(sentence) and (is_decided or _IN_TALK.search(sentence)):
        return Standing.DECIDED
    if _LEANING.search(sentence):
        return Standing.LEANING
    return Standing.DECIDED if is_decided or (_IN_TALK.search(sentence) and not _IN_TURN.search(sentence)) else None


def standing_under(heading: str) -> Standing | None:
    """How far what stands under a heading is, where that says so: "Decisions", "Open questions"."""
    match = _HEADING.fullmatch(" ".join(words(heading)))
    if match is None:
        return None
    return Standing.DECIDED if match["decided"] else Standing.OPEN


def is_none(item: str) -> bool:
    """Whether what stands under a heading says that there is nothing: "None so far", "TBD"."""
    return bool(_NONE.match(straight(item)))


def is_firm(sentence: str) -> bool:
    """Whether a sentence itself says that something was decided, and does not only sound like it."""
    return standing(sentence) is Standing.DECIDED and bool(_FIRM.search(sentence) or is_result(sentence))


def is_in_talk(sentence: str) -> bool:
    """Whether a sentence that decides does so only as people do in talk, and might as well tell what comes next:
    "We'll take the river path"."""
    return not (_DECIDED.search(_UNREAL.sub(" ", straight(sentence))) or is_result(straight(sentence)))


def chosen(sentence: str) -> str:
    """What somebody names after a yes as if it was chosen; empty where a sentence is another one."""
    match = _CHOICE.fullmatch(_PICTURES.sub("", straight(sentence)))
    return match["what"] if match and not is_only_assent(sentence) else ""


def is_of_their_meeting(sentence: str) -> bool:
    """Whether somebody who talks tells what others decided where they met: "They chose oak in their meeting"."""
    return bool(_THEIR_MEETING.search(sentence))


def is_of_them(sentence: str) -> bool:
    """Whether a sentence tells what some others choose, as minutes do of those who met: "They go with wood"."""
    return bool(re.search(_THEY_GO, straight(sentence), re.IGNORECASE))


def asks_or_proposes(sentence: str) -> bool:
    """Whether a sentence asks for something that can be decided, or proposes it; a vote does neither, nor does whoever
    asks somebody to do something."""
    sentence = straight(sentence)
    if _POLL.search(sentence) or _REQUEST.search(sentence):
        return False
    return sentence.endswith("?") or bool(_PROPOSES.search(sentence)) or standing(sentence) is Standing.LEANING


def denies_all(sentence: str) -> bool:
    """Whether a sentence says that nothing was decided."""
    return bool(_NOTHING.search(sentence))
