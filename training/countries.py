"""Derive `src/onrecord/speakers/countries.en.json`: `python training/countries.py ACTORS_FOLDER`.

From the gazetteer's `countries.jsonl` only the English names, demonyms, capitals and seats of government of countries
are taken (CC0 and PDDL; short names also MIT, see `src/onrecord/speakers/NOTICE.txt`); `phoenix_names` is left out.
What news English calls a country or its people and the sources do not list is added below, by hand (CC0).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/onrecord/speakers/countries.en.json"

NAMES = {
    "USA": ["U.S.", "USA", "U.S.A.", "America"],
    "GBR": ["U.K.", "Britain", "Great Britain"],
    "ARE": ["UAE", "Emirates", "United Arab Emirates"],
    "TUR": ["Turkey", "Türkiye"],
    "CZE": ["Czechia", "Czech Republic"],
    "COD": ["Congo", "DR Congo", "Democratic Republic of Congo"],
    "CIV": ["Ivory Coast"],
    "MMR": ["Burma", "Myanmar"],
    "PRK": ["DPRK"],
    "VAT": ["Vatican", "Holy See"],
    "MKD": ["North Macedonia", "Macedonia"],
    "TWN": ["Taiwan"],
    "SYR": ["Syria"],
    "LAO": ["Laos"],
    "VNM": ["Vietnam"],
    "XKX": ["Kosovo"],
}
DEMONYMS = {
    "USA": ["American", "US", "U.S."],
    "GBR": ["British", "Briton", "UK", "U.K.", "English", "Scottish", "Welsh"],
    "NLD": ["Dutch"],
    "PHL": ["Filipino", "Philippine"],
    "CZE": ["Czech"],
    "DNK": ["Danish", "Dane"],
    "ESP": ["Spanish", "Spaniard"],
    "FRA": ["French"],
    "IRL": ["Irish"],
    "TUR": ["Turkish", "Turk"],
    "POL": ["Polish"],
    "SWE": ["Swedish", "Swede"],
    "FIN": ["Finnish"],
    "CHN": ["Chinese"],
    "JPN": ["Japanese"],
    "SAU": ["Saudi"],
    "ARE": ["Emirati"],
    "ISR": ["Israeli"],
    "PSE": ["Palestinian"],
    "KOR": ["South Korean"],
    "PRK": ["North Korean"],
    "TWN": ["Taiwanese"],
    "AFG": ["Afghan"],
    "VAT": ["Vatican"],
    "KAZ": ["Kazakh"],
    "UZB": ["Uzbek"],
    "BIH": ["Bosnian"],
    "MMR": ["Burmese", "Myanmar"],
    "RUS": ["Russian", "Soviet"],
    "SRB": ["Serbian", "Serb"],
    "HRV": ["Croatian", "Croat"],
    "GRC": ["Greek"],
    "NOR": ["Norwegian"],
    "PRT": ["Portuguese"],
    "CHE": ["Swiss"],
    "THA": ["Thai"],
    "XKX": ["Kosovan", "Kosovar"],
}
SEATS = {
    "USA": ["Supreme Court of the United States", "House of Representatives", "FBI", "NSA", "Department of Justice"],
    "RUS": ["Roscosmos", "Duma"],
    "GBR": ["House of Commons", "House of Lords", "Scotland Yard", "Downing Street", "Number 10", "No 10", "No. 10"],
    "DEU": ["Bundesbank"],
}
STATES = """Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Hawaii Idaho Illinois
Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana
Nebraska
Nevada New_Hampshire New_Jersey New_Mexico New_York North_Carolina North_Dakota Ohio Oklahoma Oregon Pennsylvania
Rhode_Island South_Carolina South_Dakota Tennessee Texas Utah Vermont Virginia West_Virginia Wisconsin Wyoming"""

# Words that mean something else far more often than the country, capital or territory of that name.
AMBIGUOUS = {
    "Chancellery", "Congress", "CIA", "Victoria", "Georgetown", "Hamilton", "Kingston", "Stanley", "Douglas",
    "Gibraltar", "Jamestown", "The Valley", "Valley", "San Juan", "San Jose", "Settlement", "West Bank", "Westminster",
    "Bankova", "Male", "Jersey", "Guam", "Basel", "Nice", "Monaco",
}  # fmt: skip


def _bare(capital: str) -> str:
    """A capital without what the source says about its name: "Washington, D.C.", "Chisinau in Romanian"."""
    return capital.removesuffix(", D.C.").split(" in ", 1)[0]


def plain(words: list[str]) -> list[str]:
    """The words as news English writes them: no article, no remarks, no spellings in other scripts, no doubles."""
    cleaned = (word.removeprefix("the ").replace(" *", "").strip() for word in words)
    return list(dict.fromkeys(word for word in cleaned if word and word not in AMBIGUOUS and " or " not in word))


def entry(row: dict) -> dict:  # type: ignore[type-arg]
    """What onrecord ships of one row of the gazetteer."""
    code = row["id"]
    english = [m for m in row.get("metonyms", []) if m["lang"] == "en"]
    capitals = [m["text"] for m in english if m["kind"] in {"capital", "disputed-capital", "capital-variant"}]
    demonyms = [d for d in [*row.get("demonyms_en", []), *DEMONYMS.get(code, [])] if not d.endswith("ns")]
    sovereign = row.get("independent") in {"Yes", "In contention"} or code in {"XKX", "VAT"}
    return {
        "name": row["name_en"],
        "names": plain([row["name_en"], row.get("official_en", ""), *NAMES.get(code, []), *row.get("aliases", [])]),
        "demonyms": plain([word for demonym in demonyms for word in demonym.replace("(s)", "").split(", ")]),
        "capitals": plain([_bare(c) for c in capitals if not c.startswith("no ")]) if sovereign else [],
        "seats": plain(
            [m["text"] for m in english if m["kind"] in {"seat", "institution"} and m["text"] != "the Foreign Office"]
            + SEATS.get(code, [])
        ),
        "parts": [state.replace("_", " ") for state in STATES.split()] if code == "USA" else [],
    }


def main(folder: str) -> None:
    """Write the table."""
    lines = (Path(folder) / "countries.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["kind"] == "country"]
    table = {row["id"]: entry(row) for row in rows}
    rendered = ",\n".join(f"{json.dumps(code)}: {json.dumps(row, ensure_ascii=False)}" for code, row in table.items())
    OUT.write_text("{\n" + rendered + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
