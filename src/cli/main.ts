/** The commands and their flags. Exit codes: 0 fine, 1 a check failed or the config is bad, 2 usage. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readTarget } from '../check/plan.ts';
import { durationFault, parseDuration } from '../config/values/duration.ts';
import { BUILD } from '../version.ts';
import { checkConfig } from './check-config.ts';
import { exportPrometheusRules } from './export.ts';
import { parseListenAddress } from './listen-address.ts';
import type { RunFlags } from './run.ts';
import { run } from './run.ts';

const USAGE = 2;
const DAY_MS = 86_400_000;

export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('driftgauge')
    .description("Watches a model's metrics, judges drift, and asks for one retrain per drift episode.")
    .version(`driftgauge ${BUILD.version} (revision ${BUILD.revision})`, '--version')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)');

  program
    .command('run')
    .description('watch, judge, serve and deliver until told to stop')
    .option(
      '--config.file <file>',
      'the config; default driftgauge.yaml where there is one, else the built-in one',
    )
    .option('--storage.path <folder>', 'where state, history and outbox are kept', 'data/')
    .addOption(
      new Option('--storage.retention <duration>', 'how long ended episodes and requests are kept')
        .argParser(duration)
        .default(90 * DAY_MS, '90d'),
    )
    .addOption(
      new Option('--web.listen-address <address>', 'where to serve HTTP')
        .argParser(listenAddress)
        .default({ host: '0.0.0.0', port: 9822 }, '0.0.0.0:9822'),
    )
    .option(
      '--web.external-url <url>',
      'how others reach this process (default "http://<hostname>:<port>")',
      url,
    )
    .option('--web.config.file <file>', 'TLS and users, in the exporter-toolkit format')
    .option('--web.enable-lifecycle', 'allow POST /-/reload', false)
    .addOption(
      new Option('--log.level <level>', 'least severe level')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
    .addOption(
      new Option('--log.format <format>', 'form of a line').choices(['logfmt', 'json']).default('logfmt'),
    )
    .action(async (flags: RunFlags) => {
      exitCode = await run(flags);
    });

  program
    .command('check')
    .description('check files')
    .command('config')
    .description('every problem of a config at once; with --target also what it finds there')
    .argument('<file...>')
    .option('--target <url>', 'scrape this page once, as the config would, and tell what each metric finds')
    .action(async (files: string[], flags: { readonly target?: string }, command: Command) => {
      const target = flags.target === undefined ? undefined : readTarget(flags.target);
      if (target?.ok === false) command.error(`error: option '--target <url>' is invalid: ${target.message}`);
      exitCode = await checkConfig(files, {
        env: process.env,
        out: (line) => process.stdout.write(`${line}\n`),
        ...(target?.ok && { target: target.url }),
      });
    });

  program
    .command('export')
    .description('what others can use of a config')
    .command('prometheus-rules')
    .description('the Prometheus recording and alerting rules that come nearest to a config')
    .option(
      '--config.file <file>',
      'the config; default driftgauge.yaml where there is one, else the built-in one',
    )
    .action(async ({ 'config.file': file }: { readonly 'config.file'?: string }) => {
      exitCode = await exportPrometheusRules({
        env: process.env,
        out: (text) => process.stdout.write(text),
        problem: (line) => process.stderr.write(`${line}\n`),
        ...(file !== undefined && { file }),
      });
    });

  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : USAGE;
  }
  return exitCode;
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) {
    const fault = durationFault(text);
    throw new InvalidArgumentError(`expected a duration such as 90d${fault && `: ${fault}`}`);
  }
  return ms;
}

function listenAddress(text: string): { host: string; port: number } {
  const address = parseListenAddress(text);
  if (!address) throw new InvalidArgumentError('expected host:port, as in 0.0.0.0:9822 or [::1]:9822');
  return address;
}

function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new InvalidArgumentError('expected an http or https URL');
  return text.replace(/\/+$/, '');
}
