/** What CSS takes as the size of a page. */
export const papers = ["A4", "letter"] as const;
export type Paper = (typeof papers)[number];

/**
 * The looks of a quote on paper and on a screen. Table heads come again on each page, no row is torn, and each page
 * says whose it is and how many there are.
 * @param number the quote's, which is text without quotes or backslashes
 */
export function styleOf(number: string, paper: Paper): string {
  return `@page { size: ${paper}; margin: 16mm 16mm 20mm;
  @bottom-left { content: "${number}"; font: 8pt ${fonts}; color: #666; }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt ${fonts}; color: #666; } }
${common}`;
}

const fonts = `"Helvetica Neue", Arial, "Liberation Sans", "Noto Sans", sans-serif`;

const common = `
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; color: #1b1b1b; font: 10pt/1.45 ${fonts}; overflow-wrap: anywhere; }
header { display: flex; justify-content: space-between; gap: 2rem; padding-bottom: 5mm; border-bottom: 2pt solid #1b1b1b; }
h1 { margin: 0; font-size: 20pt; line-height: 1.1; font-weight: 600; letter-spacing: 0.01em; }
h2 { margin: 0 0 1mm; font-size: 8pt; font-weight: 600; color: #666; text-transform: uppercase; letter-spacing: 0.08em; }
address, p { margin: 0; font-style: normal; }
.company { text-align: right; }
.company strong { font-size: 12pt; }
.small { font-size: 8.5pt; color: #555; }
.number { margin-top: 1.5mm; font-size: 9pt; color: #555; }
.about { display: grid; grid-template-columns: 1fr 1fr; gap: 8mm; margin: 7mm 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.5mm 5mm; margin: 0; }
dt { color: #666; }
dd { margin: 0; }
.standing { margin: 6mm 0 0; padding: 2.5mm 4mm; border-left: 3pt solid #b45309; background: #fdf3e3; break-inside: avoid; }
.standing.good { border-color: #15803d; background: #ebf6ee; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
th { padding: 1.5mm 2mm; border-bottom: 1pt solid #1b1b1b; font-size: 8pt; font-weight: 600; text-align: left; color: #444; vertical-align: bottom; }
td { padding: 2mm; border-bottom: 0.5pt solid #ddd; vertical-align: top; }
tr, .together { break-inside: avoid; }
th:first-child, td:first-child { padding-left: 0; width: 8mm; color: #666; }
th:last-child, td:last-child { padding-right: 0; }
.figure { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.product { font-weight: 600; }
.was { color: #777; font-size: 8.5pt; }
tr.other td { border-bottom-style: dotted; color: #444; }
tr.other .product { font-weight: 400; }
tr.not-taken td { color: #999; }
.total { margin: 4mm 0 0; display: flex; justify-content: flex-end; break-inside: avoid; break-before: avoid; }
.total div { min-width: 70mm; padding: 3mm 0; border-top: 1pt solid #1b1b1b; border-bottom: 2pt solid #1b1b1b; display: flex; justify-content: space-between; gap: 8mm; font-size: 12pt; font-weight: 600; }
.note { white-space: pre-line; }
section { margin-top: 7mm; }
.signature { display: grid; grid-template-columns: 1fr 1fr; gap: 12mm; margin-top: 14mm; }
.signature p { padding-top: 1.5mm; border-top: 0.5pt solid #1b1b1b; }
@media screen {
  html { background: #e9e9e9; }
  body { max-width: 210mm; min-height: 280mm; margin: 8mm auto; padding: 18mm 16mm; background: #fff; box-shadow: 0 1px 6px #0003; }
  @media (max-width: 700px) { body { margin: 0; padding: 6mm; box-shadow: none; } .about { grid-template-columns: 1fr; } }
}
`;
