/** Globs over names: `*` is any run of characters, `?` any one. Linear in the name for each star, never a regular expression. */

export function matchesGlob(glob: string, name: string): boolean {
  let at = 0;
  let in_ = 0;
  let star = -1;
  let resume = 0;
  while (in_ < name.length) {
    if (at < glob.length && glob[at] === '*') {
      star = at++;
      resume = in_;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === name[in_])) {
      at++;
      in_++;
    } else if (star >= 0) {
      // The last star takes one character more; earlier stars never need to be tried again.
      at = star + 1;
      in_ = ++resume;
    } else {
      return false;
    }
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}

/** No globs at all: every name fits. */
export function matchesAnyGlob(globs: readonly string[], name: string): boolean {
  return globs.length === 0 || globs.some((glob) => matchesGlob(glob, name));
}
