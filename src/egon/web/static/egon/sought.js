// Suggestions for fields that choose out of a long list. Without this file the form comes back with what was found.
(() => {
  'use strict';
  const WAIT = 200;
  let waiting = 0, asked = 0;

  const partsOf = (box) => ({
    input: box.querySelector('input[type="text"]'),
    value: box.querySelector(':scope > [name]:not([name$="-text"]):not([name$="-pro"])'),
    sought: box.querySelector('input[name$="-pro"]'),
    list: box.querySelector('.sought__list'),
  });

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function close(box) {
    const {input, list} = partsOf(box);
    list?.remove();
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function optionOf(one, id) {
    const item = element('li', '', one.label);
    item.id = id;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.dataset.value = one.value;
    item.dataset.label = one.label;
    const told = [one.sub, one.group].filter(Boolean).join(' · ');
    if (told) item.append(element('span', 'sought__sub', told));
    return item;
  }

  function show(box, answer) {
    close(box);
    const {input} = partsOf(box);
    const list = element('ul', 'sought__list');
    list.id = `${input.id || input.name}_nabidka`;
    list.setAttribute('role', 'listbox');
    answer.options.forEach((one, index) => list.append(optionOf(one, `${list.id}_${index}`)));
    if (answer.more) list.append(element('li', 'sought__note', 'Je jich víc, napište delší část.'));
    if (!answer.options.length) list.append(element('li', 'sought__note', 'Nikdo ani nic takového tu není.'));
    box.append(list);
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'true');
  }

  async function suggest(box) {
    const {input} = partsOf(box), text = input.value.trim(), mine = ++asked;
    if (!text) { close(box); return; }
    const answer = await fetch(`${box.dataset.sought}?q=${encodeURIComponent(text)}`, {headers: {Accept: 'application/json'}}).catch(() => null);
    if (!answer?.ok || answer.redirected || mine !== asked || document.activeElement !== input) return;
    show(box, await answer.json());
  }

  function choose(box, item) {
    let {input, value, sought} = partsOf(box);
    if (value.tagName === 'SELECT') {  // of those found before; from now on this one holds
      const hidden = element('input');
      hidden.type = 'hidden';
      hidden.name = value.name;
      value.replaceWith(hidden);
      value = hidden;
    }
    input.value = sought.value = item.dataset.label.trim();
    value.value = item.dataset.value;
    close(box);
    value.dispatchEvent(new Event('change', {bubbles: true}));
  }

  function move(box, step) {
    const {input, list} = partsOf(box), items = [...list.querySelectorAll('[role="option"]')];
    if (!items.length) return;
    const here = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
    const next = items[(here + step + items.length + (here < 0 && step < 0 ? 1 : 0)) % items.length];
    items.forEach((item) => item.setAttribute('aria-selected', String(item === next)));
    input.setAttribute('aria-activedescendant', next.id);
    next.scrollIntoView({block: 'nearest'});
  }

  const boxOf = (target) => target.closest?.('[data-sought]');

  document.addEventListener('focusin', (event) => {
    const box = boxOf(event.target);
    if (!box || event.target.type !== 'text') return;
    event.target.setAttribute('role', 'combobox');
    event.target.setAttribute('aria-autocomplete', 'list');
    event.target.setAttribute('aria-expanded', 'false');
  });
  document.addEventListener('input', (event) => {
    const box = boxOf(event.target);
    if (!box || event.target.type !== 'text') return;
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest(box), WAIT);
  });
  document.addEventListener('keydown', (event) => {
    const box = boxOf(event.target);
    if (!box || event.target.type !== 'text') return;
    const {list} = partsOf(box), chosen = list?.querySelector('[aria-selected="true"]');
    if (event.key === 'ArrowDown' && !list) suggest(box);
    else if (list && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) move(box, event.key === 'ArrowDown' ? 1 : -1);
    else if (event.key === 'Enter' && chosen) choose(box, chosen);
    else if (event.key === 'Escape' && list) close(box);
    else return;
    event.preventDefault();
  });
  document.addEventListener('mousedown', (event) => {
    const item = event.target.closest?.('.sought__list [role="option"]');
    if (!item) return;
    event.preventDefault();
    choose(boxOf(item), item);
  });
  document.addEventListener('focusout', (event) => { const box = boxOf(event.target); if (box && partsOf(box).list) close(box); });
})();
