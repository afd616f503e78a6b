type Child = Node | string | false | null | undefined;
type Attribute = string | number | boolean | null | undefined | ((event: never) => void);

/** Makes an element. Nothing in the panel parses text as markup. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value as EventListener);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined));
  return element;
}

/** A button that does not submit a form. */
export function button(label: string, onclick: () => void, attributes: Readonly<Record<string, Attribute>> = {}) {
  return el('button', { type: 'button', onclick, ...attributes }, label);
}

/** A sentence in which `backticks` mean code. */
export function prose(text: string): Node[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? el('code', {}, part) : document.createTextNode(part)));
}

/** A button that copies a text to the clipboard and shows whether that worked. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const copy = button(label, () => void press());
  const press = async () => {
    copy.textContent = await copied(text());
    setTimeout(() => (copy.textContent = label), 1_500);
  };
  return copy;
}

/** Pages without TLS have no clipboard, except on this machine. */
async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    return 'Not allowed here';
  }
}
