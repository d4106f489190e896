'use strict';
// The organization and its OUs: a heat map of accounts by indicator.

const STATES = [['incomplete', 'Accounts with gaps'], ['failed', 'Failed accounts'], ['skipped', 'Skipped accounts'], ['findings', 'Accounts with findings']];

function isInState(n, state) {
  switch (state) {
    case 'incomplete': return ACCOUNTS.outcome[n] === 1 || ACCOUNTS.unknown[n] > 0;
    case 'failed': return ACCOUNTS.outcome[n] === 1;
    case 'skipped': return ACCOUNTS.outcome[n] === 2;
    case 'findings': return sumOf(ACCOUNTS.findings, n) > 0;
    default: return true;
  }
}

function accountKey(column) {
  const indicator = DATA.indicators.findIndex((one) => one.name === column);
  if (indicator >= 0) return (n) => weight(ACCOUNTS.numbers[indicator][n]);
  switch (column) {
    case 'account': return (n) => ranks('names', ACCOUNTS.name)[n];
    case 'all': return (n) => sumOf(ACCOUNTS.findings, n);
    case 'high': return (n) => ACCOUNTS.findings[3][n];
    case 'critical': return (n) => ACCOUNTS.findings[4][n];
    case 'new': return (n) => ACCOUNTS.new[n];
    case 'coverage': return (n) => ACCOUNTS.unknown[n] / (ACCOUNTS.known[n] + ACCOUNTS.unknown[n] || 1);
    default: return null;
  }
}

// The highest severity first, unless the reader chooses another order.
function bySeverity(a, b) {
  for (const n of BY_SEVERITY) {
    const differs = ACCOUNTS.findings[n][b] - ACCOUNTS.findings[n][a];
    if (differs) return differs;
  }
  return a - b;
}

function accountsOf(at) {
  const flags = accountFlags(at);
  const needles = text(at, 'q').toLowerCase().split(/\s+/).filter(Boolean);
  const state = text(at, 'state');
  const matches = (n) => {
    if (!flags[n] || !isInState(n, state)) return false;
    const hay = `${ACCOUNTS.name[n]}\n${ACCOUNTS.id[n]}\n${ACCOUNTS.ou[n]}`.toLowerCase();
    return needles.every((needle) => hay.includes(needle));
  };
  const rows = ACCOUNTS.id.map((_, n) => n).filter(matches);
  const sort = text(at, 'sort');
  const key = accountKey(sort.replace(/^-/, ''));
  if (!key) return rows.sort(bySeverity);
  const sign = sort.startsWith('-') ? -1 : 1;
  const compare = (x, y) => (x === y ? 0 : x < y ? -1 : 1);
  return rows.sort((a, b) => sign * compare(key(a), key(b)) || a - b);
}

function AccountRow({ n }) {
  const id = ACCOUNTS.id[n];
  const outcome = ACCOUNTS.outcome[n];
  const of = (level) => {
    const value = ACCOUNTS.findings[level][n];
    return html`<td class="number">${value ? html`<span class=${`severity ${SEVERITIES[level]}`}>${count(value)}</span>` : outcome === 0 ? '0' : ''}</td>`;
  };
  const complete = outcome === 0 && ACCOUNTS.unknown[n] === 0;
  const coverage = outcome === 2 ? 'skipped' : outcome === 1 ? 'failed' : percent(ACCOUNTS.known[n], ACCOUNTS.unknown[n]);
  return html`<tr>
    <th scope="row"><a href=${accountHref(id)}><${Name}>${ACCOUNTS.name[n]}</${Name}></a> <span class="quiet">${id} <${Name}>${ACCOUNTS.ou[n]}</${Name}></span></th>
    ${of(4)}${of(3)}<td class="number">${outcome === 0 ? count(sumOf(ACCOUNTS.findings, n)) : ''}</td>
    ${DATA.indicators.map((one, i) => html`<${Cell} key=${one.name} code=${ACCOUNTS.numbers[i][n]} href=${accountHref(id, { check: [one.check] })} />`)}
    ${DATA.run.compared && html`<td class="number">${ACCOUNTS.new[n] ? count(ACCOUNTS.new[n]) : ''}</td>`}
    <td class=${`number ${complete || outcome === 2 ? '' : 'unknown'}`}>${coverage}</td>
  </tr>`;
}

