"""The command line, run as users run it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "port-talks.txt"
RAIN = "Rain is due, Mayor Anna Roe said."


def run(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", "from onrecord.cli import main; main()", *arguments],
        input=stdin,
        capture_output=True,
        timeout=60,
        cwd=cwd,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def test_text_shows_speakers_words_and_repairs() -> None:
    code, out, err = run("read", str(EXAMPLE))
    assert (code, err) == (0, "")
    assert "Ilya Marenkov, Government Spokesman  noted  direct" in out
    assert "repaired  Валдория. Порт-Рейн." in out
    assert "\x1b[" not in out, "no colour in a pipe"


def test_json_of_one_input_is_one_object_with_the_contract_s_fields() -> None:
    code, out, _ = run("read", "--format", "json", str(EXAMPLE))
    article = json.loads(out)
    assert code == 0
    assert list(article) == [
        "id", "input", "url", "lang", "headline", "bylines", "publisher", "agency", "place", "published", "text",
        "blocks", "repairs", "statements", "problems", "canonical", "modified", "credits",
    ]  # fmt: skip
    assert article["input"] == str(EXAMPLE)
    statement = article["statements"][1]
    assert list(statement) == [
        "id", "kind", "manner", "negated", "source", "cue", "content", "speaker", "addressee", "about", "acts",
        "said_on", "venue", "nested_in", "confidence", "because", "lang",
    ]  # fmt: skip
    parts = [article["text"][start:end] for start, end in statement["content"]]
    assert parts == ["“We have never closed the door,”", "“But nobody can be made to walk through it.”"]
    assert statement["speaker"]["name"] == "Ilya Marenkov"


def test_json_of_several_inputs_is_an_array(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(RAIN)
    _, out, _ = run("read", "-f", "json", str(tmp_path))
    assert [article["input"] for article in json.loads(out)] == [str(tmp_path / f"{n}.txt") for n in "abc"]


def test_jsonl_is_an_object_a_line_and_csv_a_row_a_statement() -> None:
    _, out, _ = run("read", "-f", "jsonl", str(EXAMPLE), "-", stdin=RAIN.encode())
    assert [len(json.loads(line)["statements"]) for line in out.splitlines()] == [10, 1]
    _, out, _ = run("read", "-f", "csv", "-", stdin=RAIN.encode())
    [row] = csv.DictReader(io.StringIO(out))
    assert (row["speaker"], row["role"], row["content"], row["spans"]) == ("Anna Roe", "Mayor", "Rain is due", "0-11")


def test_cells_that_spreadsheets_would_run_are_defused() -> None:
    _, out, _ = run(
        "read", "-f", "csv", "-", stdin=b'"=HYPERLINK(1,2) is a cell", said Anna Roe. -5 is cold, she said.'
    )
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows
    assert not any(cell.startswith(("=", "-", "+", "@")) for row in rows for cell in row.values())


def test_hostile_characters_do_not_reach_the_terminal() -> None:
    _, out, _ = run("read", "-", stdin="“Clear \x1b[2J the \u202escreen,” Anna Roe said.".encode())
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "Anna Roe" in out


def test_of_many_repairs_a_person_sees_the_first() -> None:
    text = "\n\n".join(f"The cafÃ© number {number} is open, said Anna Roe." for number in range(40))
    code, out, _ = run("read", "-", stdin=text.encode())
    assert code == 0
    assert out.count("    from  ") == 10
    assert "repaired  30 more places" in out


def test_csv_is_as_rfc_4180_has_it() -> None:
    line = json.dumps({"text": RAIN, "url": 'http://a.test/\r"x"'})
    out = shell(f"printf '%s' '{line}' | {COMMAND} read -f csv --as jsonl -")[1]
    assert out.count("\r\n") == 2
    assert '"http://a.test/\r""x"""' in out


def test_failures_are_named_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "rain.txt").write_text(RAIN)
    code, out, err = run("read", "empty.txt", "missing.txt", "rain.txt", cwd=tmp_path)
    assert code == 1
    assert "Anna Roe" in out
    assert [line.split(":")[:2] for line in err.splitlines()] == [
        ["onrecord", " empty.txt"],
        ["onrecord", " missing.txt"],
    ]


