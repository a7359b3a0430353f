"""Runs of capitalised words: people with their titles and appositives, bodies, countries."""

from __future__ import annotations

from msgspec import structs

from onrecord.speakers.countries import place, places
from onrecord.speakers.knowledge import Gender, Lexicon
from onrecord.speakers.phrases import (
    POSSESSIVES,
    Determiner,
    Mention,
    MentionKind,
    complement_end,
    determiner,
    modifiers_start,
    read_noun,
    role_text,
)
from onrecord.speakers.tokens import Tokens

# Longer runs are lists or titles of works, not names.
_LONGEST_RUN, _LONGEST_NAME = 12, 5
# How many tokens an appositive may take up to its head noun.
_APPOSITIVE = 12
_LONGEST_PLACE = 3


def read_name(tokens: Tokens, lexicon: Lexicon, at: int) -> Mention | None:
    """The mention whose run of capitalised words begins at `at`, if it is one."""
    if _no_start(tokens, lexicon, at):
        return None
    end = _before_name(tokens, lexicon, at, _run_end(tokens, lexicon, at))
    country = _country(tokens, lexicon, at, end)
    if country:
        return country
    if _common_noun(tokens, lexicon, at, end):
        return read_noun(tokens, lexicon, end - 1)
    if end == at + 1 and tokens.lower[at] in lexicon.words.modifiers and not tokens.same_sentence(at - 1, at):
        return None
    honorific = lexicon.honorifics.get(tokens.lower[at].rstrip("."))
    if honorific is not None and end > at + 1:
        return _person(tokens, lexicon, at, at + 1, end, gender=honorific, honorific=True)
    name = _after_role(tokens, lexicon, at, end)
    if name == end:
        return _titled_nobody(tokens, lexicon, at, end)
    words = tokens.words[name:end]
    if name == at:
        found = _organisation(tokens, lexicon, at, end)
        if found:
            return found
    if len(words) > _LONGEST_NAME:
        return None
    return _person(tokens, lexicon, at, name, end)


def _common_noun(tokens: Tokens, lexicon: Lexicon, at: int, end: int) -> bool:
    """Whether a run ends in a common noun that makes it no name: "Republicans", "House Democrats"."""
    lower = tokens.lower[end - 1]
    noun = lexicon.nouns.get(lower)
    if noun is None or (end > at + 1 and lower in lexicon.organisations.nouns):
        return False
    if end > at + 1 and noun.base in lexicon.organisations.nouns and noun.kind == "body":
        return False  # "Marsh End Schools"
    return noun.plural or (noun.kind != "role" and end == at + 1)


def _no_start(tokens: Tokens, lexicon: Lexicon, at: int) -> bool:
    """Whether the capital at `at` is only that of a sentence or a date ("The", "Tuesday"), no name beginning."""
    if tokens.lower[at] not in lexicon.words.starts or place(tokens.words[at]):
        return False
    if not tokens.capital(at + 1):
        return True
    if place(" ".join(tokens.words[at : at + 2])):
        return False  # "New York"
    if tokens.lower[at] in lexicon.first_names:
        return False  # "June Carter"
    inner = tokens.same_sentence(at - 1, at) and tokens.words[at - 1][0].isalnum()
    return not (inner and tokens.lower[at] in lexicon.words.modifiers)


def _run_end(tokens: Tokens, lexicon: Lexicon, at: int) -> int:
    """The token after the run of capitalised words, particles and linking words that begins at `at`."""
    end, linkable, titled = at, False, False
    words, sentences = tokens.words, tokens.sentences
    most, sentence = min(at + _LONGEST_RUN, len(words)), sentences[at]
    while end < most and sentences[end] == sentence:
        lower = tokens.lower[end]
        if words[end][0].isupper():
            linkable = (linkable and not titled) or lower in lexicon.organisations.nouns
            titled = lexicon.role(lower.rstrip(".")) is not None
            linkable = linkable or titled
            end += 1
        elif lower in lexicon.words.particles and end > at and tokens.capital(_past_particles(tokens, lexicon, end)):
            end = _past_particles(tokens, lexicon, end) + 1
        elif linkable and lower in lexicon.organisations.links and tokens.same_sentence(at, end + 1):
            linked = _linked(tokens, lexicon, at, end)
            if linked == end:
                break
            end = linked
        elif lower == "," and _enumerates(tokens, lexicon, at, end):
            end += 4
        else:
            break
    return end


