"""Registering, correcting, and the end of everything at death."""

from tests.world import NOW, a_patient, actor_of


def test_registering_places_the_person_and_lets_the_prison_and_the_home_area_in(england):
    patient = a_patient(england, given_name="Zoë", family_name="O’Hara-Díaz")
    assert patient.search_name == "zoe o’hara-diaz"
    placement = patient.placements.get()
    assert placement.service == england.prison
    assert {r.basis for r in patient.relationships.all()} == {"placement", "responsibility"}
    assert [e.kind for e in patient.events.order_by("pk")] == ["pathways.registered", "pathways.placed"]
    lena = actor_of(england.lena, at=NOW)
    assert patient in type(patient).objects.visible_to(lena)
