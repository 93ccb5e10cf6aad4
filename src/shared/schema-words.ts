/**
 * What a schema expects, in an author's words, in place of zod's: what is wrong, and what to write. What a schema says itself
 * goes before this.
 */
import type { z } from 'zod';
import { suggestion } from './spelling.ts';

type RawIssue = z.core.$ZodRawIssue;

/** For `error` of `safeParse`. @returns undefined for what is told otherwise */
export function refusal(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'invalid_value':
      return issue.input === undefined ? `is missing; add it (${listed(issue.values)})` : `must be ${listed(issue.values)}, and is ${shown(issue.input)}`;
    case 'invalid_union': {
      // Other unions are told by the branch that was meant.
      if (!Array.isArray(issue['options'])) return undefined;
      const options = issue['options'].map(String);
      const given = memberOf(issue.input, issue.discriminator);
      if (given === undefined) return `is missing; add it (${listed(options)})`;
      return `has no known value (${shown(given)})${suggestion(String(given), options) || `; write ${listed(options)}`}`;
    }
    case 'too_small':
      return amount('least', issue);
    case 'too_big':
      return amount('most', issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, and is ${shown(issue.input)}`;
    case 'invalid_format':
      return wrongForm(issue);
    default:
      return undefined;
  }
}

/** By zod's name of the type: what it is, and how YAML writes it. */
const types: Readonly<Record<string, { noun: string; written: string }>> = {
  string: { noun: 'a text', written: 'write a text; numbers, dates and true need quotes to be one' },
  number: { noun: 'a number', written: 'write a number, without quotes' },
  int: { noun: 'a whole number', written: 'write a whole number, without quotes' },
  boolean: { noun: 'true or false', written: 'write true or false, without quotes' },
  array: { noun: 'a list', written: 'write a list, each item behind “- ” on a line of its own, or all between [ and ]' },
  object: { noun: 'fields with values', written: 'write fields, “name: value”, below it and further in' },
  record: { noun: 'names with values', written: 'write names and values, “name: value”, below it and further in' },
};

function wrongType(expected: string, input: unknown): string {
  const { noun, written } = types[expected] ?? { noun: expected, written: `write one` };
  if (input === undefined) return `is missing; add it (${noun})`;
  return `must be ${expected}, and is ${shown(input)}; ${written}`;
}

type Limited = Extract<RawIssue, { code: 'too_small' | 'too_big' }>;

function amount(end: 'least' | 'most', issue: Limited): string {
  const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const bound = issue.exact === true ? 'exactly' : issue.inclusive === false ? (end === 'least' ? 'more than' : 'less than') : `at ${end}`;
  switch (issue.origin) {
    case 'string':
      if (end === 'least' && limit === 1) return 'is empty; write a text';
      return `must have ${bound} ${counted(limit, 'character')}; ${end === 'least' ? 'write more' : 'shorten it'}`;
    case 'array':
      if (end === 'least' && limit === 1) return 'is empty; put something into the list';
      return `must have ${bound} ${counted(limit, 'item')}; ${end === 'least' ? 'add to the list' : 'remove some'}`;
    default:
      return `must be ${bound} ${limit}, and is ${shown(issue.input)}`;
  }
}

function wrongForm(issue: Extract<RawIssue, { code: 'invalid_format' }>): string {
  const given = `, and is ${shown(issue.input)}`;
  const parts: Readonly<Record<string, unknown>> = issue;
  switch (issue.format) {
    case 'starts_with':
      return `must begin with “${String(parts['prefix'])}”${given}`;
    case 'ends_with':
      return `must end with “${String(parts['suffix'])}”${given}`;
    case 'includes':
      return `must have “${String(parts['includes'])}” in it${given}`;
    case 'regex':
      return `must be of the form ${String(issue.pattern)}${given}`;
    default:
      return `must be of the form ${issue.format}${given}`;
  }
}

/** A value as its author may find it; long ones are cut off. */
function shown(value: unknown): string {
  if (value === null) return 'empty (what begins with # is a comment, unless it stands in quotes)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'fields with values';
  const text = String(value);
  if (typeof value !== 'string') return text;
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}

function listed(values: readonly unknown[]): string {
  return values.map(String).join(' or ');
}

function memberOf(value: unknown, name: string | undefined): unknown {
  if (typeof value !== 'object' || value === null || name === undefined) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
