'use strict';
// One account: its numbers, its Regions, its coverage gaps, its findings.

// For each Region, how many findings of each severity there are. As in all numbers, suppressed findings and
// those that could not be evaluated do not count.
function findingsByRegion(account) {
  const regions = new Map();
  for (let n = 0; n < FOUND.id.length; n++) {
    if (FOUND.account[n] !== account || FOUND.exception[n] >= 0 || FOUND.status[n] === 'unknown') continue;
    const name = labelAt(FOUND.region[n]);
    if (!regions.has(name)) regions.set(name, SEVERITIES.map(() => 0));
    regions.get(name)[FOUND.severity[n]] += 1;
  }
  return regions;
}

function Regions({ n }) {
  const shape = ACCOUNTS.shape[n] === null ? [] : DATA.shapes[ACCOUNTS.shape[n]];
  const found = findingsByRegion(n);
  const coverage = new Map(shape.map((one) => [DATA.scopes[one.region], one]));
  const names = [...new Set([...found.keys(), ...coverage.keys()])].sort();
  if (names.length === 0) return null;
  const id = ACCOUNTS.id[n];
  const row = (name) => html`<${RegionRow} key=${name} id=${id} name=${name} counts=${found.get(name)} coverage=${coverage.get(name)} />`;
  // Regions with findings or gaps are visible at once; the others are in a fold, so that the list is complete.
  const matters = (name) => found.has(name) || (coverage.get(name) && coverage.get(name).unknown > 0);
  const others = names.filter((name) => !matters(name));
  return html`<h2>Regions</h2>
    <${RegionTable} label="Regions with findings or coverage gaps">${names.filter(matters).map(row)}</${RegionTable}>
    ${others.length > 0 && html`<details><summary>${counted(others.length, 'other Region')} without findings or coverage gaps</summary>
      <${RegionTable} label="Other Regions">${others.map(row)}</${RegionTable}></details>`}`;
}

function RegionTable({ label, children }) {
  if (children.length === 0) return html`<p>No Region has findings or coverage gaps.</p>`;
  return html`<${Table} label=${label}>
    <thead><tr><th scope="col">Region</th>${BY_SEVERITY.map((level) => html`<th key=${level} scope="col" class="number sentence">${SEVERITIES[level]}</th>`)}<th scope="col">Coverage</th></tr></thead>
    <tbody>${children}</tbody></${Table}>`;
}

function RegionRow({ id, name, counts, coverage }) {
  const out = coverage && coverage.skip_reason >= 0 && coverage.known + coverage.unknown === 0;
  const unknown = coverage && coverage.unknown > 0;
  let label = '';
  if (out) label = `skipped: ${DATA.scopes[coverage.skip_reason].replaceAll('_', ' ')}`;
  else if (unknown) label = `${count(coverage.unknown)} of ${counted(coverage.known + coverage.unknown, 'check')} not evaluated`;
  else if (coverage && coverage.known) label = `${counted(coverage.known, 'check')} evaluated`;
  const link = counts ? html`<a href=${accountHref(id, { region: [name] })}>${name}</a>` : name;
  const cell = (level) => {
    const value = counts ? counts[level] : 0;
    if (value) return html`<span class=${`severity ${SEVERITIES[level]}`}>${count(value)}</span>`;
    return unknown ? html`<span class="unknown">?</span>` : out || !coverage ? '–' : '0';
  };
  return html`<tr><th scope="row">${link}</th>${BY_SEVERITY.map((level) => html`<td key=${level} class="number">${cell(level)}</td>`)}
    <td class=${unknown ? 'unknown nowrap' : 'nowrap'}>${label}${coverage && coverage.skipped ? `, ${counted(coverage.skipped, 'check')} skipped` : ''}</td></tr>`;
}

const namesOf = (setNumber) => DATA.sets[setNumber].map((n) => DATA.scopes[n]);
const scopesOf = (setNumber) => namesOf(setNumber).map((scope) => (scope === '*' ? 'all Regions' : scope)).join(', ');
const checksOf = (setNumber) => namesOf(setNumber).map(checkTitle).join('; ');
const detailOf = (kind, id) => kind.detail.replaceAll('\ue002', id || 'ACCOUNT');

