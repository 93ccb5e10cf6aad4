import { describe, expect, it } from 'vitest';
import { type ContainerInspect, containerInspectSchema } from '../guest/engine/schemas.ts';
import type { ContainerConditions } from './conditions.ts';
import { inspectedConditions } from './inspected.ts';

/** A container with these settings beside the least that the engine tells. */
function inspected({ user = '', ...hostConfig }: { user?: string; CapAdd?: string[]; CapDrop?: string[]; SecurityOpt?: string[] }): ContainerInspect {
  return containerInspectSchema.parse({
    Id: 'c1',
    Name: '/web',
    Created: '',
    Image: 'sha256:1',
    State: { Status: 'created', ExitCode: 0, StartedAt: '', FinishedAt: '' },
    Config: { Image: 'busybox', User: user, Tty: false, OpenStdin: false, AttachStdout: true },
    HostConfig: { AutoRemove: false, NetworkMode: 'bridge', ...hostConfig },
    NetworkSettings: {},
  });
}

function meets(inspect: ContainerInspect, wanted: ContainerConditions): boolean {
  return inspectedConditions.filter(([name]) => wanted[name] !== undefined).every(([, test]) => test(inspect, wanted));
}

describe('capAdd', () => {
  it.each([[['CHOWN', 'KILL']], [['kill', 'CAP_CHOWN']], [['CHOWN', 'KILL', 'CAP_KILL']]])('%j are just CHOWN and KILL', (CapAdd) => {
    expect(meets(inspected({ CapAdd }), { capAdd: ['CHOWN', 'KILL'] })).toBe(true);
  });

  it.each([[[]], [['CHOWN']], [['CHOWN', 'KILL', 'NET_RAW']], [['ALL']]])('%j are not', (CapAdd) => {
    expect(meets(inspected({ CapAdd }), { capAdd: ['CHOWN', 'KILL'] })).toBe(false);
  });
});

describe('capDrop', () => {
  it('does not mind that more was dropped', () => {
    expect(meets(inspected({ CapDrop: ['cap_all', 'CHOWN'] }), { capDrop: ['ALL'] })).toBe(true);
    expect(meets(inspected({ CapDrop: ['CHOWN'] }), { capDrop: ['ALL'] })).toBe(false);
  });
});

describe('securityOpt', () => {
  it.each(['no-new-privileges', 'no-new-privileges=true', 'no-new-privileges:true'])('knows %s', (given) => {
    expect(meets(inspected({ SecurityOpt: [given] }), { securityOpt: 'no-new-privileges' })).toBe(true);
  });

  it.each([[[]], [['no-new-privileges=false']], [['no-new-privileges:false']], [['seccomp=unconfined']]])('does not take %j for no-new-privileges', (SecurityOpt) => {
    expect(meets(inspected({ SecurityOpt }), { securityOpt: 'no-new-privileges' })).toBe(false);
  });

  it('tells a profile from none', () => {
    expect(meets(inspected({ SecurityOpt: ['seccomp:unconfined'] }), { securityOpt: 'seccomp=unconfined' })).toBe(true);
    expect(meets(inspected({ SecurityOpt: ['seccomp={"defaultAction": "SCMP_ACT_ALLOW"}'] }), { securityOpt: 'seccomp=unconfined' })).toBe(false);
  });
});

describe('user', () => {
  it.each([
    ['65534', '65534:65534'],
    ['65534', 'nobody'],
    ['65534', 'nobody:nogroup'],
    ['nobody', '65534'],
    ['1000', '1000:50'],
    ['', ''],
  ])('%j is met by %j', (wanted, user) => {
    expect(meets(inspected({ user }), { user: wanted })).toBe(true);
  });

  it.each([
    ['65534', ''],
    ['65534', '1000:65534'],
    ['1000', 'nobody'],
    ['', 'root'],
  ])('%j is not met by %j', (wanted, user) => {
    expect(meets(inspected({ user }), { user: wanted })).toBe(false);
  });
});
