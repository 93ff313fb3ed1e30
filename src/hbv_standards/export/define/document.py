"""The model of a Define-XML document as XML: ODM 1.3.2 with the extensions of Define-XML 2.1."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from hbv_standards import __version__
from hbv_standards.export.define.codelists import is_decoded
from hbv_standards.export.define.model import (
    LENGTH_TYPES,
    CodeList,
    CodeTerm,
    Comment,
    Define,
    Document,
    Item,
    ItemGroup,
    ItemRef,
    Method,
    Origin,
    Standard,
    ValueList,
    WhereClause,
)

ODM = "http://www.cdisc.org/ns/odm/v1.3"
DEF = "http://www.cdisc.org/ns/def/v2.1"
XLINK = "http://www.w3.org/1999/xlink"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

DEFINE_VERSION = "2.1.10"
STYLESHEET = "define2-1.xsl"
SOURCE_SYSTEM = "hbv_standards"
NCI = "nci:ExtCodeID"

_NAMESPACES = {None: ODM, "def": DEF, "xlink": XLINK}
_PREFIXES = {"def": DEF, "xlink": XLINK}


def build_document(define: Define) -> etree._ElementTree:
    """The document, with the instruction that lets a browser show it by the stylesheet beside it."""
    root = etree.Element(
        f"{{{ODM}}}ODM",
        _qualify({
            "ODMVersion": "1.3.2", "FileType": "Snapshot", "FileOID": define.file_oid,
            "CreationDateTime": define.created, "AsOfDateTime": define.created,
            "SourceSystem": SOURCE_SYSTEM, "SourceSystemVersion": __version__, "def:Context": define.context,
        }),
        nsmap=_NAMESPACES,  # type: ignore[arg-type]  # the stubs forget the default namespace
    )  # fmt: skip
    study = _add(root, "Study", OID=define.study_oid)
    names = _add(study, "GlobalVariables")
    _add(names, "StudyName").text = define.study
    _add(names, "StudyDescription").text = define.description
    _add(names, "ProtocolName").text = define.protocol
    _add_version(study, define)
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/xsl" href="{STYLESHEET}"'))
    return etree.ElementTree(root)


def _add_version(study: etree._Element, define: Define) -> None:
    """MetaDataVersion; the schema wants its parts in this order."""
    version = _add(
        study, "MetaDataVersion", {"def:DefineVersion": DEFINE_VERSION}, OID=define.version_oid,
        Name=f"Study {define.study}, Data Definitions",
        Description=f"Data definitions of the SDTM datasets of study {define.study}",
    )  # fmt: skip
    standards = _add(version, "def:Standards")
    for standard in define.standards:
        _add_standard(standards, standard)
    if define.documents:
        supplement = _add(version, "def:SupplementalDoc")
        for document in define.documents:
            _add(supplement, "def:DocumentRef", leafID=document.id)
    for value_list in define.value_lists:
        _add_value_list(version, value_list)
    for clause in define.where_clauses:
        _add_where_clause(version, clause)
    for group in define.groups:
        _add_group(version, group)
    for item in define.items:
        _add_item(version, item)
    for codelist in define.codelists:
        _add_codelist(version, codelist)
    for method in define.methods:
        _add_method(version, method)
    for comment in define.comments:
        _add_comment(version, comment)
    for document in define.documents:
        _add_leaf(version, document)


def _qualify(attributes: Mapping[str, str | None]) -> dict[str, str]:
    """Attributes with a value, names with a prefix in their namespace."""
    named = {}
    for name, value in attributes.items():
        prefix, _, local = name.rpartition(":")
        if value is not None:
            named[f"{{{_PREFIXES[prefix]}}}{local}" if prefix else name] = value
    return named


def _add(
    parent: etree._Element, tag: str, attributes: Mapping[str, str | None] | None = None, **plain: str | None
) -> etree._Element:
    prefix, _, local = tag.rpartition(":")
    namespace = _PREFIXES[prefix] if prefix else ODM
    return etree.SubElement(parent, f"{{{namespace}}}{local}", _qualify({**plain, **(attributes or {})}))


def find_language(text: str) -> str:
    """Language of a text for xml:lang: Chinese where it has Chinese characters."""
    return "zh" if re.search("[\u3400-\u9fff]", text) else "en"


def _add_text(parent: etree._Element, tag: str, text: str) -> None:
    """Description or Decode with its TranslatedText."""
    translated = _add(_add(parent, tag), "TranslatedText")
    translated.set(XML_LANG, find_language(text))
    translated.text = text


def _yes(flag: bool) -> str:  # noqa: FBT001 - a flag becomes the attribute's Yes or No
    return "Yes" if flag else "No"


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _add_standard(parent: etree._Element, standard: Standard) -> None:
    _add(
        parent, "def:Standard", OID=standard.oid, Name=standard.name, Type=standard.type,
        PublishingSet=standard.publishing_set, Version=standard.version, Status="Final",
    )  # fmt: skip


def _add_ref(parent: etree._Element, ref: ItemRef) -> None:
    made = _add(
        parent, "ItemRef", {"def:HasNoData": "Yes" if ref.empty else None}, ItemOID=ref.item,
        OrderNumber=str(ref.order), Mandatory=_yes(ref.mandatory), KeySequence=_number(ref.key),
        MethodOID=ref.method, Role=ref.role,
    )  # fmt: skip
    if ref.where is not None:
        _add(made, "def:WhereClauseRef", WhereClauseOID=ref.where)


def _add_value_list(parent: etree._Element, value_list: ValueList) -> None:
    made = _add(parent, "def:ValueListDef", OID=value_list.oid)
    for ref in value_list.refs:
        _add_ref(made, ref)


def _add_where_clause(parent: etree._Element, clause: WhereClause) -> None:
    made = _add(parent, "def:WhereClauseDef", OID=clause.oid)
    for check in clause.checks:
        condition = _add(
            made, "RangeCheck", {"def:ItemOID": check.item}, Comparator=check.comparator, SoftHard="Soft"
        )
        for value in check.values:
            _add(condition, "CheckValue").text = value


def _add_group(parent: etree._Element, group: ItemGroup) -> None:
    leaf = Document(f"LF.{group.name}", group.file, group.file.rpartition("/")[2])
    made = _add(
        parent, "ItemGroupDef",
        {
            "def:Structure": group.structure, "def:StandardOID": group.standard,
            "def:IsNonStandard": None if group.standard else "Yes", "def:CommentOID": group.comment,
            "def:ArchiveLocationID": leaf.id,
        },
        OID=group.oid, Domain=group.domain, Name=group.name, Repeating=_yes(group.repeating),
        IsReferenceData=_yes(group.reference), SASDatasetName=group.name, Purpose="Tabulation",
    )  # fmt: skip
    _add_text(made, "Description", group.label)
    for ref in group.refs:
        _add_ref(made, ref)
    if group.parent is not None:
        _add(made, "Alias", Context="DomainDescription", Name=group.parent)
    _add(made, "def:Class", Name=group.cls)
    _add_leaf(made, leaf)


def _add_leaf(parent: etree._Element, document: Document) -> None:
    leaf = _add(parent, "def:leaf", {"xlink:href": document.href}, ID=document.id)
    _add(leaf, "def:title").text = document.title


def _add_item(parent: etree._Element, item: Item) -> None:
    shape = item.shape
    length = shape.length if shape.datatype in LENGTH_TYPES else None
    made = _add(
        parent, "ItemDef", {"def:CommentOID": item.comment}, OID=item.oid, Name=item.name,
        SASFieldName=item.name, DataType=shape.datatype, Length=_number(length),
        SignificantDigits=_number(shape.digits),
    )  # fmt: skip
    _add_text(made, "Description", item.label)
    if item.codelist is not None:
        _add(made, "CodeListRef", CodeListOID=item.codelist)
    if item.origin is not None:
        _add_origin(made, item.origin)
    if item.value_list is not None:
        _add(made, "def:ValueListRef", ValueListOID=item.value_list)


def _add_origin(parent: etree._Element, origin: Origin) -> None:
    made = _add(parent, "def:Origin", Type=origin.type, Source=origin.source)
    if origin.description is not None:
        _add_text(made, "Description", origin.description)


def _add_codelist(parent: etree._Element, codelist: CodeList) -> None:
    own = codelist.standard is None and codelist.dictionary is None
    made = _add(
        parent, "CodeList",
        {"def:StandardOID": codelist.standard, "def:IsNonStandard": "Yes" if own else None},
        OID=codelist.oid, Name=codelist.name, DataType=codelist.datatype,
    )  # fmt: skip
    if codelist.dictionary is not None:
        dictionary = codelist.dictionary
        _add(made, "ExternalCodeList", Dictionary=dictionary.name, Version=dictionary.version)
    decoded = is_decoded(codelist)
    for term in codelist.terms:
        _add_term(made, term, "CodeListItem" if decoded else "EnumeratedItem")
    if codelist.code is not None:
        _add(made, "Alias", Context=NCI, Name=codelist.code)


def _add_term(parent: etree._Element, term: CodeTerm, tag: str) -> None:
    made = _add(parent, tag, {"def:ExtendedValue": "Yes" if term.extended else None}, CodedValue=term.value)
    if term.decode is not None:
        _add_text(made, "Decode", term.decode)
    if term.code is not None:
        _add(made, "Alias", Context=NCI, Name=term.code)


def _add_method(parent: etree._Element, method: Method) -> None:
    made = _add(parent, "MethodDef", OID=method.oid, Name=method.name, Type=method.type)
    _add_text(made, "Description", method.description)


def _add_comment(parent: etree._Element, comment: Comment) -> None:
    _add_text(_add(parent, "def:CommentDef", OID=comment.oid), "Description", comment.text)
