from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import book, facts, faults, routing

DAY = date(2004, 3, 1)
RULES = [f"Z{number}" for number in (*range(13), 99)]


def edited(shipped, tmp_path, change):
    raw = json.loads(json.dumps(shipped.raw))
    change(raw)
    path = tmp_path / "book.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


@pytest.mark.parametrize("rule", RULES)
@given(st.data())
def test_the_cases_of_a_void_rule_go_to_people_and_never_crash(rule, anyone, shipped, data):
    client = data.draw(anyone)
    struck = shipped.without(rule)
    before, after = routing.foresee(client, DAY, shipped), routing.foresee(client, DAY, struck)
    if before.rule != rule:
        assert after == before
    else:
        # Also where a later rule would fit: what the void one had said of this person is for people to decide.
        assert (after.rule, after.outcome) == ("Z99", "REGELUNGSLUECKE")


@pytest.mark.parametrize("rule", ["Z2", "Z4", "Z6", "Z9", "Z12"])
def test_a_void_rule_leaves_a_gap_for_the_leaders_and_says_so(rule, shipped):
    clients = {
        "Z2": {"benefits": frozenset()},
        "Z4": {"fit_for_work": "no"},
        "Z6": {"birth_date": date(1983, 1, 1)},
        "Z9": {},
        "Z12": {"birth_date": date(1950, 1, 1)},
    }
    ordinary = {
        "birth_date": date(1976, 4, 4),
        "reference_date": DAY,
        "residence": "yes",
        "benefits": frozenset({"HLU"}),
        "fit_for_work": "yes",
        "available": "yes",
        "unemployed_since": date(2000, 1, 1),
    }
    client = facts.Facts(**ordinary | clients[rule])
    decision = routing.route(client, DAY, shipped.without(rule))
    assert (decision.outcome, decision.rule, decision.group) == ("REGELUNGSLUECKE", "Z99", "gap")
    assert any(other.rule == rule and other.why == "void" for other in decision.others)
    assert any(rule in reason.clerk_de and "unwirksam" in reason.clerk_de for reason in decision.reasons)
    clarified = shipped.without(rule).with_parameter("void_outcome", "KLAERUNG_DATEN")
    assert routing.route(client, DAY, clarified).outcome == "KLAERUNG_DATEN"


def test_the_case_of_a_void_rule_does_not_slip_into_a_later_rule_that_fits_too(person, shipped):
    client = person(unemployed_since=None, available="no")
    assert routing.route(client, DAY, shipped).rule == "Z8"
    decision = routing.route(client, DAY, shipped.without("Z8"))
    assert (decision.rule, decision.group) == ("Z99", "gap")
    assert [(other.rule, other.why) for other in decision.others if other.why != "conditions"] == [
        ("Z10", "later"),
        ("Z8", "void"),
    ]


def test_what_a_replacement_leaves_open_is_decided_by_the_rules_that_remain(person, shipped):
    old = next(row for row in shipped.rules if row["id"] == "Z8a")
    new = {**old, "id": "Z8n", "rule": "Z8n", "priority": 82, "when": [*old["when"], ["available", "==", "yes"]]}
    replaced = shipped.without("Z8", replaced_by="Z8n").with_rule(new)
    decided = {
        available: routing.route(person(unemployed_since=None, available=available), DAY, replaced).rule
        for available in ("yes", "no")
    }
    assert decided == {"yes": "Z8n", "no": "Z10"}


def test_a_replacement_decides_in_place_of_the_replaced_rule(person, shipped):
    old = next(row for row in shipped.rules if row["id"] == "Z9")
    new = {**old, "id": "Z9n", "rule": "Z9n", "priority": 95, "outcome": "GRUND_P4"}
    replaced = shipped.without("Z9", replaced_by="Z9n").with_rule(new)
    decision = routing.route(person(), DAY, replaced)
    assert (decision.outcome, decision.rule) == ("GRUND_P4", "Z9n")


