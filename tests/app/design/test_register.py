"""The register of processing: what the processes in force say about data and purpose, for those who watch over it."""

from __future__ import annotations

import csv
import io


def test_data_protection_reads_which_step_uses_what_and_why(at):
    reader = at("dsb.stadt")
    assert "/processing" in reader.page("/processes")
    page = reader.page("/processing")
    assert "Sozialanamnese führen" in page
    assert "Hilfebedarf und Hemmnisse erkennen (§ 17 BSHG)" in page
    assert "nicht angegeben" not in page
    assert at("fm").get("/processing").status_code == 403


def test_register_is_a_table_for_a_spreadsheet(at):
    answer = at("dsb.aa").get("/processing/register.csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert answer.mimetype == "text/csv"
    assert len(rows[0]) == 5
    talk = next(row for row in rows if row[1] == "Sozialanamnese führen")
    assert talk[3:] == ["Sozialanamnese", "Hilfebedarf und Hemmnisse erkennen (§ 17 BSHG)"]
    assert at("ks").get("/processing/register.csv").status_code == 403
