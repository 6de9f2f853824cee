/**
 * The report's look (`look.md`): ink on warm paper, a reading serif, vermilion only for what nobody authorised, blue only for what is
 * declared, hatching for what was not seen. Prints on A4, in black and white too.
 */
import { FONT_FACES } from "./fonts.ts";

export const STYLE = `${FONT_FACES}
:root {
  --ink: #1c1a17; --soft: #57524a; --rule: #cfc8bb; --paper: #fbf9f4; --sheet: #ffffff;
  --found: #b3321a; --declared: #1f4e8c; --grey: #7b756b; --hatch: #a39c90;
  --serif: "Report Serif", "Source Serif 4", "Source Serif Pro", Charter, "Iowan Old Style", "Palatino Linotype", "Book Antiqua", Georgia, "Noto Serif", "DejaVu Serif", serif;
  --sans: "Report Sans", Inter, "Helvetica Neue", "Segoe UI", "Noto Sans", Arial, "DejaVu Sans", sans-serif;
  --mono: "Report Mono", "IBM Plex Mono", "SFMono-Regular", Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece7dc; --soft: #b3aca0; --rule: #4a453d; --paper: #171512; --sheet: #1d1b17; --found: #ff8a6b; --declared: #8fb8f0; --grey: #9a9388; --hatch: #6d665b; }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 17px/1.48 var(--serif); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 780px; padding: 40px 30px 80px; }
h1 { font-size: 30px; line-height: 1.2; font-weight: 600; margin: 6px 0 10px; text-wrap: balance; }
h2 { font-size: 23px; line-height: 1.25; font-weight: 600; margin: 56px 0 12px; padding-top: 12px; border-top: 2px solid var(--ink); }
h3 { font-size: 17px; font-weight: 600; margin: 30px 0 6px; }
p { margin: 0 0 10px; }
a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: 3px; }
.kicker, .meta, th, .note, figcaption, .legend, .key, nav, .stamp { font-family: var(--sans); }
.kicker { font-size: 12.5px; letter-spacing: 0.02em; color: var(--soft); margin: 0; display: flex; justify-content: space-between; gap: 20px; flex-wrap: wrap; }
.lead { font-size: 20px; line-height: 1.42; margin: 14px 0 20px; }
.lead .mark { margin-right: 8px; }
.meta { font-size: 13px; color: var(--soft); }
.note { font-size: 13px; line-height: 1.45; color: var(--soft); }
.stamp { border: 2px solid var(--ink); padding: 9px 13px; margin: 18px 0; font-size: 14px; line-height: 1.45; }
.stamp b { text-transform: uppercase; letter-spacing: 0.08em; margin-right: 8px; }
.attribution { border-left: 3px solid var(--ink); padding: 2px 0 2px 14px; margin: 16px 0; font-style: italic; }
.first-way { margin: 20px 0 14px; } .first-way .chart { margin: 0; }
.answers { display: grid; grid-template-columns: 158px 1fr; column-gap: 22px; margin: 0; }
.answers dt { font-weight: 600; padding-top: 11px; border-top: 1px solid var(--rule); line-height: 1.35; }
.answers dd { margin: 0; padding: 11px 0 11px; border-top: 1px solid var(--rule); }
.answers dd > :last-child, .answers dd ul:last-child { margin-bottom: 0; }
.answers ul { margin: 4px 0 8px; padding-left: 18px; }
.answers li { margin-bottom: 3px; }
.found-list { list-style: none; padding: 0 !important; }
.found-list li { padding-left: 24px; text-indent: -24px; margin-bottom: 8px; }
.grade-mark, .outcome { vertical-align: -1.5px; margin-right: 8px; flex: none; }
.grade-outline { fill: none; stroke: var(--found); stroke-width: 1.6; }
.fill-found { fill: var(--found); } .fill-plain, .fill-ink { fill: var(--ink); }
.outcome-line { stroke: var(--soft); stroke-width: 1.6; fill: none; } .outcome-filled { fill: var(--ink); } .outcome-hatched { fill: url(#hatch); stroke: var(--ink); stroke-width: 1.2; }
.made { display: grid; grid-template-columns: 1fr 1fr; column-gap: 22px; margin: 10px 0 0; padding-top: 6px; border-top: 1px solid var(--rule); font: 12.5px/1.45 var(--sans); }
.made > div { display: flex; gap: 8px; padding: 1px 0; } .made > div:last-child { grid-column: 1 / -1; } .made dt { color: var(--soft); flex: none; } .made dd { margin: 0; overflow-wrap: anywhere; }
.claim { color: var(--found); font-weight: 600; }
.unseen-line { list-style: none; position: relative; }
.unseen-line::before { content: ""; position: absolute; left: -18px; top: 0.42em; width: 10px; height: 10px; border: 1px solid var(--grey); background: repeating-linear-gradient(135deg, var(--hatch) 0 1.2px, transparent 1.2px 3.4px); }
code, .mono, kbd { font-family: var(--mono); font-size: 0.86em; }
pre { font: 13px/1.5 var(--mono); background: var(--sheet); border: 1px solid var(--rule); padding: 9px 12px; margin: 6px 0 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
nav ol { columns: 2; column-gap: 30px; font-size: 14px; padding-left: 20px; margin: 8px 0 0; }
nav li { margin-bottom: 3px; break-inside: avoid; }
.facts { display: grid; grid-template-columns: 170px 1fr; margin: 8px 0 14px; font-size: 15px; }
.facts dt { font-family: var(--sans); font-size: 13px; color: var(--soft); padding: 5px 12px 5px 0; border-top: 1px solid var(--rule); }
.facts dd { margin: 0; padding: 4px 0; border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
.facts .why { color: var(--soft); }
.table-frame { overflow-x: auto; margin: 8px 0 14px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; }
table.small, .drawing table { font-size: 12.8px; }
th { text-align: left; font-weight: 600; font-size: 12px; color: var(--soft); padding: 4px 12px 4px 0; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: break-word; }
td.mono, td code, dd code { overflow-wrap: anywhere; }
td p { margin: 0 0 3px; }
td:last-child, th:last-child { padding-right: 0; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.mono { font-size: 12.2px; }
.nowrap { white-space: nowrap; }
.drawing { margin: 26px 0 22px; }
figcaption { font-weight: 600; font-size: 15px; font-family: var(--serif); margin-bottom: 10px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: var(--sans); font-size: 12px; margin-bottom: 10px; }
.chart text { fill: var(--ink); }
.middle { text-anchor: middle; } .end { text-anchor: end; }
.halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.axis { stroke: var(--ink); stroke-width: 1; } .grid { stroke: var(--rule); stroke-width: 0.8; } .chart .tick { fill: var(--soft); font-size: 11px; }
.threshold { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 6 4; } .threshold-label { font-size: 11.5px; font-style: italic; }
.step-line { fill: none; stroke: var(--ink); stroke-width: 2.2; } .step-up, .step-down { stroke: var(--ink); stroke-width: 2.2; } .step-down { stroke-dasharray: 2 2; }
.step-bits { font-size: 11.5px; font-variant-numeric: tabular-nums; } .chart .step-number { fill: var(--soft); } .strong { font-weight: 700; } .total { font-size: 12px; }
.box rect { fill: var(--sheet); stroke: var(--ink); stroke-width: 1.1; } .box.own rect { stroke-width: 2.4; }
.box.found rect { stroke: var(--found); stroke-width: 2; } .box.found .box-label { fill: var(--found); }
.box.function rect { stroke: var(--declared); } .box.service rect { stroke: var(--declared); stroke-width: 0.8; } .box.outside rect { stroke: var(--grey); } .box.subscribers rect { stroke: var(--grey); } .box.more rect { stroke: var(--grey); stroke-dasharray: 3 3; }
.box-label { font-weight: 600; font-size: 12px; } .chart .box-note { fill: var(--soft); font-size: 10.5px; }
.way-line { stroke: var(--ink); stroke-width: 1.4; }
.branch { fill: none; stroke: var(--found); } .branch.ordered { stroke-dasharray: 7 5; } .branch-label { font-size: 12px; }
.edge { fill: none; } .edge.declared { stroke: var(--declared); } .edge.other { stroke: var(--grey); } .edge.found { stroke: var(--found); } .edge.ordered { stroke: var(--found); stroke-dasharray: 7 5; } .chart .edge.unseen { fill: none; stroke: var(--grey); stroke-width: 1; stroke-dasharray: 1.5 4; }
.chart .edge-label { font-size: 10.5px; fill: var(--soft); } .chart .edge-label.declared { fill: var(--declared); } .chart .edge-label.found, .chart .edge-label.ordered { fill: var(--found); font-weight: 700; font-size: 11.5px; }
.disc { fill: var(--found); stroke: var(--paper); stroke-width: 2; } .chart .disc-label, .legend .disc-label { fill: var(--paper); font: 700 11px var(--sans); }
.band { stroke: var(--rule); stroke-width: 0.8; stroke-dasharray: 2 4; } .chart .band-label { fill: var(--grey); font-size: 10.5px; }
.legend { font-size: 12px; color: var(--soft); display: flex; flex-wrap: wrap; gap: 4px 20px; } .key { display: inline-flex; align-items: center; gap: 7px; }
.hatch-ground { fill: none; } .hatch-line { stroke: var(--hatch); stroke-width: 1.6; }
.unseen { fill: url(#hatch); stroke: var(--rule); stroke-width: 0.8; } .unseen.framed { stroke: var(--ink); fill: url(#hatch); }
.bar-coverage { fill: var(--paper); stroke: var(--ink); stroke-width: 1; } .bar-activity { fill: var(--grey); } .bar-act { fill: var(--found); } .bar-order { fill: none; stroke: var(--found); stroke-width: 1.6; }
.row-label { font-size: 11.5px; }
.octets { font-family: var(--mono); font-size: 11px; } .chart .octets { fill: var(--ink); } .slice { stroke: var(--ink); stroke-width: 1; } .slice.masked { fill: url(#hatch); stroke: var(--ink); } .slice.plain { fill: var(--sheet); } .slice.envelope { fill: var(--sheet); stroke: var(--found); stroke-width: 2; } .slice-label { font-size: 11.5px; } .equal { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 2 3; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; } .pair > div { min-width: 0; } .pair .note { margin: 4px 0 0; } .hex { font-size: 10.4px; line-height: 1.5; white-space: pre; overflow-x: auto; margin: 3px 0 8px; padding: 6px 8px; } .offset { color: var(--soft); }
.reply { white-space: pre-wrap; border: 1px solid var(--rule); background: var(--sheet); padding: 12px 16px; overflow-wrap: anywhere; }
.original::after { content: attr(data-note); font: 11px var(--sans); color: var(--soft); margin-left: 6px; }
button { font: 600 14px var(--sans); color: var(--ink); background: var(--sheet); border: 1.5px solid var(--ink); padding: 7px 14px; cursor: pointer; }
button:focus-visible, a:focus-visible { outline: 3px solid var(--declared); outline-offset: 2px; }
button:disabled { color: var(--grey); border-color: var(--grey); cursor: default; }
.outcomes .failed { font-weight: 600; outline: 1.5px solid var(--ink); }
.glossary { display: grid; grid-template-columns: 170px 1fr; font-size: 14.5px; margin: 0; } .glossary dt { font-weight: 600; padding: 4px 12px 4px 0; } .glossary dd { margin: 0; padding: 4px 0; }
footer { margin-top: 40px; border-top: 1px solid var(--rule); padding-top: 10px; }
@media (max-width: 640px) { body { padding: 22px 16px 60px; } .answers, .facts, .glossary { grid-template-columns: 1fr; } .answers dd, .facts dd { border-top: 0; padding-top: 0; } nav ol { columns: 1; } .pair { grid-template-columns: 1fr; } .drawing .chart, .first-way .chart { min-width: 620px; } .drawing, .first-way { overflow-x: auto; } }
@page { size: A4; margin: 12mm 17mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt Inter, Arial, sans-serif; color: #57524a; } }
@media print {
  :root { --ink: #000; --soft: #3c3c3c; --rule: #b5b5b5; --paper: #fff; --sheet: #fff; --found: #a32a12; --declared: #1f4e8c; --grey: #666; --hatch: #777; }
  html { font-size: 10.2pt; line-height: 1.4; } body { max-width: none; padding: 0; }
  h1 { font-size: 17.5pt; margin: 3pt 0 5pt; } h2 { font-size: 15pt; margin-top: 22pt; } .lead { font-size: 11.4pt; line-height: 1.34; margin: 5pt 0 6pt; }
  .answers dt, .answers dd { padding-top: 3.5pt; padding-bottom: 2.5pt; } .answers { font-size: 9.1pt; line-height: 1.28; grid-template-columns: 100pt 1fr; column-gap: 14pt; } .answers p { margin-bottom: 3pt; } .answers li { margin-bottom: 1pt; } .answers ul { margin: 2pt 0 3pt; } .first-way { margin: 6pt 0 4pt; } .stamp { margin: 5pt 0; padding: 4pt 8pt; font-size: 8.8pt; } pre { font-size: 8.4pt; padding: 3pt 6pt; margin: 2pt 0 3pt; }
  table { font-size: 9pt; } table.small, .drawing table { font-size: 8.2pt; } td.mono { font-size: 7.8pt; } .note, .meta { font-size: 8.6pt; } .facts { font-size: 9.6pt; } .glossary { display: block; columns: 2; column-gap: 18pt; font-size: 8.6pt; line-height: 1.3; } .glossary dt { padding: 3pt 0 0; break-after: avoid; } .glossary dd { padding: 0 0 1pt; }
  .made { font-size: 8pt; line-height: 1.3; margin-top: 3pt; padding-top: 2pt; } .stamps { display: flex; gap: 8pt; } .stamps .stamp { flex: 1 1 0; margin: 4pt 0; } .stamps .stamp + .stamp { flex: 2 1 0; } .sheet { break-before: page; } h2, h3, figcaption, nav, .legend, .chart:has(+ .legend) { break-after: avoid; } nav, figure > svg, tr, .stamp, .attribution, .made, .whole, .end, pre, .answers dd, .facts dt, .facts dd, .glossary dt, .glossary dd { break-inside: avoid; } p, li { orphans: 2; widows: 2; }
  .pair { break-inside: avoid; } .hex { font-size: 6.9pt; padding: 3pt 4pt; overflow: hidden; } .drawing table td, table.small td { padding-top: 2pt; padding-bottom: 2pt; } .drawing { margin: 12pt 0 10pt; } figcaption { margin-bottom: 5pt; font-size: 10.6pt; } nav ol { font-size: 8.8pt; margin: 4pt 0 0; } nav li { margin-bottom: 0; } h3 { margin-top: 14pt; font-size: 11.4pt; }
  thead { display: table-header-group; } .table-frame { overflow: visible; } button, .screen { display: none; } .attribution { margin: 6pt 0; font-size: 9.8pt; } .kicker { font-size: 8.6pt; }
}
`;
