'use strict';
// The address: the view, its subject and its filters. docs/report.md describes the format, which is stable.

const LISTS = ['severity', 'check', 'part', 'region', 'status', 'outcome'];
const TEXTS = ['ou', 'account', 'suppressed', 'cause', 'state', 'q', 'sort', 'page', 'finding'];

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsed(hash) {
  const text = hash.replace(/^#\/?/, '');
  const at = text.indexOf('?');
  const segments = (at < 0 ? text : text.slice(0, at)).split('/').filter(Boolean).map(decoded);
  const params = new Map();
  for (const pair of at < 0 ? [] : text.slice(at + 1).split('&')) {
    const [key, value = ''] = pair.split('=');
    if (LISTS.includes(key)) params.set(key, value.split(',').filter(Boolean).map(decoded));
    else if (TEXTS.includes(key)) params.set(key, decoded(value.replace(/\+/g, ' ')));
  }
  return { view: segments[0] || '', path: segments.slice(1).join('/'), params };
}

function address(view, path, params) {
  const segments = path ? `/${path.split('/').map(encodeURIComponent).join('/')}` : '';
  const pairs = [];
  for (const key of [...LISTS, ...TEXTS]) {
    const value = params && (params instanceof Map ? params.get(key) : params[key]);
    if (!value || value.length === 0) continue;
    const written = Array.isArray(value) ? value.map(encodeURIComponent).join(',') : encodeURIComponent(value);
    pairs.push(`${key}=${written}`);
  }
  return `#/${view}${segments}${pairs.length ? `?${pairs.join('&')}` : ''}`;
}

// The same view with some of the parameters changed.
function changed(at, changes) {
  const params = new Map(at.params);
  for (const [key, value] of Object.entries(changes)) {
    if (value && value.length) params.set(key, value);
    else params.delete(key);
  }
  return { ...at, params };
}

const hrefOf = (at) => address(at.view, at.path, at.params);
const ouHref = (path) => (path ? address('ou', path) : address('accounts', ''));
const accountHref = (id, params) => address('account', id, params);
