"""Articles as UIMA CAS XMI, which INCEpTION and WebAnno import (https://inception-project.github.io), and back.

Two layers of their own: `webanno.custom.Attribution`, a span with a role, and `webanno.custom.AttributionLink`, a
relation from a content to its parts, source and cue. INCEpTION makes both of them from `TypeSystem.xml`. Offsets in a
CAS count UTF-16 units, as Java does. We write and read XMI with lxml, which is there anyway: for two types a library
that models every CAS would only add dependencies, and the bounds on what strangers send would be out of our hands.
`tests/test_formats_tools.py` holds it against dkpro-cassis, the reference implementation in Python.
"""

from __future__ import annotations

import json
import re

import msgspec
from lxml import etree

from onrecord.errors import InputError
from onrecord.formats.annotated import Link, Mark, Sheet, Units, article_from_sheet, marks_of, plain
from onrecord.formats.wire import Json
from onrecord.schema import Article

_XMI = "http://www.omg.org/XMI"
_CAS = "http:///uima/cas.ecore"
_CUSTOM = "http:///webanno/custom.ecore"
_META = "http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
_PREFIXES = {"xmi": _XMI, "cas": _CAS, "custom": _CUSTOM, "type": _META}
_ID = f"{{{_XMI}}}id"
_VIEW = "_InitialView"
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TOOL = "INCEpTION"

TYPE_SYSTEM = """\
<?xml version="1.0" encoding="UTF-8"?>
<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">
  <types>
    <typeDescription>
      <name>webanno.custom.Attribution</name>
      <description>A content (what is said), a further part of it, a source (who) or a cue (the verb).</description>
      <supertypeName>uima.tcas.Annotation</supertypeName>
      <features>
        <featureDescription>
          <name>role</name>
          <description>content, part, source or cue</description>
          <rangeTypeName>uima.cas.String</rangeTypeName>
        </featureDescription>
        <featureDescription>
          <name>kind</name>
          <description>Of a content: direct, mixed or indirect; empty leaves it to the quotation marks.</description>
          <rangeTypeName>uima.cas.String</rangeTypeName>
        </featureDescription>
        <featureDescription>
          <name>speaker</name>
          <description>Of a content: the full name of whoever says it; empty for nobody named.</description>
          <rangeTypeName>uima.cas.String</rangeTypeName>
        </featureDescription>
        <featureDescription>
          <name>record</name>
          <description>Of a content: what else onrecord knows of it. Leave it as it is.</description>
          <rangeTypeName>uima.cas.String</rangeTypeName>
        </featureDescription>
      </features>
    </typeDescription>
    <typeDescription>
      <name>webanno.custom.AttributionLink</name>
      <description>From a content to its further parts, its source and its cue.</description>
      <supertypeName>uima.tcas.Annotation</supertypeName>
      <features>
        <featureDescription>
          <name>Dependent</name>
          <description/>
          <rangeTypeName>webanno.custom.Attribution</rangeTypeName>
        </featureDescription>
        <featureDescription>
          <name>Governor</name>
          <description/>
          <rangeTypeName>webanno.custom.Attribution</rangeTypeName>
        </featureDescription>
      </features>
    </typeDescription>
    <typeDescription>
      <name>de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData</name>
      <description/>
      <supertypeName>uima.tcas.DocumentAnnotation</supertypeName>
      <features>
        <featureDescription>
          <name>documentTitle</name>
          <description/>
          <rangeTypeName>uima.cas.String</rangeTypeName>
        </featureDescription>
        <featureDescription>
          <name>documentId</name>
          <description/>
          <rangeTypeName>uima.cas.String</rangeTypeName>
        </featureDescription>
      </features>
    </typeDescription>
  </types>
</typeSystemDescription>
"""
"""What INCEpTION has to know of the layers: import it under Settings, Layers, before the documents."""


