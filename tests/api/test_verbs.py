"""Every verb: done for whoever may, by the page's action; 404 to others, 403 to wrong roles, 409 by a rule."""

import pytest

from assessments.models import Assessment, SectionConfirmation, SignedAssessment
from organisations.actor import Actor
from pathways.actions import clocks
from pathways.models import Flag, KeyDate, Placement, RiskAlert
from referrals.models import Approach, BedOffer, Contact, Decision, Delay, Referral, Review, Step, Warrant
from tests.api.asking import do, key_of, read, stranger
from tests.assessments.drafting import RECOMMENDED, written
from tests.referrals.transfers import (
    accepted,
    approach_of,
    asked,
    assessed,
    at,
    bedded,
    fresh,
    on,
    ready,
    received,
    reported,
    standing,
)
from tests.world import TODAY, a_patient

pytestmark = pytest.mark.django_db
TODAY_TEXT = str(TODAY)


def path(referral, verb=""):
    return f"transfers/{referral.public_id}/{verb}"


def of_approach(referral, service, verb):
    return path(referral, f"services/{approach_of(referral, service).public_id}/{verb}/")


def ids(*rows):
    return [str(row.public_id) for row in rows]


def new_transfer(england, patient, **known):
    return {
        "patient": str(patient.public_id),
        "from_service": str(england.prison.public_id),
        "section": "47",
        "with_restrictions": True,
        "urgency": 2,
        "urgency_why": "Not eating.",
        "report_first_requested_on": TODAY_TEXT,
        "services": ids(england.ashdown, england.brook),
        **known,
    }


def done(response):
    assert response.status_code == 200, response.content
    assert response["Location"] == response.json()["location"]
    return response.json()


def test_a_transfer_is_asked_for(england):
    patient = a_patient(england)
    told = done(do(england.lena, "transfers/new/", new_transfer(england, patient)))
    referral = Referral.objects.get(patient=patient)
    assert told == {"location": f"/api/transfers/{referral.public_id}/", "id": str(referral.public_id)}
    assert {one.service_id for one in referral.approaches.open()} == {england.ashdown.pk, england.brook.pk}
    assert read(england.maya, f"transfers/{referral.public_id}/").status_code == 200


def test_services_are_asked_let_go_and_one_leads(england):
    referral = asked(england)
    body = {"service": str(england.elsewhere.public_id)}
    told = done(do(england.carl, path(referral, "services/"), body))
    assert Approach.objects.get(public_id=told["id"]).service == england.elsewhere
    done(do(england.lena, of_approach(referral, england.elsewhere, "withdraw"), {"why": "Too far."}))
    assert not referral.approaches.open().filter(service=england.elsewhere).exists()
    done(do(england.carl, path(referral, "lead/"), {"service": str(england.brook.public_id)}))
    assert fresh(referral).lead_service == england.brook


def test_from_the_assessment_to_the_bed_date_and_back(england):
    referral = asked(england)
    claimed = do(
        england.maya,
        f"assessments/claim/{referral.patient.public_id}/",
        {"service": str(england.ashdown.public_id)},
    )
    draft = done(claimed)["location"].removeprefix("/api/")
    for section in read(england.maya, draft).json()["sections"]:
        body = {"texts": {"none": "Some words."}, "version": section["version"]}
        done(do(england.maya, f"{draft}sections/{section['kind']}/", body))
    done(do(england.maya, f"{draft}recommendation/", {**RECOMMENDED, "version": 0}))
    done(
        do(
            england.maya,
            f"{draft}instruments/",
            {"instrument": "HCR-20", "rated_on": TODAY_TEXT, "rater": "M"},
        )
    )
    signed = done(do(england.maya, f"{draft}sign/"))
    assert SignedAssessment.objects.get(public_id=signed["id"]).tier == "medium"
    version = signed["location"].removeprefix("/api/")
    word = {"service": str(england.ashdown.public_id), "tier": "medium", "answer": "yes"}
    acceptance = done(do(england.maya, f"{version}accept/", word))["id"]
    decision = {"acceptance": acceptance, "outcome": "accepted", "decided_on": TODAY_TEXT}
    other_tier = {**decision, "outcome": "accepted_other_tier", "tier": "low"}
    no_ward = do(england.maya, of_approach(referral, england.ashdown, "decide"), other_tier)
    assert (no_ward.status_code, "no low secure ward" in no_ward.json()["detail"]) == (409, True)
    decided = done(do(england.maya, of_approach(referral, england.ashdown, "decide"), decision))
    assert Decision.objects.get(public_id=decided["id"]).tier == "medium"
    bed = {"bed": str(england.bed.public_id), "bed_on": str(on(3))}
    done(do(england.maya, of_approach(referral, england.ashdown, "bed"), bed))
    assert BedOffer.objects.current().get().bed == england.bed
    done(do(england.maya, of_approach(referral, england.ashdown, "bed/withdraw"), {"why": "Flooded."}))
    assert not BedOffer.objects.current().exists()
    change = {**decision, "outcome": "declined", "reason": "no_bed", "why": "No bed any more."}
    done(do(england.maya, of_approach(referral, england.ashdown, "change"), change))
    assert Decision.objects.current().get().outcome == "declined"