@pytest.mark.parametrize(
    "arguments",
    [("read",), ("read", "--format", "xml", "-"), ("read", "--lang", "xx", "-"), ("unknown",), ("attribute",)],
)
def test_a_mistaken_call_exits_with_2(arguments: tuple[str, ...]) -> None:
    code, _out, err = run(*arguments)
    assert code == 2
    assert err


@pytest.mark.parametrize("arguments", [("--help",), ("read", "--help"), ("attribute", "--help")])
def test_help_has_an_example(arguments: tuple[str, ...]) -> None:
    code, out, _ = run(*arguments)
    assert code == 0
    assert "Usage" in out
    assert len(arguments) == 1 or "Example: onrecord" in out


def test_version() -> None:
    assert run("--version")[1].startswith("onrecord 0.")


def test_attribute_keeps_the_line_and_adds_attributions(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl.gz"
    lines = [{"id": "x", "lang": "en", "text": RAIN, "meta": {"kept": [1]}}, {"id": "y", "lang": "en", "text": ""}]
    corpus.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    output = tmp_path / "out.jsonl"
    assert run("attribute", str(corpus), "-o", str(output)) == (0, "", "")
    first, second = (json.loads(line) for line in output.read_text().splitlines())
    assert first["meta"] == {"kept": [1]}
    [attribution] = first["attributions"]
    assert list(attribution) == ["id", "source", "cue", "content", "kind", "speaker", "confidence"]
    assert RAIN[slice(*attribution["source"][0])] == "Mayor Anna Roe"
    assert attribution["speaker"]["name"] == "Anna Roe"
    assert second["attributions"] == []


def test_attribute_names_bad_lines_and_goes_on(tmp_path: Path) -> None:
    corpus = b'{"text": "a"}\nnot json\n[1]\n{"text": 5}\n{"text": "a", "lang": "xx"}\n\xff\xfe\n{"text": "b"}\n'
    code, out, err = run("attribute", "-", stdin=corpus)
    assert code == 1
    assert [json.loads(line)["text"] for line in out.splitlines()] == ["a", "a", "b"]
    assert [line.split(":")[2] for line in err.splitlines()] == ["2", "3", "4", "5", "6"]


def test_attribute_of_a_missing_file_is_one_line() -> None:
    code, out, err = run("attribute", "no-such.jsonl")
    assert (code, out) == (1, "")
    assert err == "onrecord: no-such.jsonl: no such file or folder; check the path\n"


def test_a_failed_run_leaves_no_output_behind(tmp_path: Path) -> None:
    code, _, _err = run("attribute", "no-such.jsonl", "-o", str(tmp_path / "out.jsonl"))
    assert code == 1
    assert list(tmp_path.iterdir()) == []


def test_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    code, _, err = run("attribute", "-", "-o", str(tmp_path / "no" / "out.jsonl"), stdin=b'{"text": "a"}')
    assert code == 1
    assert "cannot be written" in err
    assert len(err.splitlines()) == 1


def test_a_file_is_written_whole_and_the_run_summed_up(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(RAIN)
    (tmp_path / "c.html").write_text("<html lang='zu'><body><p>Imvula iyeza namuhla ntambama.</p></body></html>")
    code, out, err = run("read", str(tmp_path), "-f", "csv", "-o", str(tmp_path / "out.csv"))
    assert (code, out) == (0, "")
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3
    assert err.startswith("onrecord: 3 pages read, 2 statements; on 1 of them: ")
    assert "on 1 of them: no rules for the language 'zu'" in err


def test_kinds_and_confidence_choose_statements() -> None:
    _, out, _ = run("read", "-f", "csv", "--kind", "direct", "--kind", "mixed", str(EXAMPLE))
    assert {row["kind"] for row in csv.DictReader(io.StringIO(out))} == {"direct", "mixed"}
    _, out, _ = run("read", "-f", "csv", "--min-confidence", "0.8", str(EXAMPLE))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows
    assert min(float(row["confidence"]) for row in rows) >= 0.8
    _, out, _ = run("read", "-f", "csv", "--min-speaker-confidence", "0.5", str(EXAMPLE))
    assert {row["speaker"] for row in csv.DictReader(io.StringIO(out))} == {"Ilya Marenkov", "Lucia Ferro"}


def test_what_was_not_said_is_marked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The mayor, Ann Reese, did not say that she would resign from the council in May.")
    _, out, _ = run("read", str(tmp_path / "a.txt"))
    assert "did not say  NOT SAID  indirect" in out


COMMAND = f"'{sys.executable}' -c 'from onrecord.cli import main; main()'"


def shell(command: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, timeout=60, env={**os.environ, **environment}, check=False
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def test_a_pipe_given_as_output_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert run("attribute", "-", "-o", str(pipe), stdin=b'{"text": "a"}')[0] == 0
    reader.join(10)
    assert got == [b'{"text":"a","attributions":[]}\n']
    assert pipe.is_fifo()


def test_a_link_given_as_output_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    assert run("attribute", "-", "-o", str(tmp_path / "link"), stdin=b'{"text": "a"}')[0] == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b'{"text":"a","attributions":[]}\n'


@pytest.mark.parametrize(
    ("redirected", "code", "error"),
    [
        ("read - <&-", 1, "onrecord: standard input: the page is empty\n"),
        (f"read '{EXAMPLE}' >&-", 0, ""),
        ("read missing.txt 2>&-", 1, ""),
        pytest.param(
            f"read '{EXAMPLE}' >/dev/full",
            1,
            "onrecord: standard output cannot be written (No space left on device)\n",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here"),
        ),
        (f"read '{EXAMPLE}' | true", 0, ""),
    ],
)
def test_standard_streams_closed_or_full(redirected: str, code: int, error: str) -> None:
    assert shell(f"{COMMAND} {redirected}") == (code, "", error)


def test_help_on_a_terminal_that_knows_ascii_only() -> None:
    code, out, err = shell(f"{COMMAND} read --help", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (code, err) == (0, "")
    assert "Example: onrecord read" in out


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
def test_a_file_name_that_is_no_unicode(tmp_path: Path, form: str) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    try:
        Path(os.fsdecode(name)).write_text(RAIN)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes Unicode names only")
    code, out, err = run("read", "-f", form, os.fsdecode(name))
    assert (code, err) == (0, "")
    assert "\ufffd.txt" in out


def test_attribute_reads_gzip_by_content_and_names_what_is_damaged(tmp_path: Path) -> None:
    packed = gzip.compress(b"\xef\xbb\xbf" + b'{"text": "a"}\n' * 1000)
    assert run("attribute", "-", stdin=packed)[1].count("\n") == 1000
    damaged = tmp_path / "damaged.jsonl.gz"
    damaged.write_bytes(packed[:20] + b"\xff" * 8 + packed[28:])
    code, _, err = run("attribute", str(damaged))
    assert code == 1
    assert "cannot be read on" in err
    assert len(err.splitlines()) == 1


def test_repair_mends_a_text_and_tells_what_it_did() -> None:
    code, out, err = run("repair", stdin="Ïîðò-Ðåéí, the cafÃ©, François\n".encode())
    assert (code, out) == (0, "Порт-Рейн, the café, François\n")
    assert err.startswith("onrecord: 2 repairs: ")


def test_repair_of_lines_names_the_bad_ones_and_goes_on(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        '{"id": 1, "broken": "cafÃ©", "how": "x"}\nnonsense\n{"id": 2}\n{"id": 3, "broken": "ok"}\n', "utf-8"
    )
    code, out, err = run("repair", "--jsonl", str(rows))
    assert code == 1
    assert [json.loads(line) for line in out.splitlines()] == [
        {
            "id": 1,
            "how": "x",
            "fixed": "café",
            "repairs": [{"start": 3, "end": 4, "original": "Ã©", "steps": ["encode latin-1", "decode utf-8"]}],
        },
        {"id": 3, "fixed": "ok", "repairs": []},
    ]
    assert [line.split(": ")[1] for line in err.splitlines()] == [f"{rows}:2", f"{rows}:3"]


def test_repair_of_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(bytes(range(256)) * 40)
    for name in ("missing.txt", "picture"):
        code, out, err = run("repair", name, cwd=tmp_path)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
