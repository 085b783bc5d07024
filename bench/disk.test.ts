import { expect, it } from 'vitest';
import { findMount } from './disk.ts';

const mounts = [
  'overlay / overlay rw 0 0',
  '/dev/sda1 /srv ext4 rw 0 0',
  'tmpfs /srv/fast tmpfs rw 0 0',
  '/dev/sdb1 /srv/fast xfs rw 0 0',
  'tmpfs /tmp tmpfs rw 0 0',
  '',
].join('\n');

it.each([
  ['/home/someone', 'overlay', 'overlay'],
  ['/srv', 'ext4', '/dev/sda1'],
  ['/srv/repository/bench', 'ext4', '/dev/sda1'],
  ['/srvice', 'overlay', 'overlay'],
  ['/srv/fast/data', 'xfs', '/dev/sdb1'],
  ['/tmp/x', 'tmpfs', 'tmpfs'],
])('finds what %s lies on', (path, type, device) => {
  expect(findMount(path, mounts)).toEqual({ type, device });
});
