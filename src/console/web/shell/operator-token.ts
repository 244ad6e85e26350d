const KEPT_AS = 'fanwire-token';

/**
 * The token that this tab shows the hub, if it was given one. It is kept until the tab is closed, because each page is a
 * document of its own. The command prints an address with `#token=…`: such a token is kept and removed from the address.
 */
export function readToken(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    keepToken(given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(KEPT_AS) ?? undefined;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEPT_AS, token);
}
