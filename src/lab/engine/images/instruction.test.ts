import { describe, expect, it } from 'vitest';
import { mayChangeFiles, readInstruction } from './instruction.ts';

describe('readInstruction', () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD', '["sh"]'],
    [`/bin/sh -c #(nop) COPY file:${'a1'.repeat(32)} in /app `, 'COPY', 'file:a1a1a1a1a1a1… in /app'],
    ['/bin/sh -c apt-get update \t&& apt-get install -y curl', 'RUN', 'apt-get update && apt-get install -y curl'],
    ['|2 A=1 B=two words /bin/sh -c make', 'RUN', 'make'],
    ['RUN /bin/sh -c make # buildkit', 'RUN', 'make'],
    ['RUN |1 A=1 /bin/sh -c make all # buildkit', 'RUN', 'make all'],
    ['RUN /app/setup --now # buildkit', 'RUN', '/app/setup --now'],
    ['COPY app /app # buildkit', 'COPY', 'app /app'],
    ['ENV PATH=/bin', 'ENV', 'PATH=/bin'],
    ['EXPOSE map[443/tcp:{} 80/tcp:{}]', 'EXPOSE', '443/tcp 80/tcp'],
    ['/bin/sh -c #(nop)  EXPOSE 80', 'EXPOSE', '80'],
    ['HEALTHCHECK &{["CMD-SHELL" "test \\"a\\" = a || exit 1"] "30s" "3s" "0s" "0s" \'\\x00\'}', 'HEALTHCHECK', 'CMD test "a" = a || exit 1'],
    ['HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" \'\\x00\'}', 'HEALTHCHECK', 'NONE'],
    ['nginx -g daemon off;', undefined, 'nginx -g daemon off;'],
    ['bash', undefined, 'bash'],
    ['SELECT 1', undefined, 'SELECT 1'],
    ['drydock: Debian trixie from its packages', undefined, 'drydock: Debian trixie from its packages'],
  ])('of %s', (createdBy, keyword, text) => {
    expect(readInstruction(createdBy)).toEqual({ keyword, text });
  });

  it('has nothing to say where nothing is written', () => {
    expect(readInstruction('')).toBeUndefined();
    expect(readInstruction(' # buildkit')).toBeUndefined();
  });
});

it('knows which steps can change files', () => {
  const may = (createdBy: string): boolean => mayChangeFiles(readInstruction(createdBy));
  expect(['RUN rm /a', '/bin/sh -c rm /a', 'WORKDIR /a', 'COPY a b', 'bash', ''].map(may)).toEqual([true, true, true, true, true, true]);
  expect(['CMD ["a"]', '/bin/sh -c #(nop)  ENV A=1', 'USER app'].map(may)).toEqual([false, false, false]);
});
