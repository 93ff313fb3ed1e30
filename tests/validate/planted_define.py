"""Faults planted into the Define-XML of the clean study, one a line."""

from __future__ import annotations

from .breaking import copy_record, edit_define, leave_out_define, put
from .faults import fault

DEFINE = (
    fault(901, "define.xml", leave_out_define),
    fault(902, "define.xml", edit_define("</ODM>", "</ODX>")),
    fault(902, "define.xml", edit_define("<MetaDataVersion", "<M"), edit_define("/MetaDataVersion", "/M")),
    fault(903, "define.xml", edit_define('CodeListOID="CL.NY"', 'CodeListOID="CL.YN"')),
    fault(903, "define.xml", edit_define('<ItemDef OID="IT.LB.LBNAM"', '<ItemDef OID="IT.LB.LBSPEC"')),
    fault(904, "QS", edit_define('Name="LB"', 'Name="QS"')),
    fault(905, "LB", edit_define('Name="LB"', 'Name="QS"')),
    fault(906, "LB.LBLAB", edit_define('Name="LBNAM"', 'Name="LBLAB"')),
    fault(907, "LB.LBNAM", edit_define('Name="LBNAM"', 'Name="LBLAB"')),
    fault(908, "LB.STUDYID", edit_define('LB.STUDYID" OrderNumber="1"', 'LB.STUDYID" OrderNumber="9"')),
    fault(909, "LB.LBNAM", edit_define(">Vendor Name<", ">Laboratory<")),
    fault(909, "LB", edit_define(">Laboratory Test Results<", ">Laboratory<")),
    fault(910, "LB.LBNAM", edit_define('Name="LBNAM" DataType="text"', 'Name="LBNAM" DataType="integer"')),
    fault(911, "LB.LBSTRESN:6", edit_define('"LBSTRESN" DataType="float"', '"LBSTRESN" DataType="integer"')),
    fault(912, "LB.LBNAM", edit_define('"LBNAM" DataType="text" Length="5', '"LBNAM" DataType="text" Length="9')),
    fault(913, "AE.AESER:3", edit_define('<EnumeratedItem CodedValue="Y"/>', "")),
    fault(914, "TE.ETCD:5", copy_record("TE", 1)),
    fault(915, "AE.AESER:1", put("AE", 1, AESER="")),
    fault(916, "LB", edit_define('href="lb.xpt"', 'href="lab.xpt"')),
)  # fmt: skip
