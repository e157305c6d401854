/** The process itself: metrics, probes, reload, status. */
import { z } from 'zod';
import { build, config } from '../answers.ts';
import type { Operation, Operations } from '../operation.ts';
import { data, fault, JSON_TYPE, text } from '../operation.ts';

const reload: Operation = {
  id: 'reload',
  tag: 'process',
  summary: 'Reads the config file anew',
  description: 'Applies the whole file or nothing. Needs `--web.enable-lifecycle`, else 403.',
  answers: {
    200: data('The file is the live config now.', z.null()),
    500: fault('The file has problems: the error lists them, and the old config stays.'),
  },
};

export const PROCESS_OPERATIONS: Operations = {
  '/metrics': {
    get: {
      id: 'metrics',
      tag: 'process',
      summary: 'The page for Prometheus',
      description: 'In OpenMetrics’ text format where `Accept` asks for it; compressed where gzip is taken.',
      answers: {
        200: text('The metrics, in Prometheus’ text format.'),
        503: fault('Too many scrapes at once; `Retry-After` says when to come back.'),
      },
    },
  },
  '/-/healthy': {
    get: {
      id: 'healthy',
      tag: 'process',
      summary: 'Whether the process answers',
      access: 'open',
      answers: { 200: text('It does.') },
    },
  },
  '/-/ready': {
    get: {
      id: 'ready',
      tag: 'process',
      summary: 'Whether start-up has ended',
      description: 'Nothing outside the process makes it unready.',
      access: 'open',
      answers: { 200: text('It has.'), 503: text('It has not.') },
    },
  },
  '/-/reload': { post: reload, put: { ...reload, id: 'reloadByPut' } },
  '/api/v1/status/config': {
    get: {
      id: 'getConfig',
      tag: 'process',
      summary: 'The live config, secrets redacted',
      answers: { 200: data('The config.', config) },
    },
  },
  '/api/v1/status/buildinfo': {
    get: {
      id: 'getBuild',
      tag: 'process',
      summary: 'Which build runs',
      answers: { 200: data('The build.', build) },
    },
  },
  '/api/v1/openapi.json': {
    get: {
      id: 'getOpenApi',
      tag: 'process',
      summary: 'This document',
      answers: {
        200: {
          description: 'An OpenAPI 3.1 document.',
          content: [JSON_TYPE, z.looseObject({ openapi: z.string() })],
        },
      },
    },
  },
};