def _enumerates(tokens: Tokens, lexicon: Lexicon, at: int, comma: int) -> bool:
    """Whether a name goes on behind a comma: "Ministry of Trade, Industry and Energy"."""
    linked = any(lower in lexicon.organisations.links for lower in tokens.lower[at + 1 : comma])
    body = linked and any(lower in lexicon.organisations.nouns for lower in tokens.lower[at:comma])
    if not body or not tokens.same_sentence(comma, comma + 3) or not tokens.capital(comma + 1):
        return False
    plain = tokens.lower[comma + 1] not in lexicon.first_names and place(tokens.words[comma + 1]) is None
    return plain and tokens.lower[comma + 2] in lexicon.words.joins and tokens.capital(comma + 3)


def _before_name(tokens: Tokens, lexicon: Lexicon, at: int, end: int) -> int:
    """Where a body's name ends in whose run a person's follows: "[Harbour Union] Anna Roe"; else `end`."""
    for p in range(at + 2, end - 1):
        known = tokens.lower[p] in lexicon.first_names and tokens.lower[p] not in lexicon.nouns
        body = tokens.lower[p - 1] in lexicon.organisations.nouns and tokens.capital(p - 1)
        if known and body and lexicon.role(tokens.lower[p - 1]) is None:
            return p
    return end


def _past_particles(tokens: Tokens, lexicon: Lexicon, at: int) -> int:
    """The token after the particles of a name: "von der" before "Leyen"."""
    while tokens.same_sentence(at, at + 1) and tokens.lower[at] in lexicon.words.particles:
        at += 1
    return at


def _linked(tokens: Tokens, lexicon: Lexicon, at: int, link: int) -> int:
    """Where to go on after "of", "for the" or "and" inside a name; `link` if the name ends before it."""
    after = link + 1
    joins, links = lexicon.words.joins, lexicon.organisations.links
    if tokens.lower[link] in joins:
        carried = any(word in links and word not in joins for word in tokens.lower[at:link])
        known = tokens.lower[after] in lexicon.first_names or lexicon.role(tokens.lower[after])
        return after if carried and tokens.capital(after) and not known else link
    if tokens.lower[after] in lexicon.words.starts and tokens.lower[after] not in lexicon.words.definite:
        return link
    if tokens.capital(after):
        return after
    return after + 1 if tokens.lower[after] in lexicon.words.definite and tokens.capital(after + 1) else link


def _after_role(tokens: Tokens, lexicon: Lexicon, at: int, end: int) -> int:
    """Where the name begins after the titles in a run: `at` if there is no title, `end` if there is no name."""
    for head in range(end - 1, at - 1, -1):
        if not _is_title(tokens, lexicon, at, head, end):
            continue
        if head + 1 < end and tokens.lower[head + 1] in lexicon.organisations.links:
            named = (p for p in range(head + 2, end - 1) if tokens.lower[p] in lexicon.first_names)
            return next(named, _past_place(tokens, lexicon, head + 2, end))
        if any(tokens.lower[p] in lexicon.organisations.nouns for p in range(head + 1, end)):
            return at
        return head + 1
    return at


def _past_place(tokens: Tokens, lexicon: Lexicon, at: int, end: int) -> int:
    """Where a name begins behind the country of an office, "President of Norway [Halvdan Roe]"; `end` if none does."""
    for after in range(min(end - 2, at + _LONGEST_PLACE), at, -1):
        if place(" ".join(tokens.words[at:after])):
            rest = range(after, end)
            plain = all(tokens.words[p][0].isupper() and not _ordinary(tokens, lexicon, p) for p in rest)
            return after if plain else end
    return end


def _is_title(tokens: Tokens, lexicon: Lexicon, at: int, head: int, end: int) -> bool:
    lower = tokens.lower[head].rstrip(".")
    if lexicon.role(lower) is None:
        return False
    linked = head > at + 1 and tokens.lower[head - 1] in lexicon.organisations.links and head == end - 1
    if linked and any(tokens.lower[p] in lexicon.organisations.nouns for p in range(at, head - 1)):
        return False  # "Center for Justice"
    given = head > at and tokens.lower[head - 1] in lexicon.first_names and tokens.lower[head - 1] not in lexicon.nouns
    if given and head == end - 1:
        return False  # "Charlie King"
    if head == end - 1 and head == at + 1 and _bare_pair(tokens, lexicon, at):
        return False  # "TJ King"
    return not (lower in lexicon.first_names and head == at and end > at + 1)


def _bare_pair(tokens: Tokens, lexicon: Lexicon, at: int) -> bool:
    """Whether the word at `at` neither qualifies a title nor has a determiner before it."""
    lower = tokens.lower[at].rstrip(".")
    known = lower in lexicon.words.modifiers or lower in lexicon.organisations.nouns or lower in lexicon.nouns
    before = tokens.lower[at - 1] if tokens.same_sentence(at - 1, at) else ""
    return not (
        known or place(tokens.words[at]) or before in lexicon.words.definite or before in lexicon.words.indefinite
    )


