from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import routing_csv
from app.cli.route import route
from rules import book

HEADER = "id;name;geburtsdatum;stichtag;wohnort;leistung;arbeitsfaehig;verfuegbar;arbeitslos_seit"
JANA = "V01;Jana Becker;14.03.1982;05.01.2004;Bergisch Gladbach;HLU;ja;ja;01.09.2003"
ROOT = Path(__file__).resolve().parents[2]
RESULT = "21;VOLL_U25;Z6;SB;;JUMP+;"


@pytest.fixture
def work(tmp_path):
    """Routes the given bytes; gives the outcome of the command and what it wrote."""

    def run(content, *options, lang="de"):
        source, target = tmp_path / "clients.csv", tmp_path / "routes.csv"
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
        words = ["--input", str(source), "--output", str(target), "--lang", lang, *options]
        done = CliRunner().invoke(route, words, catch_exceptions=False)
        read = [path.read_bytes().decode() if path.exists() else None for path in (target, errors(tmp_path))]
        return done, *read

    return run


def errors(folder):
    return folder / "routes.errors.csv"


def table(text):
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines(), delimiter=";"))


def test_the_vignettes_come_out_as_they_stand_in_the_handbook(work, vignettes_file):
    done, routes, faults = work(vignettes_file.read_bytes())
    assert done.exit_code == 0
    assert routes.splitlines() == vignettes_file.read_text(encoding="utf-8-sig").splitlines()
    assert faults is None


def test_what_stood_in_the_result_columns_before_does_not_matter(work, vignettes_file):
    rows = list(csv.reader(vignettes_file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    spoilt = [rows[0], *(row[:10] + ["=1"] * 7 for row in rows[1:])]
    _, routes, _ = work("\n".join(";".join(row) for row in spoilt))
    assert [list(row.values()) for row in table(routes)] == rows[1:]


def test_the_result_columns_are_added_where_they_are_missing(work):
    done, routes, _ = work(f"{HEADER}\n{JANA}\n")
    assert done.exit_code == 0
    assert routes == f"{HEADER};alter;route;regel;hlu_zahlt;alhi_alg_zahlt;programm;merker\n{JANA};{RESULT}\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_the_answer_is_written_as_the_question_was(mark, newline, work, tmp_path):
    done, _, _ = work(mark + newline.join([HEADER, JANA, ""]).encode())
    written = (tmp_path / "routes.csv").read_bytes()
    assert done.exit_code == 0
    assert written.startswith(mark + b"id;")
    assert written.count(newline.encode()) == 2
    assert written.count(b"\n") == 2


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(delimiter, work):
    done, routes, _ = work(f"{HEADER}\n{JANA}\n".replace(";", delimiter))
    assert done.exit_code == 0
    assert delimiter.join(["21", "VOLL_U25", "Z6"]) in routes


def test_further_columns_and_odd_characters_pass_through_unchanged(work):
    odd = ['Đorđević "Đoka"', "=1+1", "a;b", "Zeile 1\nZeile 2", "🙂 Ị́", "'"]
    cells = ";".join('"' + cell.replace('"', '""') + '"' for cell in odd)
    head = ";".join(f"x{number}" for number in range(len(odd)))
    done, routes, _ = work(f"{HEADER};{head}\n{JANA};{cells}\n")
    assert done.exit_code == 0
    row = next(csv.DictReader(routes.splitlines(keepends=True), delimiter=";"))
    assert [row[f"x{number}"] for number in range(len(odd))] == odd


def test_columns_may_stand_in_any_order_and_case(work):
    names, values = HEADER.split(";")[::-1], JANA.split(";")[::-1]
    _, routes, _ = work(";".join(names).upper() + "\n" + ";".join(values) + "\n")
    assert routes.splitlines()[1].endswith(RESULT)


def test_lines_that_cannot_be_read_go_aside_with_number_and_reason(work):
    lines = [
        HEADER,
        JANA,
        JANA.replace("14.03.1982", "31.02.1980"),
        "zu;kurz",
        "",
        JANA.replace(";ja;", ";jo;", 1),
        JANA,
    ]
    done, routes, faults = work("\n".join(lines))
    assert done.exit_code == 1
    assert len(table(routes)) == 2
    assert [(row["zeile"], row["id"]) for row in table(faults)] == [("3", "V01"), ("4", ""), ("6", "V01")]
    assert [row["grund"] for row in table(faults)] == [
        "geburtsdatum: „31.02.1980“: Dieses Datum gibt es nicht.",
        "Die Zeile hat 2 statt 9 Spalten.",
        "arbeitsfaehig: „jo“ wird hier nicht verstanden.",
    ]
    assert "2 Datensätze zugeordnet, 3 nicht lesbar" in done.stderr
    assert done.stdout == ""


def test_reasons_are_given_in_english_on_request(work):
    _, _, faults = work(f"{HEADER}\n{JANA.replace('1982', '82')}\n", lang="en")
    assert faults.splitlines()[0] == "line;id;reason"
    assert "please give the year with four digits" in faults


def test_a_line_in_another_encoding_goes_aside(work):
    done, routes, faults = work(
        f"{HEADER}\n".encode() + JANA.replace("Jana", "Jürgen").encode("latin-1") + b"\n" + JANA.encode()
    )
    assert done.exit_code == 1
    assert len(table(routes)) == 1
    assert table(faults)[0]["grund"] == "Die Zeile ist nicht in UTF-8 geschrieben."


def test_an_open_quotation_mark_does_not_swallow_the_clients_below(work):
    broken = JANA.replace("Jana Becker", '"Jana Becker')
    done, routes, faults = work("\n".join([HEADER, JANA, broken, *[JANA] * 80]))
    assert done.exit_code == 1
    assert len(table(routes)) == 81
    assert [(row["zeile"], row["grund"]) for row in table(faults)] == [
        ("3", "Ein Anführungszeichen fehlt oder ist zu viel.")
    ]


def test_an_endless_line_goes_aside(work):
    done, routes, faults = work("\n".join([HEADER, "x" * 1_000_000, JANA]))
    assert (done.exit_code, len(table(routes))) == (1, 1)
    assert table(faults)[0]["grund"] == "Die Zeile ist zu lang."


def test_what_is_missing_or_impossible_is_routed_to_clarification(work):
    missing = JANA.replace("14.03.1982", ""), JANA.replace("05.01.2004", ""), JANA.replace("1982", "2082")
    done, routes, _ = work("\n".join([HEADER, *missing]))
    assert done.exit_code == 0
    assert {(row["alter"], row["route"], row["regel"]) for row in table(routes)} == {("", "KLAERUNG_DATEN", "Z0")}


def test_no_formula_gets_into_the_file_of_faults(work):
    _, _, faults = work(f"{HEADER}\n{JANA.replace('V01', '=cmd()').replace('14.03.1982', '=cmd()')}\n")
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in table(faults) for cell in row.values())


def test_faults_of_an_earlier_run_do_not_stay(work, tmp_path):
    errors(tmp_path).write_text("old")
    done, _, faults = work(f"{HEADER}\n{JANA}\n")
    assert done.exit_code == 0
    assert faults is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clients.csv", "routes.csv"]


def test_another_day_overrides_the_reference_date(work):
    _, routes, _ = work(f"{HEADER}\n{JANA}\n", "--on", "2007-03-14")
    assert table(routes)[0]["alter"] == "25"
    without = HEADER.replace(";stichtag", ""), JANA.replace(";05.01.2004", "")
    done, routes, _ = work("\n".join(without), "--on", "05.01.2004")
    assert done.exit_code == 0
    assert routes.splitlines()[1].endswith(RESULT)


def test_the_version_of_the_book_can_be_chosen(work):
    done, _, _ = work(f"{HEADER}\n{JANA}\n", "--book", "bergisch_gladbach_2004/1")
    assert done.exit_code == 0
    assert "bergisch_gladbach_2004/1" in done.stderr
    refused, _, _ = work(f"{HEADER}\n{JANA}\n", "--book", "bergisch_gladbach_2004/9")
    assert refused.exit_code == 2
    assert "Dieses Regelwerk gibt es nicht: bergisch_gladbach_2004/9" in refused.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Die Datei ist leer."),
        (b"name;ort\nx;y\n", "In der Kopfzeile fehlen Spalten: geburtsdatum"),
        (f"{HEADER};ID\n{JANA};1\n".encode(), "Eine Spalte steht zweimal in der Kopfzeile: id."),
        (f"{HEADER}\n{JANA}\n".encode("utf-16"), "nicht in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "nicht in UTF-8"),
    ],
)
def test_what_is_no_table_of_clients_is_refused_in_a_sentence(content, reason, work):
    done, routes, faults = work(content)
    assert (done.exit_code, routes, faults) == (2, None, None)
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_files_that_cannot_be_opened_are_told_in_a_sentence(tmp_path):
    source = tmp_path / "clients.csv"
    missing = CliRunner().invoke(route, ["--input", str(source), "--output", str(tmp_path / "r.csv"), "--lang", "de"])
    assert missing.exit_code == 2
    assert "clients.csv lässt sich nicht öffnen" in missing.stderr
    source.write_text(f"{HEADER}\n{JANA}\n")
    nowhere = tmp_path / "nowhere" / "r.csv"
    unwritable = CliRunner().invoke(route, ["--input", str(source), "--output", str(nowhere), "--lang", "en"])
    assert unwritable.exit_code == 2
    assert "r.csv cannot be opened" in unwritable.stderr


