/**
 * The XML that SAP's ports write: elements, attributes and text. There is no document type and so no entity of its
 * own making: those are how XML parsers are attacked, and reading the rest takes no library.
 */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** What is wrong with a text that is no such XML. */
export class XmlFault {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const depthMax = 32;
const token =
  /<!--[^]*?-->|<\?[^>]*\?>|<!\[CDATA\[(?<data>[^]*?)\]\]>|<\/(?<end>[\w.:-]+)\s*>|<(?<start>[A-Za-z_][\w.:-]*)(?<attributes>(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')){0,50})\s*(?<empty>\/?)>|(?<text>[^<]+)/y;

export function readXml(source: string): XmlElement | XmlFault {
  const text = source.replace(/^\uFEFF/, "");
  const document: OpenElement = { name: "", text: "", children: [] };
  const open = [document];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const groups = token.exec(text)?.groups;
    const current = open.at(-1);
    if (groups === undefined || current === undefined) return new XmlFault(`Not read on at character ${at}`);
    if (groups["text"] !== undefined) {
      const plain = decode(groups["text"]);
      if (plain === undefined) return new XmlFault(`An entity at character ${at} is not known`);
      current.text += plain;
    } else if (groups["data"] !== undefined) {
      current.text += groups["data"];
    } else if (groups["start"] !== undefined) {
      const element: OpenElement = { name: groups["start"], text: "", children: [] };
      current.children.push(element);
      if (groups["empty"] !== "/") open.push(element);
      if (open.length > depthMax) return new XmlFault(`Elements are nested over ${depthMax} deep`);
    } else if (groups["end"] !== undefined) {
      if (open.length === 1 || current.name !== groups["end"]) {
        return new XmlFault(`${groups["end"]} ends at character ${at} and did not begin`);
      }
      open.pop();
    }
  }
  const [root, second] = document.children;
  if (open.length > 1) return new XmlFault(`${open.at(-1)?.name} does not end`);
  if (root === undefined || second !== undefined || document.text.trim() !== "") {
    return new XmlFault("A document is one element");
  }
  return root;
}

const entities = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Undefined when one of the entities is not known. */
function decode(text: string): string | undefined {
  let decoded = "";
  let end = 0;
  for (const { 0: found, 1: name, index } of text.matchAll(/&([^;&]*);?/g)) {
    const character = found.endsWith(";") ? characterOf(name ?? "") : undefined;
    if (character === undefined) return undefined;
    decoded += text.slice(end, index) + character;
    end = index + found.length;
  }
  return decoded + text.slice(end);
}

function characterOf(entity: string): string | undefined {
  const [, digits, hex] = /^#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}))$/.exec(entity) ?? [];
  if (digits === undefined && hex === undefined) return entities.get(entity);
  const code = digits === undefined ? Number.parseInt(hex ?? "", 16) : Number(digits);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
