'use strict';
// Coverage gaps, with AWS error messages and the accounts.

const SHOWN_ACCOUNTS = 200;

function GapKind({ kind }) {
  const targets = kind.accounts.reduce((sum, gap) => sum + gap[1], 0);
  const only = kind.accounts.length === 1 ? ACCOUNTS.id[kind.accounts[0][0]] : '';
  return html`<details class=${kind.expected ? 'gap expected' : 'gap'}>
    <summary><strong>${kind.label}</strong> <code>${kind.action}</code> <span class="quiet">${counted(targets, 'target')} in ${counted(kind.accounts.length, 'account')}${kind.expected ? ', expected' : ''}</span></summary>
    ${kind.detail && html`<blockquote><${Name}>${detailOf(kind, only)}</${Name}></blockquote>`}
    <ul class="list">${kind.accounts.slice(0, SHOWN_ACCOUNTS).map((gap) => html`
      <li key=${gap[0]}><a href=${accountHref(ACCOUNTS.id[gap[0]])}><${Name}>${ACCOUNTS.name[gap[0]]}</${Name}></a> <span class="quiet">${counted(gap[1], 'target')} in ${scopesOf(gap[2])}</span></li>`)}</ul>
    ${kind.accounts.length > SHOWN_ACCOUNTS && html`<p>and ${count(kind.accounts.length - SHOWN_ACCOUNTS)} more in coverage.csv</p>`}
  </details>`;
}

function CoverageDetail({ at }) {
  const cause = text(at, 'cause');
  const kinds = DATA.gaps.filter((kind) => !cause || kind.cause === cause);
  const size = (kind) => kind.accounts.reduce((sum, gap) => sum + gap[1], 0);
  kinds.sort((a, b) => a.expected - b.expected || size(b) - size(a));
  return html`<h2 id="gaps-title" tabindex="-1">${cause ? html`Coverage gaps: ${kinds.length ? kinds[0].label : cause}` : 'Details by AWS error message'}</h2>
    <p>${cause && html`<a href="#/coverage">All causes</a>, `}<a href=${address('accounts', '', { state: 'incomplete' })}>Accounts with gaps</a>, <a href=${address('accounts', '', { state: 'failed' })}>failed accounts</a>, <a href=${address('accounts', '', { state: 'skipped' })}>skipped accounts</a></p>
    ${kinds.length ? kinds.map((kind, n) => html`<${GapKind} key=${`${cause}${n}`} kind=${kind} />`) : html`<p class="empty">No coverage gaps.</p>`}`;
}
