/** Replaces `${ENV_VAR}` in label values and secret fields, and nowhere else. `$${` stands for `${` itself. */
import type { Finding } from './problem.ts';
import { mapScalars } from './schema/walk.ts';
import { configSchema } from './schema.ts';
import type { ReadableConfig } from './validate.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function fillEnvironment(
  config: ReadableConfig,
  env: Environment,
): { readonly config: ReadableConfig; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const filled = mapScalars(configSchema, config, (value, mark, path) => {
    if (!mark?.environment || typeof value !== 'string' || !value.includes('${')) return value;
    let missing = false;
    const text = value.replace(/\$\$\{|\$\{([^}]*)\}?/g, (match, name: string | undefined) => {
      if (name === undefined) return '${';
      const found = match.endsWith('}') && NAME.test(name) ? variable(env, name) : null;
      if (found === null || found === undefined) {
        missing = true;
        // What is no name may be part of a secret.
        const message =
          found === null
            ? `expected \${NAME} of an environment variable, found "\${" and something else ($\${ stands for \${ itself)`
            : `expected the environment variable ${name}, found that it is not set`;
        findings.push({ path, message });
        return '';
      }
      // As with secrets in files: a trailing line break is not part of one.
      return mark.hidden === 'secret' ? found.replace(/[\r\n]+$/, '') : found;
    });
    return missing ? undefined : text;
  });
  return { config: filled as ReadableConfig, findings };
}

function variable(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
