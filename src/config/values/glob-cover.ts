/** Whether one glob (`*`, `?`) takes every name that another takes, so that what comes later can never be reached. */

/** The other glob is matched as if it were a name, whose `*` only a `*` can take, and whose `?` a `?` too. */
export function globCovers(cover: string, glob: string): boolean {
  const name = glob.replace(/\*+/g, '*');
  let at = 0;
  let inName = 0;
  let star = -1;
  let resume = 0;
  while (inName < name.length) {
    const wanted = cover[at];
    const found = name[inName];
    if (wanted === '*') {
      star = at++;
      resume = inName;
    } else if (wanted !== undefined && (wanted === found || (wanted === '?' && found !== '*'))) {
      at++;
      inName++;
    } else if (star >= 0) {
      at = star + 1;
      inName = ++resume;
    } else {
      return false;
    }
  }
  while (cover[at] === '*') at++;
  return at === cover.length;
}
