// Comfort for those who have JavaScript. Every page works without this file.
(() => {
  'use strict';
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.documentElement.classList.add('js');

  // --- keyboard -------------------------------------------------------------------------------------------
  const JUMPS = {p: '/', d: '/podatelna/'};
  const help = document.getElementById('zkratky');
  let waitingForJump = 0;

  const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const rowLinks = () => all('[data-list] [data-open], .list tbody .list__link').filter((link) => link.offsetParent !== null);
  const showHelp = () => help && typeof help.showModal === 'function' && !help.open && help.showModal();

  function moveInList(step) {
    const links = rowLinks();
    if (!links.length) return;
    const here = links.findIndex((link) => link === document.activeElement || link.closest('tr, li')?.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
    links[next].focus();
    links[next].closest('tr, li')?.scrollIntoView({block: 'nearest'});
  }

  function jumpTo(key) {
    const link = document.querySelector(`[data-key="g ${CSS.escape(key)}"]`);
    const address = link ? link.href : JUMPS[key];
    if (address) window.location.assign(address);
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help?.open) return;
    const {key} = event;
    if (event.timeStamp - waitingForJump < 1500 && waitingForJump) { waitingForJump = 0; jumpTo(key); event.preventDefault(); return; }
    if (key === '/') document.querySelector('[data-search]')?.focus();
    else if (key === 'j') moveInList(1);
    else if (key === 'k') moveInList(-1);
    else if (key === 'o') { const row = document.activeElement.closest('tr, li'); row?.querySelector('[data-open], .list__link')?.click(); return; }
    else if (key === 'n') document.querySelector('.next__buttons .gov-button')?.focus();
    else if (key === 'g') waitingForJump = event.timeStamp;
    else if (key === '?') showHelp();
    else if (key === '[' || key === ']') document.querySelector(`.pagination [data-key="${key}"]`)?.click();
    else return;
    event.preventDefault();
  });
  // On a narrow screen the navigation scrolls sideways: show where one is.
  const nav = document.querySelector('.nav');
  const place = nav?.querySelector('[aria-current]');
  if (place && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = place.getBoundingClientRect().left - nav.clientWidth / 3;

  all('[data-help]').forEach((button) => { button.hidden = false; button.addEventListener('click', showHelp); });

  // A menu left open closes when one goes elsewhere.
  document.addEventListener('click', (event) => all('details.menu[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') all('details.menu[open]').forEach((menu) => { menu.open = false; menu.querySelector('summary').focus(); }); });
  document.addEventListener('change', (event) => { if (event.target.matches('[data-autosubmit]')) event.target.form.requestSubmit(); });

  // --- forms ----------------------------------------------------------------------------------------------
  // One click, one request: the second submit of the same form is dropped until the page changes.
  // The button is not disabled, because a disabled one would not send its name and value.
  const dirty = new Set();
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if ((form.getAttribute('method') || 'get').toLowerCase() !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    dirty.clear();
    event.submitter?.setAttribute('aria-busy', 'true');
  });
  const releaseForms = () => all('form[data-sent]').forEach((form) => { delete form.dataset.sent; all('[aria-busy]', form).forEach((b) => b.removeAttribute('aria-busy')); });
  window.addEventListener('pageshow', releaseForms);
  document.addEventListener('htmx:afterRequest', (event) => { if (event.target.matches('form')) releaseForms(); });

  document.addEventListener('input', (event) => { const form = event.target.form; if (form?.matches('[data-guard]')) dirty.add(form); });
  window.addEventListener('beforeunload', (event) => { if ([...dirty].some((form) => form.isConnected)) event.preventDefault(); });

  // Own metadata of a kind are asked for only while that kind is chosen.
  function showFieldsOfKind(form) {
    const kind = form.elements.kind?.value;
    all('[data-of-kind]', form).forEach((input) => { input.closest('.field').hidden = input.dataset.ofKind !== kind; });
  }
  const asksOfKinds = new Set(all('[data-of-kind]').map((input) => input.form));
  asksOfKinds.forEach((form) => { showFieldsOfKind(form); form.addEventListener('change', () => showFieldsOfKind(form)); });

  const inCzech = (size) => size < 1000 ? `${size} B` : size < 1e6 ? `${Math.round(size / 1e3)} kB` : `${(size / 1e6).toFixed(1).replace('.', ',')} MB`;
  document.addEventListener('change', (event) => {
    const input = event.target;
    if (input.type !== 'file') return;
    input.parentNode.querySelector('.field__files')?.remove();
    if (!input.files.length) return;
    const list = document.createElement('ul');
    list.className = 'field__files';
    for (const file of input.files) { const item = document.createElement('li'); item.textContent = `${file.name} (${inCzech(file.size)})`; list.append(item); }
    input.after(list);
  });
})();