def _titled_nobody(tokens: Tokens, lexicon: Lexicon, at: int, end: int) -> Mention | None:
    """A title that nobody's name follows: "the Foreign Minister"."""
    heads = [p for p in range(at, end) if lexicon.role(tokens.lower[p].rstrip("."))]
    noun = lexicon.role(tokens.lower[heads[-1]].rstrip("."))
    if noun is None:
        return None
    first = modifiers_start(tokens, lexicon, at)
    kind, start = determiner(tokens, lexicon, first)
    owner = at - 1 if first < at and tokens.lower[at - 1] in POSSESSIVES else -1
    owner = start if kind == "owner" else owner
    last = max(end, complement_end(tokens, lexicon, end))
    return Mention(
        "group" if noun.plural else "role",
        start,
        last,
        end - 1,
        role=role_text(tokens, lexicon, start, last),
        determiner="owner" if owner >= 0 else kind,
        owner=owner,
        gender=noun.gender,
        plural=noun.plural,
        noun=noun,
    )


def _country(tokens: Tokens, lexicon: Lexicon, at: int, end: int) -> Mention | None:
    """A country, its people, its capital, its seat of government or a part of it, if the run is exactly that."""
    if tokens.same_sentence(at, end) and tokens.words[end].isdigit() and place(" ".join(tokens.words[at : end + 1])):
        end += 1  # "Number 10"
    named = place(" ".join(tokens.words[at:end]))
    if named is None:
        return None
    if named.sense == "demonym":
        article = tokens.same_sentence(at - 1, at) and tokens.lower[at - 1] in lexicon.words.definite
        verb_follows = article and not (tokens.same_sentence(at, end) and tokens.lower[end] in lexicon.nouns)
        if not (tokens.words[end - 1].endswith("s") or verb_follows):
            return None
        return Mention("group", at, end, end - 1, role=tokens.phrase(at, end), plural=True, country=named.code)
    own_name = named.sense in {"seat", "part"}
    kind: MentionKind = "organisation" if own_name else "country"
    name = tuple(tokens.words[at:end]) if own_name else (named.country,)
    return Mention(kind, at, end, end - 1, name=name, country=named.code, role=named.sense)


def _organisation(tokens: Tokens, lexicon: Lexicon, at: int, end: int) -> Mention | None:
    lowers = tokens.lower[at:end]
    given = lowers[0] in lexicon.first_names and len(lowers) == 2
    by_noun = len(lowers) > 1 and not given and not lexicon.bodies.isdisjoint(lowers)
    acronyms = all(_acronym(word, lexicon) for word in tokens.words[at:end])
    by_look = acronyms or (len(lowers) == 1 and lowers[0] in lexicon.organisations.names)
    prior = tokens.lower[at - 1] if tokens.same_sentence(at - 1, at) else ""
    by_article = prior in lexicon.words.definite and not given and lowers[0] not in lexicon.nouns
    before = lexicon.nouns.get(prior)
    called = before is not None and before.kind == "body" and not before.plural and tokens.words[at - 1].islower()
    slashed = tokens.same_sentence(at, end + 1) and tokens.words[end] == "/" and tokens.capital(end + 1)
    by_article = (
        by_article or slashed or (called and lowers[0] not in lexicon.first_names)
    )  # "the power company Kestrel Light"
    if not (by_noun or by_look or by_article):
        return None
    first, country = at, next((p.code for p in places(tokens.words[at:end]) if p.sense != "capital"), None)
    if at > 1 and tokens.lower[at - 1] in POSSESSIVES and tokens.capital(at - 2):
        for length in (2, 1):  # "South Korea's", "France's"
            owner = place(" ".join(tokens.words[at - 1 - length : at - 1])) if at > length else None
            if owner:
                first, country = at - 1 - length, owner.code
                break
    end = _past_slashes(tokens, at, end)
    return Mention("organisation", first, end, end - 1, name=tuple(tokens.words[first:end]), country=country)


def _past_slashes(tokens: Tokens, at: int, end: int) -> int:
    """Where a name ends that a slash joins to another: "Reuters/Ipsos"."""
    while tokens.same_sentence(at, end + 1) and tokens.words[end] == "/" and tokens.capital(end + 1):
        end += 2
        while tokens.same_sentence(at, end) and tokens.capital(end) and end < at + _LONGEST_RUN:
            end += 1
    return end


