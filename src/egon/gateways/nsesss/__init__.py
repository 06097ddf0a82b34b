"""Formats of NSESSS 85/2024 as a library without Django: so far the filing plan of příloha 5."""

from egon.gateways.nsesss.plan import ClassData, PlanData, PlanUnreadable, Publisher, RegimeData
from egon.gateways.nsesss.plan_reading import read_plan
from egon.gateways.nsesss.plan_writing import write_plan

__all__ = ["ClassData", "PlanData", "PlanUnreadable", "Publisher", "RegimeData", "read_plan", "write_plan"]
