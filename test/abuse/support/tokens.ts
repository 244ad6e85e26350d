import { SignJWT } from 'jose';

export const SECRET = 'a secret of thirty-two bytes, or more';

/** Headers with a token that grants so much. */
export async function bearer(
  fanwire: { readonly read?: readonly string[]; readonly publish?: readonly string[] },
  sub = 'attacker',
): Promise<Readonly<Record<string, string>>> {
  const token = await new SignJWT({ fanwire, sub })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
  return { Authorization: `Bearer ${token}` };
}
