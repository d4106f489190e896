'use strict';
// The table of findings.

function Row({ at, n }) {
  const one = finding(n);
  const own = at.view === 'account';
  return html`<tr class=${one.exception ? 'suppressed' : ''}>
    <td><${Severity} of=${one.severity} /></td>
    <td><a href=${hrefOf(changed(at, { finding: one.id }))}>${one.title}</a>${one.exception && html` <span class="state">suppressed</span>`}<br />
      <span class="quiet message"><${Name}>${one.message}</${Name}></span></td>
    <td class="resource"><${Name}>${one.name}</${Name}></td>
    ${!own && html`<td><a href=${accountHref(one.account)}><${Name}>${one.accountName}</${Name}></a><br /><span class="quiet">${one.account}</span></td>`}
    <td class="nowrap">${one.region}</td>
    ${DATA.run.compared && html`<td class=${`status ${one.status}`}>${one.status}</td><td class="date">${one.firstSeen.slice(0, 10)}</td>`}
  </tr>`;
}

const nothingOmitted = () => SEVERITIES.every((one) => DATA.omitted[one] === 0);

function OmittedNotice() {
  if (nothingOmitted()) return null;
  const omitted = BY_SEVERITY.map((n) => SEVERITIES[n]).filter((one) => DATA.omitted[one]);
  return html`<p class="notice">This page contains the ${count(FOUND.id.length)} findings of the highest severity. Omitted because of the page’s size limit: ${omitted.map((one) => `${count(DATA.omitted[one])} ${one}`).join(', ')}. All findings are in findings.csv and report.json in the same folder.</p>`;
}

function FindingsTable({ at, rows, label }) {
  const { shown: visible, page, pages } = paged(rows, at);
  const own = at.view === 'account';
  return html`<${Filters} at=${at} />
    <p class="filtered">${filteredBy(at)}</p>
    <div class="bar"><p class="total"><strong>${counted(rows.length, 'finding')}</strong>${rows.length < FOUND.id.length && !own ? ` of ${count(FOUND.id.length)}` : ''}</p>
      <button type="button" class="csv" disabled=${rows.length === 0} onClick=${() => saveCsv(rows)}>Download CSV</button></div>
    <${OmittedNotice} />
    ${rows.length === 0 ? html`<p class="empty">No finding matches the filters.</p>` : html`
    <${Table} label=${label} kind="findings">
      <thead><tr>
        <${Sortable} at=${at} column="severity">Severity</${Sortable}>
        <${Sortable} at=${at} column="finding">Finding</${Sortable}>
        <${Sortable} at=${at} column="resource">Resource</${Sortable}>
        ${!own && html`<${Sortable} at=${at} column="account">Account</${Sortable}>`}
        <${Sortable} at=${at} column="region">Region</${Sortable}>
        ${DATA.run.compared && html`<${Sortable} at=${at} column="status">Status</${Sortable}><${Sortable} at=${at} column="seen">First seen</${Sortable}>`}
      </tr></thead>
      <tbody>${visible.map((n) => html`<${Row} key=${n} at=${at} n=${n} />`)}</tbody>
    </${Table}>`}
    <${Pager} at=${at} page=${page} pages=${pages} total=${rows.length} />`;
}

function FindingsView({ at }) {
  const rows = selected(at);
  announce(`${counted(rows.length, 'finding')} shown`);
  return html`<section class="page" aria-labelledby="view-title">
    <h1 id="view-title" tabindex="-1">Findings</h1>
    <${FindingsTable} at=${at} rows=${rows} label="Findings" />
  </section>`;
}