def test_the_input_is_never_overwritten(tmp_path):
    source = tmp_path / "clients.csv"
    source.write_text(f"{HEADER}\n{JANA}\n")
    done = CliRunner().invoke(route, ["--input", str(source), "--output", str(source), "--lang", "de"])
    assert done.exit_code == 2
    assert source.read_text() == f"{HEADER}\n{JANA}\n"


# In a process of its own: what other tests have left running in this one would be counted, too.
PEAKS = """
import gc, sys, tracemalloc
from datetime import date
from pathlib import Path
from app.cli import routing_csv
from rules import book

folder, order = Path(sys.argv[1]), routing_csv.Order(book.load(), date(2004, 1, 5), "de")
# What the imports have left would make the collector come late.
gc.freeze()
for lines in (100, 500, 4000):
    gc.collect()
    tracemalloc.start()
    routing_csv.convert(folder / f"{lines}.csv", folder / "routes.csv", order, advance=lambda _: None)
    print(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
"""


def test_memory_does_not_grow_with_the_table(tmp_path):
    for lines in (100, 500, 4000):
        (tmp_path / f"{lines}.csv").write_text("\n".join([HEADER, *[JANA] * lines]))
    done = subprocess.run(
        [sys.executable, "-c", PEAKS, str(tmp_path)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    _, few, many = map(int, done.stdout.split())
    # Held as a whole, 3,500 more lines would take some three million bytes; the interpreter itself may take a little.
    assert many < few + 1_000_000


def test_progress_reaches_the_size_of_the_file(tmp_path):
    source = tmp_path / "clients.csv"
    source.write_text(f"{HEADER}\n{JANA}\n\n{'x' * 300_000}\n{JANA}")
    seen = []
    order = routing_csv.Order(book.load(), None, "de")
    routing_csv.convert(source, tmp_path / "routes.csv", order, advance=seen.append)
    assert sum(seen) == source.stat().st_size
