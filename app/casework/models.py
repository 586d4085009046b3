"""All tables of casework under one name; each stands with its noun."""

from __future__ import annotations

from app.casework.arrivals.models import Arrival as Arrival
from app.casework.arrivals.models import ArrivalStatus as ArrivalStatus
from app.casework.cases.models import CaseFile as CaseFile
from app.casework.cases.models import CasePause as CasePause
from app.casework.cases.models import CaseReopening as CaseReopening
from app.casework.cases.models import CaseStatus as CaseStatus
from app.casework.cases.models import Notice as Notice
from app.casework.cases.models import PayerPeriod as PayerPeriod
from app.casework.cases.models import PayerState as PayerState
from app.casework.cases.models import RouteDecision as RouteDecision
from app.casework.circumstances.models import Availability as Availability
from app.casework.circumstances.models import AvailabilityValue as AvailabilityValue
from app.casework.circumstances.models import Benefit as Benefit
from app.casework.circumstances.models import BenefitCheck as BenefitCheck
from app.casework.circumstances.models import BenefitStatus as BenefitStatus
from app.casework.circumstances.models import Fitness as Fitness
from app.casework.circumstances.models import FitnessValue as FitnessValue
from app.casework.circumstances.models import UnemploymentSpell as UnemploymentSpell
from app.casework.clients.models import Client as Client
from app.casework.clients.models import ClientIdentifier as ClientIdentifier
from app.casework.clients.models import ClientMatch as ClientMatch
from app.casework.clients.models import MatchStatus as MatchStatus
from app.casework.clients.models import Precision as Precision
from app.casework.clients.models import Residence as Residence
from app.casework.corrections.models import Correction as Correction
from app.casework.desk.models import Draft as Draft
from app.casework.desk.models import ReadMark as ReadMark
from app.casework.desk.models import SavedFilter as SavedFilter
from app.casework.editions.models import RuleEdition as RuleEdition
from app.casework.glass.models import Opening as Opening
from app.casework.interventions.models import InterventionRequest as InterventionRequest
from app.casework.interventions.models import RequestStatus as RequestStatus
from app.casework.plans.models import Integration as Integration
from app.casework.plans.models import ItemKind as ItemKind
from app.casework.plans.models import Participation as Participation
from app.casework.plans.models import Plan as Plan
from app.casework.plans.models import PlanItem as PlanItem
from app.casework.plans.models import PlanStatus as PlanStatus
from app.casework.plans.models import Proposal as Proposal
from app.casework.records.models import AccessEntry as AccessEntry
from app.casework.records.models import Comment as Comment
from app.casework.records.models import Contact as Contact
from app.casework.records.models import Record as Record
