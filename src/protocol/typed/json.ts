/** What JSON carries as it is; bytes stand alone, as the data of a message. */
type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly Plain[]
  | { readonly [name: string]: Plain };

/** What comes out of JSON where a value went in: a text for a Date. Types that JSON carries as they are keep their names. */
export type Jsoned<T> = T extends Plain
  ? T
  : unknown extends T
    ? T
    : T extends { toJSON(): infer Told }
      ? Told
      : T extends object
        ? { [Name in keyof T]: Jsoned<T[Name]> }
        : T;