def _acronym(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is written as only the names of bodies are: "NATO", "AFL-CIO", "PolitiFact"."""
    if word[1:].islower():
        return False
    letters = word.replace(".", "").replace("-", "").replace("&", "")
    inner = any(letter.isupper() for letter in word[2:]) and word[1].islower() if len(word) > 3 else False
    return (len(letters) > 1 and letters.isupper() and len(letters) <= 6) or (
        inner and not word.startswith(lexicon.words.name_prefixes)
    )


def _ordinary(tokens: Tokens, lexicon: Lexicon, at: int) -> bool:
    """Whether a word is known to be no name: "Young" before "Bernie", but not "Abu" before "Hassan"."""
    lower = tokens.lower[at]
    known = lower in lexicon.words.modifiers or lower in lexicon.nouns or lower in lexicon.bodies
    return known or place(tokens.words[at]) is not None or _acronym(tokens.words[at], lexicon)


def _person(
    tokens: Tokens, lexicon: Lexicon, at: int, name: int, end: int, gender: Gender = "", honorific: bool = False
) -> Mention | None:
    """A person whose titles, if any, begin at `at` and whose name spans `name` to `end`."""
    called = next((p for p in range(name, end - 1) if tokens.lower[p] in lexicon.first_names), name)
    if called > name and any(_ordinary(tokens, lexicon, p) for p in range(name, called)):
        name, at = called, called if at == name else at  # an epithet in front of the name
    tail = next((p + 1 for p in range(end - 2, name - 1, -1) if _qualifies(tokens.words[p])), name)
    if tail > name:
        name, at = tail, tail  # "Los Angeles-area"
    if tokens.lower[name] in lexicon.words.cuts and tokens.lower[name] not in lexicon.first_names:
        return None  # "Justice Through Journalism"
    words = tuple(tokens.words[name:end])
    given = tokens.lower[name] if len(words) > 1 or not honorific else ""
    gender = gender or (lexicon.first_names.get(given, "") if len(words) > 1 else "")
    mention = Mention("person", at, end, end - 1, name=words, gender=gender, honorific=honorific)
    mention = _with_title(tokens, lexicon, mention, at, name)
    mention = _with_affiliation(tokens, lexicon, mention)
    if len(words) > 1 or mention.role or honorific:
        mention = _with_appositive(tokens, lexicon, mention)
    initial = len(words) > 1 and (len(words[0]) <= 2 and words[0].endswith("."))
    sure = bool(mention.role or mention.affiliation or honorific or (given in lexicon.first_names) or initial)
    return structs.replace(mention, sure=True) if sure else mention


def _qualifies(word: str) -> bool:
    """Whether a compound is an adjective, as "Texas-born" and "Angeles-area" are and "Abdel-Fattah" is not."""
    return "-" in word and word.rsplit("-", 1)[1][:1].islower() and len(word.rsplit("-", 1)[1]) > 3


def _with_title(tokens: Tokens, lexicon: Lexicon, mention: Mention, at: int, name: int) -> Mention:
    """The mention with the titles in front of it, those in lower case too."""
    if mention.honorific:
        return _with_leading_phrase(tokens, lexicon, mention)
    before = tokens.lower[at - 1] if tokens.same_sentence(at - 1, at) else ""
    if at == name and not lexicon.role(before):
        return _with_leading_phrase(tokens, lexicon, mention)
    first = modifiers_start(tokens, lexicon, at)
    kind, start = determiner(tokens, lexicon, first)
    heads = (lexicon.role(tokens.lower[p].rstrip(".")) for p in range(name - 1, first - 1, -1))
    head = next((noun for noun in heads if noun), None)
    gender: Gender = mention.gender or (head.gender if head else "")
    role = role_text(tokens, lexicon, first, name)
    return structs.replace(mention, first=start, role=role, gender=gender, determiner=kind)


def _with_leading_phrase(tokens: Tokens, lexicon: Lexicon, mention: Mention) -> Mention:
    """ "Her husband, Bill Clinton," and "A lawyer for the paper, David Schulz,": the phrase in front is the role."""
    comma = mention.first - 1
    if (
        not tokens.same_sentence(comma, mention.last)
        or tokens.words[comma] != ","
        or not (len(mention.name) > 1 or mention.honorific or mention.name[0].lower() in lexicon.first_names)
    ):
        return mention
    if tokens.words[mention.last] != ",":
        return mention
    first = comma
    while first > max(0, comma - _APPOSITIVE) and tokens.same_sentence(first - 1, comma):
        if not (tokens.words[first - 1][0].isalnum() or tokens.words[first - 1][0] in "'’"):
            break
        first -= 1
    heads = (p for p in range(first, comma) if p + 1 == comma or tokens.lower[p + 1] in lexicon.words.cuts)
    head = next((p for p in heads if lexicon.role(tokens.lower[p])), None)
    if head is None:
        return mention
    begin = next((p for p in range(first, head) if determiner(tokens, lexicon, p + 1)[0]), head) + 1
    kind, start = determiner(tokens, lexicon, begin)
    if not kind:
        kind, start, begin = _owned_by_name(tokens, first, head)
    noun = lexicon.role(tokens.lower[head])
    cut = any(tokens.lower[p] in lexicon.words.cuts for p in range(begin, head))
    if not kind or noun is None or noun.plural or cut:
        return mention
    gender: Gender = mention.gender or noun.gender
    return structs.replace(
        mention, first=start, role=role_text(tokens, lexicon, start, comma), gender=gender, determiner=kind
    )


def _owned_by_name(tokens: Tokens, first: int, head: int) -> tuple[Determiner, int, int]:
    """Whose role begins with a name, "Norland's foreign minister": where the phrase begins, and the role behind it."""
    owner = next((p for p in range(first + 1, head) if tokens.lower[p] in POSSESSIVES and tokens.capital(p - 1)), 0)
    if not owner:
        return "", head, head
    start = owner - 1
    while start > first and tokens.capital(start - 1):
        start -= 1
    return "owner", start, owner + 1


def _with_affiliation(tokens: Tokens, lexicon: Lexicon, mention: Mention) -> Mention:
    """The mention with a party and district such as ", R-Texas," or "(D)" behind it."""
    at = mention.last
    if not tokens.same_sentence(at, at + 1) or tokens.words[at] not in {",", "("}:
        return mention
    code, _, district = tokens.words[at + 1].partition("-")
    held = lexicon.affiliations.get(code.rstrip("."))
    if held is None or not (district or (tokens.words[at] == "(" and _seated(tokens, lexicon, mention))):
        return mention
    end = at + 2
    while tokens.same_sentence(at, end) and tokens.words[end] in {".", ")"}:
        end += 1
    return structs.replace(
        mention, last=end, affiliation=f"{held.party}, {_district(lexicon, district)}".strip(", "), country=held.country
    )


def _seated(tokens: Tokens, lexicon: Lexicon, mention: Mention) -> bool:
    """Whether a bare "(R)" may tell a party: behind an office, or behind one so marked ("Sens. Roe (R) and Lind (D)").

    Behind a mere name it tells who stands on the right of a photo.
    """
    joined = tokens.same_sentence(mention.first - 2, mention.core) and tokens.words[mention.first - 2] == ")"
    return bool(mention.role) or (joined and tokens.lower[mention.first - 1] in {",", *lexicon.words.joins})


def _district(lexicon: Lexicon, word: str) -> str:
    return lexicon.districts.get(f"{word.rstrip('.').lower()}.", word)


def _with_appositive(tokens: Tokens, lexicon: Lexicon, mention: Mention) -> Mention:
    """The mention with the role that follows its name: ", the new press secretary"."""
    comma = mention.last
    if tokens.same_sentence(comma, comma + 2) and tokens.words[comma] == "," and tokens.words[comma + 1].isdigit():
        mention = structs.replace(mention, age=f"{tokens.words[comma + 1]}{lexicon.words.aged}")
        comma += 2
    if not tokens.same_sentence(comma, comma + 1) or tokens.words[comma] != ",":
        return mention
    head = _appositive_head(tokens, lexicon, comma)
    if head is None:
        return mention
    last = complement_end(tokens, lexicon, head + 1)
    noun = lexicon.role(tokens.lower[head].rstrip("."))
    gender: Gender = mention.gender or (noun.gender if noun else "")
    role = mention.role or role_text(tokens, lexicon, comma + 1, last)
    return structs.replace(mention, last=last, role=role, gender=gender)


def _appositive_head(tokens: Tokens, lexicon: Lexicon, comma: int) -> int | None:
    """The head noun of the phrase after a comma, if the phrase is somebody's role."""
    at = comma + 1
    while at < comma + _APPOSITIVE and tokens.same_sentence(comma, at):
        lower = tokens.lower[at]
        ends_phrase = not (lower[0].isalnum() or lower[0] in "'’“”\"") or lower in lexicon.words.cuts
        if ends_phrase:
            break
        at += 1
    head = at - 1
    noun = lexicon.role(tokens.lower[head].rstrip(".")) if head > comma else None
    if noun is None or noun.plural:
        return None
    named = any(
        tokens.lower[p] in lexicon.first_names and tokens.capital(p) and not lexicon.role(tokens.lower[p])
        for p in range(comma + 1, head + 1)
    )
    return None if named else head
