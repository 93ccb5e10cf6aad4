import { describe, expect, it } from 'vitest';
import { fitting } from './palette-model.ts';

const commands = ['Pause the machine', 'Reset the machine', 'Your first container', 'Containers', '重置虚拟机', '第一个容器'].map((label) => ({ label }));
const labels = (typed: string): string[] => fitting(commands, typed).map(({ label }) => label);

describe('fitting', () => {
  it('finds every word in any order, and what begins so first', () => {
    expect(labels('machine res')).toEqual(['Reset the machine']);
    expect(labels('CONTAINER')).toEqual(['Containers', 'Your first container']);
    expect(labels('容器')).toEqual(['第一个容器']);
    expect(labels('nothing')).toEqual([]);
    expect(labels('  ')).toHaveLength(commands.length);
  });
});
