"""Patients, where they are, by what right, and what clocks run."""

from pathways.models.beds import BedUse
from pathways.models.clocks import Clock, ClockPolicy, Flag, FlagRule
from pathways.models.keep_apart import KeepApart
from pathways.models.leave import Leave
from pathways.models.legal import Authority, KeyDate, LegalDuration, LegalStatus, MissingAuthority
from pathways.models.line import Event
from pathways.models.patients import Diagnosis, Patient, PatientAlias, Relationship, Responsibility, RiskAlert
from pathways.models.placements import Placement
from pathways.models.ready import ReadyPeriod
from pathways.models.security import BedPrice, SecurityNeed

__all__ = [
    "Authority",
    "BedPrice",
    "BedUse",
    "Clock",
    "ClockPolicy",
    "Diagnosis",
    "Event",
    "Flag",
    "FlagRule",
    "KeepApart",
    "KeyDate",
    "Leave",
    "LegalDuration",
    "LegalStatus",
    "MissingAuthority",
    "Patient",
    "PatientAlias",
    "Placement",
    "ReadyPeriod",
    "Relationship",
    "Responsibility",
    "RiskAlert",
    "SecurityNeed",
]
