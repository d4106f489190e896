'use strict';
// Controls of frameworks. Their results in each account are in the data; nothing is evaluated here.

const FRAMEWORKS = DATA.frameworks;
const OUTCOME_ORDER = ['fail', 'unknown', 'not_selected', 'manual', 'pass_in_part', 'pass', 'not_covered'];
const LETTERS = new Map(FRAMEWORKS.labels.map(([letter, outcome]) => [letter, outcome]));
const LABELS = new Map(FRAMEWORKS.labels.map(([, outcome, label]) => [outcome, label]));
const outcomeLabel = (outcome) => LABELS.get(outcome) || outcome;
const outcomeOption = (outcome) => [outcome, outcomeLabel(outcome).replace(/^./, (first) => first.toUpperCase())];

// The result of a control in an account; null where the account has none, or the control applies to another account.
function controlIn(n, control) {
  const letters = FRAMEWORKS.outcomes_of[n] === null ? '' : FRAMEWORKS.outcomes[FRAMEWORKS.outcomes_of[n]];
  const outcome = LETTERS.get(letters[control.mapped]);
  if (!outcome) return null;
  const counts = FRAMEWORKS.counts[FRAMEWORKS.counts_of[n]];
  let at = 0;
  while (at < counts.length && counts[at] !== control.mapped) at += 3;
  return {
    outcome,
    findings: counts[at + 1] || 0,
    suppressed: counts[at + 2] || 0,
  };
}

const Outcome = ({ of, n }) => html`<span class=${`outcome ${of}`}>${n === undefined ? '' : `${count(n)} `}${outcomeLabel(of)}</span>`;
// The benchmark's own word, beside the result of the checks.
const Assessed = ({ control }) => (control.assessed === 'manual' ? html` <span class="quiet">assessment: manual</span>` : null);
const controlHref = (framework, control, params) => address('frameworks', `${framework.id}/${control.id}`, params);

// The number of findings of a control in an account, with a link to them.
function Found({ n, control, value, suppressed }) {
  if (!value) return '0';
  const { checks, severities, parts } = FRAMEWORKS.mapped[control.mapped];
  return html`<a href=${accountHref(ACCOUNTS.id[n], { severity: severities, check: checks, part: parts, suppressed })}>${count(value)}</a>`;
}

function AccountControl({ n, framework, control, line }) {
  return html`<tr><th scope="row"><a href=${controlHref(framework, control)}>${control.id}</a> ${control.title}<${Assessed} control=${control} /></th>
    <td><${Outcome} of=${line.outcome} /></td>
    <td class="number"><${Found} n=${n} control=${control} value=${line.findings} suppressed="no" /></td>
    <td class="number"><${Found} n=${n} control=${control} value=${line.suppressed} suppressed="yes" /></td></tr>`;
}

// Results that require action come first.
const byOutcome = (a, b) => OUTCOME_ORDER.indexOf(a.line.outcome) - OUTCOME_ORDER.indexOf(b.line.outcome);

function AccountFramework({ n, framework }) {
  const rows = framework.controls.map((control) => ({ control, line: controlIn(n, control) })).filter(({ line }) => line).sort(byOutcome);
  const tally = OUTCOME_ORDER.map((of) => [of, rows.filter(({ line }) => line.outcome === of).length]).filter(([, some]) => some);
  return html`<details class="framework"><summary><strong>${framework.title}</strong> ${tally.map(([of, some]) => html`<${Outcome} key=${of} of=${of} n=${some} /> `)}</summary>
    <${Table} label=${framework.title}>
      <thead><tr><th scope="col">Control</th><th scope="col">Result</th><th scope="col" class="number">Findings</th><th scope="col" class="number">Suppressed</th></tr></thead>
      <tbody>${rows.map(({ control, line }) => html`<${AccountControl} key=${control.id} n=${n} framework=${framework} control=${control} line=${line} />`)}</tbody>
    </${Table}></details>`;
}