def test_a_question_about_the_assessment_is_answered(england):
    referral = asked(england)
    version = f"assessments/{assessed(england, referral).public_id}/"
    word = {"service": str(england.brook.public_id), "tier": "low", "answer": "question", "words": "Insulin?"}
    acceptance = done(do(england.luke, f"{version}accept/", word))["id"]
    address = f"{version}questions/{acceptance}/answer/"
    assert do(england.luke, address, {"words": "No."}).status_code == 409
    assert do(england.lena, address, {"words": "No."}).status_code == 403
    assert do(england.sam, address, {"words": "No."}).status_code == 404
    reply = done(do(england.maya, address, {"words": "No."}))["id"]
    (shown,) = read(england.luke, version).json()["acceptances"][-1]["replies"]
    assert (shown["id"], shown["words"]) == (reply, "No.")


def test_reports_application_warrant_leaving_and_receiving(england):
    referral = accepted(england)
    done(
        do(
            england.maya,
            of_approach(referral, england.ashdown, "bed"),
            {"bed": str(england.bed.public_id), "bed_on": TODAY_TEXT},
        )
    )
    for number in ("1111111", "2222222"):
        report = {"doctor_name": "Dr X", "gmc_number": number, "is_section_12_approved": True}
        done(
            do(
                england.ines,
                path(referral, "reports/"),
                {**report, "examined_on": TODAY_TEXT, "signed_on": TODAY_TEXT},
            )
        )
    done(do(england.lena, path(referral, "steps/application/"), {"on": TODAY_TEXT}))
    warrant = {"given_on": TODAY_TEXT, "hospital": str(england.ashdown.public_id), "with_restrictions": True}
    declined = do(
        england.lena, path(referral, "warrant/"), {**warrant, "hospital": str(england.brook.public_id)}
    )
    assert (declined.status_code, "Ask that service first" in declined.json()["detail"]) == (409, True)
    told = done(do(england.lena, path(referral, "warrant/"), warrant))
    assert str(Warrant.objects.live().get().public_id) == told["id"]
    done(do(england.lena, path(referral, "steps/escort/"), {"on": TODAY_TEXT}))
    done(do(england.lena, path(referral, "steps/escort/correct/"), {"on": TODAY_TEXT, "why": "Mistyped."}))
    done(do(england.lena, path(referral, "left/"), {"on": TODAY_TEXT, "at_time": "08:00"}))
    here = {"on": TODAY_TEXT, "at_time": "08:50", "bed": str(england.bed.public_id)}
    done(do(england.maya, path(referral, "received/"), here))
    assert (fresh(referral).end_reason, fresh(referral).received_service) == ("admitted", england.ashdown)
    done(do(england.lena, path(referral, "departure/")))
    assert Step.objects.current().get(referral=referral, kind="received").confirmed_at


def test_a_warrant_is_refused(england):
    referral = accepted(england)
    reported(england, referral)
    bedded(england, referral)
    done(do(england.lena, path(referral, "steps/application/"), {"on": TODAY_TEXT}))
    done(do(england.lena, path(referral, "warrant/refused/"), {"on": TODAY_TEXT, "why": "Incomplete."}))
    assert "application" not in standing(referral)


def test_what_changes_about_a_request(england):
    referral = asked(england)
    version = referral.version
    sooner = {"urgency": 1, "why": "Worse.", "version": version}
    done(do(england.lena, path(referral, "urgency/"), sooner))
    assert fresh(referral).urgency == 1
    earlier = {"on": str(on(-2)), "why": "Asked by telephone.", "version": fresh(referral).version}
    done(do(england.lena, path(referral, "request-date/"), earlier))
    assert fresh(referral).report_first_requested_on == on(-2)
    basis = {"section": "48", "limb": "c", "with_restrictions": False, "since": TODAY_TEXT}
    done(do(england.lena, path(referral, "legal-basis/"), basis))
    done(do(england.lena, path(referral, "key-dates/"), {"kind": "release", "on": str(on(90))}))
    done(do(england.lena, path(referral, "warnings/"), {"words": "Two officers."}))
    assert KeyDate.objects.current().get(patient=referral.patient).on == on(90)
    assert RiskAlert.objects.current().get(patient=referral.patient).words == "Two officers."


