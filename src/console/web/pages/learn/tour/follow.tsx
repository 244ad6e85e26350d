import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A box that scrolls by itself to what is current, or to its end, each time that `watch` changes. The page stays where it is. */
export function Follow({ watch, children }: { watch: string; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current: outer } = box;
    if (!outer) return;
    const row = outer.querySelector<HTMLElement>('[aria-current]');
    outer.scrollTop = row ? row.offsetTop - outer.clientHeight / 2 : outer.scrollHeight;
  }, [watch]);
  return (
    <div class="follow" ref={box}>
      {children}
    </div>
  );
}
