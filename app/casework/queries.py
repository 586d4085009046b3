"""What casework tells, under one name; each function stands with its noun."""

from __future__ import annotations

from app.casework.access import glass_minutes as glass_minutes
from app.casework.cases.pauses import current_pause as current_pause
from app.casework.cases.pauses import may_pause as may_pause
from app.casework.cases.queries import Card as Card
from app.casework.cases.queries import cards as cards
from app.casework.cases.queries import case_file as case_file
from app.casework.cases.queries import client_name as client_name
from app.casework.cases.queries import decisions as decisions
from app.casework.cases.queries import facts_of as facts_of
from app.casework.cases.queries import find as find
from app.casework.cases.queries import latest_decision as latest_decision
from app.casework.cases.queries import notices as notices
from app.casework.cases.queries import numbers as numbers
from app.casework.cases.queries import open_case_of as open_case_of
from app.casework.cases.queries import payer_on as payer_on
from app.casework.cases.reopenings import began_at as began_at
from app.casework.cases.reopenings import may_reopen as may_reopen
from app.casework.cases.reopenings import reopenable_until as reopenable_until
from app.casework.circumstances.queries import circumstances as circumstances
from app.casework.clients.queries import client as client
from app.casework.clients.queries import find_clients as find_clients
from app.casework.clients.queries import matches as matches
from app.casework.clients.queries import open_matches as open_matches
from app.casework.clients.queries import same_person as same_person
from app.casework.corrections.standing import digest as digest
from app.casework.corrections.standing import offered as offered
from app.casework.desk.queries import draft as draft
from app.casework.desk.queries import filters as filters
from app.casework.desk.queries import marks as marks
from app.casework.glass.queries import openings as openings
from app.casework.interventions.queries import count_waiting_for as count_waiting_for
from app.casework.interventions.queries import stopped as stopped
from app.casework.interventions.queries import stops as stops
from app.casework.page import CasePage as CasePage
from app.casework.page import case_page as case_page
from app.casework.page import may_read as may_read
from app.casework.page import readable as readable
from app.casework.page import readings_of as readings_of
from app.casework.plans.queries import active_plan as active_plan
from app.casework.plans.queries import integrations as integrations
from app.casework.plans.queries import participations as participations
from app.casework.plans.queries import proposals as proposals
from app.casework.records.queries import comments as comments
from app.casework.records.queries import latest_values as latest_values
