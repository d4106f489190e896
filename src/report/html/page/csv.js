'use strict';
// The findings that are shown, as a file of comma-separated values with the columns of findings.csv and the check's title.

const COLUMNS = [
  ['severity', 'severity'], ['check_id', 'check'], ['account_id', 'account'], ['account_name', 'accountName'],
  ['ou_path', 'ou'], ['region', 'region'], ['resource', 'resource'], ['part', 'part'], ['message', 'message'],
  ['run_id', 'run'], ['finding_id', 'id'], ['status', 'status'], ['first_seen', 'firstSeen'], ['last_seen', 'lastSeen'],
  ['exception_id', 'exceptionId'], ['exception_owner', 'exceptionOwner'], ['exception_reason', 'exceptionReason'],
  ['exception_expires', 'exceptionExpires'], ['check_title', 'title'],
];

// As `cell` in csv/mod.rs: no part of a cell starts a formula, wherever a program cuts it, and nothing steers a
// terminal or turns the direction of text.
const CUTS = /[\t-\r\u0085\u2028\u2029]/g;
const STEERS = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const FORMULA = /^[\s"\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

function csvCell(value) {
  const parts = value.replace(CUTS, ' ').replace(STEERS, '').split(';');
  const safe = parts.map((part) => (FORMULA.test(part) ? `'${part}` : part)).join(';');
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
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
