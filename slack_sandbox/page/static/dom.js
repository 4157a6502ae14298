/** Build an element. A string child becomes text, never markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

const shown = new WeakMap();

/**
 * Make `parent` hold one node for each item, in order. A node whose item reads the same as before
 * stays untouched, so focus, an open list and typed text survive every update. What had the focus and is gone
 * leaves it to the first thing that can have it in the same node: a card whose button was used up.
 */
export function keepList(parent, items, keyOf, render) {
  const wanted = new Set(items.map(keyOf));
  const present = new Map();
  for (const node of [...parent.children]) {
    if (wanted.has(node.dataset.key)) present.set(node.dataset.key, node);
    else node.remove();
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const content = JSON.stringify(item);
    let node = present.get(key);
    if (!node || shown.get(node) !== content) {
      const fresh = render(item);
      fresh.dataset.key = key;
      shown.set(fresh, content);
      if (node === next && node) next = fresh;
      if (node) replaceKeepingFocus(node, fresh);
      node = fresh;
    }
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}

function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const selection = focused && [focused.selectionStart, focused.selectionEnd];
  old.replaceWith(fresh);
  if (!focused?.dataset.focus) return;
  const places = [...fresh.querySelectorAll("[data-focus]")];
  const again = places.find((node) => node.dataset.focus === focused.dataset.focus) ?? places[0];
  if (!again) return;
  again.focus({ preventScroll: true });
  if (again.dataset.focus === focused.dataset.focus && again.matches("textarea, input[type=text]")) again.setSelectionRange(...selection);
}
