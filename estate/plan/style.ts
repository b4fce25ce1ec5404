/** How the HTML looks: light, dark, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5b6b7b; --page: #ffffff; --line: #d5dde5; --wash: #f3f6f9;
  --full: #1f6fb2; --log: #8a5a00; --incremental: #2f7d4f; --differential: #7a3fa0; --good: #1d6f42; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9fb0c0; --page: #12181f; --line: #33414e; --wash: #1b242d;
    --full: #62b0f0; --log: #e0b050; --incremental: #6fcf97; --differential: #c79af0; --good: #6fcf97; --bad: #ff8a80; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 "Segoe UI", system-ui, sans-serif; color: var(--ink); background: var(--page);
  display: grid; grid-template-columns: 15rem minmax(0, 1fr); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem 1rem; border: 2px solid var(--full); }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 2rem 1rem; }
nav ol { margin: 0; padding: 0 0 0 1.5rem; }
nav li { margin: .3rem 0; }
a { color: var(--full); }
main { padding: 2rem 2.5rem 4rem 1rem; max-width: 110rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 .8rem; padding-bottom: .3rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
code { font: .92em Consolas, ui-monospace, monospace; background: var(--wash); padding: .05em .3em; border-radius: 3px;
  overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: .8rem 0; }
.wide:focus { outline: 2px solid var(--full); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: .85rem; padding-bottom: .3rem; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; min-width: 5rem; }
thead th { background: var(--wash); }
tbody th { font-weight: 600; }
td.yes::before { content: "\\2713  "; color: var(--good); }
td.no::before { content: "\\2717  "; color: var(--bad); }
td.no { color: var(--bad); font-weight: 600; }
td.by-hand::before { content: "\\270B  "; }
.steps li { margin: .4rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: 1.5rem; list-style: none; padding: 0; color: var(--soft); }
.calendar { table-layout: fixed; min-width: 64rem; }
.calendar th:first-child { width: 15rem; }
.calendar td:nth-child(7), .calendar td:nth-child(8) { background: var(--wash); }
.calendar .times { font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.day { position: relative; height: 1.3rem; margin: .1rem 0 .2rem; border-left: 1px solid var(--line);
  border-bottom: 1px solid var(--line);
  background: repeating-linear-gradient(to right, transparent 0 calc(25% - 1px), var(--line) calc(25% - 1px) 25%); }
.mark { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; background: var(--full); }
.mark.log { background: var(--log); border-radius: 1px; }
.mark.incremental { background: var(--incremental); border-radius: 1px; transform: rotate(45deg); }
.mark.differential { background: var(--differential); border-radius: 0 50% 50% 50%; }
.mark.copy-only { background: transparent; border: 3px solid var(--full); }
.day .mark { position: absolute; top: .3rem; margin-left: -.35rem; }
.band { position: absolute; bottom: 0; height: .45rem; color: var(--log);
  background: repeating-linear-gradient(to right, currentColor 0 2px, transparent 2px var(--ticks, 20%)); }
.band.sample { position: static; display: inline-block; width: 2.5rem; }
@media (max-width: 60rem) { body { display: block; } nav { position: static; } main { padding: 1rem; } }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { --ink: #000; --page: #fff; --wash: #f1f1f1; --line: #999; }
  body { display: block; font-size: 9pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .skip { display: none; }
  nav { position: static; max-height: none; padding: 0; break-after: page; }
  nav::before { content: "Contents"; font-weight: 600; }
  main { padding: 0; max-width: none; }
  h2 { break-after: avoid; }
  h3 { break-after: avoid; }
  .wide { overflow: visible; }
  .calendar { min-width: 0; }
  .calendar th:first-child { width: 9rem; }
  th, td { min-width: 0; padding: 2pt 4pt; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;
