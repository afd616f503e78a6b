const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';

/** An element on the path from the page to the focused element, and the index of the next one in it. */
interface Step {
  readonly box: Element;
  readonly index: number;
}

/**
 * Keeps the keyboard focus when elements are removed: when the focused element leaves the page, and nothing else takes
 * the focus, the nearest element gets it.
 */
export function keepFocus(page: Document): () => void {
  let focused: Element | null = null;
  let way: readonly Step[] = [];
  const onFocus = () => {
    focused = page.activeElement;
    way = wayTo(focused);
  };
  const observer = new MutationObserver(() => {
    if (focused === null || focused.isConnected || page.activeElement !== page.body) return;
    focused = null;
    const heir = heirOf(way);
    if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
  });
  page.addEventListener('focusin', onFocus);
  observer.observe(page.body, { childList: true, subtree: true });
  return () => {
    page.removeEventListener('focusin', onFocus);
    observer.disconnect();
  };
}

function wayTo(element: Element | null): readonly Step[] {
  const way: Step[] = [];
  for (let child = element; child?.parentElement; child = child.parentElement)
    way.push({ box: child.parentElement, index: [...child.parentElement.children].indexOf(child) });
  return way;
}

/** In the innermost remaining box: the element at the same index or after it, else before it, else the box. */
function heirOf(way: readonly Step[]): Element | undefined {
  for (const { box, index } of way) {
    if (!box.isConnected) continue;
    const children = [...box.children];
    const near = [...children.slice(index), ...children.slice(0, index).toReversed()];
    const heir = near.map(firstFocusable).find((found) => found !== undefined);
    if (heir !== undefined) return heir;
    if (box.matches(FOCUSABLE)) return box;
  }
  return undefined;
}

function firstFocusable(element: Element): Element | undefined {
  return [element, ...element.querySelectorAll(FOCUSABLE)].find(
    (one) => one.matches(FOCUSABLE) && one.checkVisibility(),
  );
}
