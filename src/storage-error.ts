/** The store could not take something (disk full, read-only). Nothing of it was kept; trying again later is right. */
export class StorageError extends Error {
  readonly code = 'STORAGE';
}
