'use strict';
// The page's data, and what its numbers stand for. Nothing here becomes markup: texts are only ever
// text nodes and attributes, made by Preact.

const DATA = JSON.parse(document.getElementById('data').textContent);
const FOUND = DATA.findings;
const ACCOUNTS = DATA.accounts;
const SEVERITIES = DATA.severities;
const WORST_FIRST = SEVERITIES.map((_, n) => n).reverse();
const STATUSES = ['new', 'reopened', 'worsened', 'ongoing', 'unknown'];
const CHECKS = new Map(DATA.checks.map((check) => [check.id, check]));
const POSITION = new Map(ACCOUNTS.id.map((id, n) => [id, n]));
const FINDING = new Map(FOUND.id.map((id, n) => [id, n]));
const REASONS = new Map(ACCOUNTS.why);
const NOTES = new Map(ACCOUNTS.notes);
const OUTCOMES = ['scanned', 'failed', 'skipped'];

const labelAt = (n) => (n < 0 ? '' : DATA.labels[n]);
const checkTitle = (id) => (CHECKS.has(id) ? CHECKS.get(id).title : id);

// Characters for private use stand for what differs from finding to finding: the resource's own name,
// the Region, the account's id.
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
  return {
    n,
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
    exception: labelAt(FOUND.exception[n]),
  };
}

// What a search looks at, in lower case, made once.
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
  if (code === null || code === undefined) return { text: '–', kind: 'none', title: 'left out on purpose' };
  if (code === -1) return { text: '?', kind: 'unknown', title: 'could not be looked at' };
  const least = code < -1;
  const value = least ? -2 - code : code;
  const level = value === 0 ? 'zero' : `level-${value < 3 ? 1 : value < 10 ? 2 : value < 50 ? 3 : 4}`;
  if (least) return { text: `≥ ${count(value)}`, kind: `least ${level}`, title: 'not everything could be looked at' };
  return { text: count(value), kind: level, title: '' };
}

// For sorting: unknown comes before any number, left out after all.
function weight(code) {
  if (code === null || code === undefined) return -1;
  return code === -1 ? Infinity : code < -1 ? -2 - code + 0.5 : code;
}

const isIn = (ou, path) => path === '' || ou === path || ou.startsWith(`${path}/`);
const sumOf = (columns, n) => columns.reduce((sum, column) => sum + column[n], 0);
