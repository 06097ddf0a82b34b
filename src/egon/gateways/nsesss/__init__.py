"""Formats of NSESSS 85/2024 as a library without Django: the filing plan of příloha 5, code lists of příloha 7."""

from egon.gateways.nsesss.code_lists import (
    CodeData,
    CodeListData,
    CodeListUnreadable,
    read_code_list,
    write_code_list,
)
from egon.gateways.nsesss.plan import ClassData, PlanData, PlanUnreadable, Publisher, RegimeData
from egon.gateways.nsesss.plan_reading import read_plan
from egon.gateways.nsesss.plan_writing import write_plan

__all__ = [
    "ClassData",
    "CodeData",
    "CodeListData",
    "CodeListUnreadable",
    "PlanData",
    "PlanUnreadable",
    "Publisher",
    "RegimeData",
    "read_code_list",
    "read_plan",
    "write_code_list",
    "write_plan",
]
