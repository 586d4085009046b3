"""What casework does, under one name; each function stands with its noun."""

from __future__ import annotations

from app.casework.arrivals.service import ArrivalSource as ArrivalSource
from app.casework.arrivals.service import arrive as arrive
from app.casework.arrivals.service import failures as failures
from app.casework.arrivals.service import import_records as import_records
from app.casework.arrivals.service import stage as stage
from app.casework.cases import payers as payers
from app.casework.cases.pauses import pause as pause
from app.casework.cases.pauses import resume as resume
from app.casework.cases.reopenings import reopen as reopen
from app.casework.cases.service import close_case as close_case
from app.casework.cases.service import confirm_notices as confirm_notices
from app.casework.cases.service import open_case as open_case
from app.casework.cases.service import open_imported as open_imported
from app.casework.cases.service import query_notices as query_notices
from app.casework.cases.service import send_notice as send_notice
from app.casework.cases.service import set_lead as set_lead
from app.casework.cases.service import set_next_contact as set_next_contact
from app.casework.cases.service import set_route as set_route
from app.casework.circumstances.service import BenefitStatement as BenefitStatement
from app.casework.circumstances.service import add_benefit as add_benefit
from app.casework.circumstances.service import change_benefit as change_benefit
from app.casework.circumstances.service import state_availability as state_availability
from app.casework.circumstances.service import state_benefits as state_benefits
from app.casework.circumstances.service import state_fitness as state_fitness
from app.casework.circumstances.service import state_unemployment as state_unemployment
from app.casework.clients.service import change_person as change_person
from app.casework.clients.service import decide_match as decide_match
from app.casework.clients.service import duplicates as duplicates
from app.casework.clients.service import identify as identify
from app.casework.clients.service import link as link
from app.casework.clients.service import register as register
from app.casework.clients.service import unlink as unlink
from app.casework.desk.service import delete_filter as delete_filter
from app.casework.desk.service import discard_draft as discard_draft
from app.casework.desk.service import discard_drafts as discard_drafts
from app.casework.desk.service import mark_seen as mark_seen
from app.casework.desk.service import mark_unseen as mark_unseen
from app.casework.desk.service import save_draft as save_draft
from app.casework.desk.service import save_filter as save_filter
from app.casework.records.service import Talk as Talk
from app.casework.records.service import add_contact as add_contact
from app.casework.records.service import comment as comment
from app.casework.records.service import log_read as log_read
from app.casework.records.service import record as record
