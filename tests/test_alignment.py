"""Which lines of a page tell its gold body: what the line labeller learns from and is measured against."""

from training.alignment import told_lines

GOLD = """Berlin. The harbour stays closed until the ministry has read the report, it said.
A long way to go
The ferry company has lost two thousand passengers a day since the strike began in spring.
The ferry company will ask for help."""


def told(*lines: str) -> list[str]:
    return [line for line, is_told in zip(lines, told_lines(lines, GOLD), strict=True) if is_told]


def test_a_short_line_is_told_where_the_gold_goes_on_with_the_next():
    opening = ("Berlin.", "The harbour stays closed until the ministry has read the report, it said.")
    assert told("Berlin.", "Sport", *opening, "Berlin.") == list(opening)
    assert told_lines(("Berlin.", "Sport", *opening, "Berlin."), GOLD) == [False, False, True, True, False]


def test_of_two_copies_the_one_in_the_order_of_the_gold_is_told():
    one, two, three = GOLD.split("\n")[0], GOLD.split("\n")[1], GOLD.split("\n")[2]
    assert told_lines((three, one, two, three), GOLD) == [False, True, True, True]


def test_a_box_that_the_gold_has_elsewhere_is_told_too():
    one, _, three, _ = GOLD.split("\n")
    assert told_lines((three, one), GOLD) == [True, True]


def test_what_only_shares_words_with_a_told_line_is_not():
    three = GOLD.split("\n")[2]
    title = "Ferry company has lost two thousand passengers a day"
    assert told_lines((title, three), GOLD) == [False, True]
    assert told_lines(("___", "", three), GOLD) == [False, False, True]


def test_a_line_that_the_gold_has_for_the_most_part_is_told():
    changed = "The ferry company has lost some two thousand passengers a day since the strike began in spring. (dpa)"
    assert told_lines(("Weather", changed), GOLD) == [False, True]
