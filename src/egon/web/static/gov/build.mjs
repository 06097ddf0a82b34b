// Builds gov.css from the design system's own files. Run by hand when its version changes; see VENDOR.md.
// usage: node build.mjs <folder of @gov-design-system-ce/styles/lib/html> <gov.css>
//
// The published CSS is 1 MB because every rule is repeated for custom elements, inverse backgrounds and sizes.
// We write plain HTML and use a few variants, so selectors that can never match in our pages are left out.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import postcss from 'postcss';
import parseSelector from 'postcss-selector-parser';
import {transform} from 'lightningcss';

const [source, target] = process.argv.slice(2);
const FILES = ['tokens', 'styles', 'components/gov-button', 'components/gov-tag', 'components/gov-message',
  'components/gov-breadcrumbs', 'components/gov-form-control', 'components/gov-form-label', 'components/gov-form-message',
  'components/gov-card', 'components/gov-tile', 'components/gov-link'];
const ATTRIBUTES = {
  'data-color': ['primary', 'neutral', 'success', 'warning', 'error'], 'data-size': ['s', 'm'],
  'data-type': ['solid', 'outlined', 'base', 'link', 'subtle', 'bold'], 'data-theme': ['light'],
};

function inNegation(node) {
  for (let p = node.parent; p; p = p.parent) if (p.type === 'pseudo' && p.value === ':not') return true;
  return false;
}

function canMatch(selector) {
  let possible = true;
  selector.walkTags((tag) => { if (tag.value.startsWith('gov-') && !inNegation(tag)) possible = false; });
  selector.walkAttributes((attribute) => {
    if (inNegation(attribute) || ['href', 'type', 'target'].includes(attribute.attribute)) return;
    const allowed = ATTRIBUTES[attribute.attribute];
    if (!allowed || (attribute.value !== undefined && !allowed.includes(attribute.value))) possible = false;
  });
  selector.walkClasses((name) => { if (/inverse|icon|__skeleton|hydrated/.test(name.value) && !inNegation(name)) possible = false; });
  return possible;
}

// "x:not([loading])" is always true on our pages: saying it twenty times makes the file, not the page.
function withoutEmptyNegations(selector) {
  selector.walkPseudos((pseudo) => {
    if (pseudo.value !== ':not') return;
    let impossible = false;
    pseudo.walkTags((tag) => { if (tag.value.startsWith('gov-')) impossible = true; });
    pseudo.walkAttributes((a) => { if (!ATTRIBUTES[a.attribute] && !['href', 'type', 'target'].includes(a.attribute)) impossible = true; });
    if (impossible && pseudo.nodes.length === 1) pseudo.remove();
  });
}

function prune(css) {
  const root = postcss.parse(css);
  root.walkAtRules('media', (rule) => { if (/prefers-color-scheme/.test(rule.params)) rule.remove(); });
  root.walkRules((rule) => {
    if (rule.parent.type === 'atrule' && rule.parent.name.endsWith('keyframes')) return;
    const kept = parseSelector((list) => {
      list.nodes.filter((s) => !canMatch(s)).forEach((s) => s.remove());
      list.nodes.forEach(withoutEmptyNegations);
    }).processSync(rule.selector);
    const unique = [...new Set(kept.split(',').map((s) => s.trim()).filter(Boolean))];
    if (!kept.trim()) rule.remove();
    else rule.selector = kept.includes('(') ? kept : unique.join(',');
  });
  return root.toString().replace(/^\uFEFF/, '');
}

const css = FILES.map((name) => prune(readFileSync(join(source, `${name}.css`), 'utf8'))).join('\n');
const {code} = transform({filename: 'gov.css', code: Buffer.from(css), minify: true, targets: {chrome: 105 << 16, firefox: 110 << 16, safari: 16 << 16}});
writeFileSync(target, '/*! gov.cz design system, EUPL-1.2, see LICENSE and VENDOR.md */\n' + code);
console.log(`${target}: ${code.length} bytes`);
