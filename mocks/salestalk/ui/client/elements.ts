/** A new element with a class and content. A string becomes text: no answer of the service is ever parsed as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(name);
  if (className !== '') created.className = className;
  created.append(...content);
  return created;
}

/** The element of that kind under `root`. @throws Error if page.html has none */
export function requireElement<T extends Element>(
  root: ParentNode,
  selector: string,
  kind: abstract new () => T,
): T {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} at ${selector}.`);
  return found;
}

export function requirePart(root: ParentNode, part: string): HTMLElement {
  return requireElement(root, `[data-part="${part}"]`, HTMLElement);
}
