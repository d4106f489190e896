'use strict';
// Shows the view of the address.

const VIEWS = new Map([['accounts', AccountsView], ['ou', AccountsView], ['account', AccountView], ['findings', FindingsView]]);
const TITLES = new Map([['changes', 'What changed'], ['coverage', 'Coverage'], ['frameworks', 'Frameworks'], ['exceptions', 'Exceptions'], ['accounts', 'Accounts'], ['findings', 'Findings']]);
const root = document.getElementById('view');
const statusLine = document.getElementById('status');
const baseTitle = document.title;
let here = parsed(location.hash);
let printing = false;
let announcement = 0;

// Announces the result to screen readers once typing has stopped.
function announce(text) {
  clearTimeout(announcement);
  announcement = setTimeout(() => { statusLine.textContent = text; }, 400);
}

function markNavigation(view) {
  const current = view === 'account' || view === 'ou' ? 'accounts' : view;
  for (const link of document.querySelectorAll('header nav a')) {
    if (link.getAttribute('href') === `#/${current}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

// A framework is a part of the page; a control is rendered from the data.
const viewOf = (at) => (at.view === 'frameworks' && at.path.includes('/') ? ControlView : VIEWS.get(at.view));

function draw() {
  const View = viewOf(here);
  const fixed = View ? null : document.getElementById(`/${here.view}`) || document.getElementById('/');
  for (const section of document.querySelectorAll('main > section.page')) section.hidden = section !== fixed;
  root.hidden = !View;
  preact.render(View ? html`<${View} key=${`${here.view}/${here.path}`} at=${here} />` : null, root);
  const detail = document.getElementById('coverage-detail');
  if (here.view === 'coverage') preact.render(html`<${CoverageDetail} at=${here} />`, detail);
  markNavigation(here.view);
  const of = here.path && (View || here.view === 'frameworks') ? here.path : TITLES.get(here.view) || 'Overview';
  document.title = `${of} · ${baseTitle}`;
  showDetail(here);
}

// Shows the same view with other filters at once. The address follows.
let writing = 0;
function go(to, scroll) {
  here = to;
  draw();
  if (scroll) document.querySelector('.total').scrollIntoView();
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, '', hrefOf(here)), 60);
}

function arrive() {
  const before = here;
  clearTimeout(writing);
  here = parsed(location.hash);
  draw();
  if (before.view === here.view && before.path === here.path) {
    const cause = here.view === 'coverage' && text(here, 'cause') && document.getElementById('gaps-title');
    if (cause) cause.focus();
    return;
  }
  const part = document.getElementById(`/${here.view}/${here.path}`);
  if (part) part.scrollIntoView();
  else scrollTo(0, 0);
  const title = [...(part || document).querySelectorAll(part ? 'h2' : 'main h1')].find((one) => one.offsetParent);
  if (title) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
}

addEventListener('hashchange', arrive);
// The link past the header is no view, and leaves the address as it is.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main').focus();
});
addEventListener('beforeprint', () => {
  printing = true;
  draw();
  for (const one of document.querySelectorAll('details')) one.open = true;
});
addEventListener('afterprint', () => {
  printing = false;
  draw();
});
draw();
// A search matches all texts: they are prepared while the page is idle.
setTimeout(haystacks, 1500);
