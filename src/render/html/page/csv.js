'use strict';
// The findings that are shown, as a file of comma-separated values like findings.csv.

const COLUMNS = [
  ['finding_id', 'id'], ['severity', 'severity'], ['check', 'check'], ['title', 'title'], ['status', 'status'],
  ['account_id', 'account'], ['account_name', 'accountName'], ['ou_path', 'ou'], ['region', 'region'],
  ['resource', 'resource'], ['part', 'part'], ['message', 'message'],
  ['first_seen', 'firstSeen'], ['last_seen', 'lastSeen'], ['exception', 'exception'],
];

// Spreadsheets run cells that look like formulas, so one that could start one gets a ' in front.
function csvCell(value) {
  const starts = /^[\t\r\n\0]/.test(value) || /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(value);
  const safe = starts ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvOf(rows) {
  const lines = [COLUMNS.map(([name]) => name).join(',')];
  for (const n of rows) {
    const one = finding(n);
    lines.push(COLUMNS.map(([, key]) => csvCell(one[key])).join(','));
  }
  return `${lines.join('\n')}\n`;
}

function saveCsv(rows) {
  const url = URL.createObjectURL(new Blob([csvOf(rows)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `orgscan-findings-${DATA.run.day}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
