'use strict';
// One finding, why it matters and how to fix it.

function copy(event, text) {
  const button = event.currentTarget;
  const done = () => { button.textContent = 'Copied'; };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => {});
}

const Fact = ({ name, children }) => (children ? html`<div><dt>${name}</dt><dd>${children}</dd></div>` : null);

function Fix({ one, check }) {
  return html`<h3>How to fix</h3>
    ${one.command && html`<p class="quiet">Command for account ${one.account}. Read the steps before you run it.</p>
      <div class="command"><pre tabindex="0"><code>${one.command}</code></pre>
      <button type="button" onClick=${(event) => copy(event, one.command)}>Copy</button></div>`}
    ${check && !one.command && html`<p class="quiet">There is no command, because the resource name cannot be quoted safely in a shell.</p>`}
    ${check && html`<ol class="steps">${check.fix.map((step) => html`<li><${Prose}>${step}</${Prose}></li>`)}</ol>`}`;
}

function Detail({ at, n }) {
  const one = finding(n);
  const check = CHECKS.get(one.check);
  return html`<div class="detail">
    <header><${Severity} of=${one.severity} /><h2 id="detail-title">${one.title}</h2>
      <button type="button" class="close" onClick=${() => closeDetail()} aria-label="Close">✕</button></header>
    <p class="finding-message"><${Name}>${one.message}</${Name}></p>
    ${one.exception && html`<p class="notice">Suppressed by an exception: <${Name}>${one.exception}</${Name}></p>`}
    ${one.status === 'unknown' && html`<p class="notice unknown">Unknown: this finding was open before, and this run could not evaluate it. It stays open.</p>`}
    <dl class="facts wide">
      <${Fact} name="Account"><a href=${accountHref(one.account)}><${Name}>${one.accountName}</${Name}></a> ${one.account}</${Fact}>
      <${Fact} name="OU">${one.ou && html`<a href=${ouHref(one.ou)}><${Name}>${one.ou}</${Name}></a>`}</${Fact}>
      <${Fact} name="Region"><a href=${accountHref(one.account, { region: [one.region] })}>${one.region}</a></${Fact}>
      <${Fact} name="Resource"><code>${one.resource}</code></${Fact}>
      <${Fact} name="Part">${one.part && html`<code>${one.part}</code>`}</${Fact}>
      <${Fact} name="Status">${one.status}</${Fact}>
      <${Fact} name="First seen">${one.firstSeen && `${one.firstSeen} UTC`}</${Fact}>
      <${Fact} name="Last seen">${one.lastSeen && `${one.lastSeen} UTC`}</${Fact}>
      <${Fact} name="Check"><code>${one.check}</code></${Fact}>
      <${Fact} name="Finding"><code>${one.id}</code></${Fact}>
    </dl>
    <${Fix} one=${one} check=${check} />
    ${check && html`<h3>Why it matters</h3><p>${check.why}</p>`}
  </div>`;
}

const dialog = document.getElementById('detail');

function closeDetail() {
  if (dialog.open) dialog.close();
}

function showDetail(at) {
  const n = FINDING.get(text(at, 'finding'));
  if (n === undefined) {
    closeDetail();
    return;
  }
  preact.render(html`<${Detail} at=${at} n=${n} />`, dialog);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

// Escape and the button close it; the address follows.
dialog.addEventListener('close', () => {
  if (text(here, 'finding')) go(changed(here, { finding: '' }));
});
dialog.addEventListener('click', (event) => {
  if (event.target === dialog) closeDetail();
});
