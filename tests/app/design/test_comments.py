"""Comments on the elements of a draft: who is named sees them, they are done and open again, leaders take part."""

from __future__ import annotations

import re

import pytest

from app.design import comments


def begun(at) -> int:
    answer = at("design").post("/design", kind="released", file="plan.bpmn")
    return int(answer.location.rsplit("/", 1)[1])


@pytest.mark.usefixtures("office_sessions")
def test_comment_on_a_step_reaches_whom_it_names(at):
    draft = begun(at)
    path = f"/design/{draft}/comments"
    text = "Frist zu kurz? @leitung.aa bitte ansehen, @fm und @niemand nicht"
    assert at("design").post(path, element="plan_draft", text=text).status_code == 303

    assert at("leitung.stadt").get(f"{path}/state").json == {"marks": {"plan_draft": 1}}
    assert "Offene Kommentare, die Sie nennen" in at("leitung.aa").page("/design")
    assert "Offene Kommentare, die Sie nennen" not in at("leitung.stadt").page("/design")
    page = at("leitung.aa").page(path)
    assert "Plan entwerfen" in page
    number = re.search(r'id="comment-(\d+)"', page)[1]

    assert at("leitung.aa").post(f"{path}/{number}").status_code == 303
    assert at("design").get(f"{path}/state").json == {"marks": {}}
    assert "Wieder öffnen" in at("design").page(path)
    assert at("design").post(f"{path}/{number}").status_code == 303
    assert "Offene Kommentare, die Sie nennen" in at("leitung.aa").page("/design")


@pytest.mark.usefixtures("office_sessions")
def test_comments_are_for_designers_and_leaders_and_belong_to_their_draft(at):
    draft, other = begun(at), begun(at)
    at("leitung.stadt").post(f"/design/{draft}/comments", element="gibt_es_nicht", text="Allgemein")
    page = at("design").page(f"/design/{draft}/comments")
    assert "zum ganzen Prozess</h2>" in page
    number = re.search(r'id="comment-(\d+)"', page)[1]
    assert at("design").post(f"/design/{other}/comments/{number}").status_code == 404
    assert at("fm").get(f"/design/{draft}/comments").status_code == 403
    assert at("design").post(f"/design/{draft}/comments", text="  ").status_code == 303
    assert "Bitte schreiben Sie etwas" in at("design").page(f"/design/{draft}/comments")


def test_only_known_logins_are_named_and_each_once():
    assert comments.named("@a.b, @A.b. @c@d", {"a.b": "A", "d": "D"}) == ["a.b", "d"]