def test_what_is_recorded_while_somebody_waits(england):
    referral = asked(england, report_first_requested_on=on(-5))
    delay = {"first_day": str(on(-5)), "party": "prison", "reason": "late_request"}
    told = done(do(england.lena, path(referral, "delays/"), delay))
    first = path(referral, f"delays/{told['id']}/")
    done(do(england.lena, f"{first}end/", {"last_day": str(on(-3))}))
    done(do(england.carl, f"{first}dispute/", {"why": "It was not late."}))
    assert Delay.objects.get(public_id=told["id"]).disputed_at
    right = {**delay, "last_day": str(on(-2)), "why": "A day more.", "contributing": ["no_bed"]}
    second = done(do(england.lena, f"{first}correct/", right))
    assert second["id"] != told["id"]
    review = {
        "on": TODAY_TEXT,
        "how_the_person_is": "Eats.",
        "interim_plan": "Seen daily.",
        "next_on": str(on(7)),
    }
    done(do(england.ines, path(referral, "reviews/"), review))
    done(do(england.lena, path(referral, "contacts/"), {"on": TODAY_TEXT, "with_whom": "A", "said": "B"}))
    assert (Review.objects.get().next_on, Contact.objects.get().said) == (on(7), "B")


def test_a_prison_move_is_recorded_and_taken(england, time_machine):
    referral = asked(england)
    move = {"to_service": str(england.other_prison.public_id), "on": TODAY_TEXT, "at_time": "08:30"}
    done(do(england.lena, path(referral, "prison/"), move))
    done(do(england.owen, path(referral, "prison/i-have-it/")))
    assert fresh(referral).hand_overs.get().taken_by == england.owen
    assert Placement.objects.open_of(referral.patient).start_time_known
    time_machine.move_to(at(2), tick=False)
    back = {"service": str(england.prison.public_id), "on": str(on(1))}
    done(do(england.lena, path(referral, "take-over/"), back))
    assert fresh(referral).from_service == england.prison


def test_a_flag_is_acknowledged(england, time_machine):
    referral = asked(england)
    time_machine.move_to(at(40), tick=False)
    clocks.raise_flags(by=Actor.system("sweep", at=at(40)))
    flag = Flag.objects.to_acknowledge().first()
    shown = {
        row["id"] for clock in read(england.carl, path(referral)).json()["clocks"] for row in clock["flags"]
    }
    assert flag.pk in shown
    done(do(england.carl, path(referral, "flags/"), {"flag": flag.pk}))
    assert Flag.objects.get(pk=flag.pk).acknowledged_by == england.carl
    other = asked(england)
    assert do(england.carl, path(other, "flags/"), {"flag": flag.pk}).status_code == 404


def test_a_transfer_is_ended(england):
    referral = asked(england)
    done(
        do(
            england.lena,
            path(referral, "end/"),
            {"reason": "entered_in_error", "why": "Twice.", "on": TODAY_TEXT},
        )
    )
    assert fresh(referral).end_reason == "entered_in_error"
    done(do(england.lena, path(referral, "end/undo/"), {"why": "It was the other one."}))
    assert fresh(referral).is_open


def test_a_report_is_withdrawn(england):
    referral = accepted(england)
    report = {
        "doctor_name": "Dr X",
        "gmc_number": "1111111",
        "is_section_12_approved": True,
        "examined_on": TODAY_TEXT,
        "signed_on": TODAY_TEXT,
    }
    made = done(do(england.ines, path(referral, "reports/"), report))["id"]
    (shown,) = read(england.ines, path(referral)).json()["reports"]
    assert shown["id"] == made
    one = path(referral, f"reports/{made}/withdraw/")
    assert do(england.lena, one, {"why": "Another person's."}).status_code == 403
    other = asked(england)
    assert do(england.ines, path(other, f"reports/{made}/withdraw/"), {"why": "X"}).status_code == 404
    done(do(england.ines, one, {"why": "Another person's."}))
    assert read(england.ines, path(referral)).json()["reports"] == []
    assert "report1" not in standing(referral)


def test_an_instrument_is_taken_off_again(england):
    draft = written(england, asked(england).patient)
    one = f"assessments/drafts/{draft.public_id}/"
    used = {"instrument": "HCR-20", "rated_on": TODAY_TEXT, "rater": "M"}
    noted = done(do(england.maya, f"{one}instruments/", used))["id"]
    assert [row["id"] for row in read(england.maya, one).json()["ratings"]] == [noted]
    assert read(england.luke, one).json()["ratings"] == []
    assert do(england.luke, f"{one}instruments/{noted}/remove/").status_code == 403
    done(do(england.maya, f"{one}instruments/{noted}/remove/"))
    assert read(england.maya, one).json()["ratings"] == []