// The gaps of each account, collected once.
let gapsByAccount = null;
function gapsOf(n) {
  if (!gapsByAccount) {
    gapsByAccount = ACCOUNTS.id.map(() => []);
    for (const kind of DATA.gaps) for (const gap of kind.accounts) gapsByAccount[gap[0]].push({ kind, gap });
  }
  return gapsByAccount[n];
}

function AccountGaps({ n }) {
  const gaps = gapsOf(n);
  if (gaps.length === 0) return null;
  return html`<h2>Coverage gaps</h2><ul class="gaps">${gaps.map(({ kind, gap }) => html`
    <li class=${kind.expected ? 'expected' : 'unknown-item'}>
      <strong>${kind.label}</strong> <code>${kind.action}</code> ${kind.expected && html`<span class="state">expected</span>`}
      <span class="quiet">${counted(gap[1], 'target')} in ${scopesOf(gap[2])}: ${checksOf(gap[3])}</span>
      ${kind.detail && html`<blockquote><${Name}>${detailOf(kind, ACCOUNTS.id[n])}</${Name}></blockquote>`}
    </li>`)}</ul>`;
}

function AccountHead({ n, rows }) {
  const outcome = OUTCOMES[ACCOUNTS.outcome[n]];
  const notes = NOTES.get(n) || [];
  return html`<p class="lead">${ACCOUNTS.id[n]}${ACCOUNTS.ou[n] ? html`, OU <a href=${ouHref(ACCOUNTS.ou[n])}><${Name}>${ACCOUNTS.ou[n]}</${Name}></a>` : ''}${outcome === 'scanned' ? html`; coverage ${percent(ACCOUNTS.known[n], ACCOUNTS.unknown[n])}` : ''}</p>
    ${outcome === 'failed' && html`<p class="notice unknown">The account could not be scanned, so its findings are unknown: <${Name}>${REASONS.get(n)}</${Name}></p>`}
    ${outcome === 'skipped' && html`<p class="notice">Skipped: <${Name}>${REASONS.get(n)}</${Name}></p>`}
    ${outcome !== 'skipped' && html`<ul class="tiles">${BY_SEVERITY.map((level) => html`
      <li key=${level} class=${`tile ${SEVERITIES[level]}`}><a href=${accountHref(ACCOUNTS.id[n], { severity: [SEVERITIES[level]], suppressed: 'no' })}>
        <span class="value">${count(ACCOUNTS.findings[level][n])}</span> <span class="label">${SEVERITIES[level]}</span></a></li>`)}</ul>
    <dl class="kinds grid">${DATA.indicators.map((one, i) => {
      const { text: label, kind, title } = shown(ACCOUNTS.numbers[i][n]);
      return html`<div key=${one.name}><dt title=${one.counts}>${one.heading}</dt><dd class=${`heat ${kind}`} title=${title || undefined}><a href=${accountHref(ACCOUNTS.id[n], { check: [one.check] })}>${label}</a></dd></div>`;
    })}</dl>`}
    ${notes.length > 0 && html`<details><summary>${counted(notes.length, 'note')}</summary><ul>${notes.map((note) => html`<li><${Name}>${note}</${Name}></li>`)}</ul></details>`}`;
}

function AccountView({ at }) {
  const n = POSITION.get(at.path);
  if (n === undefined) {
    return html`<section class="page"><h1 id="view-title" tabindex="-1">No such account</h1>
      <p>There is no account <${Name}>${at.path}</${Name}> in this report.</p></section>`;
  }
  const rows = selected(at);
  announce(`${counted(rows.length, 'finding')} shown`);
  const region = list(at, 'region').length === 1 ? list(at, 'region')[0] : '';
  return html`<section class="page" aria-labelledby="view-title">
    <${Crumbs} ou=${ACCOUNTS.ou[n]} account=${{ id: at.path, name: ACCOUNTS.name[n] }} region=${region} />
    <h1 id="view-title" tabindex="-1"><${Name}>${ACCOUNTS.name[n]}</${Name}></h1>
    <${AccountHead} n=${n} rows=${rows} />
    <${Regions} n=${n} />
    <${AccountGaps} n=${n} />
    <${AccountFrameworks} n=${n} />
    <h2>Findings</h2>
    <${FindingsTable} at=${at} rows=${rows} label="Findings of the account" />
  </section>`;
}
