/** What checks see of a config: whatever fits the schema, although other parts may not. */

/**
 * A config of which parts could not be read. A key that is there but undefined was written and could not be read;
 * a key that is not there was not written. Whatever is defined is valid by itself.
 */
export type Readable<T> = T extends readonly (infer E)[]
  ? readonly (Readable<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Readable<T[K]> | undefined }
    : T;