def xmi_of(article: Article) -> bytes:
    """The article as a CAS in XMI; what XML cannot hold is a space in it."""
    text, units = plain(article.text), Units(article.text)
    root = etree.Element(f"{{{_XMI}}}XMI", {f"{{{_XMI}}}version": "2.0"}, nsmap=_PREFIXES)
    etree.SubElement(root, f"{{{_CAS}}}NULL", {_ID: "0"})
    sofa = "1"
    members: list[str] = []

    def add(name: str, begin: int, end: int, **fields: str) -> str:
        own = str(len(members) + 2)
        places = {"sofa": sofa, "begin": str(units.of_points(begin)), "end": str(units.of_points(end))}
        etree.SubElement(root, name, {_ID: own} | places | {key: plain(value) for key, value in fields.items()})
        members.append(own)
        return own

    name = article.id
    add(f"{{{_META}}}DocumentMetaData", 0, len(text), language=article.lang or "x-unspecified",
        documentTitle=article.headline or name, documentId=name)  # fmt: skip
    span, relation = f"{{{_CUSTOM}}}Attribution", f"{{{_CUSTOM}}}AttributionLink"
    for content, others in marks_of(article):
        told = {"role": content.role, "kind": content.kind, "speaker": content.speaker or ""}
        governor = add(span, content.start, content.end, **told, record=_packed(content.record))
        for mark in others:
            dependent = add(span, mark.start, mark.end, role=mark.role)
            add(relation, mark.start, mark.end, Dependent=dependent, Governor=governor)
    facts = {"sofaNum": "1", "sofaID": _VIEW, "mimeType": "text", "sofaString": text}
    etree.SubElement(root, f"{{{_CAS}}}Sofa", {_ID: sofa} | facts)
    etree.SubElement(root, f"{{{_CAS}}}View", {"sofa": sofa, "members": " ".join(members)})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _packed(record: Json | None) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def article_from_xmi(content: bytes, name: str = "") -> Article:
    """The article that a CAS in XMI holds, with `name` for its id if the CAS names none.

    It has what annotators see: the text and the statements, and what was kept of these. Raises `InputError` for what is
    no such CAS, declares a document type (entities can grow without end), or has offsets that are not sound.
    """
    root = _parsed(content)
    sofa = _sofa(root)
    text = sofa.get("sofaString") or ""
    own, units = sofa.get(_ID), Units(text)
    members = _members(root, own)
    meta = root.find(f"{{{_META}}}DocumentMetaData")
    facts: dict[str, str] = {} if meta is None else {str(name): str(value) for name, value in meta.attrib.items()}
    marks, links = [], []
    for element in root.iterchildren(f"{{{_CUSTOM}}}Attribution", f"{{{_CUSTOM}}}AttributionLink"):
        if element.get("sofa") != own or (members is not None and element.get(_ID) not in members):
            continue  # of another view, or deleted
        if etree.QName(element).localname == "Attribution":
            marks.append(_mark(element, units))
        else:
            links.append(_link(element))
    lang = facts.get("language", "")
    id = facts.get("documentId", "").removesuffix(".xmi") or name
    return article_from_sheet(
        Sheet(id, text, "" if lang == "x-unspecified" else lang, tuple(marks), tuple(links), _TOOL)
    )


def _parsed(content: bytes) -> etree._Element:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"no XMI in UTF-8 ({error.reason} at byte {error.start:,})") from error
    if _DOCTYPE.search(text):
        raise InputError("declares a document type or entities, which no CAS does; nothing of it was read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"no XML: {error.msg}; export it as UIMA CAS XMI (XML 1.0)") from error
    if root.tag != f"{{{_XMI}}}XMI":
        raise InputError("XML, but no UIMA CAS XMI; export it as UIMA CAS XMI (XML 1.0)")
    return root


def _sofa(root: etree._Element) -> etree._Element:
    sofas = root.findall(f"{{{_CAS}}}Sofa")
    first = [one for one in sofas if one.get("sofaID") == _VIEW] or sofas
    if not first or first[0].get("sofaString") is None:
        raise InputError("the CAS holds no text (sofaString)")
    return first[0]


def _members(root: etree._Element, sofa: str | None) -> set[str] | None:
    """What the view holds; None if it does not say. What was deleted may still be written, but is no member."""
    for view in root.iterchildren(f"{{{_CAS}}}View"):
        if view.get("sofa") == sofa:
            return set((view.get("members") or "").split())
    return None


def _mark(element: etree._Element, units: Units) -> Mark:
    begin, end = (_number(element, name) for name in ("begin", "end"))
    role = (element.get("role") or "").strip().lower()
    return Mark(
        _named(element, _ID), role, units.to_points(begin), units.to_points(end), element.get("kind") or "",
        element.get("speaker") or "", _record(element.get("record")),
    )  # fmt: skip


def _link(element: etree._Element) -> Link:
    return _named(element, "Governor"), _named(element, "Dependent")


def _named(element: etree._Element, attribute: str) -> str:
    found = element.get(attribute)
    if not found:
        raise InputError(f"line {element.sourceline}: an annotation without {attribute.rpartition('}')[2]}")
    return str(found)


def _number(element: etree._Element, attribute: str) -> int:
    found = _named(element, attribute)
    if not found.isascii() or not found.isdigit() or len(found) > 9:
        raise InputError(f"line {element.sourceline}: {attribute} is {found[:40]!r}, no offset")
    return int(found)


def _record(packed: str | None) -> Json | None:
    if not packed:
        return None
    try:
        return msgspec.json.decode(packed.encode("utf-8"), type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise InputError(f"a record that is no JSON object ({error}); leave that field as it is") from error
