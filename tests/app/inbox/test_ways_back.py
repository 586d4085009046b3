"""The address of an act, asked for as a page, shows the page that the act belongs to: nobody stands before a wall."""

import pytest


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/inbox/tasks/{task}/complete?view=mine", "/inbox/tasks/{task}"),
        ("/inbox/tasks/{task}/rows", "/inbox/tasks/{task}"),
        ("/inbox/filters/1/delete", "/inbox"),
        ("/inbox/bulk", "/inbox"),
        ("/cases/1/pause", "/cases/1"),
        ("/language", "/"),
    ],
)
def test_an_act_asked_for_as_a_page_leads_to_its_page(register, at, path, page):
    task = register()
    answer = at("ks").get(path.format(task=task))

    assert answer.status_code == 303
    assert answer.headers["Location"] == page.format(task=task)


def test_a_script_that_asks_for_an_act_is_told_so(register, at):
    task = register()
    answer = at("ks").client.get(f"/inbox/tasks/{task}/complete", headers={"HX-Request": "true"})

    assert answer.status_code == 405
