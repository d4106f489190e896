'use strict';
// The findings and accounts of a view, and their order.

const text = (at, key) => at.params.get(key) || '';
const list = (at, key) => at.params.get(key) || [];

// The accounts of the view, as flags.
function accountFlags(at) {
  const ou = at.view === 'ou' ? at.path : text(at, 'ou');
  const only = at.view === 'account' ? at.path : text(at, 'account');
  return ACCOUNTS.id.map((id, n) => (!only || only === id) && isIn(ACCOUNTS.ou[n], ou));
}

function selected(at) {
  const accounts = accountFlags(at);
  const severities = SEVERITIES.map((one) => list(at, 'severity').length === 0 || list(at, 'severity').includes(one));
  const wantedLabels = (key) => {
    const wanted = list(at, key);
    return wanted.length === 0 ? null : DATA.labels.map((one) => wanted.includes(one));
  };
  const [checks, regions] = [wantedLabels('check'), wantedLabels('region')];
  const parts = list(at, 'part').length === 0 ? null : DATA.texts.map((one) => list(at, 'part').includes(one));
  const statuses = list(at, 'status');
  const suppressed = text(at, 'suppressed');
  const needles = text(at, 'q').toLowerCase().split(/\s+/).filter(Boolean);
  const hay = needles.length ? haystacks() : null;
  const rows = [];
  for (let n = 0; n < FOUND.id.length; n++) {
    if (!accounts[FOUND.account[n]] || !severities[FOUND.severity[n]]) continue;
    if (checks && !checks[FOUND.check[n]]) continue;
    if (parts && !parts[FOUND.part[n]]) continue;
    if (regions && !regions[FOUND.region[n]]) continue;
    if (statuses.length && !statuses.includes(FOUND.status[n])) continue;
    if (suppressed && (suppressed === 'yes') !== (FOUND.exception[n] >= 0)) continue;
    if (hay && !needles.every((needle) => hay[n].includes(needle))) continue;
    rows.push(n);
  }
  return sorted(rows, at);
}

// Positions of texts in their order, computed once for each column.
const RANKS = new Map();
function ranks(key, texts) {
  if (!RANKS.has(key)) {
    const order = texts.map((_, n) => n).sort((a, b) => (texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : 0));
    const positions = new Array(texts.length);
    order.forEach((n, position) => { positions[n] = position; });
    RANKS.set(key, positions);
  }
  return RANKS.get(key);
}

function sortKey(column) {
  const by = (key, texts, numbers) => (n) => ranks(key, texts)[numbers[n]];
  switch (column) {
    case 'severity': return (n) => -FOUND.severity[n];
    case 'finding': return by('labels', DATA.labels, FOUND.check);
    case 'resource': return by('texts', DATA.texts, FOUND.name);
    case 'account': return by('names', ACCOUNTS.name, FOUND.account);
    case 'region': return by('labels', DATA.labels, FOUND.region);
    case 'status': return (n) => STATUSES.indexOf(FOUND.status[n]);
    case 'seen': return (n) => (FOUND.first_seen[n] < 0 ? -1 : ranks('labels', DATA.labels)[FOUND.first_seen[n]]);
    default: return null;
  }
}

function sorted(rows, at) {
  const sort = text(at, 'sort');
  const key = sortKey(sort.replace('-', ''));
  if (!key) return rows;
  const sign = sort.startsWith('-') ? -1 : 1;
  const keys = new Map(rows.map((n) => [n, key(n)]));
  return rows.sort((a, b) => sign * (keys.get(a) - keys.get(b)) || a - b);
}