function Units({ path }) {
  const depth = path ? path.split('/').length + 1 : 1;
  const below = DATA.units.filter((unit) => isIn(unit.path, path) && unit.path.split('/').length === depth);
  if (below.length === 0) return null;
  return html`<h2>Organizational units</h2>
    <${Table} label="Organizational units" kind="heatmap">
      <thead><tr><th scope="col">OU, including nested OUs</th>${DATA.indicators.map((one) => html`<th key=${one.name} scope="col" class="number" title=${one.counts}>${one.heading}</th>`)}</tr></thead>
      <tbody>${below.map((unit) => html`<tr key=${unit.path}><th scope="row"><a href=${ouHref(unit.path)}><${Name}>${unit.path}</${Name}></a></th>
        ${unit.numbers.map((code, i) => html`<${Cell} key=${i} code=${code} href=${address('findings', '', { ou: unit.path, check: [DATA.indicators[i].check] })} />`)}</tr>`)}</tbody>
    </${Table}>`;
}

function Legend() {
  return html`<p class="legend"><span class="heat zero">0</span> none <span class="heat level-1">1</span><span class="heat level-2">5</span><span class="heat level-3">20</span><span class="heat level-4">99</span> more findings <span class="heat least level-2">≥ 3</span> lower bound <span class="heat unknown">?</span> unknown <span class="heat none">–</span> skipped</p>`;
}

function AccountsTable({ at, rows }) {
  const { shown: visible, page, pages } = paged(rows, at);
  return html`<${Table} label="Accounts by indicator" kind="heatmap">
      <thead><tr>
        <${Sortable} at=${at} column="account">Account</${Sortable}>
        <${Sortable} at=${at} column="critical" number first="down">Critical</${Sortable}>
        <${Sortable} at=${at} column="high" number first="down">High</${Sortable}>
        <${Sortable} at=${at} column="all" number first="down">All</${Sortable}>
        ${DATA.indicators.map((one) => html`<${Sortable} key=${one.name} at=${at} column=${one.name} number first="down">${one.heading}</${Sortable}>`)}
        ${DATA.run.compared && html`<${Sortable} at=${at} column="new" number first="down">New</${Sortable}>`}
        <${Sortable} at=${at} column="coverage" number first="down">Coverage</${Sortable}>
      </tr></thead>
      <tbody>${visible.map((n) => html`<${AccountRow} key=${n} n=${n} />`)}</tbody>
    </${Table}>
    <${Pager} at=${at} page=${page} pages=${pages} total=${rows.length} />`;
}

function AccountsView({ at }) {
  const path = at.view === 'ou' ? at.path : '';
  const rows = accountsOf(at);
  announce(`${counted(rows.length, 'account')} shown`);
  return html`<section class="page" aria-labelledby="view-title">
    ${path && html`<${Crumbs} ou=${path} />`}
    <h1 id="view-title" tabindex="-1">${path ? html`<${Name}>${path}</${Name}>` : 'Accounts'}</h1>
    ${path && html`<p class="lead"><a href=${address('findings', '', { ou: path })}>Findings in this OU</a></p>`}
    <${Units} path=${path} />
    <h2>Accounts by indicator</h2>
    <form class="filters" role="search" aria-label="Filters" onSubmit=${(event) => event.preventDefault()}>
      <${Search} at=${at} label="Name or id" />
      ${!path && html`<${Single} at=${at} name="ou" label="OU" options=${UNITS} all="All OUs" />`}
      <${Single} at=${at} name="state" label="Accounts" options=${STATES} all="All accounts" />
    </form>
    <p class="filtered">${filteredBy(at)}</p>
    <p class="total"><strong>${counted(rows.length, 'account')}</strong></p>
    <${Legend} />
    ${rows.length ? html`<${AccountsTable} at=${at} rows=${rows} />` : html`<p class="empty">No account matches.</p>`}
  </section>`;
}
