import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface ConfirmProps {
  readonly title: string;
  /** The label of the button that confirms. */
  readonly action: string;
  readonly children: ComponentChildren;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** A dialog that asks before something is done. Escape cancels. */
export function Confirm({ title, action, children, onConfirm, onClose }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby="confirm-title"
      onClose={(event) => {
        if (event.currentTarget.returnValue === 'yes') onConfirm();
        onClose();
      }}
    >
      <form method="dialog">
        <h2 id="confirm-title">{title}</h2>
        {children}
        <div class="actions">
          <button type="submit" class="plain">
            Cancel
          </button>
          <button type="submit" value="yes">
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