def test_a_rule_counts_only_within_its_dates(person, shipped, tmp_path):
    def end_in_june(raw):
        for row in raw["rules"]:
            if row["rule"] == "Z9":
                row["to"] = "2004-06-30"

    changed = book.load(edited(shipped, tmp_path, end_in_june))
    assert routing.route(person(), date(2004, 6, 30), changed).rule == "Z9"
    assert routing.route(person(), date(2004, 7, 1), changed).rule == "Z99"


def test_an_edited_book_has_a_version_of_its_own_and_leaves_the_shipped_one_alone(shipped):
    changed = shipped.with_parameter("young_below", 26)
    assert changed.version != shipped.version
    assert changed.digest != shipped.digest
    assert shipped.parameters(DAY)["young_below"] == 25


def test_a_book_is_found_by_name_by_version_and_by_file(shipped, tmp_path):
    assert book.load("bergisch_gladbach_2004/1").digest == shipped.digest
    assert book.load(edited(shipped, tmp_path, lambda raw: raw.update(version="7"))).version == "7"
    assert book.names() == ("bergisch_gladbach_2004/1",)


@pytest.mark.parametrize("name", ["nowhere", "bergisch_gladbach_2004/9", "../book", "", "nowhere.json"])
def test_an_unknown_book_is_refused(name):
    with pytest.raises(book.BookUnknown):
        book.load(name)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw["rules"][3]["when"].append(["shoe_size", "==", 42]), "there is no fact shoe_size"),
        (lambda raw: raw["rules"][3]["when"].append(["age", "~", 42]), "~ is not a comparison"),
        (lambda raw: raw["rules"][3]["when"].append(["age", "<", "$limit"]), "there is no parameter limit"),
        (lambda raw: raw["rules"][3].update(outcome="NOWHERE"), "NOWHERE is not known"),
        (lambda raw: raw["rules"][3]["when"].append(["age", "<", "old"]), "a whole number"),
        (lambda raw: raw["rules"][3]["when"].append(["age", "<", "$sgb3_route"]), "a whole number"),
        (lambda raw: raw["rules"][3]["when"].append(["residence", "==", "perhaps"]), "possible are: no, unclear, yes"),
        (lambda raw: raw["rules"][3]["when"].append(["residence", "in", "yes"]), "in is not a comparison here"),
        (lambda raw: raw["rules"][3]["when"].append(["residence"]), "this condition cannot be read"),
        (lambda raw: raw["rules"][3].update(to="2003-12-31"), "the end lies before the beginning"),
        (lambda raw: raw["rules"][3].update(outcome="$young_below"), "25 is not known"),
        (lambda raw: raw["rules"][3]["texts"]["clerk"][0].update(de="{age"), "a brace is not closed"),
        (lambda raw: raw["rules"][3]["texts"]["clerk"][0].update(en=" "), "missing in one of the two languages"),
        (lambda raw: raw["rules"][3].pop("texts"), "row Z3: The book lacks something"),
        (lambda raw: raw["parameters"].pop("void_outcome"), "nothing can be decided without"),
        (lambda raw: raw["parameters"]["lza_months"][0].update(value="12"), "value lza_months, value: The value 12"),
        (
            lambda raw: raw.update(
                tests=[{"id": "P1", "title": "", "on": "2004-01-01", "facts": {"x": 1}, "outcome": "GRUND_P4"}]
            ),
            "test row P1, facts",
        ),
        (lambda raw: raw["rules"][3].update(status="perhaps"), "the status perhaps is not known"),
        (lambda raw: raw["rules"][3].update(priority=0), "the same priority"),
        (lambda raw: raw["rules"].pop(), "the last rule must be met by everybody"),
        (lambda raw: raw["rules"][3]["texts"].update(legal_basis=""), "the legal basis is missing"),
        (lambda raw: raw["rules"][3]["texts"]["client"].append({"de": "{who}", "en": ""}), "placeholder who"),
        (lambda raw: raw["parameters"].update(age_min=[]), "needs at least one value"),
        (lambda raw: raw.pop("notes"), "lacks something"),
        (lambda raw: raw["rules"][3].update({"from": "31.02.2004"}), "row Z3, valid from: 31.02.2004 is no day"),
    ],
)
def test_a_book_that_contradicts_itself_is_refused_with_the_reason(change, told, shipped, tmp_path):
    with pytest.raises(book.BookInvalid, match=f"(?i){told}"):
        book.load(edited(shipped, tmp_path, change))


