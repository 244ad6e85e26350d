/*
 * Functions that run in the page. What has been focused is kept there, as a page draws its controls anew while one goes through
 * them.
 */

interface Watched {
  /** The controls that were there when the first was reached: those that come later may come behind the focus. */
  controls: readonly HTMLElement[];
  readonly reached: WeakSet<Element>;
  /** Controls that show no sign of being focused. */
  readonly unseen: Set<string>;
  /** The first control that had the focus. */
  first: Element | undefined;
  turns: number;
}

type WatchedWindow = typeof window & { watched: Watched };

/** To be called before the page is opened. */
export function watchFocus(): void {
  const watched: Watched = {
    controls: [],
    reached: new WeakSet(),
    unseen: new Set(),
    first: undefined,
    turns: 0,
  };
  Object.assign(window, { watched });
  document.addEventListener('focusin', ({ target }) => {
    const element = target as HTMLElement;
    if (element === watched.first) watched.turns += 1;
    // The heading is focused by the page itself.
    if (element.tabIndex >= 0 && !watched.first) {
      watched.first = element;
      const names = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
      watched.controls = [...document.querySelectorAll<HTMLElement>(names)];
    }
    watched.reached.add(element);
    // A control that is only there for its name has a label that shows it.
    const drawn = [element, ...(element.closest('label')?.querySelectorAll('*') ?? [])].flatMap((each) => [
      getComputedStyle(each),
      getComputedStyle(each, '::after'),
    ]);
    const shows = drawn.some(
      ({ outlineStyle, outlineWidth, boxShadow }) =>
        (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none',
    );
    if (!shows && element.tabIndex >= 0) watched.unseen.add(element.outerHTML.slice(0, 120));
  });
}

/** Whether the focus has gone through the page so many times, and begun anew or left it. */
export function focusIsBack(times: number): boolean {
  return (window as WatchedWindow).watched.turns >= times || document.activeElement === document.body;
}

/** Controls that the keyboard has not reached, or that did not show it, as sentences; and a focus that never came back. */
export function focusFaults(): string[] {
  const { watched } = window as WatchedWindow;
  const missed = watched.controls.filter((element) => {
    if (
      !element.isConnected ||
      watched.reached.has(element) ||
      element.tabIndex < 0 ||
      element.matches(':disabled')
    )
      return false;
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    // Of a group of radio buttons one is reached by Tab, and the others from there by the arrows.
    return !(element instanceof HTMLInputElement && element.type === 'radio' && groupReached(element));
  });
  function groupReached({ name }: HTMLInputElement): boolean {
    const group = document.querySelectorAll(`input[type=radio][name="${CSS.escape(name)}"]`);
    return [...group].some((each) => watched.reached.has(each));
  }
  return [
    ...missed.map((element) => `Tab does not reach ${element.outerHTML.slice(0, 120)}`),
    ...[...watched.unseen].map((html) => `nothing shows the focus on ${html}`),
    ...(watched.turns === 0 && document.activeElement !== document.body
      ? ['the focus does not come back']
      : []),
  ];
}
