'use strict';
// The filters of a list. Each one is a part of the address.

const set = (at, key, value) => go(changed(at, { [key]: value, page: '' }));

function Choice({ at, name, label, options, all }) {
  const value = list(at, name).join(',');
  const known = options.some(([one]) => one === value);
  return html`<label>${label}<select name=${name} onChange=${(event) => set(at, name, event.target.value.split(',').filter(Boolean))}>
    <option value="" selected=${value === ''}>${all}</option>
    ${options.map(([one, title]) => html`<option key=${one} value=${one} selected=${one === value}>${title}</option>`)}
    ${value && !known && html`<option value=${value} selected>${value}</option>`}
  </select></label>`;
}

function Single({ at, name, label, options, all }) {
  const value = text(at, name);
  return html`<label>${label}<select name=${name} onChange=${(event) => set(at, name, event.target.value)}>
    <option value="" selected=${value === ''}>${all}</option>
    ${options.map(([one, title]) => html`<option key=${one} value=${one} selected=${one === value}>${title}</option>`)}
    ${value && !options.some(([one]) => one === value) && html`<option value=${value} selected>${value}</option>`}
  </select></label>`;
}

const Search = ({ at, label }) => html`<label class="search">${label}
  <input type="search" name="q" value=${text(at, 'q')} onInput=${(event) => set(at, 'q', event.target.value)} autocomplete="off" spellcheck=${false} /></label>`;

function Severities({ at }) {
  const chosen = list(at, 'severity');
  const toggle = (one) => {
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
    set(at, 'severity', BY_SEVERITY.map((n) => SEVERITIES[n]).filter((other) => next.includes(other)));
  };
  return html`<fieldset class="severities"><legend>Severity</legend>${BY_SEVERITY.map((n) => {
    const one = SEVERITIES[n];
    return html`<label key=${one} class=${`chip ${one}`}><input type="checkbox" name="severity" value=${one} checked=${chosen.includes(one)} onChange=${() => toggle(one)} />${one}</label>`;
  })}</fieldset>`;
}

const REGIONS = [...new Set(FOUND.region)].map(labelAt).sort().map((one) => [one, one]);
const UNITS = DATA.units.map((unit) => [unit.path, unit.path]);
// Created once: Preact does not render the same object again.
const SUGGESTED = html`<datalist id="accounts-known">${ACCOUNTS.id.slice(0, 1000).map((id, n) => html`<option key=${id} value=${id}>${ACCOUNTS.name[n]}</option>`)}</datalist>`;

// The account, by its id or its full name.
function AccountField({ at }) {
  const value = text(at, 'account');
  const take = (event) => {
    const typed = event.target.value.trim();
    const named = ACCOUNTS.name.indexOf(typed);
    set(at, 'account', named >= 0 ? ACCOUNTS.id[named] : typed);
  };
  return html`<label>Account<input name="account" list="accounts-known" value=${value} placeholder="All: id or name" onChange=${take} autocomplete="off" /></label>${SUGGESTED}`;
}

function Filters({ at }) {
  const own = at.view === 'account';
  const checks = DATA.checks.map((check) => [check.id, check.title]);
  return html`<form class="filters" role="search" aria-label="Filters" onSubmit=${(event) => event.preventDefault()}>
    <${Search} at=${at} label="Search" />
    <${Severities} at=${at} />
    <${Choice} at=${at} name="check" label="Check" options=${checks} all="All checks" />
    ${list(at, 'part').length > 0 && html`<${Choice} at=${at} name="part" label="Part" options=${[]} all="All parts" />`}
    ${!own && html`<${Single} at=${at} name="ou" label="OU" options=${UNITS} all="All OUs" />`}
    ${!own && html`<${AccountField} at=${at} />`}
    <${Choice} at=${at} name="region" label="Region" options=${REGIONS} all="All Regions" />
    ${DATA.run.compared && html`<${Choice} at=${at} name="status" label="Status" options=${STATUSES.map((one) => [one, one])} all="All" />`}
    <${Single} at=${at} name="suppressed" label="Suppressed" options=${[['no', 'not suppressed'], ['yes', 'suppressed']]} all="Both" />
    <button type="button" class="clear" onClick=${() => go({ ...at, params: new Map() })}>Clear</button>
  </form>`;
}

// The filters as text, for printing.
function filteredBy(at) {
  const parts = [];
  for (const key of [...LISTS, 'ou', 'account', 'suppressed', 'state', 'cause', 'q']) {
    const value = at.params.get(key);
    const shown = key === 'outcome' && value ? value.map(outcomeLabel) : value;
    if (value && value.length) parts.push(`${key}: ${Array.isArray(shown) ? shown.join(', ') : shown}`);
  }
  return parts.length ? `Filtered by ${parts.join('; ')}` : 'Not filtered';
}
