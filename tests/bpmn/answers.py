"""The usual answers to each form: what a person types when nothing special happens. Invented words only."""

from __future__ import annotations

from datetime import date, timedelta


def german(day: date) -> str:
    """The day as people type it."""
    return f"{day:%d.%m.%Y}"


def for_form(name: str, today: date) -> dict[str, object]:
    """What is typed into this form on a day."""
    now, soon = german(today), german(today + timedelta(days=21))
    usual: dict[str, dict[str, object]] = {
        "intake_identity": {"notice_given": "true", "identity_paper": "seen"},
        "person_match": {"match_decision": "different", "match_paper": "Personalausweis"},
        "benefit_status": {"benefits_answer": "known", "benefits": ["HLU"], "benefit_state": "running"},
        "intake_papers": {"papers": "Geburtsurkunde", "birth_date": "14.03.1982"},
        "intake_reminder": {"kind": "letter", "note": "Es fehlt die Geburtsurkunde."},
        "intake_decision": {"intake_outcome": "go_on", "note": "Die Angaben kommen später."},
        "route_decision": {"decision": "confirm"},
        "second_decision": {"second_decision": "approve"},
        "gap_city": {"gap_route_city": "GRUND_P4", "gap_reason": "Kommt der Vereinbarung am nächsten."},
        "gap_agency": {"gap_route_agency": "GRUND_P4", "gap_reason": "Ebenso gesehen."},
        "clarify_data": {"birth_date": "14.03.1982", "source": "Geburtsurkunde"},
        "fitness_order": {
            "service": "HEALTH_OFFICE", "question": "Wie viele Stunden?", "ordered_on": now, "basis": "law",
        },
        "fitness_result": {"fit_for_work": "yes", "basis": "HEALTH_OFFICE", "found_on": now},
        "clarify_duration": {"unemployed_since": "01.06.2002", "source": "agency"},
        "clarify_availability": {"available": "yes"},
        "referral_advice": {"place": "Stadt Rösrath", "note": "Zuständigkeit erklärt", "sheet_given": "true"},
        "first_talk": {"talk_on": soon, "contact_person": "Eine Ansprechperson", "client_told": "true"},
        "profile": {
            "held_on": now, "strengths": "zuverlässig", "qualifications": "Hauptschule", "profile_class": "foster",
            "anamnesis_suggested": "no",
        },
        "joint_view": {"view": "Gleich gesehen", "agreed": "true"},
        "anamnesis": {"held_on": now, "talk_outcome": "done", "addiction_declined": "true", "debts_text": "Ratenkauf"},
        "plan_draft": {
            "priority": "yes", "goals-0-what": "Ausbildungsplatz", "goals-0-due_on": soon,
            "services-0-what": "Bewerbungstraining", "services-0-who": "FM", "services-0-due_on": soon,
            "services-0-proof": "Teilnahmebescheinigung", "duties-0-what": "Zwei Bewerbungen in der Woche",
            "duties-0-due_on": soon, "duties-0-proof": "Durchschriften",
        },
        "plan_consent": {"consent": "agree"},
        "plan_signature": {
            "talk_on": now, "instructed_on": now, "signed": "signed", "signed_on": now, "copy_given": "true",
        },
        "plan_refusal": {"talk_on": now, "note": "Bedenken besprochen", "refusal_outcome": "by_letter"},
        "plan_representative": {
            "representative": "Die Eltern", "informed_on": now, "representative_signed": "yes",
        },
        "placement_check": {"placeable": "yes"},
        "proposal": {
            "employer": "Gärtnerei Beispiel", "position": "Helfer", "kind": "job", "subsidised": "no",
            "proposed_on": now, "answer_by": soon,
        },
        "proposal_result": {"result": "hired", "result_on": now},
        "integration": {
            "started_on": now, "employer": "Gärtnerei Beispiel", "market": "1", "subsidised": "no", "training": "no",
            "insured": "yes",
        },
        "programme": {"threatened": "yes", "place": "free", "entry_on": now, "reason": "Platz ist frei"},
        "further_help": {"kind": "application", "what": "Bewerbungshilfe", "begins_on": now},
        "household_payer": {
            "main_applicant": "Die Eltern", "household_choice": "FB5", "reason": "Die Eltern beziehen dort Hilfe.",
        },
        "household_answer": {"household_answer": "agree"},
        "age_15": {"kind": "letter", "note": "Eingeladen"},
        "urgent": {"kind": "talk", "note": "Vorschuss angewiesen"},
        "conference_preparation": {"note": "Die Termine passen nicht zusammen."},
        "conference_result": {"outcome": "agreed", "note": "Ein gemeinsamer Termin am Montag."},
        "reminder": {"kind": "letter", "note": "Eingeladen"},
        "notice_confirmation": {"noticed": "true"},
        "follow_up": {
            "held_on": now, "kind": "talk", "note": "Alles läuft.", "next_step": "weiter so",
            "follow_up_outcome": "close",
        },
        "benefit_preparation": {"documents": "complete", "grant": "granted", "reference": "50-1"},
        "benefit_documents": {"kind": "letter", "note": "Mietvertrag", "received": "true"},
        "benefit_release": {"release": "approve"},
        "handover_preparation": {"papers": ["application", "decision"]},
        "handover_acceptance": {"handover": "accept"},
        "first_payment": {"noticed": "true"},
        "age_information": {"kind": "letter", "note": "Wer zahlt und wer berät"},
        "age_18": {"talk_on": now, "adult_signed": "yes"},
        "age_31": {"transition": "hand_over", "leaving_reason": "Regelangebot ist zuständig"},
        "closing": {"closing_reason": "job_unsubsidised", "held_on": now, "note": "Ziel erreicht"},
        "benefit_end": {"benefit_outcome": "ends", "end_on": now},
        "escalation": {"measure": "talked"},
    }  # fmt: skip
    return usual[name]
