import { expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { SetupError } from './run.ts';

it('tells names from options', () => {
  expect(readArguments(['layers', '--text', 'images/pull'], { '--text': 'texts only', '--as-is': 'no build' })).toEqual({ names: ['layers', 'images/pull'], options: new Set(['--text']) });
});

it('names the options that there are where one is unknown', () => {
  expect(() => readArguments(['--txt'], { '--text': 'texts only', '--as-is': 'no build' })).toThrow(new SetupError('there is no option --txt. The options are --text (texts only) and --as-is (no build).'));
  expect(() => readArguments(['--a', '--b'], { '--all': 'every one' })).toThrow('there is no option --a, --b. The option is --all (every one).');
});
