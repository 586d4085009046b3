"""What strangers send as a diagram is refused at the door in words, whatever it is."""

from __future__ import annotations

import io

import pytest

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
HOSTILE = {
    "billion laughs": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><definitions>&l9;</definitions>',
    "blow-up": f'<!DOCTYPE d [<!ENTITY a "{"x" * 50_000}">]><definitions>{"&a;" * 50_000}</definitions>',
    "a file of the server": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>',
    "another server": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><definitions/>',
    "an archive": "PK\x03\x04" + "\x00" * 1000,
    "deep": f"{HEAD}{'<process>' * 10_000}{'</process>' * 10_000}</definitions>",
    "fifty thousand elements": f'{HEAD}<process id="p">{"<a/>" * 50_000}</process></definitions>',
    "letters that are none": HEAD.encode() + b"\xff\xfe</definitions>",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_refused_in_words(at, content):
    sent = content.encode() if isinstance(content, str) else content
    answer = at("design").post("/design", kind="imported", upload=(io.BytesIO(sent), "x.bpmn"))
    assert answer.status_code == 422
    assert "root:" not in answer.text
    assert 'class="kern-error' in answer.text
