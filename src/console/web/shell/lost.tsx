interface LostProps {
  readonly since: Date;
  readonly why: string;
}

/** Says of whatever the page shows that it is the past. */
export function Lost({ since, why }: LostProps) {
  return (
    <p class="lost" role="alert">
      Not connected since {since.toLocaleTimeString()}. What this page shows was so then; what you publish is
      kept, and sent once the hub is back. <small>{why}</small>
    </p>
  );
}
