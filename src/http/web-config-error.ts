/** What is wrong with a web config file. */
export class WebConfigError extends Error {
  readonly code = 'WEB_CONFIG';
  /** Lines of the form `FILE: key: message`; no secret and no content is in them. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
