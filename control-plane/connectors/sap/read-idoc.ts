import { Fault } from "../cell.ts";
import type { ConnectorProblem } from "../translation.ts";
import type { Condition } from "./condition.ts";
import { conditionOfSegment } from "./idoc-condition.ts";
import { keyOfSegment } from "./idoc-key.ts";
import { fieldsOf, segmentsOf } from "./idoc-segment.ts";
import { readXml, XmlFault, type XmlElement } from "./idoc-xml.ts";
import type { CompleteSet, ReadConditions } from "./translate-conditions.ts";

/** The conditions of COND_A IDocs as an XML port writes them. An IDoc has all periods of its keys. */
export function readConditionIDoc(xml: string): ReadConditions {
  const root = readXml(xml);
  if (root instanceof XmlFault) return nothingBut("malformed_xml", root.message);
  const documents = segmentsOf(root, "IDOC").filter((document) => segmentsOf(document, "E1KOMG").length > 0);
  if (documents.length === 0) return nothingBut("not_a_condition_idoc", "There is no E1KOMG in an IDOC");
  const keys = documents.flatMap((document) =>
    segmentsOf(document, "E1KOMG").map((segment) => keyRead(segment, numberOf(document))),
  );
  return {
    conditions: keys.flatMap(({ conditions }) => conditions),
    problems: keys.flatMap(({ problems }) => problems),
    complete: keys.flatMap(({ complete }) => complete),
  };
}

function nothingBut(code: string, message: string): ReadConditions {
  return { conditions: [], problems: [{ source: "IDoc", code, message }], complete: [] };
}

function numberOf(document: XmlElement): string {
  const control = document.children.find(({ name }) => name.startsWith("EDI_DC"));
  return (control === undefined ? undefined : fieldsOf(control).get("DOCNUM")) ?? "without a number";
}

function keyRead(segment: XmlElement, number: string): ReadConditions {
  const fields = fieldsOf(segment);
  const source = `IDoc ${number} key ${fields.get("KSCHL")} ${fields.get("VAKEY_LONG") ?? fields.get("VAKEY")}`;
  // A key with a release status is that of records that pricing passes over; it says nothing about the others.
  if (fields.has("KFRST")) return { conditions: [], problems: [], complete: [] };
  const key = keyOfSegment(fields);
  if (key instanceof Fault) return { conditions: [], problems: [problem(source, key)], complete: [] };
  if (fields.get("KVEWE") !== "A") {
    const fault = new Fault("usage_unsupported", `Conditions of usage ${fields.get("KVEWE")} are not prices`);
    return { conditions: [], problems: [problem(source, fault)], complete: [] };
  }
  const conditions: Condition[] = [];
  const problems: ConnectorProblem[] = [];
  const sources: string[] = [];
  for (const header of segmentsOf(segment, "E1KONH")) {
    const from = `IDoc ${number} condition record ${fieldsOf(header).get("KNUMH") ?? "without a number"}`;
    sources.push(from);
    const condition = conditionOfSegment(header, key, from);
    if (condition instanceof Fault) problems.push(problem(from, condition));
    else conditions.push(condition);
  }
  const complete: CompleteSet = { key, period: undefined, sources };
  return { conditions, problems, complete: [complete] };
}

function problem(source: string, { code, message }: Fault): ConnectorProblem {
  return { source, code, message };
}
