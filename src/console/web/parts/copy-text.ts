/** Resolves with a sentence on what came of it. */
export async function copyText(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    // Without https a page may not.
    return 'This browser does not let the page copy.';
  }
}
