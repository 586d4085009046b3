"""The note beside the views that something has come: only when it has, and never on a page that is fresh."""

import re

NOTE = "Es gibt Neues."


def poll(page):
    """The address that the page asks for news."""
    return re.search(r'id="filters" hx-get="([^"]+)"', page)[1].replace("&amp;", "&")


def test_a_page_that_knows_the_latest_is_told_nothing(register, at):
    register()
    page = at("ks").page("/inbox")
    answer = at("ks").get(poll(page))

    assert NOTE not in page
    assert (answer.status_code, answer.text) == (204, "")


def test_a_task_that_came_since_is_announced_with_the_new_counts(register, at):
    page = at("ks").page("/inbox")
    register()
    answer = at("ks").get(poll(page))

    assert answer.status_code == 200
    assert NOTE in answer.text
    assert re.search(r'Meine Rolle <span class="count">1<', answer.text)


def test_the_note_leads_to_the_same_list_and_comes_once(register, at):
    page = at("ks").page("/inbox?view=unassigned&order=name&q=Sommerfeld")
    register()
    note = at("ks").get(poll(page)).text

    link = re.search(r'<a class="kern-link" href="([^"]+)">Liste neu laden', note)[1].replace("&amp;", "&")
    assert {"view=unassigned", "order=name", "q=Sommerfeld"} <= set(link.split("?")[1].split("&"))
    assert NOTE not in at("ks").page(link)
    assert at("ks").get(poll(note)).status_code == 204