def test_a_step_recorded_by_mistake_is_taken_back(england):
    referral = ready(england)
    done(do(england.lena, path(referral, "steps/escort/"), {"on": TODAY_TEXT}))
    done(do(england.carl, path(referral, "steps/escort/mistake/"), {"why": "Another person's."}))
    assert "escort" not in standing(referral)


def test_a_signed_version_is_confirmed_corrected_and_ended(england):
    version = assessed(england, asked(england))
    one, mine = f"assessments/{version.public_id}/", {"service": str(england.ashdown.public_id)}
    done(do(england.maya, f"{one}sections/risk/confirm/", mine))
    assert SectionConfirmation.objects.get().kind == "risk"
    draft = done(do(england.maya, f"{one}correct/", {"why": "A wrong date."}))
    done(do(england.maya, f"assessments/drafts/{draft['id']}/give-up/", {"why": "It was right."}))
    done(do(england.maya, f"{one}end-currency/", {"why": "Discharged."}))
    assert not SignedAssessment.objects.current(on=TODAY).exists()
    assert Assessment.objects.get(public_id=draft["id"]).closed_as == "abandoned"


def test_a_draft_past_its_day_is_taken_over(england, time_machine):
    referral = asked(england)
    draft = written(england, referral.patient)
    body = {"why": "Overdue.", "service": str(england.brook.public_id)}
    one = f"assessments/drafts/{draft.public_id}/take-over/"
    assert do(england.luke, one, body).status_code == 409
    time_machine.move_to(at(9), tick=False)
    done(do(england.luke, one, body))
    assert Assessment.objects.get(pk=draft.pk).lead_service == england.brook


def test_a_rule_refuses_with_its_sentence_and_field(england):
    referral = asked(england)
    later = do(england.lena, path(referral, "contacts/"), {"on": str(on(1)), "with_whom": "A", "said": "B"})
    assert (later.status_code, later.json()["field"]) == (409, "on")
    twice = do(england.lena, path(referral, "services/"), {"service": str(england.brook.public_id)})
    assert twice.json() == {"detail": "That service has already been asked.", "field": twice.json()["field"]}
    early = do(
        england.maya, path(referral, "received/"), {"on": TODAY_TEXT, "bed": str(england.bed.public_id)}
    )
    assert (early.status_code, "warrant" in early.json()["detail"].lower()) == (409, True)
    open_one = do(england.lena, "transfers/new/", new_transfer(england, referral.patient))
    assert open_one.status_code == 409
    assert Referral.objects.filter(patient=referral.patient).count() == 1


def test_an_ended_transfer_takes_nothing_more(england):
    referral = received(england, ready(england))
    response = do(
        england.lena,
        path(referral, "delays/"),
        {"first_day": TODAY_TEXT, "party": "prison", "reason": "other"},
    )
    assert response.status_code == 409


def test_a_simple_date_is_not_a_clinician_s_report(england):
    referral = asked(england)
    body = {"on": TODAY_TEXT, "words": "Dr X"}
    assert do(england.ines, path(referral, "steps/first_report/"), body).status_code == 409
    done(do(england.lena, path(referral, "steps/first_report/"), body))
    assert do(england.lena, path(referral, "steps/decision/"), body).status_code == 404


def test_another_service_s_draft_is_closed(england):
    draft = written(england, asked(england).patient)
    body = {"texts": {"none": "Mine now."}, "version": 1}
    assert do(england.luke, f"assessments/drafts/{draft.public_id}/sections/risk/", body).status_code == 403
    assert do(england.luke, f"assessments/drafts/{draft.public_id}/sign/").status_code == 403
    assert do(england.lena, f"assessments/drafts/{draft.public_id}/sign/").status_code == 403
    assert do(england.sam, f"assessments/drafts/{draft.public_id}/sign/").status_code == 404


def test_a_key_acts(england):
    referral = asked(england)
    body = {"reason": "entered_in_error", "why": "Twice.", "on": TODAY_TEXT}
    response = stranger().post(
        f"/api/{path(referral, 'end/')}", body, content_type="application/json", headers=key_of(england.lena)
    )
    done(response)
    assert fresh(referral).end_reason == "entered_in_error"


def test_a_death_and_that_it_was_a_mistake(england):
    patient = a_patient(england)
    address = f"patients/{patient.public_id}/died/"
    assert do(england.luke, address, {"on": TODAY}).status_code in (403, 404)
    assert do(england.lena, address, {"on": TODAY}).status_code == 200
    patient.refresh_from_db()
    assert patient.died_on == TODAY
    assert do(england.lena, f"{address}mistake/", {"why": ""}).status_code in (400, 409)
    assert do(england.lena, f"{address}mistake/", {"why": "Another person."}).status_code == 200
    patient.refresh_from_db()
    assert patient.died_on is None
    assert do(england.lena, f"{address}mistake/", {"why": "Again."}).status_code == 409
