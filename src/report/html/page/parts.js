'use strict';
// Parts that the views share.

const html = htm.bind(preact.h);
const PAGE = 50;
const PRINTED = 2000;

const Severity = ({ of }) => html`<span class=${`severity ${of}`}>${of}</span>`;
const Name = ({ children }) => html`<bdi>${children}</bdi>`;

// An indicator's number in a cell whose color shows whether it is known.
function Cell({ code, href }) {
  const { text: label, kind, title } = shown(code);
  const inside = href && code !== 0 && code !== null ? html`<a href=${href}>${label}</a>` : label;
  return html`<td class=${`number heat ${kind}`} title=${title || undefined}>${inside}</td>`;
}

function Sortable({ at, column, number, first, children }) {
  const sort = text(at, 'sort');
  const down = sort === `-${column}`;
  const is = down || sort === column;
  // A second click reverses the order.
  const next = is ? (down ? column : `-${column}`) : first === 'down' ? `-${column}` : column;
  const state = is ? (down ? 'descending' : 'ascending') : undefined;
  return html`<th scope="col" class=${number ? 'number' : ''} aria-sort=${state}>
    <button type="button" class="sort" onClick=${() => go(changed(at, { sort: next, page: '' }))}>
      ${children}<span class="arrow" aria-hidden="true">${is ? (down ? ' ▼' : ' ▲') : ''}</span>
    </button></th>`;
}

// The rows of one page: more when printing, because paper has no next page.
function paged(rows, at) {
  const size = printing ? PRINTED : PAGE;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(pages, Math.max(1, parseInt(text(at, 'page'), 10) || 1)) - 1;
  return { shown: rows.slice(page * size, (page + 1) * size), page, pages };
}

function Pager({ at, page, pages, total }) {
  if (pages < 2) return null;
  const to = (n) => go(changed(at, { page: n > 0 ? String(n + 1) : '' }), true);
  return html`<nav class="pager" aria-label="Pages">
    <button type="button" disabled=${page === 0} onClick=${() => to(page - 1)}>Previous</button>
    <span>Page ${count(page + 1)} of ${count(pages)}</span>
    <button type="button" disabled=${page + 1 >= pages} onClick=${() => to(page + 1)}>Next</button>
  </nav>
  ${printing && html`<p class="notice">Printed: the first ${count(PRINTED)} of ${count(total)}. All findings are in findings.csv.</p>`}`;
}

// A table that scrolls on its own in a narrow window.
const Table = ({ label, kind, children }) => html`
  <div class="scroll" tabindex="0" role="region" aria-label=${label}><table class=${kind || ''}>${children}</table></div>`;

const Trail = ({ steps }) => html`<nav class="crumbs" aria-label="Breadcrumb"><ol>${steps.map(([name, href], n) => html`
  <li key=${href}><a href=${href} aria-current=${n + 1 === steps.length ? 'page' : undefined}><${Name}>${name}</${Name}></a></li>`)}</ol></nav>`;

function Crumbs({ ou, account, region }) {
  const steps = [['Organization', address('accounts', '')]];
  const segments = ou ? ou.split('/') : [];
  segments.forEach((segment, n) => steps.push([segment, ouHref(segments.slice(0, n + 1).join('/'))]));
  if (account) steps.push([account.name, accountHref(account.id)]);
  if (region) steps.push([region, accountHref(account.id, { region: [region] })]);
  return html`<${Trail} steps=${steps} />`;
}

// Text with commands between backticks, as in the checks.
const Prose = ({ children }) => String(children).split('`').map((part, n) => (n % 2 ? html`<code>${part}</code>` : part));

function percent(known, unknown) {
  if (known + unknown === 0) return '?';
  // Rounded down, so that 100% means all.
  const cut = Math.floor((known * 1000) / (known + unknown)) / 10;
  return `${cut}%`;
}
