interface FilterFieldProps {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onFilter: (value: string) => void;
}

/** A field for a text that filters a list. */
export function FilterField({ id, label, placeholder, value, onFilter }: FilterFieldProps) {
  return (
    <>
      <label class="unseen" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="search"
        placeholder={placeholder}
        value={value}
        onInput={(event) => onFilter(event.currentTarget.value)}
      />
    </>
  );
}
