'use strict';
// The page's data and the meaning of its numbers. No text becomes markup: Preact creates only text nodes and
// attributes from it.

const DATA = JSON.parse(document.getElementById('data').textContent);
const FOUND = DATA.findings;
const ACCOUNTS = DATA.accounts;
const SEVERITIES = DATA.severities;
const BY_SEVERITY = SEVERITIES.map((_, n) => n).reverse();
const STATUSES = ['new', 'reopened', 'worsened', 'ongoing', 'unknown'];
const CHECKS = new Map(DATA.checks.map((check) => [check.id, check]));
const POSITION = new Map(ACCOUNTS.id.map((id, n) => [id, n]));
const FINDING = new Map(FOUND.id.map((id, n) => [id, n]));
const REASONS = new Map(ACCOUNTS.why);
const NOTES = new Map(ACCOUNTS.notes);
// The sentence about an exception, its id, owner, reason and last day.
const NO_EXCEPTION = ['', '', '', '', ''];
const OUTCOMES = ['scanned', 'failed', 'skipped'];

const labelAt = (n) => (n < 0 ? '' : DATA.labels[n]);
const checkTitle = (id) => (CHECKS.has(id) ? CHECKS.get(id).title : id);

// Private-use characters are placeholders for what differs between findings: the resource's name, the Region,
// the account id.
function expanded(n, coded) {
  if (coded < 0) return '';
  return DATA.texts[coded].replace(/[\ue000-\ue002]/g, (stands) => {
    if (stands === '\ue000') return DATA.texts[FOUND.name[n]];
    return stands === '\ue001' ? labelAt(FOUND.region[n]) : ACCOUNTS.id[FOUND.account[n]];
  });
}

function finding(n) {
  const account = FOUND.account[n];
  const check = labelAt(FOUND.check[n]);
  const [exception, exceptionId, exceptionOwner, exceptionReason, exceptionExpires] =
    DATA.exceptions[FOUND.exception[n]] || NO_EXCEPTION;
  return {
    n,
    run: DATA.run.id,
    id: FOUND.id[n],
    severity: SEVERITIES[FOUND.severity[n]],
    check,
    title: checkTitle(check),
    account: ACCOUNTS.id[account],
    accountName: ACCOUNTS.name[account],
    ou: ACCOUNTS.ou[account],
    region: labelAt(FOUND.region[n]),
    name: DATA.texts[FOUND.name[n]],
    resource: expanded(n, FOUND.resource[n]),
    part: DATA.texts[FOUND.part[n]],
    message: expanded(n, FOUND.message[n]),
    command: expanded(n, FOUND.command[n]),
    status: FOUND.status[n] || '',
    firstSeen: labelAt(FOUND.first_seen[n]),
    lastSeen: labelAt(FOUND.last_seen[n]),
    exception, exceptionId, exceptionOwner, exceptionReason, exceptionExpires,
  };
}

// The text that a search matches, in lower case, created once.
let searchable = null;
function haystacks() {
  if (!searchable) {
    searchable = FOUND.id.map((id, n) => {
      const one = finding(n);
      return [one.message, one.resource, one.part, one.accountName, one.account, one.title, one.region, id]
        .join('\n').toLowerCase();
    });
  }
  return searchable;
}

const count = (n) => n.toLocaleString('en-US');
const counted = (n, noun) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

// An indicator's number: see `code` in format.rs.
function shown(code) {
  if (code === null || code === undefined) return { text: '–', kind: 'none', title: 'skipped' };
  if (code === -1) return { text: '?', kind: 'unknown', title: 'unknown: nothing could be evaluated' };
  const least = code < -1;
  const value = least ? -2 - code : code;
  const level = value === 0 ? 'zero' : `level-${value < 3 ? 1 : value < 10 ? 2 : value < 50 ? 3 : 4}`;
  if (least) return { text: `≥ ${count(value)}`, kind: `least ${level}`, title: 'lower bound: some targets could not be evaluated' };
  return { text: count(value), kind: level, title: '' };
}

// For sorting: unknown comes before any number, skipped after all.
function weight(code) {
  if (code === null || code === undefined) return -1;
  return code === -1 ? Infinity : code < -1 ? -2 - code + 0.5 : code;
}

const isIn = (ou, path) => path === '' || ou === path || ou.startsWith(`${path}/`);
const sumOf = (columns, n) => columns.reduce((sum, column) => sum + column[n], 0);
