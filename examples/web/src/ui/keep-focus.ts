const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';

/** An element on the way from the page to what has the focus, and where its child on this way stands in it. */
interface Step {
  readonly box: Element;
  readonly index: number;
}

/**
 * Whatever is deleted, saved or closed: the keyboard goes on where it was. When the focused element leaves the page,
 * and nothing else takes the focus, what stands nearest to its place gets it.
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

/** In the innermost box that is left: what stands at the same place or behind it, then before it, then the box. */
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
