/** Structured logs on stderr, as logfmt or JSON with the same words. Messages are sentences in lower case, facts are fields. */
import { pino } from 'pino';

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What the parts of the program log with; a fake is an array. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'logfmt' | 'json';

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export function createLogger(options: {
  level: LogLevel;
  format: LogFormat;
  write: (line: string) => void;
}): Logger {
  const write = options.format === 'json' ? options.write : (line: string) => options.write(toLogfmt(line));
  const log = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => log[level](fields ?? {}, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** One JSON log line as logfmt: `ts`, `level` and `msg` first, values quoted where a reader would stumble. */
function toLogfmt(line: string): string {
  const { ts, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const pairs = Object.entries({ ts, level, msg, ...fields }).map(
    ([key, value]) => `${key}=${quote(String(value))}`,
  );
  return `${pairs.join(' ')}\n`;
}

function quote(value: string): string {
  return value !== '' && /^[^\s"=\\\p{C}]+$/u.test(value)
    ? value
    : JSON.stringify(value).replace(/[\p{Cf}\p{Zl}\p{Zp}\x7f-\x9f]/gu, escapeCodePoint);
}

/** Keeps control, bidi and line-separator characters in hostile names from reshaping the terminal. */
function escapeCodePoint(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}