// Created once for an account: Preact does not render the same object again.
let folds = { n: -1, content: null };
function AccountFrameworks({ n }) {
  if (FRAMEWORKS.list.length === 0 || FRAMEWORKS.outcomes_of[n] === null) return null;
  if (folds.n !== n) folds = { n, content: FRAMEWORKS.list.map((one) => html`<${AccountFramework} key=${one.id} n=${n} framework=${one} />`) };
  return html`<h2>Control results</h2>${folds.content}`;
}

// Why a result is unknown: the coverage gaps of its checks.
function Why({ n, control }) {
  const { checks } = FRAMEWORKS.mapped[control.mapped];
  const why = gapsOf(n).filter(({ kind, gap }) => !kind.expected && namesOf(gap[3]).some((check) => checks.includes(check)));
  return [...new Set(why.map(({ kind }) => `${kind.label} (${kind.action})`))].join('; ');
}

function ControlRow({ n, control }) {
  const line = controlIn(n, control);
  return html`<tr><th scope="row"><a href=${accountHref(ACCOUNTS.id[n])}><${Name}>${ACCOUNTS.name[n]}</${Name}></a> <span class="quiet">${ACCOUNTS.id[n]} <${Name}>${ACCOUNTS.ou[n]}</${Name}></span></th>
    <td><${Outcome} of=${line.outcome} />${line.outcome === 'unknown' && html` <span class="quiet"><${Why} n=${n} control=${control} /></span>`}</td>
    <td class="number"><${Found} n=${n} control=${control} value=${line.findings} suppressed="no" /></td>
    <td class="number"><${Found} n=${n} control=${control} value=${line.suppressed} suppressed="yes" /></td></tr>`;
}

// The accounts with a result: failed ones first, then by number of findings.
function controlRows(at, control) {
  const wanted = list(at, 'outcome');
  const lines = new Map(accountsOf(at).map((n) => [n, controlIn(n, control)]));
  const rows = [...lines.keys()].filter((n) => lines.get(n) && (wanted.length === 0 || wanted.includes(lines.get(n).outcome)));
  const sort = text(at, 'sort');
  const sign = sort.startsWith('-') ? -1 : 1;
  const rank = (n) => OUTCOME_ORDER.indexOf(lines.get(n).outcome);
  switch (sort.replace('-', '')) {
    case 'account': return rows;
    case 'findings': return rows.sort((a, b) => sign * (lines.get(a).findings - lines.get(b).findings) || a - b);
    case 'outcome': return rows.sort((a, b) => sign * (rank(a) - rank(b)) || a - b);
    default: return rows.sort((a, b) => rank(a) - rank(b) || lines.get(b).findings - lines.get(a).findings || a - b);
  }
}

function ControlTable({ at, control, rows }) {
  const { shown: visible, page, pages } = paged(rows, at);
  return html`<${Table} label="Accounts by result" kind="judged">
      <thead><tr>
        <${Sortable} at=${at} column="account">Account</${Sortable}>
        <${Sortable} at=${at} column="outcome">Result</${Sortable}>
        <${Sortable} at=${at} column="findings" number first="down">Findings</${Sortable}>
        <th scope="col" class="number">Suppressed</th>
      </tr></thead>
      <tbody>${visible.map((n) => html`<${ControlRow} key=${n} n=${n} control=${control} />`)}</tbody>
    </${Table}>
    <${Pager} at=${at} page=${page} pages=${pages} total=${rows.length} />`;
}

// The API calls that the checks of this run read, and when.
function Evidence({ control }) {
  const { calls } = FRAMEWORKS.mapped[control.mapped];
  if (calls.length === 0) return null;
  const time = control.time === null ? '' : ` Accounts were read from ${FRAMEWORKS.times[control.time]}.`;
  return html`<p class="evidence">Evidence, API calls (if they are needed): ${calls.map((call, n) => html`${n > 0 && ', '}<code>${call}</code>`)}.${time} <span class="quiet">frameworks.csv has the time of each account.</span></p>`;
}