def test_a_fault_says_in_german_too_where_it_is_and_how_to_mend_it(shipped, tmp_path):
    with pytest.raises(book.BookInvalid) as refused:
        book.load(edited(shipped, tmp_path, lambda raw: raw["rules"][3]["texts"].update(legal_basis="")))
    (fault,) = refused.value.problems
    assert fault.sentence("de") == (
        "Zeile Z3, Rechtsgrundlage: Die Rechtsgrundlage fehlt. Bitte nennen Sie die Vorschrift oder die Stelle der "
        "Vereinbarung."
    )


@pytest.mark.parametrize("code", sorted(faults.CODES))
def test_every_fault_is_told_in_both_languages(code):
    values = dict.fromkeys(("value", "detail", "count", "limit", "choices", "wanted", "wanted_de", "wanted_en"), "x")
    told = {faults.Fault(code, "rule", "Z1", "when", values).sentence(locale) for locale in ("de", "en")}
    assert len(told) == 2
    assert all(text.startswith(("Zeile Z1, Bedingungen: ", "Row Z1, conditions: ")) for text in told)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b'"x"', b"{}", b"\xff", b"[" * 9000, b'{"name": 1, "version": 2}']
)
def test_a_file_that_is_no_book_is_told_as_one_fault(content):
    with pytest.raises(book.BookInvalid):
        book.read(content)


def test_a_file_that_is_no_book_is_refused(tmp_path):
    path = tmp_path / "book.json"
    path.write_text("[", encoding="utf-8")
    with pytest.raises(book.BookInvalid):
        book.load(path)


def test_every_setting_has_its_default_in_force_and_a_reason_in_both_languages(shipped):
    for setting in shipped.settings:
        assert all((setting.title_de, setting.title_en, setting.reason_de, setting.reason_en, setting.paper_de))
        if setting.parameter:
            assert shipped.parameters(DAY)[setting.parameter] == setting.default
            assert setting.default in setting.options


def test_every_option_of_every_setting_makes_a_book_that_routes(person, shipped):
    for setting in shipped.settings:
        for option in setting.options:
            chosen = shipped.with_parameter(setting.parameter, option)
            assert routing.foresee(person(), DAY, chosen).outcome


@pytest.mark.parametrize("locale", ["de", "en"])
def test_routes_and_flags_have_names_for_people(locale, shipped):
    for code in shipped.raw["names"]["outcomes"]:
        assert shipped.outcome_name(code, locale) != code
    assert "06.01.04" in shipped.flag_text("25_am_06.01.04", locale)
    assert "25" in shipped.flag_text("25_am_06.01.04", locale)
    assert "02.03.04" in shipped.flag_text("LZA_ab_02.03.04", locale)
    for flag in ("U18", "FREIWILLIG", "VORLAEUFIG", "ZAHLSTELLE_BG"):
        assert shipped.flag_text(flag, locale) != flag


def test_a_book_too_large_to_be_evaluated_safely_is_refused(shipped):
    by_id = {row["id"]: row for row in shipped.rules}
    rows = [{**by_id["Z12"], "id": f"X{n}", "rule": f"X{n}", "priority": 121 + n} for n in range(26)]
    largest = shipped
    for row in rows[:25]:
        largest = largest.with_rule(row)
    with pytest.raises(book.BookInvalid, match="no more than 40"):
        largest.with_rule(rows[25])


def test_a_book_of_the_largest_size_is_evaluated(person, shipped):
    by_id = {row["id"]: row for row in shipped.rules}
    largest = shipped
    for n in range(25):
        largest = largest.with_rule({**by_id["Z12"], "id": f"X{n}", "rule": f"X{n}", "priority": 121 + n})
    assert routing.route(person(), DAY, largest).rule == routing.route(person(), DAY, shipped).rule