// What a person must review, or what is special about the checks.
function Review({ control }) {
  if (control.partial) {
    return html`<p>The checks cover only a part of this control, so the best result is <${Outcome} of="pass_in_part" />. A person must review the rest:</p>
      <p class="quiet"><${Prose}>${control.review}</${Prose}></p>`;
  }
  return control.review && html`<p class="quiet"><${Prose}>${control.review}</${Prose}></p>`;
}

// The control and the checks that map to it.
function ControlHead({ framework, control }) {
  const { checks, severities, parts } = FRAMEWORKS.mapped[control.mapped];
  const mapped = (id) => (CHECKS.has(id)
    ? html`<a href=${address('findings', '', { severity: severities, check: [id], part: parts })}>${checkTitle(id)}</a>`
    : html`<code>${id}</code> <span class="state">not selected</span>`);
  return html`<p class="lead">${framework.title}; assessment: ${control.assessed}</p>
    ${checks.length > 0 && html`<p>Checks that map to this control:</p><ul class="answers">${checks.map((id) => html`<li key=${id}>${mapped(id)}</li>`)}</ul>`}
    ${checks.length > 0 && control.assessed === 'manual' && html`<p>The benchmark assesses this control manually. The results below are those of the checks.</p>`}
    ${control.uncovered === 'manual' && html`<p>This control requires manual review: no program can evaluate it.</p>`}
    ${control.uncovered === 'not_covered' && html`<p>Not covered: orgscan has no check for this control, although it could be automated.</p>`}
    ${checks.some((id) => !CHECKS.has(id)) && html`<p class="notice">This run did not select all checks that map to this control. To select them, use <code>--framework ${framework.id}</code>.</p>`}
    <${Review} control=${control} />
    <${Evidence} control=${control} />`;
}

function NoControl({ path }) {
  return html`<section class="page"><h1 id="view-title" tabindex="-1">No such control</h1>
    <p>There is no control <${Name}>${path}</${Name}> in this report. <a href="#/frameworks">Frameworks</a></p></section>`;
}

function ControlView({ at }) {
  const [of, id] = at.path.split('/');
  const framework = FRAMEWORKS.list.find((one) => one.id === of);
  const control = framework && framework.controls.find((one) => one.id === id);
  if (!control) return html`<${NoControl} path=${at.path} />`;
  const rows = controlRows(at, control);
  const all = controlRows({ ...at, params: new Map() }, control);
  const tally = OUTCOME_ORDER.map((one) => [one, all.filter((n) => controlIn(n, control).outcome === one).length]);
  announce(`${counted(rows.length, 'account')} shown`);
  return html`<section class="page" aria-labelledby="view-title">
    <${Trail} steps=${[['Frameworks', '#/frameworks'], [framework.id, address('frameworks', framework.id)], [control.id, controlHref(framework, control)]]} />
    <h1 id="view-title" tabindex="-1">${control.id} ${control.title}</h1>
    <${ControlHead} framework=${framework} control=${control} />
    <h2>Accounts</h2>
    <p class="tally">${tally.filter(([, some]) => some).map(([one, some]) => html`<a key=${one} href=${controlHref(framework, control, { outcome: [one] })}><${Outcome} of=${one} n=${some} /></a> `)}</p>
    <form class="filters" role="search" aria-label="Filters" onSubmit=${(event) => event.preventDefault()}>
      <${Search} at=${at} label="Name or id" />
      <${Choice} at=${at} name="outcome" label="Result" options=${OUTCOME_ORDER.map(outcomeOption)} all="All results" />
      <${Single} at=${at} name="ou" label="OU" options=${UNITS} all="All OUs" />
    </form>
    <p class="filtered">${filteredBy(at)}</p>
    <p class="total"><strong>${counted(rows.length, 'account')}</strong></p>
    ${all.length === 0 && html`<p class="notice unknown">No account of this run has a result, so the control is unknown.</p>`}
    ${rows.length ? html`<${ControlTable} at=${at} control=${control} rows=${rows} />` : all.length > 0 && html`<p class="empty">No account matches.</p>`}
  </section>`;
}
